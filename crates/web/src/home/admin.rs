//! Administrators: accounts that cannot sign in, imports that did not finish, the state of the seals. No business contents.

use super::block::{Look, Part};
use crate::ui::part;
use domain::import::RunState;
use domain::role::{Actor, Role};
use domain::time::Millis;
use maud::{Markup, html};
use store::Tx;
use store::import_run::{self, Run};
use store::person_trace::{self as person, Stuck};
use store::seal::{self, Seal};
use store::terms::Failure;

const SHOWN: i64 = 12;

pub struct Seen {
    /// Of the security administrator: without a password, and locked.
    accounts: Option<(Vec<Stuck>, Vec<Stuck>)>,
    imports: Option<Vec<Run>>,
    seal: Option<Option<Seal>>,
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, now: Millis) -> Result<Option<Seen>, Failure> {
    if !actor.hats().iter().any(|it| it.role.is_administrator()) {
        return Ok(None);
    }
    let accounts = match actor.has(Role::Secadmin) {
        true => Some((person::list_without_password(tx, SHOWN)?, person::list_locked(tx, now, SHOWN)?)),
        false => None,
    };
    let imports = if actor.has(Role::Sysadmin) { Some(import_run::list(tx, None, 8)?) } else { None };
    let seal = match actor.has(Role::Auditor) || actor.has(Role::Sysadmin) {
        true => Some(seal::last(tx)?),
        false => None,
    };
    Ok(Some(Seen { accounts, imports, seal }))
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let lang = look.lang;
    let mut found: Vec<String> = Vec::new();
    let mut waits = 0;
    if let Some((without, locked)) = &seen.accounts {
        waits += without.len() + locked.len();
        found.push(match (without.len(), locked.len()) {
            (0, 0) => lang.of("账号都能登录".into(), "Every account can sign in".into()),
            (without, locked) => lang.of(
                format!("{without}个账号还没有密码，{locked}个锁定"),
                format!("Accounts without a password: {without}, locked: {locked}"),
            ),
        });
    }
    if let Some(runs) = &seen.imports {
        let stopped = runs.iter().filter(|it| it.state == RunState::Stopped).count();
        waits += stopped;
        found.push(match stopped {
            0 => lang.of("导入没有停下的".into(), "No import has stopped".into()),
            n => lang.of(format!("{n}次导入停在半路"), format!("{n} imports stopped half way")),
        });
    }
    let yesterday = look.now.day().plus(-1);
    if let Some(seal) = &seen.seal {
        let behind = seal.as_ref().is_none_or(|it| it.day < yesterday);
        waits += usize::from(behind);
        found.push(match seal {
            Some(seal) => lang.of(format!("审计封存到{}", seal.day), format!("The audit is sealed up to {}", seal.day)),
            None => lang.of("审计还没有封存过".into(), "The audit has not been sealed yet".into()),
        });
    }
    Part {
        title: found.join(lang.of("；", "; ")),
        note: String::new(),
        overdue: 0,
        today: waits as i64,
        acts: html! {},
        main: html! {
            div.thirds {
                @if let Some((without, locked)) = &seen.accounts { (accounts(look, without, locked)) }
                @if let Some(runs) = &seen.imports { (imports(look, runs)) }
                @if let Some(seal) = &seen.seal { (sealed(look, seal.as_ref())) }
            }
        },
        side: None,
    }
}

fn accounts(look: &Look, without: &[Stuck], locked: &[Stuck]) -> Markup {
    let lang = look.lang;
    let list = |title: &str, all: &[Stuck], nothing: &str| {
        html! {
            section.sheet {
                h2 { (title) " " span.faint { (all.len()) @if all.len() as i64 == SHOWN { "+" } } }
                @if all.is_empty() { p.faint { (nothing) } }
                ul.rows {
                    @for it in all {
                        li { span lang="zh-CN" { (it.name) } " " code { (it.login) } @if let Some(until) = it.until { span.meta { (lang.of("至", "until")) " " (part::instant(Some(until))) } } }
                    }
                }
                @if !all.is_empty() { p.meta { a href="/people" { (lang.of("到人员页发一次性链接", "Give a one-time link on the page of people")) } } }
            }
        }
    };
    html! {
        (list(lang.of("还没有密码的账号", "Accounts without a password"), without, lang.of("没有。", "None.")))
        (list(lang.of("锁定的账号", "Locked accounts"), locked, lang.of("没有。", "None.")))
    }
}

fn imports(look: &Look, runs: &[Run]) -> Markup {
    let lang = look.lang;
    html! {
        section.sheet {
            h2 { (lang.of("最近的导入", "Latest imports")) }
            @if runs.is_empty() { p.faint { (lang.of("还没有导入过。", "Nothing was imported yet.")) } }
            ul.rows {
                @for it in runs {
                    li {
                        span lang="zh-CN" { (it.file) }
                        span.badge { (lang.of(it.state.zh(), it.state.en())) }
                        span.meta { (part::instant(Some(it.at))) }
                        @if it.counts.rejected > 0 { span.meta { (lang.of(format!("{}行没有导入", it.counts.rejected), format!("{} rows not taken", it.counts.rejected))) } }
                    }
                }
            }
            p.meta { (lang.of("接着导入、撤销，由走访办来做。", "The office goes on with an import, or undoes it.")) }
        }
    }
}

fn sealed(look: &Look, seal: Option<&Seal>) -> Markup {
    let lang = look.lang;
    html! {
        section.sheet {
            h2 { (lang.of("审计与封存", "Audit and seals")) }
            @match seal {
                None => p.faint { (lang.of("还没有封存过。每天零点以后，前一天的记录会自动封存。", "Not sealed yet. After midnight the day before is sealed by itself.")) },
                Some(seal) => {
                    dl.pairs {
                        dt { (lang.of("封存到", "Sealed up to")) } dd { (seal.day) }
                        dt { (lang.of("当天记录", "Events of that day")) } dd { (seal.events) }
                        dt { (lang.of("封存值", "Seal")) } dd { code { (seal.hash.get(..16).unwrap_or(&seal.hash)) "…" } }
                    }
                    p.meta { (lang.of("核对整条链：在服务器上运行 zoufang audit verify。", "To verify the whole chain, run zoufang audit verify on the server.")) }
                }
            }
        }
    }
}
