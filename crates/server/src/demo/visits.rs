//! The diary of the visits: who goes where on which day, and what becomes of it. What each brings home is in `records`.

use super::cast::Cast;
use super::days::Days;
use super::dice::Dice;
use super::ground::TEAMS;
use domain::id::VisitId;
use domain::subject::Kind;
use domain::time::{Day, Millis};
use domain::visit::{Purpose, Reported, When};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Recorded,
    Planned,
    Agreed,
    Declined,
}

pub struct Call {
    pub id: VisitId,
    /// Whose number it is among the hosts.
    pub host: usize,
    /// Who goes, by the number among the visitors.
    pub by: usize,
    pub in_round: bool,
    pub end: End,
    pub purpose: Purpose,
    pub when: When,
    /// How many workdays ago; 0 for what lies ahead.
    pub ago: usize,
    pub planned: Millis,
    pub agreed: Millis,
    /// When it is written down, or falls through.
    pub at: Millis,
    pub leader: bool,
    /// An officer of another unit who comes along.
    pub companion: Option<usize>,
    /// Problems heard there.
    pub reports: Vec<Reported>,
}

/// How many of each team's sixteen nobody has been to yet.
const LEFT: [usize; TEAMS] = [2, 0, 0, 1, 0, 0, 1, 0, 0, 0];
/// Second visits of each team.
const AGAIN: usize = 7;
/// Recorded today and on the workday before.
const FRESH: [[usize; 3]; 2] = [[1, 4, 7], [2, 5, 8]];
const MINUTE: i64 = 60_000;

struct Diary<'a> {
    cast: &'a Cast,
    days: &'a Days,
    dice: &'a Dice,
    /// The enterprises of each team.
    teams: Vec<Vec<usize>>,
    others: Vec<usize>,
    calls: Vec<Call>,
}

/// All visits, in the order in which they are written down.
pub fn all(cast: &Cast, days: &Days, dice: &Dice) -> Vec<Call> {
    let enterprises = || (0..cast.hosts.len()).filter(|at| cast.hosts[*at].is_enterprise());
    let teams = (0..TEAMS).map(|team| enterprises().filter(|at| cast.hosts[*at].unit == team).collect()).collect();
    let others = (0..cast.hosts.len()).filter(|at| !cast.hosts[*at].is_enterprise()).collect();
    let mut diary = Diary { cast, days, dice, teams, others, calls: vec![] };
    diary.round();
    diary.again();
    diary.before();
    diary.others();
    diary.outside();
    diary.stays();
    diary.ahead();
    diary.declined();
    let mut calls = diary.calls;
    calls.sort_by_key(|call| call.at);
    let joined = calls.iter_mut().filter(|call| call.in_round && call.end == End::Recorded);
    joined.step_by(23).for_each(|call| call.leader = true);
    calls
}

