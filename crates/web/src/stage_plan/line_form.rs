//! The lines of the form: each is a sentence, and unfolds into its fields.

use super::form_page::{Look, rows};
use super::rows::line;
use super::sentence::{self, WEEKDAYS};
use super::stage_form::moves;
use super::when::KINDS;
use crate::ui::part::said;
use domain::attendance::plan::Mode;
use domain::id::PersonId;
use maud::{Markup, html};

pub fn all(look: &Look) -> Markup {
    let (lang, n) = (look.lang, rows(look, "lines"));
    html! {
        section.plan-rows id="lines" aria-labelledby="lines-title" {
            h2 id="lines-title" { (lang.of("谁在哪些天到岗", "Who comes on which days")) " " span.count { (n) } }
            p.hint { (lang.of("点开一句就能改；起止留空，就是从第一个阶段开始到最后一个阶段结束。", "Open a sentence to change it. Days left empty mean from the first day of the stages to the last.")) }
            (look.of_row("lines"))
            ol.plan-lines { @for at in 0..n { li { (one(look, at, n)) } } }
            div.row-acts { (look.act("more.line", &format!("lines.{n}"), lang.of("增加一行", "Add a line"), "")) }
        }
    }
}

fn one(look: &Look, at: usize, n: usize) -> Markup {
    let (lang, number, row) = (look.lang, at + 1, format!("lines.{at}"));
    let wrong = look.is_wrong(&row);
    let blank = ["person", "post"].iter().any(|field| look.form.typed.get(&line(at, field)).is_empty());
    let title = lang.of(format!("第{number}行"), format!("Line {number}"));
    html! {
        details.plan-line id=(row) open[wrong || blank || look.open == Some(at)] data-wrong=[wrong.then_some("true")] {
            summary { span.no { (number) } " " (said(lang, &sentence(look, at))) @if wrong { " " span.badge.plan-wrong { (lang.of("要改", "to be mended")) } } }
            (look.of_row(&row))
            (fields(look, at))
            (more(look, at))
            div.line {
                (look.act(&format!("show.{at}"), &row, lang.of("更新这一句", "Update the sentence"), &lang.of(format!("更新这一句：{title}"), format!("Update the sentence: {title}"))))
                (moves(look, "lines", at, n, &title))
            }
        }
    }
}

/// The line in words; where it cannot be read yet, as far as it goes.
fn sentence(look: &Look, at: usize) -> String {
    let (lang, names) = (look.lang, &look.desk.names);
    if let Some(it) = look.draft.line(at) {
        return sentence::line(lang, it, names, look.year);
    }
    let get = |field: &str| look.form.typed.get(&line(at, field)).to_owned();
    let Ok(person) = get("person").parse::<PersonId>() else {
        return lang.of("还没有选人", "Nobody chosen yet").into();
    };
    let kind = KINDS.iter().find(|it| it.0 == get("kind")).map_or("", |it| lang.of(it.1, it.2));
    let days = match (get("from"), get("to")) {
        (from, to) if from.is_empty() && to.is_empty() => {
            lang.of("（起止同各阶段）", "(as long as the stages)").to_owned()
        }
        (from, to) => format!("{from}–{to}"),
    };
    format!("{} {} {kind} {days}", sentence::person(names, person), get("post"))
}

fn fields(look: &Look, at: usize) -> Markup {
    let lang = look.lang;
    let [person, post, from, to] = ["person", "post", "from", "to"].map(|field| line(at, field));
    let staff: Vec<(String, String)> = look.desk.staff.iter().map(|it| (it.person.to_string(), label(it))).collect();
    let chosen = look.form.typed.get(&post);
    let mut posts: Vec<(String, String)> = look.desk.posts.iter().map(|it| (it.clone(), it.clone())).collect();
    if !chosen.is_empty() && !look.desk.posts.iter().any(|it| it == chosen) {
        posts.push((chosen.to_owned(), chosen.to_owned()));
    }
    let choose = lang.of("请选择", "Choose");
    html! {
        div.plan-fields {
            (look.form.field(&person, "人员", "Person").select(choose, &staff))
            (look.form.field(&post, "岗位", "Post").select(choose, &posts))
            (look.form.field(&from, "起", "From").input("date"))
            (look.form.field(&to, "止", "To").input("date"))
        }
        (when_fields(look, &|field| line(at, field)))
    }
}

fn label(it: &store::staff::Staff) -> String {
    let posts: Vec<&str> = it.posts.iter().map(|it| it.0.as_str()).collect();
    if posts.is_empty() { it.name.clone() } else { format!("{}（{}）", it.name, posts.join("、")) }
}

