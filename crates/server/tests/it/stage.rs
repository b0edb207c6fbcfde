//! A house in a folder of its own, and the binary run over it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use store::{Db, Options, Place};
use tempfile::TempDir;
use testkit::TestPlace;

pub struct Stage {
    pub folder: TempDir,
    place: Option<TestPlace>,
}

/// What a run said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn last(&self) -> &str {
        self.out.lines().last().unwrap_or_default()
    }

    pub fn ok(self) -> Said {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }

    /// Refused in words, in both languages, and without a backtrace.
    pub fn refused(self) -> Said {
        assert_eq!(self.code, 1, "{}\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked") && !self.err.contains("RUST_BACKTRACE"), "{}", self.err);
        assert!(self.err.lines().count() >= 2, "{}", self.err);
        self
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Stage {
    pub fn sqlite() -> Stage {
        Stage { folder: tempfile::tempdir().unwrap(), place: None }
    }

    pub fn postgres() -> Option<Stage> {
        (!testkit::skip_postgres()).then(|| Stage { place: Some(testkit::postgres_place()), ..Stage::sqlite() })
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        file
    }

    pub fn place(&self) -> Place {
        match &self.place {
            Some(place) => place.place().clone(),
            None => Place::Sqlite(self.data().join("zoufang.db")),
        }
    }

    pub fn db(&self) -> Db {
        Db::open(&Options { readers: 1, ..Options::new(self.place(), 0) }).unwrap()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zoufang"));
        command.args(args).arg("--data").arg(self.data());
        if let Place::Postgres(url) = self.place() {
            command.arg("--database").arg(url);
        }
        for name in ["ZOUFANG_HOME", "ZOUFANG_DATABASE", "ZOUFANG_KEY", "ZOUFANG_LOG", "ZOUFANG_DEMO_PASSWORD"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Said {
        self.command(args).stdin(Stdio::null()).output().unwrap().into()
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// `both!(a_sentence, |stage| { … })`
#[macro_export]
macro_rules! both {
    ($name:ident, |$stage:ident| $body:block) => {
        fn $name($stage: &$crate::stage::Stage) $body
        mod $name {
            #[test]
            fn sqlite() {
                super::$name(&$crate::stage::Stage::sqlite());
            }
            #[test]
            fn postgres() {
                if let Some(stage) = $crate::stage::Stage::postgres() {
                    super::$name(&stage);
                }
            }
        }
    };
}
