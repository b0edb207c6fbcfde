//! The frame of a page: head, bar, main.

use crate::asset;
use crate::auth::Who;
use crate::doorstep;
use crate::lang::Lang;
use crate::site;
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
    document_with(lang, title, html! {}, body)
}

/// `head` holds what this page alone says there.
fn document_with(lang: Lang, title: &str, head: Markup, body: Markup) -> Markup {
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
                (head)
            }
            (body)
        }
    }
}

fn brand(lang: Lang) -> Markup {
    html! {
        a.brand href="/" {
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
    document(lang, title, bare_body(lang, here, main))
}

/// As [`bare`], and loaded again by itself after so many seconds, from `here`; without script too.
pub fn bare_again(lang: Lang, title: &str, here: &str, seconds: i64, main: Markup) -> Markup {
    let head = html! { meta http-equiv="refresh" content={ (seconds) "; url=" (here) }; };
    document_with(lang, title, head, bare_body(lang, here, main))
}

fn bare_body(lang: Lang, here: &str, main: Markup) -> Markup {
    html! { body { header.bar { (brand(lang)) div.who { (language(lang, here)) } } (main) } }
}

pub fn page(frame: &Frame, main: Markup) -> Markup {
    let (who, lang) = (frame.who, frame.who.lang);
    let body = html! {
        body {
            a.skip href="#main" { (lang.of("跳到正文", "Skip to content")) }
            header.bar {
                (brand(lang))
                (menu(frame))
                (search(lang))
                div.who {
                    span lang="zh-CN" { (who.name) }
                    (language(lang, frame.here))
                    form method="post" action="/sign-out" { button.quiet { (lang.of("退出", "Sign out")) } }
                }
            }
            (main)
            footer.foot {
                a href="/help" { (lang.of("帮助与词汇", "Help and words")) }
            }
        }
    };
    document(lang, frame.title, body)
}

/// What the reader may open, in the order of the work.
fn menu(frame: &Frame) -> Markup {
    let (who, lang) = (frame.who, frame.who.lang);
    let reports = who.may_report();
    let (doorstep, office) = (doorstep::sees_some(who), who.has(Role::Office));
    let sets = office || who.has(Role::Secadmin) || who.has(Role::Sysadmin);
    let items: [(&str, &str, &str, bool); 11] = [
        ("/", "首页", "Home", true),
        ("/triage", "梳理", "Triage", office),
        ("/problems", "台账", "Ledger", true),
        ("/visits", "走访", "Visits", doorstep),
        ("/subjects", "对象", "Subjects", doorstep),
        ("/campaigns", "行动", "Campaigns", doorstep),
        ("/problems/new", "登记问题", "Report", reports),
        ("/attendance", "我的考勤", "My days", who.has(Role::SiteStaff)),
        ("/sites", "工地", "Sites", site::sees_some(who)),
        ("/inbox", "通知", "Inbox", true),
        ("/settings", "设置", "Settings", sets),
    ];
    let here = section(frame.here, who.has(Role::SiteStaff));
    html! {
        nav aria-label=(lang.of("主菜单", "Main menu")) {
            @for (path, zh, en, _) in items.into_iter().filter(|it| it.3) {
                a href=(path) aria-current=[(path == here).then_some("page")] {
                    (lang.of(zh, en))
                    @if path == "/inbox" && frame.news > 0 { " " span.count { (frame.news) } }
                }
            }
        }
    }
}

/// Over everything that the reader may see; `/` jumps into it.
fn search(lang: Lang) -> Markup {
    html! {
        form.find role="search" method="get" action="/search" aria-label=(lang.of("全站搜索", "Search everything")) {
            input type="search" name="text" autocomplete="off" aria-label=(lang.of("搜索", "Search"))
                placeholder=(lang.of("企业、问题、编号、拼音", "Company, problem, number"));
            kbd aria-hidden="true" { "/" }
        }
    }
}

/// Which item of the menu a page belongs to. What is asked at sites is one's own for staff and the sites' for others.
fn section(here: &str, is_staff: bool) -> &str {
    match here.split('/').nth(1).unwrap_or_default() {
        "problems" if here != "/problems/new" => "/problems",
        "visits" | "promises" => "/visits",
        "subjects" => "/subjects",
        "triage" => "/triage",
        "campaigns" | "rounds" | "policies" => "/campaigns",
        "sites" | "planner" => "/sites",
        "attendance" | "punch" => "/attendance",
        "leaves" | "substitutes" | "appeals" | "punches" => {
            if is_staff {
                "/attendance"
            } else {
                "/sites"
            }
        }
        "settings" | "people" | "questionnaires" | "imports" => "/settings",
        _ => here,
    }
}

fn language(lang: Lang, here: &str) -> Markup {
    html! {
        form method="post" action="/language" {
            input type="hidden" name="back" value=(here);
            button.quiet name="language" value=(lang.of("en", "zh")) lang=(lang.of("en", "zh-CN")) { (lang.of("English", "中文")) }
        }
    }
}
