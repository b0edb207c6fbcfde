//! Making a questionnaire by a form: question by question, with its look on a phone beside it; every button works without
//! script, since each sends the whole form and gets it back.

use super::{draft, preview, publish};
use crate::app::App;
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed, Wrong, error_list, error_summary};
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use crate::ui::slot::is_final;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Fault;
use domain::refusal::Refusal;
use maud::{Markup, html};
use std::sync::Arc;

/// `GET /questionnaires/new`
pub async fn new(who: Who, headers: HeaderMap) -> Response {
    if let Err(error) = doorstep::set_up(&who) {
        return error_page(&error, who.lang, auth::request_id(&headers));
    }
    let typed = Typed(vec![("q.0.key".into(), "q1".into()), ("q.0.kind".into(), "text".into())]);
    view(&who, &typed, None).into_response()
}

/// `GET /questionnaires/{code}/edit`: the newest version, to be changed into the next.
pub async fn edit(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(code): Path<String>) -> Response {
    let read = async {
        doorstep::look(&who)?;
        let asked = code.clone();
        let versions = app.db.read(move |tx| store::questionnaire::list_versions(tx, &asked)).await?;
        let newest = versions.into_iter().next().ok_or(Refusal::Absent)?;
        doorstep::set_up(&who)?;
        Ok::<_, Error>(newest)
    };
    match read.await {
        Ok(newest) => {
            let mut typed = draft::typed(&newest.form);
            typed.0.extend([("code".into(), newest.code), ("seen".into(), newest.version.to_string())]);
            view(&who, &typed, None).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

/// `POST /questionnaires/make`
pub async fn make(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, body: Bytes) -> Response {
    let mut typed = form::fields(&body);
    if let Err(error) = doorstep::set_up(&who) {
        return error_page(&error, who.lang, auth::request_id(&headers));
    }
    let act = typed.get("do").to_owned();
    typed.0.retain(|(name, _)| name != "do");
    if act == "publish" {
        return match published(&app, &who, &typed).await {
            Ok(code) => Redirect::to(&format!("/questionnaires/{code}")).into_response(),
            Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
            Err(error) => {
                error.log();
                (error.tell().status, view(&who, &typed, Some(&error))).into_response()
            }
        };
    }
    let at = |text: &str| text.parse::<usize>().ok();
    let typed = match act.split_once('.') {
        Some((verb @ ("drop" | "up"), number)) => at(number).map_or(typed.clone(), |at| draft::moved(&typed, verb, at)),
        _ if act == "more" => {
            let next = draft::count(&typed);
            typed.0.push((draft::name(next, "kind"), "text".into()));
            typed
        }
        _ => typed,
    };
    (StatusCode::OK, view(&who, &typed, None)).into_response()
}

async fn published(app: &Arc<App>, who: &Who, typed: &Typed) -> Result<String, Error> {
    let (form, mut faults) = draft::read(typed);
    faults.extend(form.faults().into_iter().map(draft::placed));
    let (code, seen) = (typed.get("code").trim().to_owned(), typed.get("seen").parse::<i64>().ok());
    let checked = if seen.is_some() { Ok(code) } else { publish::checked_code(&code) };
    let code = match checked {
        Ok(code) if faults.is_empty() => code,
        Ok(_) => return Err(Refusal::Faults(faults).into()),
        Err(Error::Refusal(Refusal::Faults(of_code))) => {
            let all: Vec<Fault> = of_code.into_iter().chain(faults).collect();
            return Err(Refusal::Faults(all).into());
        }
        Err(other) => return Err(other),
    };
    match seen {
        Some(seen) => publish::publish_next(app, who, code.clone(), seen, form).await.map(|()| code),
        None => publish::publish_first(app, who, code, form).await,
    }
}

fn view(who: &Who, typed: &Typed, error: Option<&Error>) -> Markup {
    let lang = who.lang;
    let (look, _) = draft::read(typed);
    // Keys that were given just now are sent along from here on.
    let typed = &keyed(typed, &look);
    let wrong: Vec<Wrong> = error.map(|it| it.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, ..Form::new(lang, typed) };
    let known = !typed.get("seen").is_empty();
    let title = if known {
        lang.of("改问卷", "Change a questionnaire")
    } else {
        lang.of("编一份新问卷", "Make a questionnaire")
    };
    let body = html! {
        main.page id="main" {
            p.crumbs { a href="/questionnaires" { (lang.of("问卷", "Questionnaires")) } }
            h1 { (title) }
            @if let Some(error) = error {
                @if wrong.is_empty() { @let told = error.tell(); (error_summary(lang, &lang.of(told.zh, told.en))) } @else { (error_list(lang, "", &wrong)) }
            }
            div.made {
                form method="post" action="/questionnaires/make" {
                    // Enter in a field asks for a look, and publishes nothing.
                    button.unseen name="do" value="preview" tabindex="-1" aria-hidden="true" {}
                    section.group {
                        @if known {
                            input type="hidden" name="code" value=(typed.get("code"));
                            input type="hidden" name="seen" value=(typed.get("seen"));
                            p.hint { (lang.of("发布后成为新版本；以前的答卷仍按原来的版本。", "Published, it is a new version; what was answered keeps its version.")) }
                        } @else {
                            (form.field("code", "代号", "Code").hint(lang.of("小写字母、数字和连字符，发布后不变", "Lower-case letters, digits and hyphens; it stays")).input("text"))
                        }
                        div.halves {
                            (form.field("title", "问卷名称", "Name").input("text"))
                            (form.field("title_en", "英文名称（可不填）", "Name in English (optional)").input("text"))
                        }
                    }
                    @for at in 0..draft::count(typed) { (question(&form, &look, at)) }
                    div.row-acts {
                        button name="do" value="more" formaction={ "/questionnaires/make#q-" (draft::count(typed)) } { (lang.of("再加一题", "Add a question")) }
                        button name="do" value="preview" formaction="/questionnaires/make#look" { (lang.of("看看样子", "Look at it")) }
                        button.primary name="do" value="publish" { (lang.of("发布问卷", "Publish the questionnaire")) }
                    }
                }
                section.phone id="look" aria-label=(lang.of("手机上的样子", "As it looks on a phone")) {
                    @let name = look.title(lang.is_en());
                    h2 lang=[tongue(lang, name)] { @if name.is_empty() { (title) } @else { (name) } }
                    (preview::view(lang, &look))
                }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: "/questionnaires" }, body)
}

fn keyed(typed: &Typed, look: &domain::questionnaire::Questionnaire) -> Typed {
    let mut keyed = typed.clone();
    keyed.0.retain(|(name, _)| !(name.starts_with("q.") && name.ends_with(".key")));
    keyed.0.extend(look.questions.iter().enumerate().map(|(at, it)| (draft::name(at, "key"), it.key.clone())));
    keyed
}

fn question(form: &Form, look: &domain::questionnaire::Questionnaire, at: usize) -> Markup {
    let (lang, name) = (form.lang, |field: &str| draft::name(at, field));
    let earlier: Vec<(String, String)> = look
        .questions
        .iter()
        .take(at)
        .enumerate()
        .filter(|(_, it)| it.kind.options().is_some())
        .map(|(n, it)| (it.key.clone(), earlier_label(lang, n + 1, it.ask(lang.is_en()))))
        .collect();
    let [ask, ask_en, hint, hint_en, kind, options, required] =
        ["ask", "ask_en", "hint", "hint_en", "kind", "options", "required"].map(name);
    let [unit, unit_en, min, max, when, is, key] = ["unit", "unit_en", "min", "max", "when", "is", "key"].map(name);
    let (of_kind, number) = (form.typed.get(&kind).to_owned(), at + 1);
    html! {
        section.group id={ "q-" (at) } {
            h2 { (lang.of(format!("第{number}题"), format!("Question {number}"))) }
            input type="hidden" name=(key) value=(form.typed.get(&key));
            (form.field(&ask, "问什么", "What is asked").input("text"))
            div.halves {
                (form.field(&kind, "怎么答", "How it is answered").select("", &draft::kinds(lang)))
                div.field { (form.check(&required, "必须回答", "Must be answered")) }
            }
            @if of_kind == "one" || of_kind == "many" || form.error_at(&options).is_some() {
                (form.field(&options, "选项", "Options").hint(lang.of("一行一个：中文 | 英文；末尾已有的代号不要改，答卷按它统计。", "One a line: Chinese | English; leave the code at the end as it is, answers are counted by it.")).area(4))
            } @else {
                input type="hidden" name=(options) value=(form.typed.get(&options));
            }
            @if of_kind == "number" {
                div.thirds-form {
                    (form.field(&unit, "数字的单位", "Unit").input("text"))
                    (form.field(&unit_en, "单位的英文", "Unit in English").input("text"))
                    (form.field(&min, "最小", "Least").number())
                    (form.field(&max, "最大", "Greatest").number())
                }
            } @else {
                @for field in [&unit, &unit_en, &min, &max] { input type="hidden" name=(field) value=(form.typed.get(field)); }
            }
            details.more open[more_is_said(form, at)] {
                summary { (lang.of("英文、提示、显示条件", "English, hint, condition")) }
                (form.field(&ask_en, "题目的英文（可不填）", "The question in English (optional)").input("text"))
                div.halves {
                    (form.field(&hint, "提示（可不填）", "Hint (optional)").input("text"))
                    (form.field(&hint_en, "提示的英文", "Hint in English").input("text"))
                }
                @if earlier.is_empty() {
                    p.hint { (lang.of("前面有单选、多选或是非题时，可以只在某个回答后才问这一题。", "Where an earlier question has options, this one may be asked only after some of its answers.")) }
                    @for field in [&when, &is] { input type="hidden" name=(field) value=(form.typed.get(field)); }
                } @else {
                    div.halves {
                        (form.field(&when, "只在这一题", "Only where question").select(lang.of("总是问", "Always asked"), &earlier))
                        (form.field(&is, "答了这些时才问", "was answered").hint(lang.of("写选项的字，用顿号隔开", "Words of its options, divided by commas")).input("text"))
                    }
                }
            }
            div.row-acts {
                button name="do" value={ "preview" } formaction={ "/questionnaires/make#q-" (at) } { (lang.of("按所选的答法显示", "Show what the kind needs")) }
                @if at > 0 { button name="do" value={ "up." (at) } formaction={ "/questionnaires/make#q-" (at - 1) } { (lang.of("上移", "Move up")) } }
                button name="do" value={ "drop." (at) } { (lang.of("删去这一题", "Take this question out")) }
            }
        }
    }
}

fn earlier_label(lang: Lang, number: usize, ask: &str) -> String {
    let ask: String = ask.chars().take(24).collect();
    lang.of(format!("第{number}题 {ask}"), format!("{number}. {ask}"))
}

/// The fold is open where something stands in it, or is wrong.
fn more_is_said(form: &Form, at: usize) -> bool {
    ["ask_en", "hint", "hint_en", "when", "is"].into_iter().any(|field| {
        let name = draft::name(at, field);
        form.error_at(&name).is_some() || matches!(field, "hint" | "when") && !form.typed.get(&name).is_empty()
    })
}