impl Diary<'_> {
    /// Every team's first visits, evenly over the days of the round; all ten set out on the first.
    fn round(&mut self) {
        for (team, left) in LEFT.into_iter().enumerate() {
            let hosts = self.teams[team].clone();
            let done = hosts.len() - left;
            for (at, host) in hosts.into_iter().take(done).enumerate() {
                let ago = self.near(self.first(at, done));
                self.went(host, team, true, ago);
            }
        }
    }

    fn first(&self, at: usize, done: usize) -> usize {
        self.days.opened - at * self.days.opened / done
    }

    /// Not all teams on the same day again after the opening.
    fn near(&self, ago: usize) -> usize {
        if ago == self.days.opened { ago } else { (ago + self.dice.between(0, 2)).saturating_sub(1).max(1) }
    }

    fn again(&mut self) {
        for (team, left) in LEFT.into_iter().enumerate() {
            let hosts = self.teams[team].clone();
            let done = hosts.len() - left;
            for (at, host) in hosts.iter().take(AGAIN).enumerate() {
                let ago = self.first(at, done).saturating_sub(self.dice.between(7, 12)).max(1);
                self.went(*host, team, true, ago);
            }
            for (ago, _) in FRESH.iter().enumerate().filter(|(_, fresh)| fresh.contains(&team)) {
                self.went(hosts[9 + ago], team, true, ago);
            }
        }
    }

    /// The campaign had run for over a month when the round opened.
    fn before(&mut self) {
        for number in 0..18 {
            let team = number % TEAMS;
            let host = *self.dice.one(&self.teams[team]);
            let ago = self.dice.between(self.days.opened + 1, self.days.last().saturating_sub(2));
            self.went(host, team, false, ago);
        }
    }

    fn others(&mut self) {
        for (number, host) in self.others.clone().into_iter().enumerate() {
            let by = self.cast.hosts[host].unit;
            let ago = self.dice.between(self.days.opened + 1, self.days.last().saturating_sub(2));
            self.went(host, by, false, ago);
            if number % 2 == 0 {
                let ago = self.dice.between(1, self.days.opened);
                self.went(host, by, false, ago);
            }
        }
    }

    /// Units outside the teams go where their business takes them: land and planning to sites too.
    fn outside(&mut self) {
        for number in 0..16 {
            let by = TEAMS + number % (self.cast.visitors.len() - TEAMS);
            let sites = self.others.iter().copied().filter(|at| self.cast.hosts[*at].kind == Kind::Site);
            let host = match number % 8 {
                1 | 2 => *self.dice.one(&sites.collect::<Vec<_>>()),
                _ => self.dice.between(0, 159),
            };
            let ago = self.dice.between(1, self.days.last().saturating_sub(2));
            self.went(host, by, false, ago);
        }
    }

    /// Two who stayed for some days.
    fn stays(&mut self) {
        for (by, host, ago, length) in [(TEAMS, 5, 12, 3), (1, self.teams[1][3], 3, 2)] {
            self.went(host, by, by < TEAMS, ago);
            let (from, until) = (self.days.day(ago + length), self.days.day(ago));
            if let Some(call) = self.calls.last_mut() {
                call.purpose = Purpose::Stay;
                call.when = When { day: from, until: Some(until), minute: None };
                call.planned = self.days.moment(ago + length + 3, 400);
                call.agreed = self.days.moment(ago + length + 1, 600);
            }
        }
    }

    /// Today and the next days: those whom nobody has been to yet, and some second visits.
    fn ahead(&mut self) {
        let left = |team: usize, back: usize| self.teams[team].iter().rev().nth(back).copied().unwrap_or_default();
        let mut next = vec![
            (left(0, 1), 0, 0, 14 * 60, End::Agreed),
            (left(0, 0), 0, 2, 9 * 60 + 30, End::Planned),
            (left(3, 0), 3, 1, 9 * 60, End::Agreed),
            (left(6, 0), 6, 3, 10 * 60, End::Planned),
            (self.teams[0][3], 0, 0, 16 * 60, End::Agreed),
            (self.teams[0][9], 0, 1, 10 * 60, End::Agreed),
        ];
        for team in 1..TEAMS {
            let end = if team % 2 == 0 { End::Planned } else { End::Agreed };
            next.push((self.teams[team][11], team, team % 5, 14 * 60 + 30, end));
        }
        next.push((self.others[0], TEAMS + 1, 1, 15 * 60, End::Agreed));
        next.push((17, TEAMS + 3, 4, 9 * 60, End::Planned));
        for (host, by, ahead, minute, end) in next {
            let day = self.days.coming(ahead);
            let in_round = by < TEAMS && self.cast.hosts[host].unit == by;
            self.call(host, by, in_round, 0, When { day, until: None, minute: Some(minute) }, end);
        }
    }

    fn declined(&mut self) {
        for (host, by, ago) in [(self.teams[5][10], 5, 3_usize), (60, TEAMS, 6), (self.teams[8][9], 8, 1)] {
            let when = When { day: self.days.day(ago.saturating_sub(1)), until: None, minute: Some(600) };
            self.call(host, by, by < TEAMS, ago, when, End::Declined);
        }
    }

    /// One that took place that day.
    fn went(&mut self, host: usize, by: usize, in_round: bool, ago: usize) {
        let when = When { day: self.days.day(ago), until: None, minute: None };
        self.call(host, by, in_round, ago, when, End::Recorded);
        let companion = self.dice.percent(8).then(|| self.dice.between(TEAMS, self.cast.visitors.len() - 1));
        if let Some(call) = self.calls.last_mut() {
            call.when.minute = begun(call.at, call.when.day);
            call.companion = companion.filter(|it| *it != by);
        }
    }

    fn call(&mut self, host: usize, by: usize, in_round: bool, ago: usize, when: When, end: End) {
        let share = |low, high| self.dice.between(low, high);
        let planned = self.days.moment(ago + share(3, 6), share(0, 1_000));
        let agreed = self.days.moment(ago + share(1, 2), share(0, 1_000)).max(planned.plus(10 * MINUTE));
        let at = self.days.moment(ago, share(50, 950)).max(agreed.plus(40 * MINUTE)).min(self.days.now);
        self.calls.push(Call {
            id: VisitId(store::ids::fresh(planned)),
            host,
            by,
            in_round,
            end,
            purpose: Purpose::Visit,
            when,
            ago,
            planned,
            agreed,
            at,
            leader: false,
            companion: None,
            reports: vec![],
        });
    }
}

/// The half hour at which a visit began that was written down at `at`: never at noon.
fn begun(at: Millis, day: Day) -> Option<u16> {
    let minute = (at.0 - Millis::at(day, 0).0) / MINUTE - 75;
    let half = (minute / 30 * 30).max(8 * 60 + 30);
    let half = if (12 * 60..13 * 60 + 30).contains(&half) { 11 * 60 } else { half };
    u16::try_from(half).ok()
}
