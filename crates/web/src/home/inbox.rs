//! The newest notices, on everybody's home.

use super::block::Look;
use crate::inbox::{as_seen, entry};
use domain::role::Actor;
use maud::{Markup, html};
use store::Tx;
use store::notice::{self, Letterbox, Notice};
use store::terms::Failure;

const SHOWN: i64 = 6;

pub fn read(tx: &mut dyn Tx, actor: &Actor, boxes: &[Letterbox]) -> Result<Vec<Notice>, Failure> {
    let mut seen = Vec::new();
    for notice in notice::list(tx, boxes, "", SHOWN)? {
        seen.extend(as_seen(tx, actor, notice)?);
    }
    Ok(seen)
}

pub fn view(look: &Look, notices: &[Notice], news: i64) -> Markup {
    let lang = look.lang;
    html! {
        @if !notices.is_empty() {
            section.sheet.notices {
                h2 { (lang.of("通知", "Inbox")) " " @if news > 0 { span.faint { (lang.of(format!("新{news}"), format!("{news} new"))) } } }
                ul.rows { @for it in notices { (entry(lang, it, it.at > look.who.read_until)) } }
                p.meta { a href="/inbox" { (lang.of("看全部通知", "All notices")) } }
            }
        }
    }
}
