//! What is still open when the curtain rises: every state and every light.

use super::{InHand, Stage, board, dispute, pause, rule, slip};
use crate::demo::plot::Plot;
use crate::demo::sayings;
use crate::demo::step::{Act, Step, Who};
use domain::command::{Command, Ruling};
use domain::light::Light;
use domain::problem::{Outcome, Verdict};

pub(super) fn all(stage: &mut Stage<'_>) {
    registered(stage);
    dispatched(stage);
    in_hand(stage);
    common(stage);
    again(stage);
    answered(stage);
    planned(stage);
}

fn registered(stage: &mut Stage<'_>) {
    for number in 0..40 {
        // Most wait for today's triage; a few were overlooked.
        let ago = [0, 0, 0, 0, 1, 0, 2][number % 7];
        let mut plot = stage.begin(ago);
        plot.register(number == 5);
        if number % 3 == 0 {
            plot.soon().triage();
        }
        stage.keep(plot);
    }
}

/// Not received: at once, a day late, or disputed.
fn dispatched(stage: &mut Stage<'_>) {
    for number in 0..44 {
        let ago = if (8..16).contains(&number) { 1 + number % 2 } else { [0, 1, 0, 0, 2][number % 5] };
        let mut plot = stage.begin(ago + 1);
        plot.register(false).on(ago).triage().soon().dispatch();
        match number {
            0..8 => dispute(&mut plot),
            8..12 => {
                dispute(&mut plot);
                rule(&mut plot, ago - 1, Ruling::Keep);
            }
            12..16 => {
                dispute(&mut plot);
                let other = (plot.lead + 1) % plot.cast.benches.len();
                let to = plot.cast.benches[other].unit;
                rule(&mut plot, ago - 1, Ruling::To(to));
            }
            16..20 => {
                plot.assist();
            }
            _ => {}
        }
        stage.keep(plot);
    }
}

fn in_hand(stage: &mut Stage<'_>) {
    for number in 0..98 {
        // From today to five workdays past the due date; fewer of these.
        let ago = number % 20 % 13;
        let mut plot = stage.begin_about(ago + 1, |text| !text.is_emergency());
        plot.register(number % 24 == 7).on(ago).triage().soon().dispatch().soon().receive();
        // Every sixth share of a supporting unit is left lying, which turns the whole yellow.
        if number % 6 != 5 {
            plot.assist();
        }
        if ago > 1 {
            plot.on(ago - 1).note();
            if number % 6 != 5 {
                plot.give_support();
            }
        }
        special(&mut plot, number, ago);
        let (filled, speaker) = (plot.filled.clone(), plot.speaker);
        let kept = InHand { id: plot.id, number: plot.number, filled, speaker, ago, at: plot.at };
        stage.keep(plot);
        stage.in_hand.push(kept);
    }
}

fn special(plot: &mut Plot<'_>, number: usize, ago: usize) {
    let later = plot.days.now.day().plus(12);
    let ask = Command::AskExtension { until: later };
    match (number, ago) {
        (_, 4..=5) if number.is_multiple_of(2) => {
            plot.on(1).head(ask, "设备到货延迟，申请延期。");
            if number % 40 < 25 {
                plot.on(0).by(Who::Office, Command::DecideExtension { grant: true }, "同意延期一次。");
            }
        }
        (_, 3..=6) => pause(plot, ago - 2, !number.is_multiple_of(5)),
        (_, 9) => board(plot, 2),
        (_, 10..) => {
            slip(plot, Light::Red);
            plot.soon().by(Who::Office, Command::Remind { about: String::new() }, "已逾期，请说明原因并抓紧办理。");
        }
        (40..=47, _) => {
            plot.on(0).by(Who::Leader, Command::Instruct, "请走访办汇总同类问题。");
        }
        _ => {}
    }
}

/// The category that most are about: one becomes the common problem, the others join it.
fn common(stage: &mut Stage<'_>) {
    let category = |it: &InHand| stage.texts.texts[it.number].category;
    let of = |one: &&InHand| stage.in_hand.iter().filter(|it| category(it) == category(one)).count();
    let Some(parent) = stage.in_hand.iter().max_by_key(of) else { return };
    let same = stage.in_hand.iter().filter(|it| category(it) == category(parent) && it.id != parent.id);
    for child in same.take(8) {
        let at = stage.days.moment(0, stage.dice.between(900, 1_000)).max(child.at).max(parent.at);
        let command = Command::JoinCommon { parent: parent.id };
        let act = Act::Order { problem: child.id, command, words: sayings::COMMON.into(), rest: String::new() };
        stage.steps.push(Step { at, who: Who::Office, act });
    }
}

/// Reopened by the reporter, relapsed at a follow-up, sent back after a no.
fn again(stage: &mut Stage<'_>) {
    for number in 0..18 {
        let mut plot = stage.begin(20 + number / 3);
        plot.register(false).on(19).triage().soon().dispatch().soon().receive().assist();
        plot.on(17).give_support().on(14).answer(Outcome::Solved, None).soon().apply().on(13).verify();
        let (reporter, who) = (Who::Reporter(plot.reporter), plot.checker());
        match number % 9 {
            0..4 => {
                plot.on(12).rate(Verdict::Yes).soon().close();
                plot.on(3 + number % 9).by(reporter, Command::Reopen, "好了几天又出现了，请再看看。");
            }
            4..6 => {
                plot.on(12).rate(Verdict::Yes).soon().close();
                plot.on(4).by(who, Command::Relapse, "后续跟踪发现问题反弹。");
            }
            _ => {
                plot.on(12).rate(Verdict::No);
                plot.on(number % 9 - 6).by(Who::Office, Command::Redo, "反映人不认可，请重新办理。");
            }
        }
        stage.keep(plot);
    }
}

fn answered(stage: &mut Stage<'_>) {
    for number in 0..60 {
        let ago = 4 + number % 6;
        let mut plot = stage.begin(ago + 3);
        plot.register(number == 11).on(ago + 2).triage().soon().dispatch().soon().receive().assist();
        plot.on(ago).give_support();
        let outcome = if number % 7 == 6 { Outcome::Explained } else { Outcome::Solved };
        let day = number % 4;
        plot.on(day).answer(outcome, None);
        if number % 4 > 0 {
            plot.soon().apply();
        }
        match (day, number % 3) {
            (2.., 0) => plot.on(day - 1).contact(false).soon().verify(),
            (2.., 1) => plot.on(day - 1).contact(true).on(day - 2).verify(),
            (3, 2) => plot.on(day - 1).verify().on(day - 2).rate(Verdict::No),
            (1, _) => plot.on(0).contact(true),
            _ => &mut plot,
        };
        stage.keep(plot);
    }
}

/// Most sleep until their day; four woke meanwhile and are in hand again.
fn planned(stage: &mut Stage<'_>) {
    for number in 0..24 {
        let mut plot = stage.begin(16 + number / 4);
        plot.register(false).on(15).triage().soon().dispatch().soon().receive().assist();
        plot.on(13).give_support();
        let date = match number {
            0..4 => plot.days.day(4),
            _ => plot.days.now.day().plus(5 + 6 * number as i64),
        };
        plot.on(10).answer(Outcome::Planned, Some(date)).on(9).verify();
        stage.keep(plot);
    }
}
