//! The form of a visit's record, for a phone at the doorstep: one column, what is required first, the rest below.

use crate::asset;
use crate::auth::Who;
use crate::error::Error;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed, error_list, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, said, tongue};
use crate::visit::group;
use crate::visit::question::{self, LastTime};
use domain::grid::{Battle, Cell, Link};
use domain::id::PersonId;
use domain::visit::{CommandName, Purpose};
use maud::{Markup, html};
use store::policy::Policy;
use store::promise::Promise;
use store::questionnaire::Version;
use store::visit::Met;

/// What the form must know besides what was typed.
pub struct Sheet {
    pub met: Met,
    pub asked: Vec<Version>,
    pub promises: Vec<Promise>,
    pub policies: Vec<Policy>,
    /// Who may have come along, and who may own a promise.
    pub people: Vec<(PersonId, String)>,
    pub last: LastTime,
    /// The day of the visit from which answers were taken over.
    pub last_day: Option<String>,
    pub news: i64,
}

impl Sheet {
    pub fn command(&self) -> CommandName {
        if self.met.found.visit.record.is_some() { CommandName::Amend } else { CommandName::Record }
    }
}

pub fn view(who: &Who, sheet: &Sheet, typed: &Typed, error: Option<&Error>) -> Markup {
    let (lang, found) = (who.lang, &sheet.met.found);
    let (no, visit) = (found.no, &found.visit);
    let wrong = error.map(|it| it.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, ..Form::new(lang, typed) };
    let amends = sheet.command() == CommandName::Amend;
    let title = lang.of(
        if amends { "修改走访记录" } else { "填写走访记录" },
        if amends { "Amend the record" } else { "Record the visit" },
    );
    let here = format!("/visits/{no}/record");
    let body = html! {
        main.page.narrow.hand id="main" {
            p.crumbs { a href={ "/visits/" (no) } { (lang.of("走访", "Visit")) " " (no) } }
            h1 lang="zh-CN" { (found.subject) }
            p.meta { (title) " · " (lang.of("走访是服务，不是检查。", "A visit is a service, not an inspection.")) }
            @if !wrong.is_empty() { (error_list(lang, "", &wrong)) }
            @else if let Some(told) = error.map(Error::tell) { (error_summary(lang, &lang.of(told.zh, told.en))) }
            (steps(lang, sheet))
            form method="post" action=(here) enctype="multipart/form-data" data-keep="record" data-by=(by(who)) data-title=(found.subject) novalidate {
                // Enter in a field means this button, not the first "add another".
                button.unseen tabindex="-1" aria-hidden="true" name="do" value="review" { (title) }
                input type="hidden" name="seen" value=(visit.revision);
                (promises(&form, sheet))
                (basics(&form, visit.purpose))
                @if let Some(day) = &sheet.last_day {
                    p.banner { (lang.of(format!("左边有竖线的是上次（{day}）的回答，请核对。"), format!("Answers with a line at the left are those of last time ({day}); check them."))) }
                }
                @for version in &sheet.asked { (question::view(&form, version, &sheet.last)) }
                (group::problems(&form, no))
                (group::promises(&form, &owners(sheet)))
                (group::findings(&form))
                (policies(&form, sheet))
                (people(&form, sheet))
                (grid(lang, typed))
                @if amends { (form.field("words", "为什么修改", "Why it is amended").hint(lang.of("原来的记录会保留", "What stood there before is kept")).area(2)) }
                p.save {
                    output.kept data-kept=(lang.of("已存在本机", "Kept on this machine at")) data-sending=(lang.of("正在发送", "Sending")) {}
                    button.primary name="do" value="review" { (lang.of("下一步：检查后保存", "Next: look, then save")) }
                }
            }
        }
        script type="module" src=(asset::url("visit.js")) {}
        script type="module" src=(asset::url("photo.js")) {}
    };
    page(&Frame { who, title, news: sheet.news, here: &here }, body)
}

/// Whose draft it is: on a machine that several use, nobody is offered another's words.
pub fn by(who: &Who) -> String {
    who.person().map(|it| it.to_string()).unwrap_or_default()
}

/// Where one is going on this page; a thumb's way to its sections.
fn steps(lang: Lang, sheet: &Sheet) -> Markup {
    html! {
        nav.anchors aria-label=(lang.of("本页内容", "On this page")) {
            a href="#minutes" { (lang.of("情况", "Minutes")) }
            @for version in &sheet.asked { a href={ "#asks-" (version.id) } { (said(lang, version.form.title(lang.is_en()))) } }
            a href="#problems" { (lang.of("问题", "Problems")) }
            a href="#promises" { (lang.of("承诺", "Promises")) }
            a href="#findings" { (lang.of("见闻", "Findings")) }
        }
    }
}

fn owners(sheet: &Sheet) -> Vec<(String, String)> {
    sheet.people.iter().map(|(id, name)| (id.to_string(), name.clone())).collect()
}

fn basics(form: &Form, purpose: Purpose) -> Markup {
    let lang = form.lang;
    html! {
        div.halves {
            (form.field("day", "走访日期", "Day of the visit").input("date"))
            @if purpose == Purpose::Stay { (form.field("until", "结束日期", "Last day").input("date")) }
            (form.field("time", "时间（可不填）", "Time (optional)").input("time"))
        }
        (form.field("met", "见了谁（可不填）", "Whom you met (optional)").hint(lang.of("姓名和职务", "Name and post")).input("text"))
        (form.field("minutes", "走访情况", "Minutes").hint(lang.of("谈了什么，照企业原话记", "What was said, in the enterprise's own words")).area(6))
    }
}

