//! Notices about sites: where each leads, and which day, person or version it speaks of.

use crate::lang::Lang;
use crate::ui::number::href;
use crate::ui::part::said;
use domain::time::Day;
use maud::{Markup, html};
use store::notice::Notice;

/// The address and its words.
struct Leads {
    href: String,
    label: String,
}

/// What a notice about a site, or about leave, leads to; nothing for others.
pub(crate) fn about(lang: Lang, notice: &Notice) -> Markup {
    let Some(it) = leads(lang, notice) else { return html! {} };
    html! {
        a href=(it.href) { (said(lang, &it.label)) }
        @if let Some((no, name)) = &notice.site { span.meta { a href={ "/sites/" (no) } lang="zh-CN" { (name) } } }
    }
}

fn leads(lang: Lang, notice: &Notice) -> Option<Leads> {
    let (first, rest) = notice.detail.split_once(' ').unwrap_or((&notice.detail, ""));
    let no = notice.site.as_ref().map_or(0, |it| it.0);
    let to = |href: String, label: String| Some(Leads { href, label });
    let days = || match rest.split_once(' ') {
        Some((to, name)) => format!("{name} {first} – {to}"),
        None => format!("{first} – {rest}"),
    };
    match notice.kind.as_str() {
        "plan-filed" | "plan-confirmed" | "plan-returned" | "plan-approved" => to(
            format!("/sites/{no}/plans/{first}"),
            lang.of(format!("阶段名单第{first}版"), format!("Stage plan, version {first}")),
        ),
        "leave-asked" | "substitute-asked" => to("/sites/desk#asked".into(), days()),
        "leave-granted" | "leave-refused" | "leave-withdrawn" => to("/attendance#leave".into(), days()),
        "substitute-granted" | "substitute-refused" | "substitute-withdrawn" => to("/attendance".into(), days()),
        "appeal-filed" | "appeal-upheld" | "appeal-rejected" => to(
            format!("/appeals/{first}"),
            lang.of(format!("第{first}号申诉，{rest}"), format!("Appeal no. {first}, {rest}")),
        ),
        "exit-filed" => to(
            format!("/sites/{no}#exit"),
            lang.of(format!("{rest} 最后一天{first}"), format!("{rest}, last day {first}")),
        ),
        "person-called" => to("/attendance".into(), lang.of(format!("{first}到岗"), format!("Come on {first}"))),
        "key-period-set" => to(format!("/sites/{no}#key-period"), days()),
        "absent" => absent(no, &notice.detail),
        _ => None,
    }
}

/// To the person himself the days alone are told; to his firm his name after them.
fn absent(no: i64, detail: &str) -> Option<Leads> {
    let month = detail.get(..7)?;
    let is_own = detail.rsplit(' ').next().is_some_and(|it| it.parse::<Day>().is_ok());
    let href = match is_own {
        true => "/attendance#against".to_owned(),
        false => href(&format!("/sites/{no}/month"), &[("month", month)]),
    };
    Some(Leads { href, label: detail.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Millis;

    fn led(kind: &str, detail: &str) -> (String, String) {
        let notice = Notice {
            id: String::new(),
            problem: None,
            no: None,
            title: String::new(),
            kind: kind.into(),
            detail: detail.into(),
            at: Millis(0),
            promise: None,
            site: Some((3, "三号楼".into())),
        };
        let it = leads(Lang::Zh, &notice).expect("a notice about a site leads somewhere");
        (it.href, it.label)
    }

    #[test]
    fn every_kind_leads_to_what_it_is_about() {
        let own = |href: &str, label: &str| (href.to_owned(), label.to_owned());
        assert_eq!(led("plan-filed", "2"), own("/sites/3/plans/2", "阶段名单第2版"));
        assert_eq!(
            led("leave-asked", "2018-04-16 2018-04-18 吕伟"),
            own("/sites/desk#asked", "吕伟 2018-04-16 – 2018-04-18")
        );
        assert_eq!(led("leave-refused", "2018-04-16 2018-04-18"), own("/attendance#leave", "2018-04-16 – 2018-04-18"));
        assert_eq!(led("appeal-filed", "7 2018-04-16"), own("/appeals/7", "第7号申诉，2018-04-16"));
        assert_eq!(led("exit-filed", "2018-05-13 劳某"), own("/sites/3#exit", "劳某 最后一天2018-05-13"));
        assert_eq!(led("absent", "2018-04-16 2018-04-17"), own("/attendance#against", "2018-04-16 2018-04-17"));
        assert_eq!(led("absent", "2018-04-16 吕伟"), own("/sites/3/month?month=2018-04", "2018-04-16 吕伟"));
    }
}
