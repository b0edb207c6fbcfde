//! One step for several problems 批量: first what would happen to each, then what did. Each is a command of its own, in a
//! transaction of its own, under the rules of one; what was done already is not done again.

use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::problem::bulk_page::{self, Seen};
use crate::problem::command::carry_out;
use crate::shield;
use crate::ui::field::Typed;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::access;
use domain::command::CommandName;
use domain::refusal::Refusal;
use domain::role::Role;
use std::sync::Arc;
use store::Tx;
use store::person::Person;
use store::terms::Failure;

/// No more at once than two pages of the ledger hold.
const MOST: usize = 100;

/// What is worth doing to several at once, for whoever has the step at all: the same words or none for each of them.
pub fn offered(who: &Who) -> Vec<CommandName> {
    let unit = who.has(Role::Clerk) || who.has(Role::Head);
    [
        (CommandName::Receive, unit),
        (CommandName::Assign, unit),
        (CommandName::Note, unit),
        (CommandName::Remind, who.has(Role::Office) || who.has(Role::Supervision)),
        (CommandName::Slip, who.has(Role::Supervision)),
        (CommandName::Instruct, who.has(Role::Leader)),
    ]
    .into_iter()
    .filter(|(_, may)| *may)
    .map(|(name, _)| name)
    .collect()
}

/// The command as a button says it.
pub fn verb(lang: Lang, name: CommandName) -> &'static str {
    let en = match name {
        CommandName::Receive => "Receive",
        CommandName::Assign => "Assign",
        CommandName::Note => "Note",
        CommandName::Remind => "Remind",
        CommandName::Slip => "Issue slips",
        CommandName::Instruct => "Instruct",
        other => other.en(),
    };
    lang.of(name.zh(), en)
}

fn chosen(query: &Typed) -> Vec<i64> {
    let mut numbers: Vec<i64> = query.all("no").filter_map(|it| it.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.truncate(MOST);
    numbers
}

/// The command that was asked for, if it is offered to who asks.
fn asked(who: &Who, query: &Typed) -> Result<CommandName, Error> {
    let code = query.get("command");
    offered(who).into_iter().find(|it| it.code() == code).ok_or(Error::NoSuchPage)
}

fn look(tx: &mut dyn Tx, who: &Who, name: CommandName, no: i64) -> Result<Seen, Failure> {
    let met = match store::order::meet_no(tx, &who.actor, no) {
        Ok(met) => met,
        Err(Failure::Refusal(refusal)) => {
            return Ok(Seen { no, id: None, title: String::new(), revision: 0, state: None, refusal: Some(refusal) });
        }
        Err(failure) => return Err(failure),
    };
    let p = &met.found.problem;
    let refusal = access::admit(&met.parties, p, name, p.revision).err();
    let title = shield::masked(tx, &met, &met.found.title)?;
    Ok(Seen { no, id: Some(p.id), title, revision: p.revision, state: Some(p.state.name()), refusal })
}

struct Before {
    seen: Vec<Seen>,
    /// Among whom one of the unit's own is chosen.
    colleagues: Vec<Person>,
}

async fn before(app: &Arc<App>, who: &Who, name: CommandName, numbers: Vec<i64>) -> Result<Before, Error> {
    let asking = who.clone();
    let read = app.db.read(move |tx| {
        let seen = numbers.into_iter().map(|no| look(tx, &asking, name, no)).collect::<Result<Vec<_>, _>>()?;
        let mut colleagues: Vec<Person> = Vec::new();
        if name == CommandName::Assign {
            let hats = asking.actor.hats().iter().filter(|hat| matches!(hat.role, Role::Clerk | Role::Head));
            for hat in hats {
                colleagues.extend(store::person::list_of_unit(tx, hat.unit)?);
            }
            colleagues.sort_by_key(|it| it.id);
            colleagues.dedup_by_key(|it| it.id);
        }
        Ok::<_, Failure>(Before { seen, colleagues })
    });
    Ok(read.await?)
}

/// `GET /problems/bulk`: what would happen.
pub async fn preview(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let shown = async {
        let name = asked(&who, &query)?;
        let before = before(&app, &who, name, chosen(&query)).await?;
        Ok::<_, Error>(bulk_page::preview(&who, name, &before.seen, &before.colleagues, &query, None))
    };
    match shown.await {
        Ok(page) => page.into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `POST /problems/bulk`: does it, one after the other.
pub async fn html(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    match carry_out_all(&app, &who, &typed).await {
        Ok(answer) => answer,
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn carry_out_all(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<Response, Error> {
    let name = asked(who, typed)?;
    let Before { seen, colleagues } = before(app, who, name, chosen(typed)).await?;
    let mut results: Vec<(Seen, Result<(), Error>)> = Vec::new();
    for it in seen {
        let done = match it.id {
            None => Err(Refusal::NotFound.into()),
            Some(id) => {
                let revision = typed.get(&format!("seen.{}", it.no)).to_owned();
                let one = [("seen".to_owned(), revision)].into_iter().chain(typed.0.iter().cloned());
                match form::order(name, &Typed(one.collect()), &|_| None) {
                    Ok(order) => carry_out(app, who, id, order, false).await.map(|_| ()),
                    Err(error) => Err(error),
                }
            }
        };
        // The form sent twice: his own hand was the last, and it did this.
        let done = match done {
            Err(Error::Changed { refusal: Refusal::ChangedMeanwhile { by, event, .. }, .. })
                if by == who.person() && event == name.event() =>
            {
                Ok(())
            }
            other => other,
        };
        results.push((it, done));
    }
    // What is wrong with the form itself is wrong for each: then the form comes back as it was.
    let blamed = results.iter().find_map(|(_, done)| done.as_ref().err().filter(|error| error.field().is_some()));
    if let (Some(error), true) = (blamed, results.iter().all(|(_, done)| done.is_err())) {
        let seen: Vec<Seen> = results.iter().map(|(it, _)| it.clone()).collect();
        let page = bulk_page::preview(who, name, &seen, &colleagues, typed, Some(error));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    Ok(bulk_page::results(who, name, &results).into_response())
}
