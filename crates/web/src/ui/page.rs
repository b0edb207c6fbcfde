//! The frame of a page: head, bar, main.

use crate::asset;
use crate::lang::Lang;
use maud::{DOCTYPE, Markup, html};

/// Who looks, for the bar. `news` is how many notices are new.
pub struct Frame<'a> {
    pub lang: Lang,
    pub title: &'a str,
    pub name: &'a str,
    pub news: i64,
    pub may_report: bool,
    pub may_manage: bool,
    /// The path of this page, to come back to after switching the language.
    pub here: &'a str,
}

fn document(lang: Lang, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (lang.of("走访通", "Zoufang")) }
                link rel="stylesheet" href=(asset::url("app.css"));
                script type="module" src=(asset::url("app.js")) {}
            }
            body { (body) }
        }
    }
}

/// For those who are not signed in.
pub fn bare(lang: Lang, title: &str, body: Markup) -> Markup {
    let bar = html! {
        header.bar { span.brand { (lang.of("走访通", "Zoufang")) } (language(lang, "/sign-in")) }
        (body)
    };
    document(lang, title, bar)
}

pub fn page(frame: &Frame, body: Markup) -> Markup {
    let lang = frame.lang;
    let bar = html! {
        a.skip href="#main" { (lang.of("跳到正文", "Skip to content")) }
        header.bar {
            a.brand href="/problems" { (lang.of("走访通", "Zoufang")) }
            nav aria-label=(lang.of("主菜单", "Main menu")) {
                a href="/problems" { (lang.of("台账", "Ledger")) }
                @if frame.may_report { a href="/problems/new" { (lang.of("登记问题", "Report")) } }
                a href="/inbox" {
                    (lang.of("通知", "Inbox"))
                    @if frame.news > 0 { " " span.count { (frame.news) } }
                }
                @if frame.may_manage { a href="/people" { (lang.of("人员", "People")) } }
            }
            div.who {
                span lang="zh-CN" { (frame.name) }
                (language(lang, frame.here))
                form method="post" action="/sign-out" { button.quiet { (lang.of("退出", "Sign out")) } }
            }
        }
        (body)
    };
    document(lang, frame.title, bar)
}

fn language(lang: Lang, here: &str) -> Markup {
    html! {
        form method="post" action="/language" {
            input type="hidden" name="back" value=(here);
            button.quiet name="language" value=(lang.of("en", "zh")) lang=(lang.of("en", "zh-CN")) { (lang.of("English", "中文")) }
        }
    }
}
