//! The list from which a problem was opened: its place there, the next and the one before.

use crate::app::App;
use crate::auth::Who;
use crate::error::Error;
use crate::form;
use crate::lang::Lang;
use crate::problem::list::{escape, listed};
use crate::ui::field::Typed;
use axum::http::{HeaderMap, header};
use maud::{Markup, html};
use std::sync::Arc;

pub struct Around {
    /// The query of the list.
    list: String,
    /// Place on its page from 1, and how many there are where that is known.
    place: Option<(usize, Option<usize>)>,
    next: Option<String>,
    before: Option<String>,
}

/// A longer query is nobody's filter.
const LONGEST: usize = 600;

/// The query of the list, from the address, or from the page that was left: the ledger itself, or a problem opened
/// from it. A step taken on the page comes back by a redirect, which names the page that it left.
fn asked(typed: &Typed, headers: &HeaderMap) -> Option<String> {
    let named = typed.0.iter().find(|(name, _)| name == "list").map(|(_, value)| value.clone());
    let left = || {
        let from = headers.get(header::REFERER)?.to_str().ok()?;
        let (_, path) = from.split_once("://")?.1.split_once('/')?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        match path.strip_prefix("problems") {
            Some("") => Some(query.to_owned()),
            Some(rest) if rest.trim_start_matches('/').parse::<i64>().is_ok() => {
                let query = form::fields(query.as_bytes());
                query.0.into_iter().find(|(name, _)| name == "list").map(|(_, value)| value)
            }
            _ => None,
        }
    };
    named.or_else(left).filter(|it| it.len() <= LONGEST)
}

pub async fn around(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    typed: &Typed,
    no: i64,
) -> Result<Option<Around>, Error> {
    let Some(list) = asked(typed, headers) else { return Ok(None) };
    let query = form::fields(list.as_bytes());
    let listed = listed(app, who, &query).await?;
    let at = listed.lines.iter().position(|it| it.no == no);
    let to = |no: i64, list: &str| format!("/problems/{no}?list={}", escape(list));
    let next = match at {
        Some(at) => match (listed.lines.get(at + 1), listed.beyond, &listed.next) {
            (Some(next), ..) => Some(to(next.no, &list)),
            // The last on its page: the next one heads the next page.
            (None, Some(beyond), Some(after)) => Some(to(beyond, &turned(&query, after))),
            _ => None,
        },
        // It is no longer in the list, because something was done with it.
        None => listed.lines.first().map(|it| to(it.no, &list)),
    };
    let before = at.and_then(|at| at.checked_sub(1)).map(|at| to(listed.lines[at].no, &list));
    let whole = (listed.next.is_none() && query.get("after").is_empty()).then_some(listed.lines.len());
    Ok(Some(Around { list, place: at.map(|at| (at + 1, whole)), next, before }))
}

/// The query of the next page.
fn turned(query: &Typed, after: &str) -> String {
    let kept = query.0.iter().filter(|(name, value)| name != "after" && !value.is_empty());
    let pairs: Vec<String> = kept.map(|(name, value)| format!("{}={}&", escape(name), escape(value))).collect();
    format!("{}after={after}", pairs.concat())
}

/// The way back to the list, and along it.
pub fn view(lang: Lang, around: Option<&Around>) -> Markup {
    let ledger = lang.of("问题台账", "Ledger of problems");
    let Some(it) = around else { return html! { p.crumbs { a href="/problems" { (ledger) } } } };
    let href = if it.list.is_empty() { "/problems".to_owned() } else { format!("/problems?{}", it.list) };
    html! {
        nav.crumbs.along aria-label=(lang.of("位置", "Where")) {
            a href=(href) { (ledger) }
            span.push {
                @match it.place {
                    Some((place, Some(all))) => span.meta { (lang.of(format!("第{place}件，共{all}件"), format!("{place} of {all}"))) },
                    Some((place, None)) => span.meta { (lang.of(format!("本页第{place}件"), format!("No. {place} on its page"))) },
                    None => span.meta { (lang.of("已不在这个单子里", "No longer in this list")) },
                }
                @if let Some(before) = &it.before { a rel="prev" data-press="k" href=(before) { (lang.of("上一件", "Previous")) " " kbd { "k" } } }
                @if let Some(next) = &it.next { a rel="next" data-press="j" href=(next) { (lang.of("下一件", "Next")) " " kbd { "j" } } }
            }
        }
    }
}
