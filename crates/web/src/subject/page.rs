//! The page of one subject: its card, who goes there, what was answered, heard and promised, and its problems.

use super::answers;
use super::show::{SHOWN, Shows};
use crate::auth::Who;
use crate::doorstep;
use crate::lang::Lang;
use crate::problem::json::standing;
use crate::ui::field::{Form, Typed};
use crate::ui::number::href;
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use crate::ui::slot::{Refused, Slot, fresh};
use domain::promise::State;
use domain::visit::FindingKind;
use maud::{Markup, html};
use store::contact::Contact;

pub fn view(who: &Who, shows: &Shows, refused: Option<&Refused>) -> Markup {
    let (lang, card) = (who.lang, &shows.subject.card);
    let here = format!("/subjects/{}", shows.subject.no);
    let contact = Slot::new(lang, "contact", refused, || fresh([("id", store::ids::fresh(shows.now).to_string())]));
    let body = html! {
        main.page.subject-page id="main" {
            header.page-head {
                div {
                    p.crumbs { a href="/subjects" { (lang.of("走访对象", "Subjects")) } }
                    h1 lang="zh-CN" { (card.name) }
                    p.line {
                        span.no { (shows.subject.no) } span.badge { (lang.of(card.kind.zh(), card.kind.en())) }
                        @for tag in &card.tags { a.badge href=(href("/subjects", &[("tag", tag)])) lang=[tongue(lang, tag)] { (tag) } }
                    }
                }
                div.line {
                    @if domain::visit::may_visit(&who.actor) { a.button.primary href={ "/visits/new?subject=" (shows.subject.no) } { (lang.of("安排走访", "Plan a visit")) } }
                    @if who.may_report() { a.button href={ "/problems/new?subject=" (shows.subject.no) } { (lang.of("登记问题", "Report a problem")) } }
                    @if doorstep::sets_up(who) { a.button href={ (here) "/edit" } { (lang.of("修改", "Change")) } }
                }
            }
            (contact.summary())
            (Slot::new(lang, "change", refused, Typed::default).summary())
            (anchors(lang, shows))
            div.columns {
                article.sheet.document {
                    (visits(lang, shows))
                    (problems(lang, shows))
                    (promises(lang, shows))
                    (answers::view(lang, &shows.past))
                    (findings(lang, shows))
                }
                aside {
                    (about(lang, shows))
                    (contacts(who, shows, refused, &contact))
                    (rounds(lang, shows))
                }
            }
        }
    };
    page(&Frame { who, title: &card.name, news: shows.news, here: &here }, body)
}

/// On a phone: the way to each part, with how much stands there.
fn anchors(lang: Lang, shows: &Shows) -> Markup {
    let open = shows.problems.iter().filter(|it| !it.state.is_end()).count();
    let owed = shows.promises.iter().filter(|it| it.state == State::Open).count();
    let parts = [
        ("visits", lang.of("走访", "Visits"), shows.visits.len().min(SHOWN as usize)),
        ("problems", lang.of("在办问题", "Open problems"), open),
        ("promises", lang.of("承诺", "Promises"), owed),
        ("answers", lang.of("答卷", "Answers"), shows.past.len()),
        ("findings", lang.of("见闻", "Findings"), shows.findings.len()),
        ("people", lang.of("联系人", "People"), shows.contacts.len()),
    ];
    html! {
        nav.anchors aria-label=(lang.of("本页内容", "On this page")) {
            @for (id, label, count) in parts.into_iter().filter(|it| it.0 != "answers" || it.2 > 0) { a href={ "#" (id) } { (label) @if count > 0 { " " (count) } } }
        }
    }
}

/// A heading, and what stands under it, or a word that there is nothing.
fn section(lang: Lang, id: &str, title: &str, empty: bool, body: Markup) -> Markup {
    html! {
        section id=(id) {
            h2 { (title) }
            @if empty { p.faint { (lang.of("还没有。", "None yet.")) } } @else { (body) }
        }
    }
}

