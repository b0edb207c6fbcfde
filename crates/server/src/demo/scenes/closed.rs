//! What was struck off: most of all there was, for the campaign has run for long.

use super::Stage;
use crate::demo::plot::Plot;
use crate::demo::sayings;
use crate::demo::step::Who;
use domain::command::Command;
use domain::problem::{Outcome, Verdict};

/// How the reporter took the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Content,
    Partly,
    /// Two calls that nobody took, then five workdays.
    Silent,
    /// "Not satisfied, yet lawful".
    Refused,
}

/// Enough workdays from the report to the closing.
const LEAST: usize = 10;
const LEAST_SILENT: usize = 19;

pub(super) fn all(stage: &mut Stage<'_>, count: usize) {
    for number in 0..count {
        let word =
            stage.dice.weighed(&[(Word::Content, 840), (Word::Partly, 110), (Word::Silent, 35), (Word::Refused, 15)]);
        let mut plot = stage.begin_before(if word == Word::Silent { LEAST_SILENT } else { LEAST });
        let registered = plot.days.ago(plot.at.day());
        plot.register(number % 25 == 3).on(registered - 1).triage().soon().dispatch();
        plot.soon().receive().assist().on(registered - 2).note();
        plot.give_support();
        // Most within their seven workdays.
        let pace = if plot.dice.percent(91) { plot.dice.between(2, 6) } else { plot.dice.between(8, 11) };
        let least = if word == Word::Silent { 9 } else { 4 };
        let day = (registered - 1).saturating_sub(pace).max(least);
        finish(&mut plot, word, day);
        if number % 9 == 8 && day > 4 {
            let who = plot.checker();
            plot.on(day - 4).by(who, Command::FollowUp, "后续跟踪：情况稳定，没有反弹。");
        }
        stage.keep(plot);
    }
}

fn finish(plot: &mut Plot<'_>, word: Word, day: usize) {
    let outcome = match word {
        Word::Refused => Outcome::Explained,
        Word::Partly => Outcome::Partly,
        Word::Content | Word::Silent => Outcome::Solved,
    };
    plot.on(day).answer(outcome, None).soon().apply().on(day - 1).verify();
    match word {
        Word::Content => plot.on(day - 2).rate(Verdict::Yes).soon().close(),
        Word::Partly => plot.on(day - 2).rate(Verdict::Partly).soon().close(),
        Word::Silent => plot.contact(false).on(day - 2).contact(false).on(day - 9).close(),
        Word::Refused => plot
            .on(day - 2)
            .rate(Verdict::No)
            .on(day - 3)
            .by(Who::Supervision, Command::Sign, sayings::LAWFUL)
            .soon()
            .close(),
    };
}
