//! The five stages of a problem with what is known of each, the present one marked.

use crate::lang::Lang;
use crate::problem::gate;
use crate::problem::show::Shows;
use domain::problem::{State, StateName};
use domain::time::Millis;
use maud::{Markup, html};

struct Stage {
    name: StateName,
    at: Option<Millis>,
    more: &'static str,
}

pub fn view(lang: Lang, shows: &Shows) -> Markup {
    let p = shows.problem();
    let (case, answer, now) = (p.state.case(), p.state.answer(), p.state.name());
    let stage = |name, at: Option<Millis>| Stage { name, at, more: "" };
    let mut stages = vec![
        stage(StateName::Registered, Some(p.registered.at)),
        stage(StateName::Dispatched, case.map(|it| it.dispatched.at)),
        stage(StateName::InHand, case.and_then(|it| it.lead.received).map(|it| it.at)),
        Stage {
            name: StateName::Answered,
            at: answer.map(|it| it.given.at),
            more: answer.map_or("", |it| lang.of(it.outcome.zh(), it.outcome.en())),
        },
        stage(StateName::Closed, None),
    ];
    match &p.state {
        State::Closed { closing, .. } => stages[4].at = Some(closing.closed.at),
        State::Planned { date, .. } => stages.insert(4, stage(StateName::Planned, Some(Millis::at(*date, 0)))),
        // What ended otherwise shows how far it came, and its end.
        State::Merged { merged, .. } => end(&mut stages, stage(StateName::Merged, Some(merged.at))),
        State::Refused { refused } => end(&mut stages, stage(StateName::Refused, Some(refused.at))),
        State::Withdrawn { withdrawn, .. } => end(&mut stages, stage(StateName::Withdrawn, Some(withdrawn.at))),
        _ => {}
    }
    let lacking = gate::count(shows);
    let present = stages.iter().position(|it| it.name == now).unwrap_or(0);
    html! {
        ol.stepper aria-label=(lang.of("办理环节", "Stages")) {
            @for (i, it) in stages.iter().enumerate() {
                li data-past=[(i < present).then_some("")] aria-current=[(i == present).then_some("step")] {
                    b { (lang.of(it.name.zh(), it.name.en())) }
                    @if let (StateName::Closed, Some(lacking @ 1..)) = (it.name, lacking) {
                        span { (lang.of(format!("还差{lacking}项"), format!("{lacking} missing"))) }
                    }
                    @if let Some(at) = it.at.filter(|_| i <= present) {
                        span { (at.day()) @if !it.more.is_empty() { " · " (it.more) } }
                    }
                }
            }
        }
    }
}

fn end(stages: &mut Vec<Stage>, last: Stage) {
    stages.retain(|it| it.at.is_some());
    stages.push(last);
}
