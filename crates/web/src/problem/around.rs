//! The list from which a problem was opened: its place there, the next and the one before.

use crate::app::App;
use crate::auth::Who;
use crate::error::Error;
use crate::form;
use crate::lang::Lang;
use crate::problem::filter;
use crate::problem::list::{PAGE, escape, is_reporter};
use crate::ui::field::Typed;
use axum::http::{HeaderMap, header};
use domain::access;
use domain::light;
use maud::{Markup, html};
use std::sync::Arc;
use store::list::Filter;

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
    let (now, calendar) = (app.now(), app.terms().calendar);
    let (scope, filter) = (access::scope(&who.actor), filter::read(&query, is_reporter(&who.actor)));
    let read = app.db.read(move |tx| {
        let bounds = light::bounds(now, &calendar);
        let page = store::list::page(tx, &scope, &filter, now, &bounds, PAGE)?;
        let at = page.lines.iter().position(|it| it.no == no);
        // Beyond the page lies one line of its neighbour.
        let mut beyond = |key: Option<(i64, i64)>, back: bool| -> Result<Option<i64>, store::Error> {
            let Some(key) = key else { return Ok(None) };
            let filter = Filter { after: Some(key), back, ..filter.clone() };
            Ok(store::list::page(tx, &scope, &filter, now, &bounds, 1)?.lines.first().map(|it| it.no))
        };
        let first = if at == Some(0) { beyond(page.previous, true)? } else { None };
        let last = if at.is_some_and(|at| at + 1 == page.lines.len()) { beyond(page.next, false)? } else { None };
        Ok::<_, store::Error>((page, at, first, last))
    });
    let (page, at, first, last) = read.await?;
    let to = |no: i64, list: &str| format!("/problems/{no}?list={}", escape(list));
    let turned = |name: &str, key: (i64, i64)| {
        let normal = filter::normal(&query);
        format!("{normal}{}{name}={}", if normal.is_empty() { "" } else { "&" }, filter::say_key(key))
    };
    let (next, before) = match at {
        Some(at) => (
            match (page.lines.get(at + 1), last.zip(page.next)) {
                (Some(next), _) => Some(to(next.no, &list)),
                (None, beyond) => beyond.map(|(no, key)| to(no, &turned("after", key))),
            },
            match (at.checked_sub(1).and_then(|at| page.lines.get(at)), first.zip(page.previous)) {
                (Some(before), _) => Some(to(before.no, &list)),
                (None, beyond) => beyond.map(|(no, key)| to(no, &turned("before", key))),
            },
        ),
        // It is no longer in the list, because something was done with it.
        None => (page.lines.first().map(|it| to(it.no, &list)), None),
    };
    let whole = (page.previous.is_none() && page.next.is_none()).then_some(page.lines.len());
    Ok(Some(Around { list, place: at.map(|at| (at + 1, whole)), next, before }))
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
