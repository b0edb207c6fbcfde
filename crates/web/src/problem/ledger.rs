//! The page of the ledger: views, filters, lights with their numbers, the rows, and what can be done with several.

use crate::auth::Who;
use crate::lang::Lang;
use crate::problem::filter::{self, LEDGER, LIGHTS, ORDERS};
use crate::problem::list::Listed;
use crate::problem::{bulk, export, json};
use crate::ui::field::{Form, Typed, closed};
use crate::ui::page::{Frame, page};
use crate::ui::part::{self, said, tongue};
use crate::ui::speech;
use crate::ui::term::term;
use domain::access::{self, Scope};
use domain::problem::{Source, StateName, Tier};
use maud::{Markup, html};
use store::list::{By, Count, LightIs, Line};

pub fn view(who: &Who, query: &Typed, listed: &Listed) -> Markup {
    let lang = who.lang;
    let body = html! {
        main.page.ledger id="main" {
            header.page-head {
                h1 { (lang.of("问题台账", "Ledger of problems")) }
                div.line {
                    (outputs(lang, query, listed))
                    @if who.may_report() { a.button.primary href="/problems/new" { (lang.of("登记问题", "Report a problem")) } }
                }
            }
            (tabs(who, query, listed))
            (filters(who, query, listed))
            p.print-only { (export::printed(who, query, listed)) }
            @if listed.page.lines.is_empty() {
                (speech::empty(
                    lang.of("没有符合条件的问题", "Nothing fits"),
                    lang.of("可以放宽条件，或看全部最新登记。", "Loosen the filter, or look at all, newest first."),
                    Some(("/problems?by=newest", lang.of("看全部", "Show all"))),
                ))
            } @else {
                (lights(lang, query, listed))
                (table(who, query, listed))
            }
            (pager(lang, query, listed))
        }
    };
    page(&Frame { who, title: lang.of("台账", "Ledger"), news: listed.news, here: LEDGER }, body)
}

/// `300+` where nobody counted further.
pub fn say(count: Count) -> String {
    format!("{}{}", count.number, if count.more { "+" } else { "" })
}

fn outputs(lang: Lang, query: &Typed, listed: &Listed) -> Markup {
    let to = |end: &str| filter::address(&format!("/problems/{end}"), query, &[]);
    html! {
        @if !listed.page.lines.is_empty() {
            a.button.quiet href=(to("paper")) { (lang.of("打印", "Print")) }
            details.menu {
                summary.button { (lang.of("导出", "Export")) }
                div.menu-body {
                    a href=(to("export.xlsx")) download { (lang.of("表格（XLSX）", "Workbook (XLSX)")) }
                    a href=(to("export.csv")) download { (lang.of("文本（CSV，可用电子表格打开）", "Text (CSV, opens as a sheet)")) }
                    p.hint { (lang.of(
                        format!("按现在的筛选和顺序，最多{}件。", export::MOST),
                        format!("As filtered and ordered now, at most {}.", export::MOST),
                    )) }
                }
            }
        }
    }
}

/// The questions asked every day, each one link, then those that this person has named.
fn tabs(who: &Who, query: &Typed, listed: &Listed) -> Markup {
    const TABS: [(&str, &str, &str); 6] = [
        ("", "待办", "Open"),
        ("light=red", "超时", "Overdue"),
        ("light=yellow", "今日到期", "Due today"),
        ("state=answered", "已反馈", "Answered"),
        ("boarded=yes", "挂牌", "On the board"),
        ("by=newest", "最新登记", "Newest"),
    ];
    let (lang, here) = (who.lang, filter::normal(query));
    // Under a filter the lights count what it leaves; the views count everything.
    let lights = listed.lights.filter(|_| !filter::is_narrow(query) || here.starts_with("light="));
    let count = |asks: &str| match asks {
        "" => lights.and_then(|it| it.all()),
        "light=red" => lights.and_then(|it| it.red),
        "light=yellow" => lights.and_then(|it| it.yellow),
        _ => None,
    };
    let current = |asks: &str| (asks == here).then_some("page");
    html! {
        nav.tabs aria-label=(lang.of("常用查询", "Views")) {
            @for (asks, zh, en) in TABS {
                a href={ (LEDGER) "?" @if asks.is_empty() { "by=due" } @else { (asks) } } aria-current=[current(asks)] {
                    (lang.of(zh, en)) @if let Some(count) = count(asks) { " " span.tab-count { (say(count)) } }
                }
            }
            @for it in &listed.views {
                a href={ (LEDGER) "?" (it.query) } aria-current=[current(&it.query)] lang=[tongue(lang, &it.name)] { (it.name) }
            }
            @if who.person().is_some() {
                span.tabs-end {
                    @if !listed.views.is_empty() { a href="/views" { (lang.of("管理视图", "Views")) } }
                    @if filter::is_narrow(query) && !listed.views.iter().any(|it| it.query == here) { (save(lang, &here)) }
                }
            }
        }
    }
}

