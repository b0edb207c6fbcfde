//! One appeal 申诉: what he says, how the day was judged then and now, on what it rests, and the bureau's decision.

use super::{decide_page, named};
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::ui::field::Typed;
use crate::ui::slot::{Refused, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::appeal::{AppealCommand, AppealOrder, AppealScene, AppealState};
use domain::attendance::verdict::Judged;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::site::Tie;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::appeal::{self, Found};
use store::punch::{self, Punch};
use store::terms::{Deed, Failure};
use store::verdict::{self, Kept};
use store::{Tx, month_sheet, notice, site};

pub(super) struct Seen {
    pub found: Found,
    /// As it is judged now.
    pub judged: Option<Judged>,
    pub history: Vec<Kept>,
    pub punches: Vec<Punch>,
    pub names: BTreeMap<PersonId, String>,
    /// What he says and what was answered are between him and the bureau.
    pub sees_words: bool,
    pub possible: Vec<AppealCommand>,
    /// Of the bureau, yet not the one to decide.
    pub is_party: bool,
    pub news: i64,
}

/// Not there for those who have nothing to do with it; with whether the reader is of the bureau.
fn meet(tx: &mut dyn Tx, deed: &Deed, actor: &Actor, no: i64) -> Result<(Found, bool), Failure> {
    let found = appeal::find_by_no(tx, &deed.terms.master, no)?.ok_or(Refusal::Absent)?;
    let place = site::find(tx, found.appeal.site)?.ok_or(Refusal::Absent)?;
    let ties = site::ties(tx, actor, &place)?;
    if deed.by != Some(found.appeal.person) && ties.iter().all(|it| *it == Tie::Staff) {
        return Err(Refusal::Absent.into());
    }
    Ok((found, ties.contains(&Tie::Bureau)))
}

/// `GET /appeals/{no}`
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    answer(&app, &who, &headers, &no, None).await
}

/// `POST /appeals/{no}/{command}`
pub async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((no, command)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let Some(command) = AppealCommand::parse(&command).filter(|it| it.code() == command) else {
        return error_page(&Error::NoSuchPage, who.lang, auth::request_id(&headers));
    };
    match done(&app, &who, &no, command, &typed).await {
        Ok(()) => Redirect::to(&format!("/appeals/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => {
            let form = if command == AppealCommand::Withdraw { "withdraw" } else { "decide" };
            let error = named(&app, error).await;
            answer(&app, &who, &headers, &no, Some(Refused::new(form, typed, error))).await
        }
    }
}

async fn done(app: &Arc<App>, who: &Who, no: &str, command: AppealCommand, typed: &Typed) -> Result<(), Error> {
    let no: i64 = no.parse().map_err(|_| Refusal::Absent)?;
    form::check_length("words", typed.get("words"), 1_000)?;
    let order =
        AppealOrder { command, words: typed.get("words").to_owned(), seen: typed.get("seen").parse().unwrap_or(-1) };
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let done = app.db.write(move |tx| {
        let deed = Deed { terms: &terms, by: actor.person(), now };
        let (found, is_bureau) = meet(tx, &deed, &actor, no)?;
        let scene = AppealScene { is_bureau, by: deed.by.ok_or(Refusal::Absent)?, now };
        if is_done(&found, &order, scene.by) { Ok(()) } else { appeal::perform(tx, &deed, no, &order, &scene) }
    });
    done.await.map_err(Error::from)
}

/// The form sent twice: what it asked is what its author has just done.
fn is_done(it: &Found, order: &AppealOrder, by: PersonId) -> bool {
    let after = match order.command {
        AppealCommand::Uphold => AppealState::Upheld,
        AppealCommand::Reject => AppealState::Rejected,
        AppealCommand::Withdraw => AppealState::Withdrawn,
    };
    it.appeal.revision == order.seen + 1 && it.appeal.last.by == Some(by) && it.appeal.state == after
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: &str, refused: Option<Refused>) -> Response {
    match read(app, who, no).await {
        Ok(seen) => (status(refused.as_ref()), decide_page::view(who, &seen, refused.as_ref())).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, no: &str) -> Result<Seen, Error> {
    let no: i64 = no.parse().map_err(|_| Refusal::Absent)?;
    let (terms, actor, now) = (app.terms(), who.actor.clone(), app.now());
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let read = app.db.read(move |tx| {
        let deed = Deed { terms: &terms, by: actor.person(), now };
        let (found, is_bureau) = meet(tx, &deed, &actor, no)?;
        let it = &found.appeal;
        let possible = match deed.by {
            Some(by) => it.possible(&AppealScene { is_bureau, by, now }),
            None => vec![],
        };
        let mut punches = punch::of_day(tx, it.site, it.day)?;
        punches.retain(|punch| punch.what.person == it.person);
        let stamped = [Some(it.filed), it.decided].into_iter().flatten().filter_map(|it| it.by);
        Ok::<_, Failure>(Seen {
            judged: appeal::judged(tx, &deed, it.person, it.site, it.day)?,
            history: verdict::history(tx, it.site, it.day, it.person)?,
            names: month_sheet::names_of(tx, &stamped.collect())?,
            sees_words: is_bureau || deed.by == Some(it.person),
            is_party: is_bureau && it.state == AppealState::Open && !possible.contains(&AppealCommand::Uphold),
            news: notice::count_new(tx, &boxes, since)?,
            punches,
            possible,
            found,
        })
    });
    read.await.map_err(Error::from)
}