/// What was promised before stands first: the enterprise will ask.
fn promises(form: &Form, sheet: &Sheet) -> Markup {
    let lang = form.lang;
    let choices = [("", "还没有", "Not yet"), ("kept", "已落实", "Kept"), ("broken", "未能落实", "Not kept")];
    let choices: Vec<(String, String)> =
        choices.map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned())).into();
    html! {
        @if !sheet.promises.is_empty() {
            section.banner.promised {
                h2 { (lang.of("上次答应的", "Promised before")) }
                @for it in &sheet.promises {
                    @let (settled, note) = (format!("settled.{}", it.id), format!("note.{}", it.id));
                    @let label = format!("{}（{}，{}）", it.text, it.owner_name, it.due);
                    (form.field(&settled, &label, &label).choices(&choices, false))
                    (form.field(&note, "怎样答复的（可不填）", "What was answered (optional)").input("text"))
                }
            }
        }
    }
}

fn policies(form: &Form, sheet: &Sheet) -> Markup {
    let label = |it: &Policy| match it.edition.is_empty() {
        true => (it.id.to_string(), it.title.clone()),
        false => (it.id.to_string(), format!("{}（{}）", it.title, it.edition)),
    };
    let all: Vec<(String, String)> = sheet.policies.iter().map(label).collect();
    html! { @if !all.is_empty() { (form.checks("policy", "讲解了哪些政策（可不选）", "Policies explained (optional)", &all)) } }
}

fn people(form: &Form, sheet: &Sheet) -> Markup {
    let visit = &sheet.met.found.visit;
    let others = sheet.people.iter().filter(|(id, _)| *id != visit.officer);
    let all: Vec<(String, String)> = others.map(|(id, name)| (id.to_string(), name.clone())).collect();
    html! { @if !all.is_empty() { (form.checks("person", "同去的人（可不选）", "Who came along (optional)", &all)) } }
}

/// 三联六服务: three links by six battles.
fn grid(lang: Lang, typed: &Typed) -> Markup {
    let chosen: Vec<Cell> = typed.all("cell").filter_map(|it| it.parse().ok()).collect();
    html! {
        details.grid open[!chosen.is_empty()] {
            summary { (lang.of("三联六服务归类（可不选）", "Link grid (optional)")) }
            @for link in Link::ALL {
                fieldset.field {
                    legend { (lang.of(link.zh(), link.en())) }
                    div.checks {
                        @for battle in Battle::ALL {
                            @let cell = Cell { link: *link, battle: *battle };
                            label.choice {
                                input type="checkbox" name="cell" value=(cell.to_string()) checked[chosen.contains(&cell)];
                                span { (lang.of(battle.zh(), battle.en())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Nobody is signed in any more: all that was typed waits in this page, and goes on with the password.
pub fn signed_out(lang: Lang, no: &str, typed: &Typed, error: Option<&Error>) -> Markup {
    let told = error.map(Error::tell);
    let asked = Typed(vec![("login".into(), typed.get("login").to_owned())]);
    let form = Form::new(lang, &asked);
    let kept = typed.0.iter().filter(|(name, _)| !matches!(name.as_str(), "login" | "password"));
    let here = format!("/visits/{no}/record");
    let body = html! {
        main.page.narrow id="main" {
            h1 { (lang.of("请重新登录", "Sign in again")) }
            @if let Some(told) = told { (error_summary(lang, &lang.of(told.zh, told.en))) }
            p.banner { (lang.of("登录已过期。刚才填写的内容都在这一页里，登录后接着保存；关掉这一页就没有了。", "The session has ended. All you typed waits in this page and is saved once you have signed in; do not close it.")) }
            form.sheet method="post" action=(here) {
                @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
                (form.field("login", "账号", "Login").complete("username").input("text"))
                (form.field("password", "密码", "Password").complete("current-password").input("password"))
                p { button.primary.wide { (lang.of("登录并保存", "Sign in and save")) } }
            }
            details {
                summary { (lang.of("看看填写的内容", "Look at what was typed")) }
                dl.pairs {
                    @for (name, value) in [("met", typed.get("met")), ("minutes", typed.get("minutes"))] {
                        @if !value.is_empty() { dt { (label_of(lang, name)) } dd lang=[tongue(lang, value)] { (part::words(value)) } }
                    }
                }
            }
        }
    };
    crate::ui::page::bare(lang, lang.of("请重新登录", "Sign in again"), "/sign-in", body)
}

fn label_of(lang: Lang, name: &str) -> &'static str {
    if name == "met" { lang.of("见了谁", "Whom you met") } else { lang.of("走访情况", "Minutes") }
}

/// A promise's sentence with its owner, for pages.
pub fn promised(lang: Lang, it: &Promise) -> Markup {
    html! { (said(lang, &it.text)) " " span.faint lang="zh-CN" { (it.owner_name) } " " span.faint { (lang.of("期限", "until")) " " (it.due) } }
}