fn save(lang: Lang, here: &str) -> Markup {
    html! {
        details.menu {
            summary { (lang.of("把现在的筛选存为视图", "Save this filter as a view")) }
            form.menu-body method="post" action="/views" {
                input type="hidden" name="query" value=(here);
                label for="view-name" { (lang.of("视图的名字", "Name of the view")) }
                input id="view-name" name="name" maxlength="20" required;
                button.primary { (lang.of("保存视图", "Save view")) }
            }
        }
    }
}

fn filters(who: &Who, query: &Typed, listed: &Listed) -> Markup {
    let (lang, directory) = (who.lang, &listed.directory);
    let states = closed(lang, StateName::ALL, StateName::code, StateName::zh, StateName::en);
    let tiers = closed(lang, Tier::ALL, Tier::code, Tier::zh, Tier::en);
    let sources = closed(lang, Source::ALL, Source::code, Source::zh, Source::en);
    let pairs = |all: &mut dyn Iterator<Item = (&str, &str, &str)>| -> Vec<(String, String)> {
        all.map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned())).collect()
    };
    let lights = pairs(&mut LIGHTS.iter().map(|it| (it.0, it.1, it.2)));
    let orders = pairs(&mut ORDERS.iter().map(|it| (it.0, it.1, it.2)));
    let named = |id: String, label: &str| (id, label.to_owned());
    let units: Vec<_> = directory.units.iter().map(|it| named(it.id.to_string(), it.label(lang.is_en()))).collect();
    let categories: Vec<_> =
        directory.categories.iter().map(|it| named(it.id.to_string(), it.label(lang.is_en()))).collect();
    let campaigns: Vec<_> =
        listed.campaigns.iter().map(|it| named(it.id.to_string(), it.label(lang.is_en()))).collect();
    let any = lang.of("全部", "All");
    let form = Form::new(lang, query);
    let on = |name: &str| (!query.get(name).is_empty()).then_some("true");
    let typed = |kind: &str, name: &str, zh: &str, en: &str| {
        html! {
            label.filter data-on=[on(name)] { span { (lang.of(zh, en)) } input type=(kind) name=(name) value=(query.get(name)); }
        }
    };
    let sees_all = matches!(access::scope(&who.actor), Scope::All);
    let more = ["source", "campaign", "tag", "from", "to", "by"].into_iter().any(|name| on(name).is_some());
    html! {
        form.filters method="get" action=(LEDGER) role="search" aria-label=(lang.of("筛选", "Filter")) {
            @if sees_all { (form.field("unit", "单位", "Unit").filter(any, &units)) }
            (form.field("state", "状态", "State").filter(any, &states))
            (form.field("light", "时限", "Clock").filter(any, &lights))
            (form.field("category", "类别", "Category").filter(any, &categories))
            (form.field("tier", "层级", "Tier").filter(any, &tiers))
            (typed("search", "text", "查找", "Find"))
            details.more open[more] {
                summary { (lang.of("更多条件", "More")) }
                div.more-body {
                (form.field("source", "来源", "Source").filter(any, &sources))
                @if !campaigns.is_empty() { (form.field("campaign", "行动", "Campaign").filter(any, &campaigns)) }
                (typed("text", "tag", "对象标签", "Tag of the subject"))
                (typed("date", "from", "登记自", "Registered from"))
                (typed("date", "to", "登记至", "Registered to"))
                (form.field("by", "排序", "Order").filter("", &orders))
                }
            }
            // What no field asks for was asked by a link; it stays in force, and says so.
            @for (name, label, value) in filter::said(lang, query, directory, &listed.campaigns) {
                @if ["lead", "boarded", "subject", "visit"].contains(&name) {
                    input type="hidden" name=(name) value=(query.get(name));
                    a.filter.held data-on="true" href=(filter::address(LEDGER, query, &[(name, "")])) {
                        span { (label) } b lang=[tongue(lang, &value)] { (value) }
                        span aria-hidden="true" { "×" } span.unseen { (lang.of("取消这个条件", "Take this out")) }
                    }
                }
            }
            button { (lang.of("筛选", "Filter")) }
            @if filter::is_narrow(query) { a.quiet href=(LEDGER) { (lang.of("清除", "Clear")) } }
        }
    }
}

