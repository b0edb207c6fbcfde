//! The page of one round: how far it is, whose subjects are whose, and for the office all that can be set up.

use super::coverage;
use super::picture;
use super::setup;
use super::show::Shows;
use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed};
use crate::ui::number::{href, linked};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, tongue};
use crate::ui::slot::Refused;
use crate::ui::term::term;
use maud::{Markup, html};
use store::team::Assigned;

pub fn view(who: &Who, shows: &Shows, query: &Typed, refused: Option<&Refused>) -> Markup {
    let (lang, it) = (who.lang, &shows.round);
    let here = format!("/rounds/{}", it.no);
    let campaign = shows.campaign.label(lang.is_en());
    let office = shows.setup.is_some();
    let body = html! {
        main.page id="main" {
            header.page-head {
                div {
                    p.crumbs { a href={ "/campaigns/" (shows.campaign.no) } lang=[tongue(lang, campaign)] { (campaign) } }
                    h1 { span lang="zh-CN" { (it.name) } (coverage::finding(lang, shows)) }
                    p.line { span.faint { (it.from) " – " (it.to) } (asked(lang, shows, &here)) }
                }
            }
            (setup::summaries(lang, refused))
            div.columns[office] {
                div {
                    @if shows.picture.all() > 0 { (picture::view(lang, "picture", &shows.picture)) }
                    (coverage::view(lang, shows, &here))
                    (visits(lang, shows))
                    section id="subjects" {
                        h2 { (term(lang, "subject")) }
                        (filters(lang, shows, query, &here))
                        @if shows.subjects.is_empty() { (nothing(lang)) } @else { (table(lang, shows, &here, office.then(|| ticked(refused)))) }
                        (part::next_page(lang, shows.next.map(|after| next(query, &here, after))))
                    }
                }
                @if office { aside { (setup::view(lang, shows, &here, refused)) } }
            }
        }
    };
    page(&Frame { who, title: &it.name, news: shows.news, here: &here }, body)
}

fn next(query: &Typed, here: &str, after: i64) -> String {
    let after = after.to_string();
    href(here, &[("team", query.get("team")), ("visited", query.get("visited")), ("after", &after)]) + "#subjects"
}

fn nothing(lang: Lang) -> Markup {
    html! {
        div.empty {
            strong { (lang.of("没有走访对象", "No subjects")) }
            p { (lang.of("可以均分、按文件或逐个分配给走访组。", "Split the register evenly, send a file, or assign them one by one.")) }
        }
    }
}

fn asked(lang: Lang, shows: &Shows, here: &str) -> Markup {
    html! {
        @for it in &shows.asked {
            @let title = it.form.title(lang.is_en());
            @if shows.all { a.badge href={ (here) "/answers/" (it.code) } lang=[tongue(lang, title)] { (title) } }
            @else { a.badge href={ "/questionnaires/" (it.code) } lang=[tongue(lang, title)] { (title) } }
        }
    }
}

/// Visits of the round by state, each a link to its rows.
fn visits(lang: Lang, shows: &Shows) -> Markup {
    let round = shows.round.id.to_string();
    html! {
        @if !shows.visits.is_empty() {
            section {
                h2 { (lang.of("走访", "Visits")) }
                p.line.spread {
                    @for (state, count) in &shows.visits {
                        span { (lang.of(state.zh(), state.en())) " " (linked(*count, &href("/visits", &[("round", &round), ("state", state.code())]))) }
                    }
                }
            }
        }
    }
}

fn filters(lang: Lang, shows: &Shows, query: &Typed, here: &str) -> Markup {
    let teams: Vec<(String, String)> = shows.teams.iter().map(|it| (it.id.to_string(), it.name.clone())).collect();
    let visited = [("yes", "已走访", "Visited"), ("no", "还没有走访", "Not yet")]
        .map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned()));
    let form = Form::new(lang, query);
    let any = lang.of("全部", "All");
    html! {
        form.filters method="get" action={ (here) "#subjects" } {
            (form.field("team", "走访组", "Team").filter(any, &teams))
            (form.field("visited", "走访", "Visit").filter(any, &visited))
            button { (lang.of("筛选", "Filter")) }
        }
    }
}

/// What was ticked in a refused assignment.
fn ticked(refused: Option<&Refused>) -> Vec<&str> {
    refused.filter(|it| it.form == "assign").map(|it| it.typed.all("subject").collect()).unwrap_or_default()
}

/// `ticked`: for those who assign.
fn table(lang: Lang, shows: &Shows, here: &str, ticked: Option<Vec<&str>>) -> Markup {
    html! {
        table.table.fold {
            thead {
                tr {
                    @if ticked.is_some() { th scope="col" { span.unseen { (lang.of("选", "Pick")) } } }
                    th.number scope="col" { (lang.of("编号", "No.")) }
                    th scope="col" { (lang.of("名称", "Name")) }
                    th scope="col" { (lang.of("片区", "Area")) }
                    th scope="col" { (lang.of("走访组", "Team")) }
                    th scope="col" { (lang.of("走访", "Visited")) }
                }
            }
            tbody { @for it in &shows.subjects { (row(lang, shows, here, ticked.as_deref(), it)) } }
        }
    }
}

fn row(lang: Lang, shows: &Shows, here: &str, ticked: Option<&[&str]>, it: &Assigned) -> Markup {
    let no = it.no.to_string();
    let team = shows.team(it.team).map_or("", |it| it.name.as_str());
    let (round, subject, of) = (shows.round.id.to_string(), it.subject.to_string(), it.team.to_string());
    let visits = href("/visits", &[("round", &round), ("subject", &subject)]);
    html! {
        tr data-row {
            @if let Some(ticked) = ticked { td { input type="checkbox" name="subject" value=(no) checked[ticked.contains(&no.as_str())] form="assign" lang=[tongue(lang, &it.name)] aria-label=(it.name); } }
            td.number { span.no { (it.no) } }
            td.cut { a href={ "/subjects/" (it.no) } lang="zh-CN" { (it.name) } }
            td data-none=[it.area.is_empty().then_some("")] lang=[tongue(lang, &it.area)] { (it.area) }
            td lang=[tongue(lang, team)] { a href={ (href(here, &[("team", &of)])) "#subjects" } { (team) } }
            td {
                @match it.visited_on {
                    Some(day) => {
                        span.light data-light="done" { a href=(visits) { (day) } }
                        @if it.visits > 1 { " " (lang.of(format!("{}次", it.visits), format!("{} times", it.visits))) }
                    }
                    None => { span.faint { (lang.of("还没有", "Not yet")) } }
                }
            }
        }
    }
}
