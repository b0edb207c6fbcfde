//! Supervision: what only it can verify or sign, and what is overdue without a slip.

use super::block::{Group, Look, Part, Says, due_table, many, short_all};
use domain::errand::Kind;
use domain::light::Bounds;
use domain::role::{Actor, Role};
use domain::time::Millis;
use maud::html;
use store::Tx;
use store::burning::{self, Span};
use store::errand::{self, Errand};
use store::list::Line;
use store::notice::Letterbox;
use store::terms::Failure;

const SHOWN: i64 = 8;

pub struct Seen {
    verify: (Vec<Errand>, i64),
    sign: (Vec<Errand>, i64),
    unslipped: Vec<Line>,
    overdue: i64,
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, bounds: &Bounds) -> Result<Option<Seen>, Failure> {
    if !actor.has(Role::Supervision) {
        return Ok(None);
    }
    let (desk, ever) = ([Letterbox::Role(Role::Supervision)], Millis(i64::MAX));
    let mut held = |kind| -> Result<(Vec<Errand>, i64), store::Error> {
        Ok((errand::list(tx, &desk, kind, ever, SHOWN)?, errand::count(tx, &desk, kind, ever)?))
    };
    let (verify, sign) = (held(Kind::Verify)?, held(Kind::Sign)?);
    let late = Span { from: Millis(i64::MIN), to: bounds.now.plus(-1) };
    Ok(Some(Seen {
        verify,
        sign,
        unslipped: burning::list_without_slip(tx, bounds.now, 15)?,
        overdue: burning::count(tx, &domain::access::Scope::All, late)? as i64,
    }))
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let lang = look.lang;
    let own = seen.verify.1 + seen.sign.1;
    let title = match (own, seen.overdue) {
        (0, 0) => {
            lang.of("督查室，没有超期的，也没有等签批的".into(), "Supervision: nothing overdue, nothing to sign".into())
        }
        (0, late) => lang.of(format!("{}件超期", many(lang, late)), format!("{} overdue", many(lang, late))),
        (n, late) => lang.of(
            format!("{n}件等督查室签批或核验，{}件超期", many(lang, late)),
            format!("{n} to be signed or verified, {} overdue", many(lang, late)),
        ),
    };
    let note = lang.of(
        format!("超期里还没有发督查单的先列出{}件", seen.unslipped.len()),
        format!("Of the overdue, {} without a slip stand here", seen.unslipped.len()),
    );
    let groups = [Group {
        label: lang.of("超期，还没有发督查单", "Overdue, without a slip"),
        count: seen.unslipped.len() as i64,
        lines: &seen.unslipped,
    }];
    Part {
        title,
        note,
        overdue: seen.overdue,
        today: own,
        acts: html! { a.button href="/problems?light=red" { (lang.of("全部超期", "All overdue")) } },
        main: html! {
            @if seen.unslipped.is_empty() {
                div.empty { strong { (lang.of("超期的都发了督查单", "Every overdue problem has its slip")) } }
            } @else { (due_table(look, &groups, &|_| lang.of("发督查单", "Issue a slip"))) }
        },
        side: Some(html! {
            (short_all(look, lang.of("等督查室签批", "To be signed"), &seen.sign.0, seen.sign.1, "/problems?boarded=yes", Says::Since))
            (short_all(look, lang.of("走访办自己办的，由督查室核验", "The office's own, to be verified here"), &seen.verify.0, seen.verify.1, "/problems?state=answered&by=due", Says::Due))
        }),
    }
}
