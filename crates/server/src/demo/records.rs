//! What each visit brings home: minutes, answers, findings, promises and what became of those made before.

use super::answers;
use super::cast::Cast;
use super::days::Days;
use super::dice::Dice;
use super::hosts::Host;
use super::sayings;
use super::step::{Act, Step, Who};
use super::texts::{self, Texts};
use super::visits::{Call, End};
use domain::grid::{Battle, Cell, Link};
use domain::id::{FindingId, PolicyId, PromiseId};
use domain::subject::Kind;
use domain::time::{Day, Millis};
use domain::visit::{Command, Filled, Finding, FindingKind, Plan, Promise, Record, Settled};
use std::collections::{BTreeMap, BTreeSet};

struct Desk<'a> {
    cast: &'a Cast,
    texts: &'a Texts,
    days: &'a Days,
    dice: &'a Dice,
    calls: &'a [Call],
    /// What each visit says of promises made before.
    settled: Vec<Vec<Settled>>,
    steps: Vec<Step>,
}

/// The steps of all visits. `calls` are in the order of time.
pub fn all(cast: &Cast, texts: &Texts, days: &Days, dice: &Dice, calls: &[Call]) -> Vec<Step> {
    let settled = calls.iter().map(|_| vec![]).collect();
    let mut desk = Desk { cast, texts, days, dice, calls, settled, steps: vec![] };
    for at in 0..calls.len() {
        desk.tell(at);
    }
    desk.steps
}

impl<'a> Desk<'a> {
    fn tell(&mut self, at: usize) {
        let (call, host) = (&self.calls[at], &self.cast.hosts[self.calls[at].host]);
        let who = Who::Officer(call.by);
        self.steps.push(Step { at: call.planned, who, act: Act::Plan(Box::new(self.plan(call))) });
        let mut then = |at: Millis, who: Who, command: Command, words: &str| {
            let act = Act::Visit { visit: call.id, command, words: words.into() };
            self.steps.push(Step { at, who, act });
        };
        if call.end == End::Agreed || call.end == End::Recorded && self.dice.percent(85) {
            let agree = Command::Agree { when: call.when, with: host.contact.clone() };
            then(call.agreed, who, agree, "");
        }
        if call.leader {
            then(call.agreed.plus(30 * 60_000), Who::Leader, Command::Join, sayings::JOINED);
        }
        match call.end {
            End::Declined => then(call.at, who, Command::Decline, self.dice.one::<&str>(&sayings::DECLINES)),
            End::Recorded => {
                let record = Box::new(self.record(at, host));
                let command = Command::Record { record, reports: call.reports.clone() };
                let act = Act::Visit { visit: call.id, command, words: String::new() };
                self.steps.push(Step { at: call.at, who, act });
            }
            End::Planned | End::Agreed => {}
        }
    }

    fn plan(&self, call: &Call) -> Plan {
        let (visitor, ground) = (&self.cast.visitors[call.by], &self.cast.ground);
        Plan {
            id: call.id,
            subject: self.cast.hosts[call.host].id,
            campaign: Some(ground.campaign),
            round: call.in_round.then_some(ground.round),
            team: if call.in_round { ground.teams.get(call.by).copied() } else { None },
            unit: visitor.unit,
            officer: visitor.person,
            people: BTreeSet::new(),
            purpose: call.purpose,
            when: call.when,
        }
    }

    fn record(&mut self, at: usize, host: &Host) -> Record {
        let call = &self.calls[at];
        let mut record = Record::on(call.when);
        record.met = host.contact.clone();
        let companion = call.companion.map(|it| self.cast.visitors[it].person);
        let leader = self.cast.leader.person().filter(|_| call.leader);
        record.people = companion.into_iter().chain(leader).collect();
        record.minutes = texts::fill(self.minutes(host), &host.short, self.dice);
        if call.in_round {
            record.filled = self.filled(host);
        }
        record.findings = self.findings(call.at, host);
        record.promises = self.promises(at, host);
        record.settled = std::mem::take(&mut self.settled[at]);
        record.policies = self.policies(call.by, host);
        record.cells = self.cells(host);
        record
    }

