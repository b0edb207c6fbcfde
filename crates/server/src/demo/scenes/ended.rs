//! What ended before it was handled: refused, withdrawn, merged into another.

use super::{InHand, Stage};
use crate::demo::plot::{Plot, Speaker};
use crate::demo::sayings;
use crate::demo::step::Who;
use domain::command::Command;
use domain::problem::{Outcome, Verdict};

pub(super) fn refused_and_withdrawn(stage: &mut Stage<'_>) {
    let last = stage.days.last().saturating_sub(3);
    for number in 0..22 {
        let ago = stage.dice.between(2, last);
        let mut plot = stage.begin(ago);
        let why = sayings::REFUSALS[number % sayings::REFUSALS.len()];
        plot.register(false).on(ago - 1).by(Who::Office, Command::Refuse, why);
        stage.keep(plot);
    }
    for number in 0..16 {
        let ago = stage.dice.between(3, last);
        let mut plot = stage.begin(ago);
        plot.register(false);
        if number % 2 == 0 {
            plot.on(ago - 1).triage().soon().dispatch().soon().receive();
        }
        let who = Who::Reporter(plot.reporter);
        let why = sayings::WITHDRAWALS[number % sayings::WITHDRAWALS.len()];
        plot.on(ago - 2).by(who, Command::Withdraw, why);
        stage.keep(plot);
    }
}

/// The same matter reported twice: into one that is in hand, or one that is answered.
pub(super) fn merged(stage: &mut Stage<'_>) {
    for number in 0..20 {
        let into = number * 2 % stage.in_hand.len();
        let id = stage.in_hand[into].id;
        let mut plot = again(stage, into);
        plot.register(false).soon().by(Who::Office, Command::Merge { into: id }, sayings::SAME);
        stage.keep(plot);
    }
    for _ in 0..4 {
        merged_and_closed(stage);
    }
}

/// Told once more, a workday later: by the same enterprise, or by another resident.
fn again<'a>(stage: &mut Stage<'a>, into: usize) -> Plot<'a> {
    let InHand { number, ref filled, speaker, ago, at, .. } = stage.in_hand[into];
    let filled = filled.clone();
    let speaker = match speaker {
        Speaker::Resident(at) => Speaker::Resident((at + 1) % stage.cast.residents.len()),
        host => host,
    };
    let later = stage.days.moment(ago.saturating_sub(1), stage.dice.between(0, 900)).max(at.plus(60_000));
    stage.plot(number, filled, speaker, None, later.min(stage.days.now))
}

/// Each rates for himself: the one merged in has a closing of its own.
fn merged_and_closed(stage: &mut Stage<'_>) {
    let mut first = stage.begin(9);
    first.register(false).on(8).triage().soon().dispatch().soon().receive().assist();
    first.on(5).give_support().on(4).answer(Outcome::Solved, None).soon().apply().on(3).verify();
    first.on(2).rate(Verdict::Yes);
    let (into, number, filled, speaker) = (first.id, first.number, first.filled.clone(), first.speaker);
    stage.keep(first);
    let at = stage.days.moment(7, stage.dice.between(0, 900));
    let mut second = stage.plot(number, filled, speaker, None, at);
    second.register(false).soon().by(Who::Office, Command::Merge { into }, sayings::SAME);
    second.on(2).rate(Verdict::Yes).on(1).close();
    stage.keep(second);
}
