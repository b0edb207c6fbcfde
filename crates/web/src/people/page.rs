//! The page of persons: who works where as what, deputies, adding one.

use super::Listed;
use crate::app::Directory;
use crate::auth::Who;
use crate::error::Error;
use crate::lang::Lang;
use crate::problem::list::escape;
use crate::ui::field::{Form, Typed, Wrong, error_summary, options};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use domain::id::PersonId;
use domain::role::{Hat, Role};
use maud::{Markup, html};
use store::person::Person;

/// `link` is the path of a one-time link made just now.
pub(super) fn view(
    who: &Who,
    listed: &Listed,
    directory: &Directory,
    typed: &Typed,
    error: Option<&Error>,
    link: Option<&String>,
) -> Markup {
    let lang = who.lang;
    let change = who.has(Role::Secadmin);
    let sentence = error.map(Error::tell).map(|told| lang.of(told.zh, told.en));
    let body = html! {
        main.page id="main" {
            header.page-head {
                div {
                    p.crumbs { a href="/settings" { (lang.of("设置", "Settings")) } }
                    h1 { (lang.of("人员", "People")) }
                }
                @if change { a.button href="/imports" { (lang.of("导入", "Import")) } }
            }
            @if let Some(sentence) = &sentence { (error_summary(lang, sentence)) }
            @if let Some(path) = link {
                div.banner role="status" {
                    p { (lang.of("一次性链接（3天内有效，只能用一次），请交给本人：", "One-time link, good for 3 days and one use; hand it to the person:")) }
                    p { code { (path) } }
                }
            }
            div.columns[change] {
                div {
                    table.table.fold {
                        thead {
                            tr {
                                th scope="col" { (lang.of("姓名", "Name")) }
                                th scope="col" { (lang.of("账号", "Login")) }
                                th scope="col" { (lang.of("单位", "Unit")) }
                                th scope="col" { (lang.of("岗位", "Roles")) }
                                th scope="col" { (lang.of("在岗", "Working")) }
                            }
                        }
                        tbody { @for (person, hats) in &listed.persons { (row(lang, person, hats, directory, change)) } }
                    }
                    (part::next_page(lang, listed.next.as_ref().map(|login| format!("/people?after={}", escape(login)))))
                    (deputies(lang, listed))
                }
                @if change { aside { (add(lang, directory, typed, &error.map(|it| it.wrong(lang)).unwrap_or_default())) } }
            }
        }
    };
    page(&Frame { who, title: lang.of("人员", "People"), news: 0, here: "/people" }, body)
}

fn row(lang: Lang, person: &Person, hats: &[Hat], directory: &Directory, change: bool) -> Markup {
    let unit = directory.unit(person.unit).map_or("", |it| it.label(lang.is_en()));
    let mut roles: Vec<&str> = hats.iter().map(|hat| lang.of(hat.role.words().1, hat.role.words().2)).collect();
    roles.dedup();
    html! {
        tr {
            td.cut lang="zh-CN" { @if change { a href={ "/people/" (person.id) } { (person.name) } } @else { (person.name) } }
            td { span.no { (person.login) } }
            td lang=[tongue(lang, unit)] { (unit) }
            td { (roles.join(lang.of("、", ", "))) }
            td { @if person.left_at.is_some() { span.faint { (lang.of("已离任", "Left")) } } @else { (lang.of("在岗", "Working")) } }
        }
    }
}

fn deputies(lang: Lang, listed: &Listed) -> Markup {
    if listed.deputies.is_empty() {
        return html! {};
    }
    let name = |id: PersonId| {
        listed.persons.iter().find(|(it, _)| it.id == id).map(|(it, _)| it.name.clone()).unwrap_or_default()
    };
    html! {
        h2 { (lang.of("代理", "Deputies")) }
        ul.rows.sheet {
            @for it in &listed.deputies {
                li {
                    span lang="zh-CN" { (name(it.by)) } " " (lang.of("代理", "for")) " " span lang="zh-CN" { (name(it.person)) } " "
                    span.faint { (part::instant(Some(it.from))) " – " (part::instant(Some(it.to))) }
                }
            }
        }
    }
}

fn add(lang: Lang, directory: &Directory, typed: &Typed, wrong: &[Wrong]) -> Markup {
    let units: Vec<(String, String)> =
        directory.in_use().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect();
    let roles = options(&Role::ALL, Role::code, |it| lang.of(it.words().1, it.words().2));
    let form = Form { wrong, ..Form::new(lang, typed) };
    html! {
        form.sheet method="post" action="/people" {
            h2 { (lang.of("新增人员", "Add a person")) }
            (form.field("login", "账号", "Login").input("text"))
            (form.field("name", "姓名", "Name").input("text"))
            (form.field("unit", "单位", "Unit").select(lang.of("请选择", "Choose"), &units))
            (form.checks("roles", "岗位", "Roles", &roles))
            button.primary.wide { (lang.of("新增", "Add")) }
        }
    }
}
