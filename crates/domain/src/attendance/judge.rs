//! The judgement: from the roll to one verdict per person, site and day (`scenarios/attendance.md`).

use crate::attendance::Terms;
use crate::attendance::index::Index;
use crate::attendance::leave::{Answer, holds_certificate};
use crate::attendance::person::{Person, Want};
use crate::attendance::plan::{Kind, Line};
use crate::attendance::presence::{Attendance, Presence, is_over};
use crate::attendance::quota::{Mark, Quotas, periods};
use crate::attendance::roll::{Roll, Substitute};
use crate::attendance::standing::Standing;
use crate::attendance::verdict::{Judged, Reason, Tally, Verdict};
use crate::id::{PersonId, SiteId};
use crate::time::Day;

/// No more days are judged at once, so that no date however absurd makes it run for ever.
const MOST_DAYS: i64 = 3_660;

/// A roll made ready: sorted once, asked often.
pub struct Judge<'a> {
    index: Index<'a>,
    terms: Terms<'a>,
}

/// What one line, or a substitution, says of the day.
#[derive(Clone, Copy)]
struct Said {
    verdict: Verdict,
    reason: Reason,
    tally: Option<Tally>,
}

impl<'a> Judge<'a> {
    pub fn new(roll: &'a Roll, terms: Terms<'a>) -> Judge<'a> {
        Judge { index: Index::new(roll, terms.rules, terms.now), terms }
    }

    /// Everybody of whom the roll knows a line, a punch or a substitution, with the sites.
    pub fn places(&self) -> Vec<(PersonId, SiteId)> {
        let persons = self.index.persons();
        let mut places: Vec<_> =
            persons.flat_map(|it| self.index.places(it).iter().map(move |site| (it, *site))).collect();
        places.sort_unstable();
        places
    }

    /// Each day from `from` to `to`, in order.
    ///
    /// A day is judged with the plan versions approved by its end: what is approved later does not exist for it, so it
    /// cannot cut the week or month to which the day belongs either (rule 1).
    pub fn judge(&self, person: PersonId, site: SiteId, from: Day, to: Day) -> Vec<Judged> {
        let to = to.min(from.plus(MOST_DAYS));
        let mut judged = Vec::new();
        let mut quotas = Quotas::default();
        let mut begin = periods(from, from).0;
        for known in self.approvals(person, site, begin, to) {
            // Days before `from` are judged only where another plan governed a part of its week or month.
            let first = if known == to { from.max(begin) } else { begin };
            self.part(person, site, (begin, first, known), &mut quotas, &mut judged);
            quotas.settle(known);
            begin = known.plus(1);
        }
        judged.retain(|it| it.day >= from);
        judged
    }

    /// The last days of the stretches within which no version is approved; the last is `to`.
    fn approvals(&self, person: PersonId, site: SiteId, from: Day, to: Day) -> Vec<Day> {
        let sites = self.index.places(person).iter().copied().chain([site]);
        let approved = sites.flat_map(|site| self.index.versions(site).iter().map(|it| it.approved.plus(-1)));
        let mut ends: Vec<Day> = approved.filter(|it| from <= *it && *it < to).chain([to]).collect();
        ends.sort_unstable();
        ends.dedup();
        ends
    }

    /// The days from `from` to `to`, whose plans are those known since `begin`.
    fn part(
        &self,
        person: PersonId,
        site: SiteId,
        (begin, from, to): (Day, Day, Day),
        quotas: &mut Quotas<'a>,
        judged: &mut Vec<Judged>,
    ) {
        let span = periods(from, to);
        let person = Person::new(&self.index, (person, site), span, to, &self.terms);
        let Some(place) = person.place(site) else { return };
        let substitutions = self.substitutions(&person, site, (from, to), span);
        for day in (from.number()..=to.number()).map(Day::from_number) {
            judged.push(self.day(&person, place, (begin, day), quotas, &substitutions));
        }
    }

    /// Whom he stands in for, as persons.
    fn substitutions(
        &self,
        person: &Person<'a>,
        site: SiteId,
        (from, to): (Day, Day),
        span: (Day, Day),
    ) -> Vec<(&'a Substitute, Person<'a>)> {
        let all = self.index.substitutes(person.id, site).iter();
        let within = all.filter(|it| it.instead_of != person.id && it.from <= to && from <= it.to);
        within.map(|it| (*it, Person::new(&self.index, (it.instead_of, site), span, to, &self.terms))).collect()
    }

    fn day(
        &self,
        person: &Person<'a>,
        place: usize,
        (begin, day): (Day, Day),
        quotas: &mut Quotas<'a>,
        substitutions: &[(&Substitute, Person<'a>)],
    ) -> Judged {
        let presence = &person.presences[place];
        let shown = presence.shown(day, &self.terms);
        let free = if shown.punches > 0 { Verdict::Extra } else { Verdict::NotNeeded };
        let lines = presence.standings(day).iter().enumerate().map(|(slot, standing)| match *standing {
            Standing::Free { why, .. } => Said { verdict: free, reason: why, tally: None },
            Standing::Judged { line, exit_owed } => {
                self.line(person, (place, slot, line), (begin, day), (exit_owed, free), quotas)
            }
        });
        let plan = lines.min_by_key(rank);
        let stood_in = substitutions.iter().filter(|(it, _)| it.from <= day && day <= it.to);
        let substitute = stood_in.map(|(it, other)| self.substitute(it, other, presence, day, free)).min_by_key(rank);
        let said = match (plan, substitute) {
            (Some(plan), Some(other)) if gives_way(plan, other) => other,
            (Some(plan), _) => plan,
            (None, Some(other)) => other,
            (None, None) => Said { verdict: free, reason: Reason::NotInPlan, tally: None },
        };
        Judged {
            person: person.id,
            site: presence.site,
            day,
            verdict: said.verdict,
            reason: said.reason,
            punches: shown.punches,
            flags: shown.flags,
            span: shown.span,
            tally: said.tally,
        }
    }

    /// One line's word about the day, in the order of rule 12.
    fn line(
        &self,
        person: &Person<'a>,
        (place, slot, line): (usize, usize, &'a Line),
        (begin, day): (Day, Day),
        (exit_owed, free): (bool, Verdict),
        quotas: &mut Quotas<'a>,
    ) -> Said {
        let presence = &person.presences[place];
        let want = person.wants(&self.index, presence, line, day, &self.terms);
        if let Want::Not(why) = want {
            return Said { verdict: free, reason: why, tally: None };
        }
        if !is_over(day, Some(line), &self.terms) {
            return Said { verdict: Verdict::Open, reason: Reason::DayNotOver, tally: None };
        }
        let known = (&self.index, &self.terms);
        let quota = (want == Want::Eligible).then(|| quotas.mark(person, (place, line, day), begin, known));
        let answer = person.answer(place, day, slot);
        let (verdict, reason) = match (quota.map(|it| it.0), answer) {
            (Some(Mark::Counted), _) => (Verdict::Present, Reason::QuotaCounted),
            (Some(Mark::Over), _) => (Verdict::Extra, Reason::OverQuota),
            // Leave speaks on every day of a quota, charged or not (rule 8).
            (Some(Mark::Free), None | Some(Answer::Refused(_))) => (Verdict::NotNeeded, Reason::QuotaFreeDay),
            _ => match presence.attendance(line, slot, day, &self.terms) {
                Attendance::Attended => (Verdict::Present, present_reason(line)),
                _ if person.is_elsewhere(line, day) => (Verdict::Excused, Reason::AtOtherSite),
                attendance => not_attended(line, answer, presence.doubt(day), attendance, exit_owed),
            },
        };
        Said { verdict, reason, tally: quota.map(|it| it.1) }
    }

    /// Rule 9, for the one who stands in.
    fn substitute(
        &self,
        substitute: &Substitute,
        other: &Person<'a>,
        own: &Presence<'a>,
        day: Day,
        free: Verdict,
    ) -> Said {
        let said = |verdict, reason| Said { verdict, reason, tally: None };
        let place = other.place(own.site).unwrap_or_default();
        let standings = other.presences.get(place).map_or(&[][..], |it| it.standings(day));
        let lines = || standings.iter().enumerate().filter_map(|(slot, it)| Some((slot, it.line()?)));
        let is_certified = |line: &Line| holds_certificate(&self.index, substitute.person, &line.post, day);
        if lines().next().is_some() && !lines().any(|(_, line)| is_certified(line)) {
            return said(free, Reason::SubstituteVoid);
        }
        let is_in_force = lines().any(|(slot, line)| {
            let answer = other.answer(place, day, slot);
            is_certified(line) && matches!(answer, Some(Answer::Excused { is_substituted: true, is_used: true }))
        });
        match own.doubt(day) {
            _ if !is_in_force => said(free, Reason::SubstituteNotInForce),
            _ if !is_over(day, None, &self.terms) => said(Verdict::Open, Reason::DayNotOver),
            _ if own.came(day) => said(Verdict::Present, Reason::SubstituteOnSite),
            Some(doubt) => said(Verdict::Review, doubt),
            None => said(Verdict::Absent, Reason::SubstituteAbsent),
        }
    }
}

/// Of several lines for one day, the one attended speaks; otherwise the one that is owed. One that was attended and turns
/// out not to be needed still goes before one that is owed, so that no further punch makes the day worse (rule 14).
fn rank(said: &Said) -> u8 {
    match (said.verdict, said.reason) {
        (Verdict::Present, _) => 0,
        (Verdict::Extra, Reason::OverQuota | Reason::ChiefOnSite) => 1,
        (Verdict::Absent, _) => 2,
        (Verdict::Short, _) => 3,
        (Verdict::Review, _) => 4,
        (Verdict::Open, _) => 5,
        (Verdict::Excused, _) => 6,
        (_, Reason::NotInPlan | Reason::OutsideStage | Reason::SubstituteNotInForce) => 8,
        _ => 7,
    }
}

/// Whether the substitution speaks instead of the person's own lines: where these want nothing of him that day.
fn gives_way(plan: Said, substitute: Said) -> bool {
    let is_owed = plan.verdict.is_needed() || plan.verdict == Verdict::Open;
    let binds = substitute.verdict.is_needed() || substitute.verdict == Verdict::Open;
    !is_owed && (binds || matches!(plan.reason, Reason::NotInPlan | Reason::OutsideStage))
}

/// Leave → review → short → absent, with the leave's refusal, the exit that is owed, or the kind's own reason.
fn not_attended(
    line: &Line,
    answer: Option<Answer>,
    doubt: Option<Reason>,
    attendance: Attendance,
    exit_owed: bool,
) -> (Verdict, Reason) {
    let refused = match answer {
        Some(Answer::Excused { is_substituted: true, .. }) => return (Verdict::Excused, Reason::LeaveSubstituted),
        Some(Answer::Excused { .. }) => return (Verdict::Excused, Reason::Leave),
        Some(Answer::Refused(reason)) => Some(reason),
        None => None,
    };
    match (doubt, attendance) {
        (Some(doubt), _) => (Verdict::Review, doubt),
        (None, Attendance::Single) => (Verdict::Short, Reason::SinglePunch),
        (None, Attendance::Short) => (Verdict::Short, Reason::UnderMinTime),
        _ => {
            let exit = exit_owed.then_some(Reason::ExitNotFiled);
            (Verdict::Absent, refused.or(exit).unwrap_or_else(|| absent_reason(line)))
        }
    }
}

fn present_reason(line: &Line) -> Reason {
    match line.kind {
        Kind::OnCall if line.covers.is_none() => Reason::CalledAndCame,
        _ => Reason::OnSite,
    }
}

fn absent_reason(line: &Line) -> Reason {
    if line.covers.is_some() {
        return Reason::NobodyOfPost;
    }
    match line.kind {
        Kind::FullTime => Reason::NoPunch,
        Kind::Named { .. } => Reason::NamedDateMissed,
        Kind::OnCall => Reason::CalledNotCome,
        Kind::PerWeek { .. } | Kind::PerMonth { .. } => Reason::QuotaMissed,
    }
}
