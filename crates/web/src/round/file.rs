//! Assignments by a file: a table of subjects and teams; good rows are assigned, bad ones are told with row and reason.

use super::show;
use super::team::finish;
use crate::app::App;
use crate::attachment;
use crate::auth::Who;
use crate::doorstep;
use crate::error::{Error, field};
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::part::{said, tongue};
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::id::{RoundId, SubjectId, TeamId};
use maud::{Markup, html};
use sheet::Wanted;
use std::collections::HashMap;
use std::sync::Arc;
use store::Tx;
use store::campaign::Round;
use store::subject;
use store::team::{self, Team};
use store::terms::{Deed, Failure};

/// A round has hundreds of subjects; a table of more rows is another one.
const MOST: usize = 5_000;
/// More bad rows than these nobody reads on a page.
const TOLD: usize = 500;

const WANTED: [Wanted; 3] = [
    Wanted {
        field: "code", heads: &["统一社会信用代码", "信用代码", "社会信用代码", "code"], required: false
    },
    Wanted {
        field: "name", heads: &["名称", "走访对象", "企业名称", "单位名称", "name"], required: false
    },
    Wanted { field: "team", heads: &["走访组", "走访单位", "组别", "单位", "team", "unit"], required: true },
];

/// A row as it stands in the file.
struct Given {
    line: u64,
    code: String,
    name: String,
    team: String,
    /// Why the row cannot be read, Chinese and English.
    wrong: Option<(String, String)>,
}

/// A row that was not taken, and why.
struct Bad {
    line: u64,
    text: String,
    zh: String,
    en: String,
}

struct Done {
    assigned: usize,
    bad: Vec<Bad>,
}

/// `POST /rounds/{no}/assignments/file`
pub async fn assign(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    request: Request,
) -> Response {
    match take(&app, &who, &no, request).await {
        Ok((round, done)) if !done.bad.is_empty() => view(&who, &round, &done).into_response(),
        done => finish(&app, &who, &headers, &no, "file", Typed::default(), done.map(|_| ())).await,
    }
}

async fn take(app: &Arc<App>, who: &Who, no: &str, request: Request) -> Result<(Round, Done), Error> {
    let (round, teams) = show::to_set_up(app, who, no).await?;
    let (name, bytes) = attachment::sent_file(request).await?;
    let read = tokio::task::spawn_blocking(move || read(&name, bytes)).await.map_err(|_| store::Error::Panicked)?;
    let rows = read.map_err(|error| Error::Field { field: "file", zh: error.zh(), en: error.to_string() })?;
    if rows.len() > MOST {
        return Err(field("file", "最多5000行；请分几个文件。", "At most 5,000 rows; divide it into several files."));
    }
    if rows.iter().all(|it| it.wrong.is_none() && it.code.is_empty() && it.name.is_empty()) {
        return Err(field(
            "file",
            "表格里没有“名称”或“统一社会信用代码”一列。",
            "The table has neither a column 名称 (name) nor 统一社会信用代码 (code).",
        ));
    }
    let (units, id) = (app.directory().await?, round.id);
    let names: HashMap<String, Option<TeamId>> = names(&teams, &|team| units.unit(team.unit).map(|it| it.name.clone()));
    let done = doorstep::deed(app, who, move |tx, deed| assign_rows(tx, deed, id, rows, &names)).await?;
    Ok((round, done))
}

fn read(name: &str, bytes: Vec<u8>) -> Result<Vec<Given>, sheet::Error> {
    let mut reader = sheet::from_bytes(name, bytes)?.flexible(true);
    let columns = reader.columns(&WANTED)?;
    reader
        .take(MOST + 1)
        .map(|row| {
            let row = row?;
            let get = |field: &str| columns.get(&row, field).trim().to_owned();
            let wrong = row.problem.map(|it| (it.zh(), it.to_string()));
            Ok(Given { line: row.line, code: get("code"), name: get("name"), team: get("team"), wrong })
        })
        .collect()
}

/// A team is named by its name, or by its unit's where the unit has one team only.
fn names(teams: &[Team], unit: &dyn Fn(&Team) -> Option<String>) -> HashMap<String, Option<TeamId>> {
    let mut names: HashMap<String, Option<TeamId>> = HashMap::new();
    for team in teams {
        if let Some(unit) = unit(team) {
            names.entry(unit).and_modify(|it| *it = None).or_insert(Some(team.id));
        }
    }
    names.extend(teams.iter().map(|it| (it.name.clone(), Some(it.id))));
    names
}

