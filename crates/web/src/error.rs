//! Answers that are not what was asked for: RFC 9457 problem details for programs, a page for people.

use crate::lang::Lang;
use crate::ui::field::Wrong;
use crate::ui::{page, part};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::refusal::Refusal;
use maud::html;
use serde_json::{Map, Value, json};
use store::Error as StoreError;
use store::terms::Failure;

#[derive(Debug)]
pub enum Error {
    Refusal(Refusal),
    /// Changed meanwhile, with the name of whoever did it as each language has it.
    Changed {
        refusal: Refusal,
        zh: String,
        en: String,
    },
    /// A field that cannot be read: its name, then the sentence in both languages.
    Field {
        field: &'static str,
        zh: String,
        en: String,
    },
    SignIn,
    /// The wrong password, or too many of them.
    Denied {
        zh: &'static str,
        en: &'static str,
    },
    CrossSite,
    TooLarge,
    NoSuchPage,
    WrongMethod,
    Store(StoreError),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        match failure {
            Failure::Refusal(refusal) => Error::Refusal(refusal),
            Failure::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        match error {
            StoreError::NotFound => Error::Refusal(Refusal::NotFound),
            other => Error::Store(other),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refusal(refusal)
    }
}

/// Code, status, both sentences, and parameters: one catalogue for page and program.
pub struct Told {
    pub code: &'static str,
    pub status: StatusCode,
    pub zh: String,
    pub en: String,
    pub params: Vec<(&'static str, String)>,
}

pub fn field(field: &'static str, zh: &str, en: &str) -> Error {
    Error::Field { field, zh: zh.into(), en: en.into() }
}

impl Error {
    pub fn tell(&self) -> Told {
        let told =
            |code, status, zh: &str, en: &str| Told { code, status, zh: zh.into(), en: en.into(), params: vec![] };
        match self {
            Error::Refusal(refusal) => {
                let said = refusal.say(&|_| String::new());
                let status = StatusCode::from_u16(said.status).unwrap_or(StatusCode::CONFLICT);
                Told { code: said.code, status, zh: said.zh, en: said.en, params: refusal.params() }
            }
            Error::Changed { refusal, zh, en } => {
                let (in_zh, in_en) = (refusal.say(&|_| zh.clone()), refusal.say(&|_| en.clone()));
                let mut params = refusal.params();
                params.push(("by", zh.clone()));
                Told { code: in_zh.code, status: StatusCode::CONFLICT, zh: in_zh.zh, en: in_en.en, params }
            }
            Error::Field { field, zh, en } => Told {
                code: "field-invalid",
                status: StatusCode::UNPROCESSABLE_ENTITY,
                zh: zh.clone(),
                en: en.clone(),
                params: vec![("field", (*field).to_owned())],
            },
            Error::SignIn => told("sign-in-needed", StatusCode::UNAUTHORIZED, "请先登录。", "Sign in first."),
            Error::Denied { zh, en } => told("denied", StatusCode::FORBIDDEN, zh, en),
            Error::CrossSite => told(
                "cross-site",
                StatusCode::FORBIDDEN,
                "这个请求来自别的网站，没有执行。",
                "This request came from another site and was not carried out.",
            ),
            Error::TooLarge => told(
                "too-large",
                StatusCode::PAYLOAD_TOO_LARGE,
                "内容太大：文件不超过20 MB，文字不超过1 MB。",
                "Too large: files up to 20 MB, text up to 1 MB.",
            ),
            Error::NoSuchPage => {
                told("no-such-page", StatusCode::NOT_FOUND, "没有这个页面。", "There is no such page.")
            }
            Error::WrongMethod => told(
                "wrong-method",
                StatusCode::METHOD_NOT_ALLOWED,
                "此地址不支持这种请求方法。",
                "This address does not take this method.",
            ),
            Error::Store(StoreError::Busy) => told(
                "busy",
                StatusCode::SERVICE_UNAVAILABLE,
                "现在忙，请稍等几秒再试；填写的内容没有丢失。",
                "Busy now: try again in a few seconds; nothing you typed is lost.",
            ),
            Error::Store(StoreError::Disk(_)) => told(
                "disk",
                StatusCode::INSUFFICIENT_STORAGE,
                "服务器磁盘写不进去，这次没有保存；以前保存的都在。请联系系统管理员。",
                "The server's disk takes nothing more: this was not saved, all before is safe. Tell the system administrator.",
            ),
            Error::Store(StoreError::Conflict | StoreError::Unique { .. }) => told(
                "conflict",
                StatusCode::CONFLICT,
                "别人刚刚修改了同一内容，请核对后再提交。",
                "Somebody else changed the same thing just now; look again, then submit.",
            ),
            Error::Store(StoreError::Constraint(_)) => told(
                "not-allowed",
                StatusCode::UNPROCESSABLE_ENTITY,
                "内容不符合规定，没有保存；请检查所选的单位、人员和日期。",
                "This breaks a rule and was not saved; check the units, persons and dates.",
            ),
            Error::Store(_) => told(
                "server-error",
                StatusCode::INTERNAL_SERVER_ERROR,
                "服务器出错，没有保存。请把请求编号告诉系统管理员。",
                "The server failed and saved nothing. Tell the system administrator the request number.",
            ),
        }
    }

