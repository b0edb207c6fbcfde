//! Exactly what the ledger shows under its filter and order, as a workbook, as text, or on paper: through the reader's
//! own sight, shielded reporters masked as in the list, with a bound that is said.

use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::doorstep;
use crate::error::{Error, error_page, field};
use crate::form;
use crate::lang::Lang;
use crate::problem::list::{Listed, escape, is_reporter};
use crate::problem::{filter, json};
use crate::ui::field::Typed;
use crate::ui::page::document;
use crate::ui::part::{self, said, tongue};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::access;
use domain::light;
use domain::time::Millis;
use maud::{Markup, html};
use sheet::{Kind, Writer};
use std::sync::Arc;
use store::campaign::Campaign;
use store::list::Line;
use store::terms::Terms;

/// In a file. More is a matter for the export of the whole house by its administrator.
pub const MOST: usize = 20_000;
/// On paper, some twenty sheets.
const MOST_ON_PAPER: usize = 500;
/// Read at once, so that others get their turn in between.
const BATCH: i64 = 500;

struct Rows {
    lines: Vec<Line>,
    /// There would have been more.
    cut: bool,
    campaigns: Vec<Campaign>,
    directory: Arc<Directory>,
    terms: Terms,
    now: Millis,
}

async fn rows(app: &Arc<App>, who: &Who, query: &Typed, most: usize) -> Result<Rows, Error> {
    let (now, terms) = (app.now(), app.terms());
    let bounds = light::bounds(now, &terms.calendar);
    let mut asked = filter::read(query, is_reporter(&who.actor));
    (asked.after, asked.back) = (None, false);
    let mut lines: Vec<Line> = Vec::new();
    let cut = loop {
        let (scope, filter) = (access::scope(&who.actor), asked.clone());
        let page = app.db.read(move |tx| store::list::page(tx, &scope, &filter, now, &bounds, BATCH)).await?;
        lines.extend(page.lines);
        if lines.len() > most || lines.len() == most && page.next.is_some() {
            lines.truncate(most);
            break true;
        }
        match page.next {
            Some(next) => asked.after = Some(next),
            None => break false,
        }
    };
    let campaigns = match doorstep::sees_some(who) {
        true => app.db.read(store::campaign::list).await?,
        false => vec![],
    };
    Ok(Rows { lines, cut, campaigns, directory: app.directory().await?, terms, now })
}

/// Who takes many rows with him is in the reading log.
async fn note(app: &Arc<App>, who: &Who, query: &Typed, rows: &Rows, form: &'static str) -> Result<(), Error> {
    let what = format!("{form} {} {}", rows.lines.len(), filter::normal(query));
    let (by, now) = (who.person(), rows.now);
    app.db.write(move |tx| store::look::insert(tx, by, "ledger", &what, now)).await?;
    Ok(())
}

/// `GET /problems/export.xlsx`
pub async fn xlsx(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    file(&app, &who, &headers, query, Kind::Xlsx).await
}

/// `GET /problems/export.csv`: UTF-8 with byte order mark, which is how spreadsheet programs know it.
pub async fn csv(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    file(&app, &who, &headers, query, Kind::Csv).await
}

