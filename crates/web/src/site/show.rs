//! One site: who should be there today and is, its plan, its people's filings.

use super::{filing, show_page};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::ui::slot::Refused;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::attendance::course::FiledPlan;
use domain::site::Tie;
use std::sync::Arc;
use store::key_period::KeyPeriod;
use store::site::Site;
use store::site_call::Call;
use store::site_exit::Exit;
use store::staff::Staff;
use store::today::Duty;
use store::{leave, substitute};

pub(super) struct Seen {
    pub duties: Vec<Duty>,
    pub plans: Vec<FiledPlan>,
    pub staff: Vec<Staff>,
    pub leaves: Vec<leave::Found>,
    pub substitutes: Vec<substitute::Found>,
    pub exits: Vec<Exit>,
    pub calls: Vec<Call>,
    pub key_periods: Vec<KeyPeriod>,
    /// A firm vouches for its people.
    pub attests: bool,
    /// For the screen with its codes; for those who set it up alone.
    pub screen: Option<String>,
    pub news: i64,
}

/// `GET /sites/{no}`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    answer(&app, &who, &headers, &no, None).await
}

pub(super) async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    no: &str,
    refused: Option<Refused>,
) -> Response {
    let (seen, directory) = (read(app, who, no).await, app.directory().await);
    match (seen, directory) {
        (Ok((site, ties, seen)), Ok(directory)) => {
            let view = show_page::view(app, who, &directory, &site, &ties, &seen, refused.as_ref());
            (crate::ui::slot::status(refused.as_ref()), view).into_response()
        }
        (Err(error), _) => error_page(&error, who.lang, auth::request_id(headers)),
        (_, Err(error)) => error_page(&error.into(), who.lang, auth::request_id(headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, no: &str) -> Result<(Site, Vec<Tie>, Seen), Error> {
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    super::read(app, who, no, move |tx, deed, site, ties| {
        let (today, all) = (deed.now.day(), super::sees_all(ties));
        let own = |person| all || deed.by == Some(person);
        let from = today.plus(-14);
        let mut duties = store::today::duties(tx, site.id, today)?;
        duties.retain(|it| own(it.person));
        let mut staff = store::staff::list(tx, site.id)?;
        staff.retain(|it| own(it.person));
        let mut leaves = leave::of_site(tx, &deed.terms.master, site.id, from)?;
        leaves.retain(|it| own(it.asked.what.person));
        // Why somebody is away is the business of his firm, the owner and the bureau alone.
        let knows = |person| {
            let of = staff.iter().find(|it| it.person == person).map(|it| it.firm);
            deed.by == Some(person) || ties.contains(&Tie::Owner) || of.is_some_and(|it| filing::is_own(site, ties, it))
        };
        leaves.iter_mut().filter(|it| !knows(it.asked.what.person)).for_each(|it| it.words = None);
        let attests = ties.iter().any(|it| matches!(it, Tie::Contractor | Tie::Consultant));
        let mut substitutes = substitute::of_site(tx, site.id, from)?;
        substitutes.retain(|it| own(it.asked.what.person) || own(it.asked.what.instead_of));
        let mut exits = store::site_exit::list(tx, site.id)?;
        exits.retain(|it| own(it.person));
        let mut calls = store::site_call::list(tx, site.id)?;
        calls.retain(|it| own(it.person) && it.day >= from);
        let screen = match super::files(ties) {
            true => store::site::secret(tx, &deed.terms.master, site.id)?.map(|it| crate::punch::code::screen(&it)),
            false => None,
        };
        Ok(Seen {
            duties,
            plans: store::stage_plan::list(tx, site.id)?,
            staff,
            leaves,
            substitutes,
            exits,
            calls,
            key_periods: store::key_period::list(tx, site.id)?,
            attests,
            screen,
            news: store::notice::count_new(tx, &boxes, since)?,
        })
    })
    .await
}
