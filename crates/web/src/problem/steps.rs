//! The forms of the steps that are possible now; each asks just what its command needs.

use crate::auth::Who;
use crate::lang::Lang;
use crate::problem::page::Refused;
use crate::problem::show::Shows;
use crate::problem::{gate, json};
use crate::ui::field::{Form, Typed, options};
use crate::ui::part::{self, said};
use domain::access::Party;
use domain::command::CommandName;
use domain::problem::*;
use domain::time::Millis;
use maud::{Markup, html};
use store::person::Person;

pub fn view(who: &Who, shows: &Shows, refused: Option<&Refused>) -> Markup {
    let (lang, p, no) = (who.lang, shows.problem(), shows.met.found.no);
    let all = domain::access::steps(&shows.met.parties, p.state.name());
    let mut offered: Vec<CommandName> = all
        .into_iter()
        .filter(|step| useful(*step, shows) || refused.is_some_and(|it| it.step == *step && has_form(*step)))
        .collect();
    // What is typed into a step that is over by now would be lost with its form.
    let lost = refused.filter(|it| !offered.contains(&it.step));
    // After a refusal the form that was refused is the next step, and the only filled button.
    let next = refused.map(|it| it.step).filter(|it| offered.contains(it)).or_else(|| next_step(&offered, shows));
    offered.retain(|it| Some(*it) != next);
    // What ends or hides a problem stands last.
    offered.sort_by_key(|it| {
        matches!(it, CommandName::Shield | CommandName::Withdraw | CommandName::Merge | CommandName::Refuse)
    });
    let named = shows.met.parties.iter().any(|it| matches!(it, Party::Office | Party::Officer)) && p.reporter.is_some();
    let internal = domain::access::sees_internal(&shows.met.parties);
    let others = offered.len();
    html! {
        @if let Some(next) = next { a.thumb href="#next" { (lang.of("下一步：", "Next: ")) (lang.of(next.zh(), next.en())) } }
        section.sheet.steps id="next" {
            h2 { (lang.of("下一步", "Next step")) @if let Some(next) = next { (lang.of("：", ": ")) (lang.of(next.zh(), next.en())) } }
            @if let Some(lost) = lost { (typed_in_vain(lang, lost)) }
            @match next {
                Some(next) => (now(lang, next, shows, refused.filter(|it| it.step == next))),
                None => p.hint { (waits(lang, shows)) },
            }
            @if p.state.name() == StateName::Registered && shows.met.parties.contains(&Party::Office) {
                p.link { a href={ "/triage/" (no) } { (lang.of("到梳理台一次办完", "Decide it on the triage desk")) } }
            }
            @if internal { (gate::view(lang, shows)) }
            @if others > 0 {
                details.others open[next.is_none() && others < 3] {
                    summary { (lang.of(format!("还可以办的{others}项"), format!("{others} other steps"))) }
                    @for step in &offered { (one(lang, *step, shows)) }
                }
            }
            @if named {
                form.link method="post" action={ "/problems/" (no) "/reporter-link" } {
                    button.quiet { (lang.of("给反映人发链接", "Make a link for the reporter")) }
                }
            }
        }
    }
}

/// The step that this desk is waited for, ready to be filled in.
fn now(lang: Lang, step: CommandName, shows: &Shows, again: Option<&Refused>) -> Markup {
    let nothing = Typed::default();
    let code = step.code();
    let prefix = format!("{code}-");
    let wrong = again.map(|it| it.error.wrong(lang)).unwrap_or_default();
    let form = Form { lang, typed: again.map_or(&nothing, |it| it.typed), prefix: &prefix, wrong: &wrong };
    html! {
        form.now id={ "step-" (code) } method="post" action={ "/problems/" (shows.met.found.no) "/" (code) } data-keep=(code) {
            input type="hidden" name="seen" value=(shows.problem().revision);
            @if let Some(again) = again.filter(|_| wrong.is_empty()) { p.error { (said(lang, &again.sentence)) } }
            (asked(lang, step, shows))
            (fields(&form, step, shows))
            button.wide.primary { (lang.of(step.zh(), step.en())) }
        }
    }
}

