//! Site staff: where they are wanted today and this week.

use super::block::{Look, Part};
use crate::attendance::week::{self, Names, finding, strip, two_weeks};
use domain::role::{Actor, Role};
use domain::time::Millis;
use maud::html;
use store::own_days::{self, Place};
use store::terms::{Deed, Failure, Terms};
use store::{Tx, month_sheet};

pub struct Seen {
    places: Vec<Place>,
    names: Names,
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, terms: &Terms, now: Millis) -> Result<Option<Seen>, Failure> {
    let Some(person) = actor.person().filter(|_| actor.has(Role::SiteStaff)) else { return Ok(None) };
    let (monday, _) = two_weeks(now.day());
    let places = own_days::load(tx, &Deed { terms, by: Some(person), now }, person, (monday, monday.plus(6)))?;
    let names = month_sheet::names_of(tx, &week::stood_in_for(&places))?;
    Ok(Some(Seen { places, names }))
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let (lang, today) = (look.lang, look.now.day());
    let found = finding(lang, &seen.places, today);
    let (monday, _) = two_weeks(today);
    let (title, note) = match seen.places.is_empty() {
        true => {
            (lang.of("您还没有登记在任何工地".to_owned(), "You are entered at no site yet".to_owned()), String::new())
        }
        false => (found.title, found.note),
    };
    Part {
        title,
        note,
        overdue: 0,
        today: found.open,
        acts: html! { a.button.primary href="/attendance" { (lang.of("我的考勤", "My days")) } },
        main: html! {
            @if seen.places.is_empty() {
                div.empty { strong { (lang.of("登记以后，这里写明哪天要到哪里", "Once you are entered, this says on which day you are wanted where")) } }
            } @else {
                (strip(lang, &seen.places, &seen.names, (monday, monday.plus(6)), today))
            }
        },
        side: None,
    }
}
