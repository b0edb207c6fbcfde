//! The judgement: from the roll to one verdict per person, site and day (`scenarios/attendance.md`).

use crate::attendance::Terms;
use crate::attendance::index::Index;
use crate::attendance::leave::Answer;
use crate::attendance::part::Part;
use crate::attendance::person::Want;
use crate::attendance::plan::{Kind, Line};
use crate::attendance::presence::{Attendance, Presence, is_over};
use crate::attendance::quota::{Mark, Quotas};
use crate::attendance::roll::Roll;
use crate::attendance::standing::Standing;
use crate::attendance::substitution::StoodIn;
use crate::attendance::verdict::{Judged, Reason, Tally, Verdict};
use crate::id::{PersonId, SiteId};
use crate::time::Day;

/// A roll made ready: sorted once, asked often.
pub struct Judge<'a> {
    pub(super) index: Index<'a>,
    pub(super) terms: Terms<'a>,
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

    /// Each day from `from` to `to`, in order; of a longer time, its first ten years.
    pub fn judge(&self, person: PersonId, site: SiteId, from: Day, to: Day) -> Vec<Judged> {
        let mut judged = Vec::new();
        let mut quotas = Quotas::default();
        for part in self.parts(person, site, from, to) {
            judged.extend(part.days().map(|day| self.day(&part, day, &mut quotas)));
            quotas.settle(part.to);
        }
        judged.retain(|it| it.day >= from);
        judged
    }

    fn day(&self, part: &Part<'a>, day: Day, quotas: &mut Quotas<'a>) -> Judged {
        let presence = part.presence();
        let shown = presence.shown(day, &self.terms);
        let free = if shown.punches > 0 { Verdict::Extra } else { Verdict::NotNeeded };
        let lines = presence.standings(day).iter().enumerate().map(|(slot, standing)| match *standing {
            Standing::Free { why, .. } => Said { verdict: free, reason: why, tally: None },
            Standing::Judged { line, exit_owed } => self.line(part, (slot, line), day, (exit_owed, free), quotas),
        });
        let plan = lines.min_by_key(rank);
        let substitute =
            part.stood_in(day, &self.terms).map(|it| self.substitute(it, presence, day, free)).min_by_key(rank);
        let said = match (plan, substitute) {
            (Some(plan), Some(other)) if gives_way(plan, other) => other,
            (Some(plan), _) => plan,
            (None, Some(other)) => other,
            (None, None) => Said { verdict: free, reason: Reason::NotInPlan, tally: None },
        };
        Judged {
            person: part.person.id,
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
        part: &Part<'a>,
        (slot, line): (usize, &'a Line),
        day: Day,
        (exit_owed, free): (bool, Verdict),
        quotas: &mut Quotas<'a>,
    ) -> Said {
        let (person, presence) = (&part.person, part.presence());
        let want = person.wants(&self.index, presence, line, day, &self.terms);
        if let Want::Not(why) = want {
            return Said { verdict: free, reason: why, tally: None };
        }
        if !is_over(day, Some(line), &self.terms) {
            return Said { verdict: Verdict::Open, reason: Reason::DayNotOver, tally: None };
        }
        let quota = (want == Want::Eligible).then(|| {
            let quota = quotas.of(person, (part.place, line, day), part.begin, (&self.index, &self.terms));
            (quota.mark(day), quota.tally)
        });
        let answer = person.answer(part.place, day, slot);
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
    fn substitute(&self, stood_in: &StoodIn<'a>, own: &Presence<'a>, day: Day, free: Verdict) -> Said {
        let said = |verdict, reason| Said { verdict, reason, tally: None };
        if let Err(why) = stood_in.filled(&self.index, own.site, day) {
            return said(free, why);
        }
        match own.doubt(day) {
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
        // Days owed say more than a day off by another line: on such a day he could have come.
        (_, Reason::QuotaFreeDay) => 7,
        (_, Reason::NotInPlan | Reason::OutsideStage | Reason::SubstituteNotInForce) => 9,
        _ => 8,
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

pub(super) fn present_reason(line: &Line) -> Reason {
    match line.kind {
        Kind::OnCall if line.covers.is_none() => Reason::CalledAndCame,
        _ => Reason::OnSite,
    }
}

pub(super) fn absent_reason(line: &Line) -> Reason {
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
