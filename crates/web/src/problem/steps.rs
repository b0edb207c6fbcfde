//! The forms of the steps that are possible now; each asks just what its command needs.

use crate::lang::Lang;
use crate::problem::json;
use crate::problem::show::{Refused, Shows};
use crate::ui::field::{Field, Typed, checks, options};
use domain::command::CommandName;
use domain::problem::*;
use domain::time::Millis;
use maud::{Markup, html};
use store::person::Person;

pub fn view(lang: Lang, shows: &Shows, refused: Option<&Refused>) -> Markup {
    let p = shows.problem();
    let steps = domain::access::steps(&shows.met.parties, p.state.name());
    let missing = json::missing(p, &shows.met.parties, &shows.terms, shows.now);
    let nothing = Typed::default();
    html! {
        @if steps.is_empty() { p.hint { (lang.of("现在没有需要您办的事。", "Nothing for you to do now.")) } }
        @for step in steps.iter().filter(|step| useful(**step, p, shows.now)) {
            @let again = refused.filter(|it| it.step == *step);
            details.step open[again.is_some()] id={ "step-" (step.code()) } {
                summary { (lang.of(step.zh(), step.en())) }
                form method="post" action={ "/problems/" (shows.met.found.no) "/" (step.code()) } data-keep=(step.code()) {
                    input type="hidden" name="seen" value=(p.revision);
                    @if let Some(again) = again { p.error { (again.sentence) } }
                    @if *step == CommandName::Close && !missing.is_empty() {
                        p.hint {
                            (lang.of("还缺：", "Still missing: "))
                            @for (i, it) in missing.iter().enumerate() { @if i > 0 { (lang.of("、", ", ")) } (lang.of(it.words().1, it.words().2)) }
                        }
                    }
                    (fields(lang, *step, shows, again.map_or(&nothing, |it| it.typed)))
                    button.primary { (lang.of(step.zh(), step.en())) }
                }
            }
        }
    }
}

/// Steps that the state knows but that make no sense on this problem now are not offered.
fn useful(step: CommandName, p: &Problem, now: Millis) -> bool {
    use CommandName::*;
    let case = p.state.case();
    let disputed = case.is_some_and(|case| case.parts().any(|part| part.disputed.is_some()));
    match step {
        Rule => disputed,
        DecideExtension => case.is_some_and(|case| case.extension.is_some()),
        DecidePause => case.is_some_and(|case| case.pause.is_some()),
        Resume => p.is_paused(),
        Milestone => p.board.is_some(),
        Board => p.board.is_none(),
        Recall => case.is_some_and(|case| case.lead.received.is_none() && now.0 - case.dispatched.at.0 <= 60_000),
        JoinCommon | Coordinate => false,
        _ => true,
    }
}