fn assign_rows(
    tx: &mut dyn Tx,
    deed: &Deed,
    round: RoundId,
    rows: Vec<Given>,
    names: &HashMap<String, Option<TeamId>>,
) -> Result<Done, Failure> {
    let mut given: Vec<(SubjectId, TeamId)> = Vec::new();
    let mut at: HashMap<SubjectId, u64> = HashMap::new();
    let mut bad = Vec::new();
    for row in rows {
        match resolve(tx, &row, names, &at)? {
            Ok((subject, team)) => {
                at.insert(subject, row.line);
                given.push((subject, team));
            }
            Err((zh, en)) => bad.push(Bad { line: row.line, text: said_of(&row), zh, en }),
        }
    }
    if !given.is_empty() {
        team::assign(tx, deed, round, &given)?;
    }
    Ok(Done { assigned: given.len(), bad })
}

fn said_of(row: &Given) -> String {
    [row.name.as_str(), &row.code, &row.team].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

type Resolved = Result<(SubjectId, TeamId), (String, String)>;

fn resolve(
    tx: &mut dyn Tx,
    row: &Given,
    names: &HashMap<String, Option<TeamId>>,
    at: &HashMap<SubjectId, u64>,
) -> Result<Resolved, Failure> {
    let no = |zh: &str, en: &str| Ok(Err((zh.to_owned(), en.to_owned())));
    if let Some(wrong) = &row.wrong {
        return Ok(Err(wrong.clone()));
    }
    let key = if row.code.is_empty() { &row.name } else { &row.code };
    if key.is_empty() {
        return no("没有名称，也没有信用代码。", "There is neither a name nor a code.");
    }
    let Some(subject) = subject::find_by_code_or_name(tx, key)? else {
        return no(
            "名单里没有这个对象，或有几个同名；请用信用代码，或先登记。",
            "The register has no such subject, or several of that name; use the credit code, or enter it first.",
        );
    };
    let team = match names.get(&row.team) {
        Some(Some(team)) => *team,
        Some(None) => {
            return no(
                "这个单位在本轮有几个组；请写组的名称。",
                "This unit has several teams in the round; write the team's name.",
            );
        }
        None => return no("本轮没有这个走访组。", "The round has no such team."),
    };
    if let Some(line) = at.get(&subject.id) {
        return Ok(Err((
            format!("这个对象在第{line}行已经有了；以第{line}行为准。"),
            format!("This subject stands in row {line} already; that row holds."),
        )));
    }
    Ok(Ok((subject.id, team)))
}

fn view(who: &Who, round: &Round, done: &Done) -> Markup {
    let lang: Lang = who.lang;
    let (here, left) = (format!("/rounds/{}", round.no), done.bad.len());
    let title = lang.of(
        format!("已分配{}家，{left}行没有采用", done.assigned),
        format!("{} assigned, {left} rows not taken", done.assigned),
    );
    let body = html! {
        main.page id="main" {
            p.crumbs { a href=(here) lang="zh-CN" { (round.name) } }
            h1 { (title) }
            p { (lang.of("改正这些行后，可以只上传这些行，也可以整个文件再传一次。", "Correct these rows, then send them alone or the whole file again.")) }
            table.table.fold {
                thead {
                    tr {
                        th.number scope="col" { (lang.of("行", "Row")) }
                        th scope="col" { (lang.of("内容", "What stands there")) }
                        th scope="col" { (lang.of("原因", "Why")) }
                    }
                }
                tbody {
                    @for it in done.bad.iter().take(TOLD) {
                        tr data-row {
                            td.number data-label=(lang.of("行", "Row")) { (it.line) }
                            td.cut lang=[tongue(lang, &it.text)] { (it.text) }
                            td.reason { (said(lang, lang.of(&it.zh, &it.en))) }
                        }
                    }
                }
            }
            @if left > TOLD { p.hint { (lang.of(format!("只列出前{TOLD}行。"), format!("Only the first {TOLD} are listed."))) } }
            p { a.button.primary href=(here) { (lang.of("回到轮次", "Back to the round")) } }
        }
    };
    page(&Frame { who, title: &title, news: 0, here: &here }, body)
}