async fn file(app: &Arc<App>, who: &Who, headers: &HeaderMap, query: Option<String>, kind: Kind) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    match written(app, who, &query, kind).await {
        Ok((name, media, bytes)) => attachment(&name, media, bytes),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

/// A file to be kept.
pub(crate) fn attachment(name: &str, media: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", escape(name));
    ([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

async fn written(
    app: &Arc<App>,
    who: &Who,
    query: &Typed,
    kind: Kind,
) -> Result<(String, &'static str, Vec<u8>), Error> {
    let rows = rows(app, who, query, MOST).await?;
    let (lang, end, media) = match kind {
        Kind::Xlsx => (who.lang, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Kind::Csv => (who.lang, "csv", "text/csv; charset=utf-8"),
    };
    note(app, who, query, &rows, end).await?;
    let name = format!("{}-{}.{end}", lang.of("问题台账", "ledger"), rows.now.day());
    // A workbook of twenty thousand rows takes a second of a core.
    let bytes =
        tokio::task::spawn_blocking(move || write(&rows, lang, kind)).await.map_err(|_| store::Error::Panicked)?;
    Ok((name, media, bytes.map_err(|error| field("export", &error.zh(), &error.to_string()))?))
}

/// Places among the heads: of the subject, and where the instants begin.
const SUBJECT: usize = 3;
const DATES: usize = 10;

fn heads(lang: Lang) -> Vec<String> {
    let heads = match lang {
        Lang::Zh => [
            "编号",
            "时限",
            "标题",
            "走访对象",
            "类别",
            "主办",
            "状态",
            "办理层级",
            "来源",
            "挂牌",
            "登记时间",
            "首次到期",
            "现到期",
        ],
        Lang::En => [
            "No.",
            "Clock",
            "Title",
            "Subject",
            "Category",
            "Lead",
            "State",
            "Tier",
            "Source",
            "Board",
            "Registered",
            "First due",
            "Due now",
        ],
    };
    heads.map(str::to_owned).to_vec()
}

fn cells(lang: Lang, it: &Line, rows: &Rows) -> Vec<String> {
    let directory = &rows.directory;
    let minute = |at: Option<Millis>| at.map(Millis::minute).unwrap_or_default();
    let clock = match it.state.is_end() {
        true => String::new(),
        false => part::verdict(lang, &json::standing(it, &rows.terms, rows.now)).unwrap_or_default(),
    };
    vec![
        it.no.to_string(),
        clock,
        it.title.clone(),
        it.subject.clone().unwrap_or_default(),
        it.category.and_then(|id| directory.category(id)).map_or(String::new(), |it| it.label(lang.is_en()).to_owned()),
        it.lead.and_then(|id| directory.unit(id)).map_or(String::new(), |it| it.label(lang.is_en()).to_owned()),
        lang.of(it.state.zh(), it.state.en()).to_owned(),
        lang.of(it.tier.zh(), it.tier.en()).to_owned(),
        lang.of(it.source.zh(), it.source.en()).to_owned(),
        if it.boarded { lang.of("是", "Yes").to_owned() } else { String::new() },
        it.registered_at.minute(),
        minute(it.first_due_at),
        minute(it.clock_at),
    ]
}

fn cut(lang: Lang, most: usize) -> String {
    lang.of(
        format!("只到第{most}件为止，还有更多；请缩小筛选范围，分几次取。"),
        format!("Cut after {most}; there are more. Narrow the filter and take them in parts."),
    )
}

fn write(rows: &Rows, lang: Lang, kind: Kind) -> Result<Vec<u8>, sheet::Error> {
    let mut writer = Writer::in_memory(kind, &heads(lang))?;
    for line in &rows.lines {
        writer.row(&cells(lang, line, rows))?;
    }
    if rows.cut {
        writer.row(&[String::new(), String::new(), cut(lang, MOST)])?;
    }
    writer.finish()
}

fn stamp(lang: Lang, who: &Who, now: Millis, count: &str, filter: &str) -> String {
    let (at, name) = (now.minute(), &who.name);
    lang.of(
        format!("筛选：{filter}；共{count}件；{at} 由{name}打印"),
        format!("Filter: {filter}; {count} in all; printed {at} by {name}"),
    )
}

/// The line that a printed page of the ledger carries.
pub fn printed(who: &Who, query: &Typed, listed: &Listed) -> Markup {
    let filter = filter::sentence(who.lang, query, &listed.directory, &listed.campaigns);
    let count = listed.count.map_or("50+".to_owned(), super::ledger::say);
    said(who.lang, &stamp(who.lang, who, listed.now, &count, &filter))
}

/// `GET /problems/paper`: the whole list on A4, lying.
pub async fn paper(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let read = async {
        let rows = rows(&app, &who, &query, MOST_ON_PAPER).await?;
        note(&app, &who, &query, &rows, "paper").await?;
        Ok::<_, Error>(rows)
    };
    match read.await {
        Ok(rows) => sheet_of(&who, &query, &rows).into_response(),
        Err(error) => error_page(&error, who.lang, auth::request_id(&headers)),
    }
}

fn sheet_of(who: &Who, query: &Typed, rows: &Rows) -> Markup {
    let lang = who.lang;
    let title = lang.of("问题台账", "Ledger of problems");
    let filter = filter::sentence(lang, query, &rows.directory, &rows.campaigns);
    let count = format!("{}{}", rows.lines.len(), if rows.cut { "+" } else { "" });
    let heads = heads(lang);
    // Whom it was heard at takes room only where somebody may read it.
    let subjects = rows.lines.iter().any(|it| it.subject.is_some());
    let shown: Vec<usize> = (0..heads.len()).filter(|at| *at != SUBJECT || subjects).collect();
    let body = html! {
        body.paper {
            nav.paper-acts aria-label=(lang.of("去处", "Ways")) {
                a.button href=(filter::address(filter::LEDGER, query, &[])) { (lang.of("回到台账", "Back to the ledger")) }
                span { (lang.of("用浏览器的打印，A4横放。", "Print with the browser, A4 landscape.")) }
            }
            main.lying id="main" {
                h1 { (title) }
                p.stamp { (said(lang, &stamp(lang, who, rows.now, &count, &filter))) }
                @if rows.cut { p.stamp { strong { (cut(lang, MOST_ON_PAPER)) } } }
                div.paper-scroll tabindex="0" role="region" aria-label=(title) {
                    table.form.register {
                        thead { tr { @for at in &shown { th scope="col" { (heads[*at]) } } } }
                        tbody {
                            @for line in &rows.lines {
                                tr data-late[line.clock_at.is_some_and(|at| at < rows.now)] {
                                    @let cells = cells(lang, line, rows);
                                    // Of an instant, paper shows the day.
                                    @for at in &shown { @let text = if *at < DATES { cells[*at].as_str() } else { cells[*at].get(..10).unwrap_or("") }; td lang=[tongue(lang, text)] { (text) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    document(lang, title, body)
}