/// On which days. What belongs to another kind is put away by style alone and stays in the form.
pub fn when_fields(look: &Look, field: &dyn Fn(&str) -> String) -> Markup {
    let (lang, typed) = (look.lang, look.form.typed);
    let [kind, n, dates, days, weekday] = ["kind", "n", "dates", "days", "weekday"].map(field);
    let chosen = typed.get(&kind);
    let masks = [
        ("workdays", lang.of("工作日", "Workdays")),
        ("all", lang.of("每天，含休息日", "Every day, days off as well")),
        ("some", lang.of("按星期几", "By days of the week")),
    ];
    let mask = if typed.get(&days).is_empty() { "workdays" } else { typed.get(&days) };
    html! {
        fieldset.plan-when id=(kind) tabindex="-1" {
            legend { (lang.of("怎么到岗", "How the person comes")) }
            @if let Some(sentence) = look.form.error_at(&kind) { p.error { (said(lang, sentence)) } }
            @for (code, zh, en) in KINDS {
                input type="radio" id={ (kind) "." (code) } name=(kind) value=(code) checked[code == chosen];
                label for={ (kind) "." (code) } { (lang.of(zh, en)) }
            }
            div.plan-n { (look.form.field(&n, "几天", "How many days").number()) }
            div.plan-dates { (look.form.field(&dates, "日期", "Dates").hint(lang.of("如5月14日、16日、6月1日，休息日也可以", "Such as 2018-05-14, 2018-05-16; days off too")).area(2)) }
            fieldset.plan-days id=(days) tabindex="-1" {
                legend { (lang.of("哪些日子算", "Which days count")) }
                @if let Some(sentence) = look.form.error_at(&days) { p.error { (said(lang, sentence)) } }
                @for (code, label) in masks {
                    input type="radio" id={ (days) "." (code) } name=(days) value=(code) checked[code == mask];
                    label for={ (days) "." (code) } { (label) }
                }
                div.plan-week {
                    @for (code, zh, en) in WEEKDAYS {
                        label.choice { input type="checkbox" name=(weekday) value=(code) checked[typed.all(&weekday).any(|it| it == code)]; span { (lang.of(zh, en)) } }
                    }
                }
            }
        }
    }
}

/// What most lines do not need.
fn more(look: &Look, at: usize) -> Markup {
    let (lang, typed) = (look.lang, look.form.typed);
    let names =
        ["mode", "min_minutes", "shift", "delegate", "covers", "replaces", "excused_by"].map(|field| line(at, field));
    let is_said = |name: &String| look.form.error_at(name).is_some() || !matches!(typed.get(name), "" | "once");
    let [mode, min_minutes, shift, delegate, covers, replaces, excused_by] = &names;
    let modes = [
        (Mode::Once, "once", lang.of("打一次卡即可", "One punch is enough")),
        (Mode::Span, "span", lang.of("首末打卡要隔够时长", "First and last punch far enough apart")),
    ];
    let modes: Vec<(String, String)> = modes.iter().map(|it| (it.1.to_owned(), it.2.to_owned())).collect();
    let chief = super::fill::is_chief(typed.get(&line(at, "post")));
    let by_post = match chief {
        true => lang.of("按岗位：须有", "By the post: needed"),
        false => lang.of("按岗位：不须", "By the post: not needed"),
    };
    let delegates = [("yes", lang.of("须有", "Needed")), ("no", lang.of("不须", "Not needed"))]
        .map(|it| (it.0.to_owned(), it.1.to_owned()));
    let person = typed.get(&line(at, "person"));
    let others: Vec<(String, String)> = look
        .desk
        .staff
        .iter()
        .filter(|it| it.person.to_string() != person)
        .map(|it| (it.person.to_string(), it.name.clone()))
        .collect();
    let none = lang.of("没有", "Nobody");
    html! {
        details.more open[names.iter().any(is_said)] {
            summary { (lang.of("更多：班次、时长、代班、接替、其他工地", "More: shift, length, covering, replacing, other sites")) }
            div.plan-fields {
                (look.form.field(shift, "班次（可不填）", "Shift (optional)").hint(lang.of("如22:00-06:00，到第二天也这样写", "Such as 22:00-06:00, also past midnight")).input("text"))
                (look.form.field(mode, "在岗方式", "What makes a day").select("", &modes))
                (look.form.field(min_minutes, "最短分钟（可不填）", "Least minutes (optional)").number())
                (look.form.field(delegate, "请假时持证人顶岗", "Certified substitute on leave").select(by_post, &delegates))
            }
            div.plan-fields {
                (look.form.field(covers, "代谁的班", "Covers for").hint(lang.of("那个人不到岗的日子，此人才须到", "Wanted only on days when that person does not come")).select(none, &others))
                (look.form.field(replaces, "接替谁", "Replaces").hint(lang.of("退场申报前仍考原来的人", "The former stays judged until the exit is filed")).select(none, &others))
            }
            (elsewhere(look, excused_by, person))
        }
    }
}

fn elsewhere(look: &Look, name: &str, person: &str) -> Markup {
    let lang = look.lang;
    let sites = person.parse().ok().and_then(|id: PersonId| look.desk.elsewhere.get(&id));
    html! {
        @match sites {
            None => { p.hint { (lang.of("选好人员、更新这一句后，这里列出此人的其他工地。", "Once the person is chosen and the sentence updated, the other sites of that person stand here.")) } }
            Some(all) if all.is_empty() => { p.hint { (lang.of("此人没有别的工地。", "This person has no other site.")) } }
            Some(all) => {
                @let options: Vec<(String, String)> = all.iter().map(|it| (it.0.to_string(), it.1.clone())).collect();
                (look.form.checks(name, "当天在这些工地打卡即免考", "A punch there on the same day excuses", &options))
            }
        }
    }
}
