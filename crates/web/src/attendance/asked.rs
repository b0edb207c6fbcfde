//! What owners are asked: one leave 请假 or one substitution 顶岗, with who said yes, and their word on it.

use super::{asked_page, named};
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
use domain::attendance::asked::{Approvable, AskCommand, AskOrder, AskScene, AskState, Asked};
use domain::id::{LeaveId, PersonId, SubstituteId, UnitId};
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::site::Tie;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::colleague::{self, Standing};
use store::terms::{Deed, Failure};
use store::{Tx, leave, month_sheet, notice, site, substitute};

/// Which of the two, by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Leave,
    Substitute,
}

impl Kind {
    pub(super) fn path(self) -> &'static str {
        match self {
            Kind::Leave => "/leaves",
            Kind::Substitute => "/substitutes",
        }
    }
}

pub(super) enum Thing {
    Leave(leave::Found),
    Substitute(substitute::Found),
}

/// What of [`Asked`] does not depend on what is asked.
pub(super) struct Course {
    pub state: AskState,
    pub revision: i64,
    /// Owners with the moment and the person of their yes.
    pub consents: Vec<(UnitId, Option<domain::problem::Stamp>)>,
    pub asked: domain::problem::Stamp,
    pub by_firm: bool,
    pub decided: Option<domain::problem::Stamp>,
    pub reason: String,
    pub possible: Vec<AskCommand>,
}

impl Course {
    fn of<T: Approvable>(it: &Asked<T>, scene: &AskScene) -> Course {
        Course {
            state: it.state,
            revision: it.revision,
            consents: it.consents.iter().map(|it| (it.owner, it.given)).collect(),
            asked: it.asked,
            by_firm: it.by_firm,
            decided: it.decided,
            reason: it.reason.clone(),
            possible: it.possible(scene),
        }
    }

    pub(super) fn persons(&self) -> BTreeSet<PersonId> {
        let given = self.consents.iter().filter_map(|it| it.1);
        given.chain([self.asked]).chain(self.decided).filter_map(|it| it.by).collect()
    }
}

pub(super) struct Seen {
    pub thing: Thing,
    pub course: Course,
    pub names: BTreeMap<PersonId, String>,
    /// Why somebody is away is the business of those who decide and of his own firm.
    pub sees_words: bool,
    /// Waits for the reader's own word, which he cannot give.
    pub is_party: bool,
    pub news: i64,
}

/// How the reader stands to it.
struct Reader {
    owners: Vec<UnitId>,
    is_asker: bool,
    sees_words: bool,
}

/// Not there for those who have nothing to do with it.
fn meet(tx: &mut dyn Tx, deed: &Deed, actor: &Actor, (kind, id): (Kind, &str)) -> Result<(Thing, Reader), Failure> {
    match kind {
        Kind::Leave => {
            let id: LeaveId = id.parse().map_err(|_| Refusal::Absent)?;
            let it = leave::find(tx, &deed.terms.master, id)?.ok_or(Refusal::Absent)?;
            let standing = colleague::standing(tx, actor, it.asked.what.person)?;
            let reader = reader(&it.asked, actor, standing)?;
            Ok((Thing::Leave(it), reader))
        }
        Kind::Substitute => {
            let id: SubstituteId = id.parse().map_err(|_| Refusal::Absent)?;
            let it = substitute::find(tx, id)?.ok_or(Refusal::Absent)?;
            let mut standing = colleague::standing(tx, actor, it.asked.what.instead_of)?;
            standing.is_self |= deed.by == Some(it.asked.what.person);
            let place = site::find(tx, it.asked.what.site)?.ok_or(Refusal::Absent)?;
            let ties = site::ties(tx, actor, &place)?;
            // A substitution is a matter of its site alone.
            standing.is_of_his_sites = ties.iter().any(|it| *it != Tie::Staff);
            standing.is_of_his_firm &= standing.is_of_his_sites;
            let reader = reader(&it.asked, actor, standing)?;
            Ok((Thing::Substitute(it), reader))
        }
    }
}

fn reader<T: Approvable>(it: &Asked<T>, actor: &Actor, standing: Standing) -> Result<Reader, Failure> {
    let owners = colleague::owners(actor);
    let is_owner = it.consents.iter().any(|it| owners.contains(&it.owner));
    if !standing.is_any() && !is_owner {
        return Err(Refusal::Absent.into());
    }
    let is_asker = standing.is_self || standing.is_of_his_firm;
    Ok(Reader { owners, is_asker, sees_words: is_asker || is_owner || standing.is_bureau })
}

impl Reader {
    fn scene(&self, deed: &Deed) -> Result<AskScene<'_>, Refusal> {
        let by = deed.by.ok_or(Refusal::Absent)?;
        Ok(AskScene { owners: &self.owners, is_asker: self.is_asker, by, now: deed.now })
    }
}