fn about(lang: Lang, shows: &Shows) -> Markup {
    let card = &shows.subject.card;
    let rows = [
        (lang.of("信用代码", "Credit code"), card.code.as_str()),
        (lang.of("地址", "Address"), &card.address),
        (lang.of("成立日期", "Founded"), &card.founded),
        (lang.of("注册资本", "Capital"), &card.capital),
        (lang.of("包联干部", "Officer in touch"), shows.officer.as_deref().unwrap_or_default()),
    ];
    html! {
        section.sheet {
            h2 { (lang.of("基本情况", "About it")) }
            dl.pairs {
                @for (name, value) in [("area", &card.area), ("industry", &card.industry)] {
                    @if !value.is_empty() {
                        dt { (if name == "area" { lang.of("片区", "Area") } else { lang.of("行业", "Industry") }) }
                        dd lang=[tongue(lang, value)] { a href=(href("/subjects", &[(name, value)])) { (value) } }
                    }
                }
                @for (label, value) in rows { @if !value.is_empty() { dt { (label) } dd lang=[tongue(lang, value)] { (value) } } }
            }
            @for (label, text) in [(lang.of("经营范围", "Scope of business"), &card.business), (lang.of("备注", "Remark"), &card.remark)] {
                @if !text.is_empty() { details.more { summary { (label) } (part::words(text)) } }
            }
        }
    }
}

fn contacts(who: &Who, shows: &Shows, refused: Option<&Refused>, new: &Slot) -> Markup {
    let (lang, action) = (who.lang, format!("/subjects/{}/contacts", shows.subject.no));
    html! {
        section.sheet id="people" {
            h2 { (lang.of("联系人", "Contacts")) }
            @if shows.contacts.is_empty() { p.faint { (lang.of("还没有。", "None yet.")) } }
            ul.rows {
                @for it in &shows.contacts {
                    li {
                        span { strong lang="zh-CN" { (it.name) } " " span.faint lang=[tongue(lang, &it.post)] { (it.post) } }
                        @for phone in it.phone.split([',', '/']).map(str::trim).filter(|it| !it.is_empty()) { a href={ "tel:" (phone.replace(' ', "")) } { (phone) } }
                        @if !it.email.is_empty() { a href={ "mailto:" (it.email) } { (it.email) } }
                        @if !it.note.is_empty() { span.faint lang=[tongue(lang, &it.note)] { (it.note) } }
                        @if doorstep::sets_up(who) { (changing(lang, &action, it, refused)) }
                    }
                }
            }
            @if doorstep::sets_up(who) {
                details.more open[new.is_refused()] {
                    summary { (lang.of("新增联系人", "Add a contact")) }
                    form method="post" action=(action) { (new.hidden("id")) (fields(new.form())) button { (lang.of("新增", "Add")) } }
                }
            }
        }
    }
}

fn fields(form: Form) -> Markup {
    let several = form.lang.of("多个用逗号隔开", "Divide several by commas");
    html! {
        (form.field("name", "姓名", "Name").input("text"))
        (form.field("post", "职务", "Post").input("text"))
        (form.field("phone", "电话", "Telephone").hint(several).input("tel"))
        (form.field("email", "邮箱", "E-mail").input("text"))
        (form.field("note", "备注", "Note").input("text"))
    }
}

fn changing(lang: Lang, action: &str, it: &Contact, refused: Option<&Refused>) -> Markup {
    let id = it.id.to_string();
    let of_this = refused.filter(|it| it.form == "change" && it.typed.get("contact") == id);
    let slot = Slot::new(lang, "change", of_this, || {
        fresh([
            ("name", it.name.clone()),
            ("post", it.post.clone()),
            ("phone", it.phone.clone()),
            ("email", it.email.clone()),
            ("note", it.note.clone()),
        ])
    });
    // Only the refused one may carry the ids that the summary links to.
    let prefix = if of_this.is_some() { "change-".to_owned() } else { format!("{id}-") };
    html! {
        details.acts open[slot.is_refused()] {
            summary { (lang.of("修改", "Change")) }
            form method="post" action={ (action) "/" (id) } {
                (fields(Form { prefix: &prefix, ..slot.form() }))
                button name="do" value="save" { (lang.of("保存", "Save")) }
                button name="do" value="remove" { (lang.of("删除", "Remove")) }
            }
        }
    }
}