/// What is to be decided: the request in the words of who made it.
fn asked(lang: Lang, step: CommandName, shows: &Shows) -> Markup {
    let kind = match step {
        CommandName::DecideExtension => "extension-asked",
        CommandName::DecidePause => "pause-asked",
        CommandName::Rule => "disputed",
        _ => return html! {},
    };
    let reader = shows.reader(lang);
    let Some(shown) = shows.events.iter().rev().find(|it| it.body.kind == kind) else { return html! {} };
    html! {
        div.asked {
            p.meta { span lang="zh-CN" { (shown.by_name) } " " (said(lang, &reader.facts(shown, &shows.directory))) }
            @if let Some(words) = reader.words(shown) { (part::words(&words)) }
        }
    }
}

/// Whom this problem waits for, for a desk that it does not wait for.
fn waits(lang: Lang, shows: &Shows) -> Markup {
    let p = shows.problem();
    let unit = p.state.case().and_then(|case| shows.directory.unit(case.lead.unit));
    let unit = unit.map(|it| it.label(lang.is_en()).to_owned()).unwrap_or_default();
    let sentence = match p.state.name() {
        StateName::Registered => {
            lang.of("等走访办梳理、交办。".to_owned(), "It waits for triage and dispatch by the office.".to_owned())
        }
        StateName::Dispatched => lang.of(format!("等{unit}签收。"), format!("It waits for {unit} to receive it.")),
        StateName::InHand => lang.of(format!("{unit}在办。"), format!("{unit} is working on it.")),
        StateName::Planned => {
            lang.of("到计划日期自动恢复办理。".to_owned(), "It wakes by itself on its date.".to_owned())
        }
        StateName::Answered => {
            lang.of("等下面所缺的各项补齐。".to_owned(), "It waits for what is still missing.".to_owned())
        }
        _ => lang.of("现在没有需要您办的事。".to_owned(), "Nothing for you to do now.".to_owned()),
    };
    html! { (said(lang, &sentence)) }
}

fn one(lang: Lang, step: CommandName, shows: &Shows) -> Markup {
    let nothing = Typed::default();
    let code = step.code();
    let prefix = format!("{code}-");
    let form = Form { lang, typed: &nothing, prefix: &prefix, wrong: &[] };
    html! {
        details.step id={ "step-" (code) } {
            summary { (lang.of(step.zh(), step.en())) }
            form method="post" action={ "/problems/" (shows.met.found.no) "/" (code) } data-keep=(code) {
                input type="hidden" name="seen" value=(shows.problem().revision);
                (fields(&form, step, shows))
                button.wide { (lang.of(step.zh(), step.en())) }
            }
        }
    }
}

fn typed_in_vain(lang: Lang, refused: &Refused) -> Markup {
    let texts = refused.typed.0.iter().filter(|(name, value)| {
        matches!(name.as_str(), "words" | "rest" | "item" | "outside" | "milestones") && !value.trim().is_empty()
    });
    html! {
        div.sheet {
            p.hint { (lang.of("这一步现在不能办了；您写的内容在这里，可以复制。", "This step is over by now; what you wrote stands here to be copied.")) }
            @for (_, value) in texts { textarea readonly rows="4" lang="zh-CN" aria-label=(lang.of("您写的内容", "What you wrote")) { (value) } }
        }
    }
}

/// The one step with the filled button: what this desk is waited for.
fn next_step(offered: &[CommandName], shows: &Shows) -> Option<CommandName> {
    use CommandName::*;
    let p = shows.problem();
    let ready = json::missing(p, &shows.met.parties, &shows.terms, shows.now).is_empty();
    let order = [
        Receive,
        Rule,
        DecideExtension,
        DecidePause,
        Triage,
        Dispatch,
        Support,
        Answer,
        Apply,
        Verify,
        Close,
        Rate,
        Contact,
        Sign,
    ];
    order.into_iter().filter(|it| offered.contains(it)).find(|it| match it {
        Triage => p.category.is_none(),
        Close => ready,
        // What was given can be added to, but nobody waits for it.
        Support => own_part(shows).is_some_and(|part| part.supported.is_none()),
        _ => true,
    })
}

/// The share of the unit that looks.
fn own_part(shows: &Shows) -> Option<&Part> {
    let own = |part: &Part| {
        shows.met.parties.iter().any(|it| matches!(it, Party::LeadHead(unit) | Party::LeadClerk(unit) | Party::SupportHead(unit) | Party::SupportClerk(unit) if *unit == part.unit))
    };
    shows.problem().state.case().and_then(|case| case.parts().find(|part| own(part)))
}