/// `GET /leaves/{id}`
pub async fn leave(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(&app, &who, &headers, (Kind::Leave, &id), None).await
}

/// `GET /substitutes/{id}`
pub async fn substitute(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(&app, &who, &headers, (Kind::Substitute, &id), None).await
}

/// `POST /leaves/{id}/{command}`
pub async fn leave_act(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((id, command)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    act(&app, &who, &headers, (Kind::Leave, &id), &command, form::fields(&body)).await
}

/// `POST /substitutes/{id}/{command}`
pub async fn substitute_act(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path((id, command)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    act(&app, &who, &headers, (Kind::Substitute, &id), &command, form::fields(&body)).await
}

async fn act(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    (kind, id): (Kind, &str),
    command: &str,
    typed: Typed,
) -> Response {
    let Some(command) = AskCommand::parse(command).filter(|it| it.code() == command) else {
        return error_page(&Error::NoSuchPage, who.lang, auth::request_id(headers));
    };
    match done(app, who, (kind, id), command, &typed).await {
        Ok(()) => Redirect::to(&format!("{}/{id}", kind.path())).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(headers)),
        Err(error) => {
            let form = if command == AskCommand::Withdraw { "withdraw" } else { "decide" };
            let error = named(app, error).await;
            answer(app, who, headers, (kind, id), Some(Refused::new(form, typed, error))).await
        }
    }
}

async fn done(
    app: &Arc<App>,
    who: &Who,
    (kind, id): (Kind, &str),
    command: AskCommand,
    typed: &Typed,
) -> Result<(), Error> {
    form::check_length("words", typed.get("words"), 500)?;
    let order =
        AskOrder { command, words: typed.get("words").to_owned(), seen: typed.get("seen").parse().unwrap_or(-1) };
    let (terms, actor, now, id) = (app.terms(), who.actor.clone(), app.now(), id.to_owned());
    let done = app.db.write(move |tx| {
        let deed = Deed { terms: &terms, by: actor.person(), now };
        let (thing, reader) = meet(tx, &deed, &actor, (kind, &id))?;
        let scene = reader.scene(&deed)?;
        match thing {
            Thing::Leave(it) if is_done(&it.asked, &order, scene.by) => Ok(()),
            Thing::Leave(it) => leave::perform(tx, &deed, it.id, &order, &scene),
            Thing::Substitute(it) if is_done(&it.asked, &order, scene.by) => Ok(()),
            Thing::Substitute(it) => substitute::perform(tx, &deed, it.id, &order, &scene),
        }
    });
    done.await.map_err(Error::from)
}

/// The form sent twice: what it asked is what its author has just done.
fn is_done<T: Approvable>(it: &Asked<T>, order: &AskOrder, by: PersonId) -> bool {
    let events: &[&str] = match order.command {
        AskCommand::Grant => &["granted", "consented"],
        AskCommand::Refuse => &["refused"],
        AskCommand::Withdraw => &["withdrawn"],
    };
    let is_it = events.iter().any(|event| it.last.event == format!("{}-{event}", T::EVENTS));
    it.revision == order.seen + 1 && it.last.by == Some(by) && is_it
}

async fn answer(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    (kind, id): (Kind, &str),
    refused: Option<Refused>,
) -> Response {
    let read = async { Ok::<_, Error>((read(app, who, (kind, id)).await?, app.directory().await?)) };
    match read.await {
        Ok((seen, directory)) => {
            (status(refused.as_ref()), asked_page::view(who, &directory, &seen, refused.as_ref())).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

async fn read(app: &Arc<App>, who: &Who, (kind, id): (Kind, &str)) -> Result<Seen, Error> {
    let (terms, actor, now, id) = (app.terms(), who.actor.clone(), app.now(), id.to_owned());
    let (boxes, since) = (who.boxes.clone(), who.read_until);
    let read = app.db.read(move |tx| {
        let deed = Deed { terms: &terms, by: actor.person(), now };
        let (thing, reader) = meet(tx, &deed, &actor, (kind, &id))?;
        let scene = reader.scene(&deed)?;
        let course = match &thing {
            Thing::Leave(it) => Course::of(&it.asked, &scene),
            Thing::Substitute(it) => Course::of(&it.asked, &scene),
        };
        let waits = |it: &(UnitId, Option<_>)| it.1.is_none() && reader.owners.contains(&it.0);
        let is_party = actor.has(Role::Owner)
            && course.state == AskState::Asked
            && course.consents.iter().any(waits)
            && !course.possible.contains(&AskCommand::Grant);
        let names = month_sheet::names_of(tx, &course.persons())?;
        let news = notice::count_new(tx, &boxes, since)?;
        Ok::<_, Failure>(Seen { thing, course, names, sees_words: reader.sees_words, is_party, news })
    });
    read.await.map_err(Error::from)
}