fn rounds(lang: Lang, shows: &Shows) -> Markup {
    let unit = |id| shows.directory.unit(id).map_or("", |it| it.label(lang.is_en()));
    html! {
        section.sheet {
            h2 { (lang.of("轮次和走访组", "Rounds and teams")) }
            @if shows.rounds.is_empty() { p.faint { (lang.of("还没有分配给走访组。", "Not assigned to a team yet.")) } }
            ul.rows {
                @for (i, (round, team)) in shows.rounds.iter().enumerate() {
                    li {
                        a href={ "/rounds/" (round.no) } lang="zh-CN" { (round.name) }
                        span lang=[tongue(lang, unit(team.unit))] { (unit(team.unit)) }
                        @if i == 0 && !shows.members.is_empty() {
                            span.faint lang="zh-CN" { (shows.members.iter().map(|it| it.1.as_str()).collect::<Vec<_>>().join("、")) }
                        }
                    }
                }
            }
        }
    }
}

fn visits(lang: Lang, shows: &Shows) -> Markup {
    let unit = |id| shows.directory.unit(id).map_or("", |it| it.label(lang.is_en()));
    let all = href("/visits", &[("subject", &shows.subject.id.to_string())]);
    let rows = html! {
        ul.rows {
            @for it in shows.visits.iter().take(SHOWN as usize) {
                li {
                    span.when { (it.when.say()) }
                    a href={ "/visits/" (it.no) } { (lang.of(it.purpose.zh(), it.purpose.en())) " · " span lang="zh-CN" { (it.officer_name) } " · " span lang=[tongue(lang, unit(it.unit))] { (unit(it.unit)) } }
                    span.badge { (lang.of(it.state.zh(), it.state.en())) }
                }
            }
        }
        @if shows.visits.len() as i64 > SHOWN { p { a href=(all) { (lang.of("全部走访", "All visits")) } } }
    };
    section(lang, "visits", lang.of("走访", "Visits"), shows.visits.is_empty(), rows)
}

fn problems(lang: Lang, shows: &Shows) -> Markup {
    let all = href("/problems", &[("subject", &shows.subject.id.to_string()), ("by", "newest")]);
    let rows = html! {
        ul.rows {
            @for it in &shows.problems {
                li {
                    span.no data-struck=[it.state.is_end().then_some("")] { (it.no) }
                    a href={ "/problems/" (it.no) } lang="zh-CN" { (it.title) }
                    @if it.state.is_end() { (part::done(lang.of(it.state.zh(), it.state.en()))) }
                    @else { span.badge { (lang.of(it.state.zh(), it.state.en())) } (part::light(lang, &standing(it, &shows.terms, shows.now))) }
                }
            }
        }
        @if shows.problems.len() as i64 == SHOWN { p { a href=(all) { (lang.of("全部问题", "All problems")) } } }
    };
    section(lang, "problems", lang.of("问题", "Problems"), shows.problems.is_empty(), rows)
}

fn promises(lang: Lang, shows: &Shows) -> Markup {
    let today = shows.now.day();
    let rows = html! {
        ul.rows {
            @for it in &shows.promises {
                li {
                    span.when { (lang.of("到期", "Due")) " " (it.due) }
                    span.grow { span lang="zh-CN" { (it.text) } " " span.faint lang="zh-CN" { (it.owner_name) } }
                    @if it.state == State::Open && it.due < today { span.light data-light="red" { (lang.of("已过期", "Late")) } }
                    @else { span.badge { (lang.of(it.state.zh(), it.state.en())) } }
                    a.none href={ "/visits/" (it.visit_no) } { (lang.of("走访记录", "Visit")) " " (it.visit_no) }
                }
            }
        }
    };
    section(lang, "promises", lang.of("承诺", "Promises"), shows.promises.is_empty(), rows)
}

fn findings(lang: Lang, shows: &Shows) -> Markup {
    let kind = |code: &str| FindingKind::parse(code).map_or("", |it| lang.of(it.zh(), it.en()));
    let rows = html! {
        ul.rows {
            @for it in &shows.findings {
                li {
                    span.badge { (kind(&it.kind)) }
                    span.grow lang="zh-CN" { (it.text) }
                    a.none href={ "/visits/" (it.visit_no) } { (lang.of("走访记录", "Visit")) " " (it.visit_no) }
                }
            }
        }
    };
    section(lang, "findings", lang.of("见闻", "Findings"), shows.findings.is_empty(), rows)
}
