//! Entering a subject and changing what the register says about it, by the office.

use super::show::{self, Which};
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page, field};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::{Typed, options};
use crate::ui::page::{Frame, page};
use crate::ui::slot::{Refused, Slot, fresh, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::SubjectId;
use domain::role::Role;
use domain::subject::{Card, Kind, tags};
use maud::{Markup, html};
use std::sync::Arc;
use store::person::Person;
use store::subject::{self, Subject, differences};

/// What the form says, as a card.
fn card(typed: &Typed) -> Result<Card, Error> {
    let get = |name: &str| typed.get(name).to_owned();
    let kind = Kind::parse(typed.get("kind")).ok_or_else(|| field("kind", "请选择种类。", "Choose the kind."))?;
    Ok(Card {
        kind,
        name: get("name"),
        code: get("code"),
        address: get("address"),
        area: get("area"),
        industry: get("industry"),
        tags: tags(typed.get("tags")),
        founded: get("founded"),
        capital: get("capital"),
        business: get("business"),
        remark: get("remark"),
        officer: typed.get("officer").parse().ok(),
    })
}

fn typed(card: &Card, revision: i64) -> Typed {
    fresh([
        ("seen", revision.to_string()),
        ("kind", card.kind.code().into()),
        ("name", card.name.clone()),
        ("code", card.code.clone()),
        ("address", card.address.clone()),
        ("area", card.area.clone()),
        ("industry", card.industry.clone()),
        ("tags", card.tags.join(" ")),
        ("founded", card.founded.clone()),
        ("capital", card.capital.clone()),
        ("business", card.business.clone()),
        ("remark", card.remark.clone()),
        ("officer", card.officer.map(|it| it.to_string()).unwrap_or_default()),
    ])
}

fn no_such_person() -> store::terms::Failure {
    let fault = domain::fault::Fault::new(
        "officer",
        "没有这位人员；请从所列中选择。",
        "There is no such person; choose one of those listed.",
    );
    domain::refusal::Refusal::Faults(vec![fault]).into()
}

/// The subject, and whether it is new: a retry finds what it made.
pub(super) async fn enter(app: &Arc<App>, who: &Who, id: SubjectId, card: Card) -> Result<(Subject, bool), Error> {
    doorstep::set_up(who)?;
    doorstep::deed(app, who, move |tx, deed| {
        if let Some(known) = subject::find(tx, id)? {
            return Ok((known, false));
        }
        if let Some(officer) = card.officer
            && store::person::find(tx, officer)?.is_none()
        {
            return Err(no_such_person());
        }
        Ok((subject::insert(tx, deed, id, card)?, true))
    })
    .await
}

async fn put(app: &Arc<App>, who: &Who, before: Subject, typed: &Typed) -> Result<(), Error> {
    let card = card(typed)?;
    let seen = typed.get("seen").parse().unwrap_or(-1);
    doorstep::deed(app, who, move |tx, deed| {
        if let Some(officer) = card.officer.filter(|it| Some(*it) != before.card.officer)
            && store::person::find(tx, officer)?.is_none()
        {
            return Err(no_such_person());
        }
        subject::update(tx, deed, &before, card, seen)
    })
    .await
}

/// `GET /subjects/new`
pub async fn new(State(app): State<Arc<App>>, who: Who, headers: HeaderMap) -> Response {
    form_page(&app, &who, &headers, None, None).await
}

/// `POST /subjects`
pub async fn add(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let typed = form::fields(&body);
    let id = typed.get("id").parse().unwrap_or_else(|_| SubjectId(store::ids::fresh(app.now())));
    let done = async {
        doorstep::set_up(&who)?;
        Ok::<_, Error>(enter(&app, &who, id, card(&typed)?).await?.0.no)
    };
    let done = done.await;
    match done {
        Ok(no) => Redirect::to(&format!("/subjects/{no}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => form_page(&app, &who, &headers, None, Some(Refused::new("card", typed, error))).await,
    }
}

/// `GET /subjects/{no}/edit`
pub async fn edit(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    match found(&app, &who, &no).await {
        Ok(subject) => form_page(&app, &who, &headers, Some(subject), None).await,
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

async fn found(app: &Arc<App>, who: &Who, no: &str) -> Result<Subject, Error> {
    let subject = show::find(app, who, Which::No(no.parse().unwrap_or(0))).await?;
    doorstep::set_up(who)?;
    Ok(subject)
}

/// `POST /subjects/{no}`
pub async fn change(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    let before = match found(&app, &who, &no).await {
        Ok(subject) => subject,
        Err(error) => return error_page(&error, who.lang, auth::request_id(&headers)),
    };
    match put(&app, &who, before.clone(), &typed).await {
        Ok(()) => Redirect::to(&format!("/subjects/{}", before.no)).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => form_page(&app, &who, &headers, Some(before), Some(Refused::new("card", typed, error))).await,
    }
}

/// `subject`: the one that is changed; none for a new one.
async fn form_page(
    app: &Arc<App>,
    who: &Who,
    headers: &HeaderMap,
    subject: Option<Subject>,
    mut refused: Option<Refused>,
) -> Response {
    if let Err(error) = doorstep::set_up(who) {
        return error_page(&error, who.lang, auth::request_id(headers));
    }
    let officers = match app.db.read(|tx| store::person::list_of_role(tx, Role::Officer)).await {
        Ok(officers) => officers,
        Err(error) => return error_page(&error.into(), who.lang, auth::request_id(headers)),
    };
    let status = status(refused.as_ref());
    let other = renewed(who.lang, subject.as_ref(), refused.as_mut());
    let id = store::ids::fresh(app.now()).to_string();
    let slot = Slot::new(who.lang, "card", refused.as_ref(), || match &subject {
        Some(it) => typed(&it.card, it.revision),
        None => fresh([("id", id), ("kind", "enterprise".into())]),
    });
    (status, view(who, subject.as_ref(), &slot, &officers, &other)).into_response()
}

/// Where somebody else changed the subject meanwhile: what stands there now where it differs, field by field. What was
/// typed stays, and submitting again puts it in place of that.
fn renewed(lang: Lang, subject: Option<&Subject>, refused: Option<&mut Refused>) -> Vec<(String, String)> {
    let (Some(subject), Some(refused)) = (subject, refused) else { return vec![] };
    if !matches!(refused.error, Error::Store(store::Error::Conflict)) {
        return vec![];
    }
    let Ok(typed) = card(&refused.typed) else { return vec![] };
    refused.typed.0.retain(|(name, _)| name != "seen");
    refused.typed.0.push(("seen".into(), subject.revision.to_string()));
    let label = |field: &str| LABELS.iter().find(|it| it.0 == field).map_or("", |it| lang.of(it.1, it.2)).to_owned();
    differences(&subject.card, &typed).into_iter().map(|(field, now, _)| (label(field), now)).collect()
}

const LABELS: [(&str, &str, &str); 12] = [
    ("kind", "种类", "Kind"),
    ("name", "名称", "Name"),
    ("code", "统一社会信用代码", "Credit code"),
    ("address", "地址", "Address"),
    ("area", "片区", "Area"),
    ("industry", "行业", "Industry"),
    ("tags", "标签", "Tags"),
    ("founded", "成立日期", "Founded"),
    ("capital", "注册资本", "Registered capital"),
    ("business", "经营范围", "Scope of business"),
    ("remark", "备注", "Remark"),
    ("officer", "包联干部", "Officer in touch"),
];

fn view(who: &Who, subject: Option<&Subject>, slot: &Slot, officers: &[Person], other: &[(String, String)]) -> Markup {
    let lang = who.lang;
    let title = match subject {
        Some(_) => lang.of("修改走访对象", "Change a subject"),
        None => lang.of("登记走访对象", "Enter a subject"),
    };
    let action = subject.map_or("/subjects".to_owned(), |it| format!("/subjects/{}", it.no));
    let here = subject.map_or("/subjects/new".to_owned(), |it| format!("/subjects/{}/edit", it.no));
    let body = html! {
        main.page.narrow id="main" {
            @if let Some(it) = subject { p.crumbs { a href={ "/subjects/" (it.no) } lang="zh-CN" { (it.card.name) } } }
            h1 { (title) }
            (slot.summary())
            @if !other.is_empty() {
                div.banner {
                    p { (lang.of("别人刚刚改过，现在登记的是：", "Somebody else has just changed it; now it says:")) }
                    dl.pairs { @for (field, now) in other { dt { (field) } dd lang="zh-CN" { @if now.is_empty() { "—" } @else { (now) } } } }
                    p { (lang.of("再次提交，以您填写的为准。", "Submit again to put what you typed in its place.")) }
                }
            }
            form.sheet method="post" action=(action) data-keep=[subject.map(|_| "subject")] {
                @if subject.is_none() { (slot.hidden("id")) } @else { (slot.hidden("seen")) }
                (fields(lang, slot, officers))
                p.line { button.primary { (if subject.is_some() { lang.of("保存", "Save") } else { lang.of("登记", "Enter") }) } }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: &here }, body)
}

fn fields(lang: Lang, slot: &Slot, officers: &[Person]) -> Markup {
    let form = slot.form();
    let kinds = options(Kind::ALL, Kind::code, |it| lang.of(it.zh(), it.en()));
    let officers: Vec<(String, String)> = officers.iter().map(|it| (it.id.to_string(), it.name.clone())).collect();
    let field = |name: &'static str| {
        let (_, zh, en) = LABELS.iter().find(|it| it.0 == name).copied().unwrap_or((name, name, name));
        form.field(name, zh, en)
    };
    html! {
        (field("name").input("text"))
        div.halves {
            (field("kind").select("", &kinds))
            (field("code").hint(lang.of("18位，会核对校验码；没有可不填", "18 characters, the check digit is checked; may stay empty")).input("text"))
        }
        (field("address").input("text"))
        div.halves {
            (field("area").hint(lang.of("街道或片区，均分时放在一起", "Street or part of the zone; kept together by an even split")).input("text"))
            (field("industry").input("text"))
            (field("tags").hint(lang.of("多个用空格隔开", "Divide several by blanks")).input("text"))
            (field("officer").select(lang.of("没有", "None"), &officers))
            (field("founded").hint(lang.of("如2018-04-16", "As in 2018-04-16")).input("text"))
            (field("capital").input("text"))
        }
        (field("business").area(4))
        (field("remark").area(3))
    }
}