/// How many stand under each light, each number a link to its rows.
fn lights(lang: Lang, query: &Typed, listed: &Listed) -> Markup {
    let shown = |light: LightIs| match light {
        LightIs::Yellow => lang.of("今日到期、环节超时", "Due today, part late"),
        LightIs::Blue => lang.of("临期", "Soon due"),
        light => LIGHTS.iter().find(|it| it.3 == light).map_or("", |it| lang.of(it.1, it.2)),
    };
    html! {
        p.lights {
            @match listed.count {
                Some(count) => b { (lang.of(format!("{} 件", say(count)), format!("{} in all", say(count)))) },
                None => b { (lang.of("不止一页", "More than a page")) },
            }
            @if let Some(lights) = listed.lights {
                @for (code, .., light) in LIGHTS.iter().take(4) {
                    @if let Some(count) = lights.of(*light) {
                        a href=(filter::address(LEDGER, query, &[("light", code), ("by", "")])) aria-current=[(listed.filter.light == Some(*light)).then_some("true")] {
                            span.light data-light=(code) { (shown(*light)) " " (say(count)) }
                        }
                    }
                }
                a href=(filter::address(LEDGER, query, &[("light", "paused"), ("by", "")])) aria-current=[(listed.filter.light == Some(LightIs::Paused)).then_some("true")] {
                    span.light data-light="paused" { (shown(LightIs::Paused)) }
                }
            }
            @if listed.filter.light.is_some() { a href=(filter::address(LEDGER, query, &[("light", "")])) { (lang.of("不分时限", "Any clock")) } }
        }
    }
}

/// A head that orders by its column: down, and once more up.
fn head(lang: Lang, query: &Typed, listed: &Listed, label: &str, down: By, up: By) -> Markup {
    let order = listed.filter.order();
    let sort = if order == up { Some("ascending") } else { (order == down).then_some("descending") };
    let first = if up == By::Due { up } else { down };
    let next = if order == first { if first == up { down } else { up } } else { first };
    let code = ORDERS.iter().find(|it| it.3 == next).map_or("", |it| it.0);
    let impossible = next.is_due() && (listed.filter.has_text() || listed.filter.light == Some(LightIs::Paused))
        || listed.filter.state.is_some_and(StateName::is_end) && next.is_due();
    html! {
        th.number scope="col" aria-sort=[sort] {
            @if impossible { (label) } @else {
                a href=(filter::address(LEDGER, query, &[("by", code)])) title=(ORDERS.iter().find(|it| it.3 == next).map_or("", |it| lang.of(it.1, it.2))) {
                    (label) @if let Some(sort) = sort { span aria-hidden="true" { @if sort == "ascending" { " ↑" } @else { " ↓" } } }
                }
            }
        }
    }
}

