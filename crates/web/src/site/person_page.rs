//! The page of one person of a site.

use super::person::{Seen, Shown};
use super::staff::{POSTS, firms, post_fields};
use crate::app::{App, Directory};
use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::page::{Frame, page};
use crate::ui::part::said;
use crate::ui::slot::{Refused, Slot, fresh};
use crate::ui::speech;
use domain::site::Tie;
use domain::time::Day;
use maud::{Markup, html};
use store::site::Site;
use store::staff::Certificate;

#[expect(clippy::too_many_arguments, reason = "a page is made of all that it shows")]
pub(super) fn view(
    app: &App,
    who: &Who,
    directory: &Directory,
    site: &Site,
    ties: &[Tie],
    seen: &Seen,
    refused: Option<&Refused>,
    shown: &Shown,
) -> Markup {
    let (lang, it) = (who.lang, &seen.staff);
    let here = format!("/sites/{}/staff/{}", site.no, it.person);
    let posts = Slot::new(lang, "posts", refused, || {
        let usual = |post: &&str| POSTS.contains(post);
        let names: Vec<&str> = it.posts.iter().map(|it| it.0.as_str()).collect();
        let mut typed: Vec<(String, String)> =
            names.iter().filter(|it| usual(it)).map(|it| ("posts".to_owned(), (*it).to_owned())).collect();
        let more: Vec<&str> = names.iter().copied().filter(|it| !usual(it)).collect();
        typed.push(("more".into(), more.join(" ")));
        typed.push(("firm".into(), it.firm.to_string()));
        if it.attests {
            typed.push(("attests".into(), "yes".into()));
        }
        crate::ui::field::Typed(typed)
    });
    let certificate =
        Slot::new(lang, "certificate", refused, || fresh([("id", store::ids::fresh(app.now()).to_string())]));
    let identity = Slot::new(lang, "identity", refused, Default::default);
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } " › " a href={ "/sites/" (site.no) } lang="zh-CN" { (site.name) } }
            header.page-head {
                div {
                    h1 lang="zh-CN" { (it.name) }
                    p.meta {
                        span lang="zh-CN" { (it.posts.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join("、")) }
                        " · " (said(lang, directory.unit(it.firm).map_or("", |it| it.label(lang.is_en()))))
                        @if it.attests { " · " (lang.of("可代证", "may attest")) }
                    }
                }
                div.line { a.button href={ "/sites/" (site.no) "/month?person=" (it.person) } { (lang.of("月考勤", "Month sheet")) } }
            }
            @for slot in [&posts, &certificate, &identity] { (slot.summary()) }
            (once(lang, shown))
            div.columns {
                div {
                    (certificates(lang, &seen.certificates, app.now().day()))
                    @if seen.is_own {
                        (certificate.fold(lang.of("登记证书", "Enter a certificate"), html! {
                            form method="post" action={ (here) "/certificate" } {
                                (certificate.hidden("id"))
                                (certificate.form().field("post", "岗位", "Post").hint(lang.of("与阶段名单里写的岗位一致。", "As the stage plan writes it.")).input("text"))
                                (certificate.form().field("number", "证书编号", "Number").input("text"))
                                (certificate.form().field("from", "有效期起", "Valid from").input("date"))
                                (certificate.form().field("to", "有效期止", "Valid to").input("date"))
                                button.primary { (lang.of("登记证书", "Enter it")) }
                            }
                        }))
                    }
                }
                aside {
                    (card(lang, &here, seen))
                    @if seen.is_own {
                        (posts.fold(lang.of("改岗位", "Change the posts"), html! {
                            form method="post" action={ (here) "/posts" } {
                                (posts.form().field("firm", "单位", "Firm").select(lang.of("请选择", "Choose"), &firms(lang, directory, site, ties)))
                                (post_fields(lang, &posts))
                                button.primary { (lang.of("保存", "Save")) }
                            }
                        }))
                        (identity.fold(lang.of("改身份证号", "Change the identity number"), html! {
                            form method="post" action={ (here) "/identity" } {
                                (identity.form().field("identity", "身份证号", "Identity number").input("text"))
                                button { (lang.of("保存", "Save")) }
                            }
                        }))
                        details.step { summary { (lang.of("发一次性链接", "A way into his account")) }
                            form method="post" action={ (here) "/link" } {
                                p.hint { (lang.of("还没有设密码的账号，用一次性链接由本人设密码；设过密码的找安全管理员。", "For an account without a password: the link lets the person set one. Otherwise ask the security administrator.")) }
                                button { (lang.of("生成链接", "Make a link")) }
                            }
                        }
                    }
                }
            }
        }
    };
    page(&Frame { who, title: &it.name, news: 0, here: &here }, body)
}

/// What is shown this once.
fn once(lang: Lang, shown: &Shown) -> Markup {
    match shown {
        Shown::Nothing => html! {},
        Shown::Link(path) => speech::banner(html! {
            p { (lang.of("一次性链接（3天内有效，只能用一次），请交给本人：", "One-time link, good for 3 days and one use; hand it to the person:")) }
            p { code { (path) } }
        }),
        Shown::Identity(number) => speech::banner(html! {
            p { (lang.of("身份证号", "Identity number")) " " b { (number) } }
            p.hint { (lang.of("这次查看已记入查阅日志。", "This look is in the reading log.")) }
        }),
    }
}

fn card(lang: Lang, here: &str, seen: &Seen) -> Markup {
    html! {
        section.sheet {
            h2 { (lang.of("身份", "Identity")) }
            @if seen.staff.identity.is_empty() { p.hint { (lang.of("没有登记身份证号，不能刷身份证打卡。", "No number is entered, so the card reader does not know this person.")) } }
            @else {
                p { (seen.staff.identity) }
                @if seen.is_own {
                    form method="post" action={ (here) "/reveal" } { button.quiet { (lang.of("查看全号（记入日志）", "Show it in full (logged)")) } }
                }
            }
            @if !seen.staff.phone.is_empty() { p.meta { (lang.of("手机", "Telephone")) " " (seen.staff.phone) } }
        }
    }
}

fn certificates(lang: Lang, all: &[Certificate], today: Day) -> Markup {
    html! {
        section.sheet.part {
            h2 { (lang.of("证书", "Certificates")) " " span.count { (all.len()) } }
            @if all.is_empty() { p.hint { (lang.of("没有登记证书；没有有效证书的岗位，阶段名单申报不了。", "None; a plan whose post lacks a valid certificate cannot be filed.")) } }
            @else {
                table.table.fold {
                    thead { tr { th scope="col" { (lang.of("岗位", "Post")) } th scope="col" { (lang.of("编号", "Number")) } th scope="col" { (lang.of("有效期", "Valid")) } } }
                    tbody {
                        @for it in all {
                            tr {
                                td lang="zh-CN" { (it.what.post.0) }
                                td lang=[crate::ui::part::tongue(lang, &it.number)] { (it.number) }
                                td {
                                    (it.what.from) " – " (it.what.to)
                                    @if it.what.to < today { " " span.light data-light="red" { (lang.of("已过期", "expired")) } }
                                    @else if it.what.to < today.plus(60) { " " span.light data-light="yellow" { (lang.of("快到期", "ends soon")) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
