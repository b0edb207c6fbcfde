//! The leader: five numbers that lead to exactly their rows, coverage as a picture, what stands still on the board.

use super::block::{Look, Part, many};
use super::leader_charts;
use crate::campaign::chart::{self, Campaigned};
use crate::problem::json;
use crate::round::picture::{self, Pictured};
use crate::ui::number::{Stat, href, percent, stats};
use crate::ui::part::{self, tongue};
use crate::ui::term::term;
use domain::light::Bounds;
use domain::role::{Actor, Role};
use domain::time::Millis;
use maud::{Markup, html};
use store::Tx;
use store::board::{self, Item};
use store::tally_open::Lit;
use store::terms::{Failure, Terms};

/// Workdays without anything new: standing still 停滞.
const STILL: u32 = 5;

pub struct Seen {
    campaigned: Option<Campaigned>,
    pictured: Option<Pictured>,
    board: Vec<Item>,
}

pub fn read(tx: &mut dyn Tx, actor: &Actor, bounds: &Bounds, terms: &Terms) -> Result<Option<Seen>, Failure> {
    if !actor.has(Role::Leader) {
        return Ok(None);
    }
    let now = bounds.now;
    let id = match store::campaign::running(tx, now.day())? {
        Some(id) => Some(id),
        // Between two campaigns the last one is what there is to see.
        None => store::campaign::list(tx)?.first().map(|it| it.id),
    };
    let campaign = id.map(|id| store::campaign::find(tx, id)).transpose()?.flatten();
    let (mut campaigned, mut pictured) = (None, None);
    if let Some(campaign) = campaign {
        let rounds = store::campaign::list_rounds(tx, campaign.id)?;
        let begun = rounds.iter().filter(|it| it.from <= now.day()).max_by_key(|it| (it.from, it.no));
        if let Some(round) = begun.or(rounds.first()) {
            pictured = Some(picture::read(tx, round.clone())?);
        }
        campaigned = Some(chart::read(tx, campaign, bounds, &terms.calendar)?);
    }
    Ok(Some(Seen { campaigned, pictured, board: board::list(tx, 60)? }))
}

fn rest(look: &Look, at: Millis) -> u32 {
    look.terms.calendar.workdays_between(at.day(), look.now.day())
}

pub fn view(look: &Look, seen: &Seen) -> Part {
    let lang = look.lang;
    let red = seen.campaigned.as_ref().map_or(0, |it| it.lit(Lit::Red));
    let still = seen.board.iter().filter(|it| rest(look, it.moved_at) >= STILL).count();
    let left = seen.pictured.as_ref().map_or(0, Pictured::left);
    let mut found = vec![match red {
        0 => lang.of("没有超期".to_owned(), "Nothing overdue".to_owned()),
        n => lang.of(format!("{}件超期", many(lang, n)), format!("{} overdue", many(lang, n))),
    }];
    if still > 0 {
        found.push(lang.of(format!("{still}件挂牌停滞"), format!("{still} on the board stand still")));
    }
    if left > 0 {
        found.push(lang.of(format!("走访还差{left}家"), format!("{left} still to be visited")));
    }
    Part {
        title: found.join(lang.of("，", ", ")),
        note: match &seen.campaigned {
            Some(it) => lang.of(
                format!("{} · 每个数字点开就是那些件", it.campaign.label(false)),
                format!("{} · every number leads to its rows", it.campaign.label(true)),
            ),
            None => lang.of("还没有行动".into(), "No campaign yet".into()),
        },
        overdue: red,
        today: still as i64,
        acts: html! {
            @if let Some(it) = &seen.campaigned { a.button href={ "/campaigns/" (it.campaign.no) "/report" } { (lang.of("上报报告", "Report upward")) } }
        },
        main: html! {
            @if let Some(it) = &seen.campaigned { (numbers(look, it, seen.pictured.as_ref())) }
            div.charts {
                @if let Some(it) = &seen.pictured { (picture::view(lang, "coverage", it)) }
                @if let Some(it) = &seen.campaigned { (leader_charts::view(look, it)) }
            }
            (board_table(look, &seen.board, still))
        },
        side: None,
    }
}