    fn minutes(&self, host: &Host) -> &'static str {
        if host.is_enterprise() {
            return self.dice.one::<&'static str>(self.texts.minutes_for(host.makes(), host.exports()));
        }
        let fitting = self.texts.doorsteps.iter().filter(|[kind, _]| *kind == host.kind.code());
        self.dice.one::<&'static str>(&fitting.map(|[_, text]| *text).collect::<Vec<_>>())
    }

    fn filled(&self, host: &Host) -> Vec<Filled> {
        let forms = self.cast.ground.forms.iter();
        let filled = |responses, version| Filled { version, responses };
        forms.map(|it| filled(answers::all(&it.form, host, self.texts, self.dice), it.id)).collect()
    }

    fn findings(&self, at: Millis, host: &Host) -> Vec<Finding> {
        if !host.is_enterprise() && self.dice.percent(50) {
            return vec![];
        }
        let many = self.dice.weighed(&[(0, 32), (1, 48), (2, 20)]);
        let drawn = self.dice.some(&self.texts.findings, many);
        let finding = |[kind, text]: [&str; 2]| Finding {
            id: FindingId(store::ids::fresh(at)),
            kind: FindingKind::parse(kind).unwrap_or(FindingKind::Voice),
            text: texts::fill(text, &host.short, self.dice),
        };
        drawn.into_iter().map(finding).collect()
    }

    /// Policies are for enterprises; those of the visiting unit more often than others.
    fn policies(&self, by: usize, host: &Host) -> BTreeMap<PolicyId, String> {
        if !host.is_enterprise() {
            return BTreeMap::new();
        }
        let all = &self.cast.ground.policies;
        let own = all.iter().filter(|(_, issuer)| *issuer == self.cast.visitors[by].name && self.dice.percent(60));
        let others = self.dice.some(all, self.dice.between(0, 2));
        own.copied().chain(others).map(|(id, _)| (id, String::new())).collect()
    }

    fn cells(&self, host: &Host) -> BTreeSet<Cell> {
        let link = match host.kind {
            Kind::Enterprise | Kind::Site => Link::Enterprise,
            Kind::University => Link::University,
            Kind::Community | Kind::Household => Link::Community,
        };
        // The few visits to communities and universities touch on more.
        let few = if link == Link::Enterprise { 0 } else { 1 };
        let battles = self.dice.some(Battle::ALL, few + self.dice.weighed(&[(0, 10), (1, 60), (2, 30)]));
        battles.into_iter().map(|battle| Cell { link, battle }).collect()
    }

    fn promises(&mut self, at: usize, host: &Host) -> Vec<Promise> {
        let call = &self.calls[at];
        let mut made = Vec::new();
        for _ in 0..self.dice.weighed(&[(0, 42), (1, 46), (2, 12)]) {
            let (text, days, owner) = self.promised(call.by);
            let id = PromiseId(store::ids::fresh(call.at.plus(made.len() as i64)));
            let due = call.at.day().plus(days);
            made.push(Promise {
                id,
                text: texts::fill(text, &host.short, self.dice),
                owner: self.cast.visitors[owner].person,
                due,
            });
            self.becomes(at, id, owner, due);
        }
        made
    }

    /// One's own more often than another unit's: text, days, owner.
    fn promised(&self, by: usize) -> (&'static str, i64, usize) {
        let visitors = &self.cast.visitors;
        let foreign = self.dice.percent(10);
        let fits = |unit: &str| foreign || unit.is_empty() || unit == visitors[by].name;
        let fitting: Vec<_> = self.texts.promises.iter().filter(|it| fits(it.unit)).collect();
        let drawn = *self.dice.one(&fitting);
        let owner = visitors.iter().position(|it| it.name == drawn.unit).unwrap_or(by);
        (drawn.text, drawn.days, owner)
    }

    /// Said at the next visit, or by its owner; not kept; forgotten; or not due yet.
    fn becomes(&mut self, at: usize, id: PromiseId, owner: usize, due: Day) {
        let call = &self.calls[at];
        let same = |it: &&Call| it.host == call.host && it.end == End::Recorded;
        let next = self.calls.iter().skip(at + 1).position(|it| same(&it)).map(|it| at + 1 + it);
        let (draw, over) = (self.dice.between(1, 100), due < self.days.now.day());
        let settled_at_next = next.filter(|_| draw <= 60);
        if let Some(next) = settled_at_next {
            let kept = draw > 3;
            let note = if kept { *self.dice.one(&sayings::KEPT) } else { *self.dice.one(&sayings::BROKEN) };
            self.settled[next].push(Settled { promise: id, kept, note: note.into() });
            return;
        }
        let kept = match draw {
            _ if call.ago == 0 => return,
            ..=80 if over => true,
            81..=85 if over => false,
            86.. if !over => true,
            _ => return,
        };
        // A day due on a weekend is the Friday's, and nothing is kept before it was promised.
        let ago = self.days.ago(due).min(call.ago - 1);
        let ago = if kept { self.dice.between(ago, call.ago - 1) } else { ago };
        let why = if kept { *self.dice.one(&sayings::KEPT) } else { *self.dice.one(&sayings::BROKEN) };
        let at = self.days.moment(ago, self.dice.between(0, 1_000));
        self.steps.push(Step { at, who: Who::Officer(owner), act: Act::Settle { promise: id, kept, why } });
    }
}
