//! What a round asks: which questionnaires, in which order.

use super::show;
use super::team::finish;
use crate::app::App;
use crate::auth::Who;
use crate::doorstep;
use crate::error::Error;
use crate::form;
use crate::ui::field::Typed;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::fault::Fault;
use domain::id::QuestionnaireId;
use domain::refusal::Refusal;
use std::sync::Arc;
use store::questionnaire::{self, Version};
use store::terms::Failure;

/// `POST /rounds/{no}/questionnaires`
pub async fn set(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let done = choose(&app, &who, &no, typed.clone()).await;
    finish(&app, &who, &headers, &no, "asks", typed, done).await
}

async fn choose(app: &Arc<App>, who: &Who, no: &str, typed: Typed) -> Result<(), Error> {
    let (round, _) = show::to_set_up(app, who, no).await?;
    doorstep::deed(app, who, move |tx, deed| {
        let asked = order(&questionnaire::list(tx)?, &typed)?;
        let present: Vec<QuestionnaireId> =
            questionnaire::list_of_round(tx, round.id)?.iter().map(|it| it.questionnaire).collect();
        // A form sent twice has done its work the first time.
        if asked == present {
            return Ok(());
        }
        store::campaign::set_questionnaires(tx, deed, round.id, &asked)
    })
    .await
}

fn order(all: &[Version], typed: &Typed) -> Result<Vec<QuestionnaireId>, Failure> {
    let (mut placed, mut faults) = (Vec::new(), Vec::new());
    for it in all {
        let name = format!("place-{}", it.code);
        match (typed.get(&name).trim(), typed.get(&name).trim().parse::<u8>()) {
            ("", _) => {}
            (_, Ok(place)) => placed.push((place, it.questionnaire)),
            _ => faults.push(Fault::new(
                name,
                format!("“{}”的次序请填1、2、3这样的数；不用就不填。", it.form.title),
                format!(
                    "{}: its place is a number such as 1, 2 or 3; leave it empty if it is not asked.",
                    it.form.title(true)
                ),
            )),
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Faults(faults).into());
    }
    placed.sort_by_key(|it| it.0);
    Ok(placed.into_iter().map(|it| it.1).collect())
}