fn fields(lang: Lang, step: CommandName, shows: &Shows, typed: &Typed) -> Markup {
    use CommandName::*;
    let label = |zh: &'static str, en: &'static str| lang.of(zh, en);
    let words = |zh, en| Field::new("words", lang.of(zh, en), typed).area(3);
    let reason = || words("理由", "Reason");
    let note = || words("说明", "Note");
    let day = |name, zh, en| Field::new(name, lang.of(zh, en), typed).input("date");
    let number = |name, zh, en| Field::new(name, lang.of(zh, en), typed).input("number");
    let list = |all: Vec<(String, String)>, name, zh, en| Field::new(name, lang.of(zh, en), typed).select(label("请选择", "Choose"), &all);
    let persons = |all: &[Person]| -> Vec<(String, String)> { all.iter().map(|it| (it.id.to_string(), it.name.clone())).collect() };
    let units = || -> Vec<(String, String)> {
        shows.directory.units.iter().filter(|it| !it.ended).map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect()
    };
    let categories = || -> Vec<(String, String)> {
        shows.directory.categories.iter().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect()
    };
    let tiers = || options(Tier::ALL, Tier::code, |it| lang.of(it.zh(), it.en()));
    let yes_no = |zh_yes: &str, zh_no: &str, en_yes: &str, en_no: &str| {
        vec![("yes".to_owned(), lang.of(zh_yes, en_yes).to_owned()), ("no".to_owned(), lang.of(zh_no, en_no).to_owned())]
    };
    match step {
        Triage => {
            let p = shows.problem();
            let filled = if typed.0.is_empty() {
                Typed(vec![
                    ("category".into(), p.category.map(|it| it.to_string()).unwrap_or_default()),
                    ("tier".into(), p.tier.code().into()),
                    ("urgency".into(), p.urgency.code().into()),
                ])
            } else {
                typed.clone()
            };
            html! {
                (Field::new("category", label("类别", "Category"), &filled).select(label("未定", "Not set"), &categories()))
                (Field::new("tier", label("办理层级", "Tier"), &filled).select("", &tiers()))
                (Field::new("urgency", label("紧急程度", "Urgency"), &filled).select("", &options(Urgency::ALL, Urgency::code, |it| lang.of(it.zh(), it.en()))))
            }
        }
        Merge => html! { (number("into", "并入哪一件（编号）", "Into which (number)")) (note()) },
        Dispatch => html! {
            (list(units(), "lead", "主办单位", "Lead unit"))
            (checks("supports", label("协办单位", "Supporting units"), &units(), typed))
            (words("交办要求", "What is asked"))
        },
        Shield => list(yes_no("保密", "不再保密", "Shield", "No longer"), "on", "反映人身份", "The reporter"),
        Recategorise => html! { (list(categories(), "category", "改为", "To")) (reason()) },
        Rule => html! {
            (Field::new("to", label("裁定由谁办", "Who is to do it"), typed).select(label("维持原单位", "Keep the unit"), &units()))
            (reason())
        },
        Slip => html! {
            (list([("blue", "蓝", "Blue"), ("yellow", "黄", "Yellow"), ("red", "红", "Red")].map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned())).to_vec(), "light", "督查单颜色", "Colour"))
            (note())
        },
        Note => words("办理情况", "What was done"),
        Evidence => evidence(lang, shows, typed),
        Support => html! { (words("协办意见", "Our part")) (evidence(lang, shows, typed)) },
        AskExtension => html! { (day("until", "延至", "Until")) (reason()) },
        DecideExtension | DecidePause => html! {
            (list(yes_no("同意", "不同意", "Grant", "Deny"), "grant", "决定", "Decision"))
            (reason())
        },
        AskPause => html! {
            (list(options(PauseReason::ALL, PauseReason::code, |it| lang.of(it.zh(), it.en())), "reason", "暂停情形", "Why"))
            (reason())
        },
        Raise => html! { (list(tiers(), "tier", "提升到", "To")) (note()) },
        Board => html! {
            (list(persons(&shows.leaders), "leader", "领衔领导", "Leader"))
            (Field::new("milestones", label("节点计划", "Milestones"), typed).hint(label("每行一个：日期 内容", "One a line: date, what")).area(4))
        },
        Milestone => html! { (number("number", "第几个节点", "Which milestone")) (note()) },
        Answer => html! {
            (list(options(Outcome::ALL, Outcome::code, |it| lang.of(it.zh(), it.en())), "outcome", "办理结果", "Outcome"))
            (words("答复反映人的话", "What the reporter is told"))
            (Field::new("rest", label("部分解决：尚未解决的部分和理由", "Partly: what remains, and why"), typed).area(2))
            (day("date", "列入计划：日期", "Planned: date"))
            (Field::new("outside", label("不属职责：应由哪个单位办理", "Not ours: whose it is"), typed).input("text"))
            (number("duplicate_of", "重复：原问题编号", "Duplicate: number of the original"))
            (evidence(lang, shows, typed))
            label.choice { input type="checkbox" name="apply" value="yes" checked[typed.get("apply") == "yes"]; (label("同时申请销号", "Apply for strike-off at once")) }
        },
        Contact => html! { (list(yes_no("已联系上", "未联系上", "Reached", "No answer"), "reached", "结果", "Result")) (note()) },
        Rate => html! {
            (list(options(Verdict::ALL, Verdict::code, |it| lang.of(it.zh(), it.en())), "verdict", "问题解决了吗", "Is it solved"))
            (list(options(Satisfaction::ALL, Satisfaction::code, |it| lang.of(it.zh(), it.en())), "satisfaction", "满意吗", "Satisfied"))
            (words("原话", "In his words"))
        },
        Assign => list(persons(&shows.colleagues), "to", "指派给", "To"),
        Refuse | Withdraw | Dispute | Redo | Reopen | Relapse | Wake | Sign => reason(),
        Receive | Apply | Close | Recall | Resume => html! {},
        JoinCommon | Coordinate => html! {},
        Instruct | Remind | Verify | FollowUp => note(),
    }
}

fn evidence(lang: Lang, shows: &Shows, typed: &Typed) -> Markup {
    let files: Vec<(String, String)> = shows.attachments.iter().map(|it| (it.id.to_string(), it.name.clone())).collect();
    let p = shows.problem();
    let wanted = p.state.case().map(|case| p.missing_evidence(case)).unwrap_or_default();
    let hint = if wanted.is_empty() { String::new() } else { format!("{}{}", lang.of("还需：", "Still needed: "), wanted.join("、")) };
    html! {
        (Field::new("item", lang.of("办理依据", "Evidence"), typed).hint(&hint).input("text"))
        @if !files.is_empty() {
            (Field::new("attachment", lang.of("附件", "Attachment"), typed).select(lang.of("不附文件", "No file"), &files))
        }
    }
}
