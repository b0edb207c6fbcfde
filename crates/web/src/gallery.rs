//! The kit at work: every component with invented contents, to be looked at and photographed.

use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::chart::{Count, Figure, Mark, Row, Series, bars, cells, columns, flow};
use crate::ui::field::{Form, Typed, Wrong, error_list};
use crate::ui::number::{Stat, progress, stats};
use crate::ui::page::{Frame, page};
use crate::ui::part;
use crate::ui::photo::{Photo, photos};
use crate::ui::speech::{banner, confirm, empty, keys, toast};
use crate::ui::term::term;
use maud::{Markup, html};

/// `GET /ui`
pub async fn html(who: Who) -> Markup {
    let lang = who.lang;
    let title = lang.of("组件", "Components");
    let section = |zh: &str, en: &str, body: Markup| html! { section { h2 { (lang.of(zh, en)) } (body) } };
    let body = html! {
        main.page.kit id="main" {
            header.page-head { div { h1 { (title) } p.meta { (lang.of("内容都是虚构的", "All contents are invented")) } } }
            (section("颜色", "Colours", swatches()))
            (section("按钮", "Buttons", html! {
                p.line {
                    button.primary type="button" { (lang.of("交办给建设局", "Dispatch to Construction")) " " kbd { "Enter" } }
                    button type="button" { (lang.of("先放着", "Leave for now")) }
                    button.quiet type="button" { (lang.of("清除", "Clear")) }
                    button.danger type="button" { (lang.of("撤销导入", "Undo the import")) }
                }
            }))
            (section("灯、徽标、编号", "Lights, badges, numbers", lights(lang)))
            (section("表单与错误", "Form and errors", form(lang)))
            (section("表格与翻页", "Table and pager", table(lang)))
            (section("环节与条件", "Stages and conditions", course(lang)))
            (section("照片", "Photos", photos(lang, &[
                Photo { href: crate::asset::url("icon.svg"), caption: lang.of("5月21日 完工", "21 May, done") },
                Photo { href: crate::asset::url("icon.svg"), caption: lang.of("5月4日 雨水口", "4 May, gully") },
            ])))
            (section("数字与进度", "Numbers and progress", numbers(lang)))
            (section("图", "Charts", charts(lang)))
            (section("提示、对话框、空状态", "Toast, dialog, empty state", speech(lang)))
            (section("词汇与按键", "Words and keys", html! {
                p { (term(lang, "first-due")) " · " (term(lang, "close")) " · " (term(lang, "board")) }
                (keys(lang, &[(&["j", "k"], lang.of("上下", "up, down")), (&["Enter"], lang.of("交办并到下一件", "dispatch and go on")), (&["z"], lang.of("收回", "recall"))]))
            }))
        }
    };
    page(&Frame { who: &who, title, news: 3, here: "/ui" }, body)
}

fn swatches() -> Markup {
    let marks = ["m-accent", "m-open", "m-none", "m-blue", "m-yellow", "m-red", "m-done"];
    html! {
        ul.swatches { @for it in marks { li lang="en" { svg viewBox="0 0 60 20" preserveAspectRatio="none" aria-hidden="true" { rect class=(it) x="1" y="1" width="58" height="18" {} } (it) } } }
    }
}

fn lights(lang: Lang) -> Markup {
    let all = [
        ("none", "剩6日", "6 d left"),
        ("blue", "剩3日", "3 d left"),
        ("yellow", "今日到期", "Due today"),
        ("red", "超2日", "Overdue 2 d"),
        ("paused", "暂停计时", "Paused"),
        ("done", "已销号", "Struck off"),
    ];
    html! {
        p.line { @for (light, zh, en) in all { span.light data-light=(light) { (lang.of(zh, en)) } } }
        p.line {
            span.badge { (lang.of("道路交通", "Roads")) }
            span.badge.strong { (lang.of("挂牌", "Board")) }
            span.no { "231" }
            span.no data-struck="" { "98" }
            span.count { "6" }
        }
    }
}

