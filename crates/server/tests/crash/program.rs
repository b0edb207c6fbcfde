//! The binary as users run it, in a house of its own with one signed-in member of the office.

use domain::role::Role;
use domain::time::Millis;
use server::house::{At, House};
use server::now::now;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use store::person::{self, NewPerson};
use store::session::{self, TokenDigest};
use store::unit;
use store::words::{hex, random};

pub const BINARY: &str = env!("CARGO_BIN_EXE_zoufang");

pub struct Program {
    child: Child,
    pub address: SocketAddr,
}

impl Program {
    pub fn start(data: &Path) -> Program {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log_of(data)).unwrap();
        let mut child =
            serve(BINARY, data).env("ZOUFANG_LOG", "warn").stderr(log).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address =
            lines.find_map(|line| line.ok()?.strip_prefix("ready: http://").and_then(|it| it.trim().parse().ok()));
        std::thread::spawn(move || lines.for_each(drop));
        match address {
            Some(address) => Program { child, address },
            None => panic!("the program did not start: {}", std::fs::read_to_string(log_of(data)).unwrap_or_default()),
        }
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Beside the data, so that a full disk under the data does not hide what was said.
fn log_of(data: &Path) -> std::path::PathBuf {
    let name = data.to_string_lossy().replace('/', "_");
    std::env::temp_dir().join(format!("zoufang-crash{name}.log"))
}

pub fn serve(binary: &str, data: &Path) -> Command {
    let mut command = Command::new(binary);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).stdin(Stdio::null());
    command
}

/// Runs to its end, which must come by itself.
pub fn ended(command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..600 {
        if child.try_wait().unwrap().is_some() {
            return child.wait_with_output().unwrap();
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    panic!("{command:?} did not end by itself: {:?}", child.wait_with_output());
}

/// Makes the house and the person; answers with the token of a session.
pub fn settle(data: &Path) -> String {
    let house = House::open(&At::new(data), now()).unwrap();
    let token = hex(&random::<32>().unwrap());
    let (digest, at) = (TokenDigest::of(&token), now());
    let made = house.db.write_blocking(move |tx| {
        let unit = unit::insert(tx, "走访办", "", None, at)?;
        let new =
            NewPerson { login: "zhou", name: "周敏", unit, roles: &[Role::Office], reporter: None, password: "" };
        let id = person::insert(tx, &new, at)?;
        session::start(tx, id, &digest, at, 3_600_000)
    });
    made.unwrap();
    token
}

/// `audit verify`, which must be green; says what it printed.
pub fn verified(data: &Path) -> String {
    let done = ended(Command::new(BINARY).args(["audit", "verify", "--data"]).arg(data));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    said
}

pub fn fresh_id() -> String {
    store::ids::fresh(Millis(now().0)).to_string()
}

pub fn runtime() -> tokio::runtime::Runtime {
    testkit::runtime()
}
