//! The frame of a page: head, bar, main.

use crate::asset;
use crate::auth::Who;
use crate::lang::Lang;
use domain::role::Role;
use maud::{DOCTYPE, Markup, html};

/// Who looks at which page. `news` is how many notices are new.
pub struct Frame<'a> {
    pub who: &'a Who,
    pub title: &'a str,
    pub news: i64,
    /// The path of this page, to come back to after switching the language.
    pub here: &'a str,
}

/// The whole document; also for papers, which have no bar.
pub fn document(lang: Lang, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (lang.of("走访通", "Zoufang")) }
                link rel="icon" type="image/svg+xml" href=(asset::url("icon.svg"));
                link rel="stylesheet" href=(asset::url("app.css"));
                script type="module" src=(asset::url("app.js")) {}
            }
            (body)
        }
    }
}

fn brand(lang: Lang) -> Markup {
    html! {
        a.brand href="/problems" {
            svg viewBox="0 0 20 20" aria-hidden="true" {
                path d="M3 18.2h14M5 18V2.8h10V18" fill="none" stroke="currentColor" stroke-width="1.6" {}
                path d="M5 2.8l6 2.4V18l-6 .1z" fill="currentColor" {}
            }
            (lang.of("走访通", "Zoufang"))
        }
    }
}

/// For those who are not signed in; `here` is where the choice of language comes back to.
pub fn bare(lang: Lang, title: &str, here: &str, main: Markup) -> Markup {
    document(lang, title, html! { body { header.bar { (brand(lang)) div.who { (language(lang, here)) } } (main) } })
}

pub fn page(frame: &Frame, main: Markup) -> Markup {
    let (who, lang) = (frame.who, frame.who.lang);
    let current = |path: &str| {
        (frame.here == path
            || (path == "/problems" && frame.here.starts_with("/problems/") && frame.here != "/problems/new"))
            .then_some("page")
    };
    let body = html! {
        body {
            a.skip href="#main" { (lang.of("跳到正文", "Skip to content")) }
            header.bar {
                (brand(lang))
                nav aria-label=(lang.of("主菜单", "Main menu")) {
                    a href="/problems" aria-current=[current("/problems")] { (lang.of("台账", "Ledger")) }
                    @if who.may_report() { a href="/problems/new" aria-current=[current("/problems/new")] { (lang.of("登记问题", "Report")) } }
                    a href="/inbox" aria-current=[current("/inbox")] {
                        (lang.of("通知", "Inbox"))
                        @if frame.news > 0 { " " span.count { (frame.news) } }
                    }
                    @if who.has(Role::Secadmin) || who.has(Role::Sysadmin) {
                        a href="/people" aria-current=[current("/people")] { (lang.of("人员", "People")) }
                    }
                }
                div.who {
                    span lang="zh-CN" { (who.name) }
                    (language(lang, frame.here))
                    form method="post" action="/sign-out" { button.quiet { (lang.of("退出", "Sign out")) } }
                }
            }
            (main)
        }
    };
    document(lang, frame.title, body)
}

fn language(lang: Lang, here: &str) -> Markup {
    html! {
        form method="post" action="/language" {
            input type="hidden" name="back" value=(here);
            button.quiet name="language" value=(lang.of("en", "zh")) lang=(lang.of("en", "zh-CN")) { (lang.of("English", "中文")) }
        }
    }
}
