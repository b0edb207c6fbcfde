//! Month sheets as workbooks: one site's, or all that the reader sees.

use super::month::{load, month_of};
use super::month_page::month_text;
use crate::app::App;
use crate::auth::{self, Who};
use crate::error::{Error, error_page, field};
use crate::form;
use crate::lang::Lang;
use crate::problem::export::attachment;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::attendance::verdict::Judged;
use domain::time::Day;
use sheet::{Kind, Writer};
use std::sync::Arc;
use store::month_sheet::{self, Sheet};
use store::site::Site;
use store::terms::{Deed, Failure};

/// Sites in one file, and read together.
const MOST: i64 = 1_000;
const TOGETHER: usize = 50;

/// `GET /sites/{no}/month.xlsx`
pub async fn one(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let first = month_of(&query, app.now().day());
    let written = async {
        let read = super::read(&app, &who, &no, move |tx, deed, site, ties| load(tx, deed, site, ties, first));
        let (site, _, sheet) = read.await?;
        note(&app, &who, format!("month {} {}", site.no, month_text(first))).await?;
        write(who.lang, vec![(site, sheet)], first).await
    };
    answer(
        &who,
        &headers,
        written.await,
        &format!("{}-{no}-{}.xlsx", who.lang.of("月考勤", "month"), month_text(first)),
    )
}

/// `GET /sites/months.xlsx`: the sheets of all sites that the reader sees, one below the other.
pub async fn all(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = form::fields(query.unwrap_or_default().as_bytes());
    let first = month_of(&query, app.now().day());
    let written = async {
        super::look(&who)?;
        let sheets = sheets(&app, &who, first).await?;
        note(&app, &who, format!("months {} {}", sheets.len(), month_text(first))).await?;
        write(who.lang, sheets, first).await
    };
    answer(&who, &headers, written.await, &format!("{}-{}.xlsx", who.lang.of("月考勤", "months"), month_text(first)))
}

async fn sheets(app: &Arc<App>, who: &Who, first: Day) -> Result<Vec<(Site, Sheet)>, Error> {
    let reach = store::site::reach(&who.actor);
    let sites = app.db.read(move |tx| store::site::list(tx, &reach, 0, MOST)).await?;
    let mut all = Vec::new();
    for some in sites.chunks(TOGETHER) {
        // Others get their turn in between.
        let (some, terms, actor, now) = (some.to_vec(), app.terms(), who.actor.clone(), app.now());
        let read = app.db.read(move |tx| {
            let deed = Deed { terms: &terms, by: actor.person(), now };
            let mut found = Vec::new();
            let ids: Vec<_> = some.iter().map(|it| it.id).collect();
            for (site, mut sheet) in some.into_iter().zip(month_sheet::load(tx, &deed, &ids, first)?) {
                let ties = store::site::ties(tx, &actor, &site)?;
                if !super::sees_all(&ties) {
                    sheet.lines.retain(|it| deed.by == Some(it.person));
                }
                found.push((site, sheet));
            }
            Ok::<_, Failure>(found)
        });
        all.extend(read.await?);
    }
    Ok(all)
}

/// Who takes the days of many persons with him is in the reading log.
async fn note(app: &Arc<App>, who: &Who, what: String) -> Result<(), Error> {
    let (by, now) = (who.person(), app.now());
    app.db.write(move |tx| store::look::insert(tx, by, "attendance", &what, now)).await?;
    Ok(())
}

fn answer(who: &Who, headers: &HeaderMap, written: Result<Vec<u8>, Error>, name: &str) -> Response {
    match written {
        Ok(bytes) => attachment(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes),
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

async fn write(lang: Lang, sheets: Vec<(Site, Sheet)>, first: Day) -> Result<Vec<u8>, Error> {
    let written = tokio::task::spawn_blocking(move || workbook(lang, &sheets, first)).await;
    let bytes = written.map_err(|_| store::Error::Panicked)?;
    bytes.map_err(|error| field("export", &error.zh(), &error.to_string()))
}

/// The letters of `attendance.md`, which a spreadsheet can count.
fn letter(it: &Judged) -> &'static str {
    use domain::attendance::verdict::Verdict::*;
    match it.verdict {
        Present => "P",
        Absent => "A",
        Short => "S",
        Excused => "E",
        NotNeeded => "",
        Extra => "X",
        Review => "R",
        Open => "",
    }
}

fn workbook(lang: Lang, sheets: &[(Site, Sheet)], first: Day) -> Result<Vec<u8>, sheet::Error> {
    let last = first.plus_months(1).plus(-1);
    let mut heads: Vec<String> = match lang {
        Lang::Zh => ["工地编号", "工地", "施工许可证", "姓名", "岗位"].map(str::to_owned).into(),
        Lang::En => ["Site no.", "Site", "Permit", "Name", "Posts"].map(str::to_owned).into(),
    };
    heads.extend((first.number()..=last.number()).map(|it| Day::from_number(it).to_string()));
    heads.extend(match lang {
        Lang::Zh => ["应到", "实到", "缺勤", "在岗不足", "待复核", "请假", "他处到岗"].map(str::to_owned),
        Lang::En => ["Wanted", "Present", "Absent", "Short", "Review", "Leave", "At other site"].map(str::to_owned),
    });
    let mut writer = Writer::in_memory(Kind::Xlsx, &heads)?;
    for (site, sheet) in sheets {
        for line in &sheet.lines {
            let m = &line.month;
            let posts: Vec<&str> = line.posts.iter().map(|it| it.0.as_str()).collect();
            let mut row =
                vec![site.no.to_string(), site.name.clone(), site.permit.clone(), line.name.clone(), posts.join(" ")];
            row.extend(line.days.iter().map(|it| letter(it).to_owned()));
            let wanted = m.present + m.absent + m.short + m.review + m.excused;
            row.extend(
                [wanted, m.present, m.absent, m.short, m.review, m.excused, m.at_other_site].map(|it| it.to_string()),
            );
            writer.row(&row)?;
        }
    }
    writer.finish()
}