/// Steps that the state knows but that make no sense on this problem now are not offered.
fn useful(step: CommandName, shows: &Shows) -> bool {
    use CommandName::*;
    let (p, now): (&Problem, Millis) = (shows.problem(), shows.now);
    let (case, answer) = (p.state.case(), p.state.answer());
    let disputed = case.is_some_and(|case| disputes(case).next().is_some());
    let own_part = own_part(shows);
    let needs_application =
        answer.is_some_and(|it| !matches!(it.outcome, Outcome::Planned | Outcome::Duplicate | Outcome::Withdrawn));
    match step {
        Receive => own_part.is_some_and(|part| part.received.is_none()),
        Dispute => own_part.is_some_and(|part| part.disputed.is_none()) && case.is_some_and(|case| !case.ruled),
        Rule => disputed,
        DecideExtension => case.is_some_and(|case| case.extension.is_some()),
        AskExtension => case.is_some_and(|case| case.extension.is_none()),
        DecidePause => case.is_some_and(|case| case.pause.is_some()),
        AskPause => case.is_some_and(|case| case.pause.is_none()) && !p.is_paused(),
        Resume => p.is_paused(),
        Milestone => p.board.is_some(),
        Board => p.board.is_none(),
        Apply => needs_application && answer.is_some_and(|it| it.applied.is_none()),
        Verify => answer.is_some_and(|it| it.verified.is_none() && (it.applied.is_some() || !needs_application)),
        Rate => case.is_none_or(|case| p.ratings.iter().all(|it| it.round != case.round)),
        Recall => case.is_some_and(|case| case.lead.received.is_none() && now.0 - case.dispatched.at.0 <= 60_000),
        step if !has_form(step) => false,
        _ => true,
    }
}

fn has_form(step: CommandName) -> bool {
    !matches!(step, CommandName::JoinCommon | CommandName::Coordinate)
}

fn disputes(case: &Case) -> impl Iterator<Item = &Part> {
    case.parts().filter(|part| part.disputed.is_some())
}