fn form(lang: Lang) -> Markup {
    let typed = Typed(vec![
        ("words".into(), lang.of("连续降雨，摊铺须路面干燥。", "Rain for days; paving needs a dry road.").into()),
        ("until".into(), "2018-05-22".into()),
        ("outcome".into(), "solved".into()),
    ]);
    let wrong = [Wrong {
        field: "until".into(),
        sentence: lang.of("新期限须晚于现期限2018-05-24。", "The new date must be later than 2018-05-24.").into(),
    }];
    let form = Form { lang, typed: &typed, prefix: "kit-", wrong: &wrong };
    let outcomes =
        [("solved", "已解决", "Solved"), ("partly", "部分解决", "Partly"), ("planned", "列入计划", "Planned")];
    let outcomes: Vec<(String, String)> =
        outcomes.iter().map(|(code, zh, en)| ((*code).into(), lang.of(*zh, *en).into())).collect();
    html! {
        (error_list(lang, "kit-", &wrong))
        div.halves {
            (form.field("words", "延期理由", "Reason").hint(lang.of("会原样告诉企业", "The enterprise reads it as it stands")).area(2))
            (form.field("until", "新的到期日", "New due date").input("date"))
        }
        (form.field("outcome", "办理结果", "Outcome").choices(&outcomes, false))
    }
}

fn table(lang: Lang) -> Markup {
    let rows = [
        ("red", "超3日", "Overdue 3 d", "219", "出口退税单证备案要求各口径不一"),
        ("yellow", "今日到期", "Due today", "231", "厂区南侧道路破损积水，货车进出绕行2公里"),
        ("blue", "剩3日", "3 d left", "240", "希望园区出面谈员工班车专线"),
    ];
    html! {
        table.table.fold {
            thead { tr {
                th scope="col" { (lang.of("时限", "Clock")) }
                th scope="col" { (lang.of("编号", "No.")) }
                th scope="col" { (lang.of("问题", "Problem")) }
                th.number scope="col" aria-sort="ascending" { (lang.of("现到期", "Due now")) }
            } }
            tbody { @for (i, (light, zh, en, no, title)) in rows.iter().enumerate() {
                tr aria-current=[(i == 1).then_some("true")] {
                    td { span.light data-light=(light) { (lang.of(*zh, *en)) } }
                    td.number { span.no { (no) } }
                    td.cut lang="zh-CN" { (title) }
                    td.number { "05-24" }
                }
            } }
        }
        (part::next_page(lang, Some("/ui".into())))
    }
}

fn course(lang: Lang) -> Markup {
    let stages = [
        ("已登记", "Registered"),
        ("已交办", "Dispatched"),
        ("办理中", "In hand"),
        ("已反馈", "Answered"),
        ("已销号", "Struck off"),
    ];
    html! {
        ol.stepper aria-label=(lang.of("办理环节", "Stages")) {
            @for (i, (zh, en)) in stages.iter().enumerate() {
                li data-past=[(i < 2).then_some("")] aria-current=[(i == 2).then_some("step")] { b { (lang.of(*zh, *en)) } @if i <= 2 { span { "2018-04-26" } } }
            }
        }
        ul.gate-list {
            li { (lang.of("办理依据齐全", "Evidence complete")) }
            li { (lang.of("由承办单位以外的人核验", "Verified by another unit")) }
            li data-missing="" { (lang.of("反映人意见", "The reporter's word")) }
        }
        ol.timeline {
            li data-kind="say" { div.when { time { "2018-05-21 16:40" } } div { strong { (lang.of("反馈", "Answered")) } " " span.why { (lang.of("已解决", "solved")) } } }
            li data-kind="clock" { div.when { time { "2018-05-17 10:05" } } div { strong { (lang.of("同意延期", "Extension granted")) } } }
            li { div.when { time { "2018-04-28 09:03" } } div { strong { (lang.of("签收", "Received")) } } }
        }
    }
}

fn numbers(lang: Lang) -> Markup {
    html! {
        (stats(&[
            Stat { label: lang.of("走访覆盖", "Coverage"), href: "/ui", number: "132".into(), of: lang.of("/160家", "/160").into(), note: html! { (lang.of("本周增14家", "14 more this week")) }, burns: false },
            Stat { label: lang.of("超时", "Overdue"), href: "/ui", number: "9".into(), of: lang.of("/186件", "/186").into(), note: html! { span.light data-light="red" { (lang.of("比上周多2件", "2 more than last week")) } }, burns: true },
            Stat { label: lang.of("解决率", "Solved"), href: "/ui", number: "90.7".into(), of: "%".into(), note: html! { "214/236" }, burns: false },
        ]))
        (progress("kit-progress", lang.of("导入企业名单：132行已入库，3行退回", "Importing companies: 132 rows in, 3 handed back"), 135, 160))
    }
}

fn row<const N: usize>(label: &str, counts: [i64; N], end: &str) -> Row {
    Row {
        label: label.into(),
        href: String::new(),
        counts: counts.map(|n| Count::new(n, "/ui")).into(),
        end: end.into(),
    }
}