fn table(who: &Who, query: &Typed, listed: &Listed) -> Markup {
    let lang = who.lang;
    let acts = bulk::offered(who);
    let choose = !acts.is_empty();
    let subjects = listed.page.lines.iter().any(|it| it.subject.is_some());
    let table = html! {
        table.table.fold {
            caption.unseen { (lang.of("问题台账", "Ledger of problems")) }
            thead {
                tr {
                    @if choose { th.choose scope="col" { span.unseen { (lang.of("选中", "Chosen")) } } }
                    th scope="col" { (lang.of("时限", "Clock")) }
                    (head(lang, query, listed, lang.of("编号", "No."), By::Newest, By::Oldest))
                    th scope="col" { (lang.of("问题", "Problem")) }
                    @if subjects { th scope="col" { (lang.of("走访对象", "Subject")) } }
                    th scope="col" { (lang.of("类别", "Category")) }
                    th scope="col" { (term(lang, "lead")) }
                    th scope="col" { (lang.of("状态", "State")) }
                    th.wide-only scope="col" { (lang.of("层级", "Tier")) }
                    th.number scope="col" { (term(lang, "first-due")) }
                    (head(lang, query, listed, lang.of("现到期", "Due now"), By::DueLast, By::Due))
                    th.wide-only scope="col" { (lang.of("来源", "Source")) }
                }
            }
            tbody { @for line in &listed.page.lines { (row(lang, line, listed, choose, subjects)) } }
        }
    };
    html! {
        @if choose {
            form.chosen method="get" action="/problems/bulk" data-chosen {
                div.line.acts-line {
                    span data-count { (lang.of("选中的几件：", "Those chosen:")) }
                    @for act in &acts { button.small name="command" value=(act.code()) { (bulk::verb(lang, *act)) } }
                }
                (table)
            }
        } @else { (table) }
    }
}

fn row(lang: Lang, line: &Line, listed: &Listed, choose: bool, subjects: bool) -> Markup {
    let (directory, now) = (&listed.directory, listed.now);
    let unit = line.lead.and_then(|id| directory.unit(id)).map(|it| it.label(lang.is_en()));
    let category = line.category.and_then(|id| directory.category(id)).map(|it| it.label(lang.is_en()));
    let state = lang.of(line.state.zh(), line.state.en());
    // The same date is not said twice: what stands alone is the first, what was moved stands beside it.
    let moved = line.clock_at.filter(|at| Some(*at) != line.first_due_at);
    let pick = lang.of(format!("选中{}", line.no), format!("Choose {}", line.no));
    html! {
        tr {
            @if choose { td.choose { input type="checkbox" name="no" value=(line.no) aria-label=(pick); } }
            td { @if line.state.is_end() { (part::done(state)) } @else { (part::light(lang, &json::standing(line, &listed.terms, now))) } }
            td.number { span.no data-struck=[line.state.is_end().then_some("")] { (line.no) } }
            td.cut {
                a href={ "/problems/" (line.no) } lang="zh-CN" { (line.title) }
                @if line.boarded { " " span.badge { (lang.of("挂牌", "Board")) } }
            }
            @if subjects { (cell(lang, line.subject.as_deref(), "cut-name")) }
            (cell(lang, category, ""))
            (cell(lang, unit, ""))
            td { (state) }
            td.wide-only data-minor { (lang.of(line.tier.zh(), line.tier.en())) }
            td.number data-none=[line.first_due_at.is_none().then_some("")] data-label=(lang.of("首次到期", "First due")) { (part::day(line.first_due_at, now)) }
            td.number data-none=[moved.is_none().then_some("")] data-label=(lang.of("现到期", "Due now")) { (part::day(moved, now)) }
            td.wide-only data-minor { (lang.of(line.source.zh(), line.source.en())) }
        }
    }
}

fn cell(lang: Lang, text: Option<&str>, class: &str) -> Markup {
    let class = (!class.is_empty()).then_some(class);
    html! {
        td class=[class] data-none=[text.is_none().then_some("")] lang=[tongue(lang, text.unwrap_or_default())] {
            @if let Some(text) = text { (text) } @else { span.faint { "—" } }
        }
    }
}

fn pager(lang: Lang, query: &Typed, listed: &Listed) -> Markup {
    let page = |name: &'static str, key: Option<(i64, i64)>| {
        key.map(|key| filter::address(LEDGER, query, &[(name, &filter::say_key(key))]))
    };
    let (previous, next) = (page("before", listed.page.previous), page("after", listed.page.next));
    html! {
        @if previous.is_some() || next.is_some() {
            nav.pager.line aria-label=(lang.of("翻页", "Pages")) {
                @if let Some(href) = previous {
                    a.button rel="prev" href=(href) { (lang.of("上一页", "Previous page")) }
                    a.quiet href=(filter::address(LEDGER, query, &[])) { (said(lang, lang.of("回到第一页", "First page"))) }
                }
                @if let Some(href) = next { a.button rel="next" href=(href) { (lang.of("下一页", "Next page")) } }
            }
        }
    }
}
