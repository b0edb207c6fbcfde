//! The two pages of a step for several problems: what would happen to each, and what did.

use crate::auth::Who;
use crate::error::Error;
use crate::lang::Lang;
use crate::problem::bulk::verb;
use crate::ui::field::{Form, Typed, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part::said;
use domain::command::CommandName;
use domain::id::ProblemId;
use domain::problem::StateName;
use domain::refusal::Refusal;
use maud::{Markup, html};
use store::person::Person;

/// One of those chosen, as its actor sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub no: i64,
    /// None where there is nothing of this number for who asks.
    pub id: Option<ProblemId>,
    pub title: String,
    pub revision: i64,
    pub state: Option<StateName>,
    /// Why the command is not its step now.
    pub refusal: Option<Refusal>,
}

fn sentence(lang: Lang, error: &Error) -> String {
    let told = error.tell();
    lang.of(told.zh, told.en)
}

fn count(lang: Lang, n: usize) -> String {
    lang.of(format!("{n}件"), if n == 1 { "1 problem".to_owned() } else { format!("{n} problems") })
}

pub fn preview(
    who: &Who,
    name: CommandName,
    seen: &[Seen],
    colleagues: &[Person],
    typed: &Typed,
    error: Option<&Error>,
) -> Markup {
    let lang = who.lang;
    let (can, cannot): (Vec<&Seen>, Vec<&Seen>) = seen.iter().partition(|it| it.refusal.is_none());
    let title = lang.of(
        format!("{}：选中{}", name.zh(), count(lang, seen.len())),
        format!("{}: {} chosen", verb(lang, name), count(lang, seen.len())),
    );
    let wrong = error.map(|it| it.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, ..Form::new(lang, typed) };
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/problems" { (lang.of("台账", "Ledger")) } }
            h1 { (title) }
            @if let Some(error) = error { (error_summary(lang, &sentence(lang, error))) }
            @if can.is_empty() {
                div.empty {
                    strong { (lang.of("选中的里面没有能这样办的", "None of those chosen can take this step")) }
                    p { (lang.of("每一件为什么不能办，写在下面；可以回到台账重新选择。", "Why stands below, for each; choose anew in the ledger.")) }
                    a.button href="/problems" { (lang.of("回到台账", "Back to the ledger")) }
                }
            } @else {
                form.sheet.bulk method="post" action="/problems/bulk" {
                    input type="hidden" name="command" value=(name.code());
                    h2 { (lang.of(format!("可以办的{}", count(lang, can.len())), format!("Can be done: {}", count(lang, can.len())))) }
                    ul.rows {
                        @for it in &can {
                            li {
                                input type="hidden" name={ "seen." (it.no) } value=(it.revision);
                                label.choice.grow {
                                    input type="checkbox" name="no" value=(it.no) checked;
                                    span.no { (it.no) } span lang="zh-CN" { (it.title) }
                                }
                                @if let Some(state) = it.state { span.faint { (lang.of(state.zh(), state.en())) } }
                            }
                        }
                    }
                    (fields(lang, name, &form, colleagues))
                    button.primary { (act(lang, name, can.len())) }
                }
            }
            @if !cannot.is_empty() {
                section.bulk {
                    h2 { (lang.of(format!("不能办的{}", count(lang, cannot.len())), format!("Cannot be done: {}", count(lang, cannot.len())))) }
                    ul.rows.sheet { @for it in cannot { (refused(lang, it)) } }
                }
            }
        }
    };
    page(&Frame { who, title: &title, news: 0, here: "/problems" }, body)
}

/// Verb and object, as the button says it.
fn act(lang: Lang, name: CommandName, n: usize) -> String {
    lang.of(
        format!("{}勾选的{}", name.zh(), if n == 1 { "这一件".into() } else { "各件".to_owned() }),
        format!("{} those ticked", verb(lang, name)),
    )
}

fn refused(lang: Lang, it: &Seen) -> Markup {
    let why = it.refusal.clone().map(|it| sentence(lang, &Error::from(it))).unwrap_or_default();
    html! {
        li {
            span.no { (it.no) }
            span.grow { @if it.title.is_empty() { (said(lang, &why)) } @else { a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) } " " span.faint { (said(lang, &why)) } } }
        }
    }
}

fn fields(lang: Lang, name: CommandName, form: &Form, colleagues: &[Person]) -> Markup {
    let persons: Vec<(String, String)> = colleagues.iter().map(|it| (it.id.to_string(), it.name.clone())).collect();
    let lights = [("blue", "蓝色", "Blue"), ("yellow", "黄色", "Yellow"), ("red", "红色", "Red")]
        .map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned()));
    html! {
        @match name {
            CommandName::Assign => (form.field("to", "指派给", "Assign to").select(lang.of("请选择", "Choose"), &persons)),
            CommandName::Slip => {
                (form.field("light", "督查单颜色", "Colour of the slips").hint(lang.of("不能高过问题现在的灯。", "Not above the light that the problem shows.")).select(lang.of("请选择", "Choose"), &lights))
            },
            _ => {},
        }
        @if name != CommandName::Receive && name != CommandName::Assign {
            (form.field("words", "写给每一件的话", "Words, the same for each").area(3))
        }
    }
}

pub fn results(who: &Who, name: CommandName, all: &[(Seen, Result<(), Error>)]) -> Markup {
    let lang = who.lang;
    let done = all.iter().filter(|(_, done)| done.is_ok()).count();
    let left = all.len() - done;
    let title = match (done, left) {
        (0, 0) => lang.of("没有勾选任何一件".to_owned(), "Nothing was ticked".to_owned()),
        (done, 0) => lang.of(
            format!("{}：{}都办成了", name.zh(), count(lang, done)),
            format!("{}: done for {}", verb(lang, name), count(lang, done)),
        ),
        (done, left) => lang.of(
            format!("{}：办成{}，没有办成{}", name.zh(), count(lang, done), count(lang, left)),
            format!("{}: done for {}, not for {}", verb(lang, name), count(lang, done), count(lang, left)),
        ),
    };
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/problems" { (lang.of("台账", "Ledger")) } }
            h1 { (title) }
            @if left > 0 {
                section.bulk {
                    h2 { (lang.of("没有办成的，和原因", "Not done, and why")) }
                    ul.rows.sheet {
                        @for (it, result) in all {
                            @if let Err(error) = result {
                                li {
                                    span.no { (it.no) }
                                    span.grow {
                                        @if it.id.is_some() { a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) } " " }
                                        span.error { (said(lang, &sentence(lang, error))) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if done > 0 {
                section.bulk {
                    h2 { (lang.of("办成的", "Done")) }
                    ul.rows.sheet {
                        @for (it, _) in all.iter().filter(|(_, done)| done.is_ok()) {
                            li { span.no { (it.no) } span.grow { a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) } } }
                        }
                    }
                }
            }
            p { a.button href="/problems" { (lang.of("回到台账", "Back to the ledger")) } }
        }
    };
    page(&Frame { who, title: &title, news: 0, here: "/problems" }, body)
}