    /// The field of a form at which the sentence belongs, by the names that `form::order` and the other forms read.
    pub fn field(&self) -> Option<&'static str> {
        use Refusal::*;
        match self {
            Error::Field { field, .. } => Some(field),
            Error::Refusal(refusal) => Some(match refusal {
                ReasonMissing => "words",
                LeadMissing => "lead",
                LeadIsSupport => "supports",
                MergeIntoItself | MergeTargetEnded => "into",
                SlipAboveLight { .. } => "light",
                ExtensionDateNotLater { .. } => "until",
                PauseReasonNotAllowed => "reason",
                TierNotHigher => "tier",
                BoardNeedsLeader => "leader",
                BoardNeedsMilestones => "milestones",
                MilestoneUnknown => "number",
                OutcomeMissing => "outcome",
                EvidenceMissing | EvidenceIncomplete { .. } => "item",
                OutcomeNeedsDate | PlannedDateInvalid => "date",
                PartlyNeedsRest => "rest",
                NotOursInside { .. } => "outside",
                DuplicateNeedsOriginal => "duplicate_of",
                NotAMember => "to",
                _ => return None,
            }),
            _ => None,
        }
    }

    /// Each wrong field with its sentence; empty where no field is to blame.
    pub fn wrong(&self, lang: Lang) -> Vec<Wrong> {
        if let Error::Refusal(Refusal::Faults(faults)) = self {
            let wrong = |it: &Fault| Wrong { field: it.field.clone(), sentence: lang.of(&it.zh, &it.en).clone() };
            return faults.iter().map(wrong).collect();
        }
        let told = self.tell();
        let sentence = lang.of(told.zh, told.en);
        self.field().map(|field| Wrong { field: field.to_owned(), sentence }).into_iter().collect()
    }

    pub fn log(&self) {
        if let Error::Store(error) = self {
            tracing::error!(%error, "store");
        }
    }
}

/// RFC 9457.
pub fn problem_details(error: &Error) -> Response {
    error.log();
    let told = error.tell();
    let mut body = Map::new();
    body.insert("type".into(), json!(format!("urn:zoufang:{}", told.code)));
    body.insert("title".into(), json!(told.en));
    body.insert("detail".into(), json!(told.zh));
    body.insert("status".into(), json!(told.status.as_u16()));
    body.insert("code".into(), json!(told.code));
    if let Error::Refusal(Refusal::Faults(faults)) = error {
        let all = faults.iter().map(|it| json!({ "field": it.field, "zh": it.zh, "en": it.en }));
        body.insert("faults".into(), all.collect());
    }
    for (name, value) in told.params {
        body.insert(name.into(), json!(value));
    }
    let mut response = (told.status, Json(Value::Object(body))).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
    retry_after(error, &mut response);
    response
}

fn retry_after(error: &Error, response: &mut Response) {
    if matches!(error, Error::Store(StoreError::Busy)) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
}

/// A page for people. Not signed in: to the sign-in page.
pub fn error_page(error: &Error, lang: Lang, request: &str) -> Response {
    if matches!(error, Error::SignIn) {
        return Redirect::to("/sign-in").into_response();
    }
    error.log();
    let told = error.tell();
    let body = html! {
        main.page.narrow id="main" {
            h1 { (lang.of("没有办成", "This did not work")) }
            div.error-summary role="alert" { p { (part::said(lang, lang.of(&told.zh, &told.en))) } }
            p.hint { (lang.of("请求编号", "Request number")) " " code { (request) } }
            p { a.button href="/problems" { (lang.of("回到台账", "Back to the ledger")) } }
        }
    };
    let mut response =
        (told.status, page::bare(lang, lang.of("没有办成", "This did not work"), "/problems", body)).into_response();
    retry_after(error, &mut response);
    response
}

/// An error in a JSON handler.
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> ApiError {
        ApiError(error.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        problem_details(&self.0)
    }
}