fn charts(lang: Lang) -> Markup {
    let coverage = [
        row("财政局", [16, 0, 0, 0], "16/16"),
        row("建设局", [13, 2, 1, 0], "13/16"),
        row("白杨街道", [9, 2, 2, 3], "9/16"),
    ];
    let ageing = [
        row(lang.of("3日内", "≤ 3 d"), [58, 0, 0, 2], ""),
        row(lang.of("4–7日", "4–7 d"), [47, 14, 0, 0], ""),
        row(lang.of("8–12日", "8–12 d"), [14, 6, 4, 1], ""),
        row(lang.of("13日以上", "≥ 13 d"), [5, 1, 5, 0], ""),
    ];
    let weeks = [
        row("4-16", [96, 4], ""),
        row("4-23", [88, 22], ""),
        row("5-02", [54, 41], ""),
        row("5-07", [79, 63], ""),
        row("5-14", [62, 58], ""),
    ];
    let states = [
        row(lang.of("已登记", "Registered"), [23], ""),
        row(lang.of("已交办", "Dispatched"), [41], ""),
        row(lang.of("办理中", "In hand"), [96], ""),
        row(lang.of("已反馈", "Answered"), [49], ""),
        row(lang.of("已销号", "Struck off"), [226], ""),
    ];
    let series = |all: &[(Mark, &'static str, &'static str)]| -> Vec<Series<'static>> {
        all.iter().map(|(mark, zh, en)| Series { mark: *mark, label: lang.of(*zh, *en) }).collect()
    };
    let visited = series(&[
        (Mark::Accent, "已走访", "Visited"),
        (Mark::Half, "已约定", "Agreed"),
        (Mark::Open, "已计划", "Planned"),
        (Mark::None, "未联系", "Not yet"),
    ]);
    let lights = series(&[
        (Mark::Blue, "未到期", "Not due"),
        (Mark::Yellow, "到期和临期", "Due"),
        (Mark::Red, "超时", "Overdue"),
        (Mark::Done, "暂停", "Paused"),
    ]);
    let flows = series(&[(Mark::Open, "新登记", "Registered"), (Mark::Accent, "销号", "Struck off")]);
    let one = series(&[(Mark::Accent, "件数", "Problems")]);
    let figure = |id, title, note, head| Figure { lang, id, title, note, head, series: &[], rows: &[] };
    html! {
        div.charts {
            (cells(&Figure { series: &visited, rows: &coverage, ..figure("kit-cells", lang.of("白杨街道走访落后，还有7家", "Baiyang lags, 7 to go"), lang.of("每格一家", "One cell each"), lang.of("走访组", "Team")) }))
            (bars(&Figure { series: &lights, rows: &ageing, ..figure("kit-bars", lang.of("超过12个工作日的11件里，5件超时", "Of 11 older than 12 workdays, 5 are overdue"), lang.of("按交办以来的工作日", "By workdays since dispatch"), lang.of("件龄", "Age")) }))
            (columns(&Figure { series: &flows, rows: &weeks, ..figure("kit-columns", lang.of("销号快要追上新登记", "Strike-offs nearly catch up"), lang.of("每周，件", "By week"), lang.of("周", "Week")) }))
            (flow(&Figure { series: &one, rows: &states, ..figure("kit-flow", lang.of("多数在办理中", "Most open ones are in hand"), lang.of("各环节现有件数", "How many stand at each state"), lang.of("环节", "State")) }))
        }
    }
}

fn speech(lang: Lang) -> Markup {
    html! {
        div.toast.still { span { (lang.of("已把231号交办给财政局，还可收回46秒", "231 was dispatched to Finance; recall within 46 s")) } button type="button" { (lang.of("收回", "Recall")) " " kbd { "z" } } }
        (banner(html! { p { (lang.of("周志远刚改了这一件。", "Somebody has just changed this one.")) } }))
        (empty(lang.of("没有待签收的问题", "Nothing to receive"), lang.of("新交办会出现在这里。", "What is newly dispatched appears here."), Some(("/problems", lang.of("看本单位台账", "Look at our ledger")))))
        (confirm(lang, "kit-confirm", lang.of("退回重办", "Order a redo"), lang.of("退回建设局重办？", "Send it back to be done again?"), html! {
            p { (lang.of("首次到期照旧显示。", "The first due date stays visible.")) }
            form method="get" action="/ui" { button.primary { (lang.of("退回重办", "Order a redo")) } }
        }))
        (toast(&html! { (lang.of("已保存", "Saved")) }, None))
    }
}