/// Coverage, overdue, and the three rates as the reports define them.
fn numbers(look: &Look, it: &Campaigned, pictured: Option<&Pictured>) -> Markup {
    let (lang, heard) = (look.lang, &it.heard);
    let behind = format!("/campaigns/{}/behind", it.campaign.no);
    let of = |what: &str| href(&behind, &[("of", what)]);
    let round = pictured.map_or(format!("/campaigns/{}", it.campaign.no), |it| format!("/rounds/{}", it.round.no));
    let (red, open) = (it.lit(Lit::Red), it.open());
    let (in_time, solved, satisfied, red_href) =
        (of("in-time"), of("solved"), of("satisfied"), href(&behind, &[("of", "open"), ("lit", "red")]));
    let mut all = Vec::new();
    if let Some(covered) = pictured {
        all.push(Stat {
            label: lang.of("走访覆盖", "Coverage"),
            href: &round,
            number: covered.visited().to_string(),
            of: lang.of(format!("/{} 家", covered.all()), format!("/{}", covered.all())),
            note: html! { (lang.of(format!("已约定{}", covered.agreed()), format!("{} agreed", covered.agreed()))) },
            burns: false,
        });
    }
    all.push(Stat {
        label: lang.of("超期", "Overdue"),
        href: &red_href,
        number: many(lang, red),
        of: lang.of(format!("/{} 件在办", many(lang, open)), format!("/{} open", many(lang, open))),
        note: html! {},
        burns: red > 0,
    });
    let rate = |part: i64, whole: i64| percent(part, whole).trim_end_matches('%').to_owned();
    let sign = |whole: i64| if whole > 0 { "%".to_owned() } else { String::new() };
    all.push(Stat {
        label: lang.of("响应率", "Response"),
        href: &in_time,
        number: rate(heard.in_time, heard.due),
        of: sign(heard.due),
        note: html! { (heard.in_time) "/" (heard.due) " " (lang.of("件按时答复", "answered in time")) },
        burns: false,
    });
    all.push(Stat {
        label: lang.of("解决率", "Solution"),
        href: &solved,
        number: rate(heard.solved, heard.rated),
        of: sign(heard.rated),
        note: html! { (heard.solved) "/" (heard.rated) " " (lang.of("件反映人说解决", "the reporter says solved")) },
        burns: false,
    });
    all.push(Stat {
        label: lang.of("满意率", "Satisfaction"),
        href: &satisfied,
        number: rate(heard.satisfied, heard.rated),
        of: sign(heard.rated),
        note: html! { (heard.satisfied) "/" (heard.rated) " " (lang.of("件评价满意", "rated satisfied")) },
        burns: false,
    });
    let latest = if heard.due >= store::tally_week::MANY { lang.of("最近", "latest ") } else { "" };
    html! {
        (stats(&all))
        p.meta.scope {
            (lang.of(
                format!("三率只数{}以来、到今天为止首次到期的{latest}{}件：响应看是否按现到期答复，解决、满意看反映人的评价。件数不满10的不作比较。", it.campaign.from, heard.due),
                format!("The rates count the {latest}{} cases first due from {} until today. Response: answered by the date in force; solution and satisfaction: the reporter's word. Below 10 no comparison is made.", heard.due, it.campaign.from),
            ))
        }
    }
}

fn board_table(look: &Look, board: &[Item], still: usize) -> Markup {
    let lang = look.lang;
    html! {
        section.after {
            h2 {
                (lang.of(format!("挂牌{}件", board.len()), format!("{} on the board", board.len())))
                " " span.faint { (lang.of(format!("停滞{still}件；连续{STILL}个工作日没有新进展算停滞"), format!("{still} stand still: nothing new for {STILL} workdays"))) }
            }
            @if board.is_empty() { p.faint { (lang.of("没有挂牌的问题。", "Nothing is on the board.")) } }
            @else {
                table.table.fold {
                    thead {
                        tr {
                            th scope="col" { (lang.of("时限", "Clock")) }
                            th scope="col" { (lang.of("编号", "No.")) }
                            th scope="col" { (lang.of("问题", "Problem")) }
                            th scope="col" { (term(lang, "lead")) }
                            th scope="col" { (lang.of("领衔", "Leader")) }
                            th.number scope="col" { (lang.of("多久没有进展", "At rest")) }
                        }
                    }
                    tbody { @for it in board.iter().take(20) { (board_row(look, it)) } }
                }
                @if board.len() > 20 { p.meta { a href="/problems?boarded=yes" { (super::block::all_of(lang, board.len() as i64)) } } }
            }
        }
    }
}

fn board_row(look: &Look, it: &Item) -> Markup {
    let (lang, days) = (look.lang, rest(look, it.moved_at));
    let unit = it.line.lead.and_then(|id| look.directory.unit(id)).map_or("", |it| it.label(lang.is_en()));
    html! {
        tr {
            td { (part::light(lang, &json::standing(&it.line, look.terms, look.now))) }
            td { span.no { (it.line.no) } }
            td.cut { a href={ "/problems/" (it.line.no) } lang="zh-CN" { (it.line.title) } }
            td lang=[tongue(lang, unit)] { (unit) }
            td lang="zh-CN" { (it.leader) }
            td.number data-label=(lang.of("没有进展", "At rest")) {
                @if days >= STILL { strong { (lang.of(format!("{days}日"), format!("{days} d"))) } }
                @else if days == 0 { span.faint { "—" } } @else { (lang.of(format!("{days}日"), format!("{days} d"))) }
            }
        }
    }
}
