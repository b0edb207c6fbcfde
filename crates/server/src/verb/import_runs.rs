//! `import list` and `import undo`: what was imported, and taking one of it back as a whole.

use super::import_table::{summary, told};
use crate::house::{At, House};
use crate::now::now;
use crate::out::{mention, say};
use crate::said::{self, no};
use domain::id::RunId;
use domain::role::Actor;
use std::path::Path;
use store::{import_run, person};

/// How many runs are listed, and how many kept things are told.
const LISTED: i64 = 50;
const TOLD: usize = 20;

#[derive(Debug, clap::Args)]
pub struct UndoArgs {
    /// 导入编号，见 import list Id of the run, see import list
    pub id: RunId,
    /// 以谁的名义撤回问题；须有走访办岗位 As whom problems are withdrawn; somebody of the office
    #[arg(long = "as", value_name = "LOGIN")]
    pub login: Option<String>,
}

pub fn list(at: &At) -> anyhow::Result<()> {
    let house = House::open(at, now())?;
    let runs = house.db.read_blocking(|tx| import_run::list(tx, None, LISTED)).map_err(said::store("查看导入"))?;
    for run in runs {
        let kind = run.kind.zh();
        say(&format!("{}  {}  {}  {kind}  {}  {}", run.id, run.at.minute(), run.state.zh(), run.file, summary(&run)));
    }
    Ok(())
}

pub fn undo(at: &At, args: &UndoArgs) -> anyhow::Result<()> {
    let house = House::open(at, now())?;
    let actor = match &args.login {
        None => Actor::System,
        Some(login) => actor(&house, login)?,
    };
    let undone = intake::undo(&house.db, &house.terms, args.id, &actor, &now);
    let undone = undone.map_err(|error| told(error, Path::new("")))?;
    for (what, zh, en) in undone.kept.iter().take(TOLD) {
        mention(&format!("{what}：{zh} kept: {en}"));
    }
    if undone.kept.len() > TOLD {
        mention(&format!(
            "共保留{0}项，以上为前{TOLD}项。 {0} were kept; these are the first {TOLD}.",
            undone.kept.len()
        ));
    }
    say(&format!("removed {}, restored {}, kept {}", undone.removed, undone.restored, undone.kept.len()));
    Ok(())
}

fn actor(house: &House, login: &str) -> anyhow::Result<Actor> {
    let (name, at) = (login.to_owned(), now());
    let found = house.db.read_blocking(move |tx| match person::find_by_login(tx, &name)? {
        Some(it) if it.left_at.is_none() => person::actor(tx, &it, at).map(Some),
        _ => Ok(None),
    });
    found.map_err(said::store("撤销导入"))?.ok_or_else(|| {
        no(format!("没有登录名为“{login}”的在岗人员。"), format!("Nobody here has the login \"{login}\"."))
    })
}