fn fields(form: &Form, step: CommandName, shows: &Shows) -> Markup {
    use CommandName::*;
    let (lang, typed) = (form.lang, form.typed);
    let label = |zh: &'static str, en: &'static str| lang.of(zh, en);
    let words = |zh, en| form.field("words", zh, en).area(3);
    let reason = || words("理由", "Reason");
    let note = || words("说明", "Note");
    let day = |name, zh, en| form.field(name, zh, en).input("date");
    let number = |name, zh, en| form.field(name, zh, en).input("number");
    let list =
        |all: Vec<(String, String)>, name, zh, en| form.field(name, zh, en).select(label("请选择", "Choose"), &all);
    let persons = |all: &[Person]| -> Vec<(String, String)> {
        all.iter().map(|it| (it.id.to_string(), it.name.clone())).collect()
    };
    let units = || -> Vec<(String, String)> {
        shows
            .directory
            .units
            .iter()
            .filter(|it| !it.ended)
            .map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned()))
            .collect()
    };
    let categories = || -> Vec<(String, String)> {
        shows.directory.categories.iter().map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect()
    };
    let tiers = || options(Tier::ALL, Tier::code, |it| lang.of(it.zh(), it.en()));
    let yes_no = |zh_yes: &str, zh_no: &str, en_yes: &str, en_no: &str| {
        vec![
            ("yes".to_owned(), lang.of(zh_yes, en_yes).to_owned()),
            ("no".to_owned(), lang.of(zh_no, en_no).to_owned()),
        ]
    };
    match step {
        Triage => {
            let p = shows.problem();
            let filled = Typed(vec![
                ("category".into(), p.category.map(|it| it.to_string()).unwrap_or_default()),
                ("tier".into(), p.tier.code().into()),
                ("urgency".into(), p.urgency.code().into()),
            ]);
            let form = if typed.0.is_empty() { Form { typed: &filled, ..*form } } else { *form };
            html! {
                (form.field("category", "类别", "Category").select(label("未定", "Not set"), &categories()))
                (form.field("tier", "办理层级", "Tier").select("", &tiers()))
                (form.field("urgency", "紧急程度", "Urgency").select("", &options(Urgency::ALL, Urgency::code, |it| lang.of(it.zh(), it.en()))))
            }
        }
        Merge => html! { (number("into", "并入哪一件（编号）", "Into which (number)")) (note()) },
        Dispatch => html! {
            (list(units(), "lead", "主办单位", "Lead unit"))
            (form.checks("supports", "协办单位", "Supporting units", &units()))
            (words("交办要求", "What is asked"))
        },
        Shield => list(yes_no("保密", "不再保密", "Shield", "No longer"), "on", "反映人身份", "The reporter"),
        Recategorise => html! { (list(categories(), "category", "改为", "To")) (reason()) },
        Rule => html! {
            @let waiting: Vec<(String, String)> = shows.problem().state.case().into_iter().flat_map(disputes)
                .filter_map(|part| shows.directory.unit(part.unit)).map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned())).collect();
            @if waiting.len() > 1 { (form.field("unit", "裁定哪个单位的退单", "Whose dispute").select("", &waiting)) }
            (form.field("to", "裁定由谁办", "Who is to do it").select(label("维持原单位", "Keep the unit"), &units()))
            (reason())
        },
        Slip => html! {
            (list([("blue", "蓝", "Blue"), ("yellow", "黄", "Yellow"), ("red", "红", "Red")].map(|(code, zh, en)| (code.to_owned(), lang.of(zh, en).to_owned())).to_vec(), "light", "督查单颜色", "Colour"))
            (note())
        },
        CommandName::Note => words("办理情况", "What was done"),
        Evidence => evidence(form, shows),
        Support => html! { (words("协办意见", "Our part")) (evidence(form, shows)) },
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
            (form.field("milestones", "节点计划", "Milestones").hint(label("每行一个：日期 内容，如 2018-05-04 完成勘察", "One a line: date, what")).area(4))
        },
        Milestone => html! { (number("number", "第几个节点", "Which milestone")) (note()) },
        Answer => html! {
            (list(options(Outcome::ALL, Outcome::code, |it| lang.of(it.zh(), it.en())), "outcome", "办理结果", "Outcome"))
            (words("答复反映人的话", "What the reporter is told"))
            (evidence(form, shows))
            @let more = ["rest", "date", "outside", "duplicate_of"].into_iter().any(|name| !typed.get(name).is_empty() || form.error_at(name).is_some());
            details.more open[more] {
                summary { (label("部分解决、列入计划、不属职责、重复时填", "For partly, planned, not ours, duplicate")) }
                (form.field("rest", "部分解决：尚未解决的部分和理由", "Partly: what remains, and why").area(2))
                (day("date", "列入计划：日期", "Planned: date"))
                (form.field("outside", "不属职责：应由哪个单位办理", "Not ours: whose it is").input("text"))
                (number("duplicate_of", "重复：原问题编号", "Duplicate: number of the original"))
            }
            (form.check("apply", "同时申请销号", "Apply for strike-off at once"))
        },
        Contact => {
            html! { (list(yes_no("已联系上", "未联系上", "Reached", "No answer"), "reached", "结果", "Result")) (note()) }
        }
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

/// Only files that the reader sees, under the names that he reads.
fn evidence(form: &Form, shows: &Shows) -> Markup {
    let (lang, p) = (form.lang, shows.problem());
    let seen = shows.attachments.iter().enumerate().filter(|(_, it)| it.shown_to(p, &shows.met.parties, shows.looker));
    let files: Vec<(String, String)> =
        seen.map(|(i, it)| (it.id.to_string(), crate::attachment::shown_name(it, i, &shows.met))).collect();
    let wanted = p.state.case().map(|case| p.missing_evidence(case)).unwrap_or_default();
    let hint = if wanted.is_empty() {
        String::new()
    } else {
        format!("{}{}", lang.of("还需：", "Still needed: "), wanted.join(lang.of("、", ", ")))
    };
    html! {
        (form.field("item", "办理依据", "Evidence").hint(&hint).input("text"))
        @if !files.is_empty() {
            (form.field("attachment", "附件", "Attachment").select(lang.of("不附文件", "No file"), &files))
        }
    }
}
