//! Substitution 顶岗: whether somebody stands in for another on a day (rule 9).

use crate::attendance::Terms;
use crate::attendance::index::Index;
use crate::attendance::leave::{Answer, holds_certificate, illness_deadline};
use crate::attendance::person::Person;
use crate::attendance::plan::Line;
use crate::attendance::roll::Substitute;
use crate::attendance::verdict::Reason;
use crate::id::SiteId;
use crate::time::Day;

/// A substitution seen from who stands in; `other` is for whom.
pub(super) struct StoodIn<'a> {
    pub substitute: &'a Substitute,
    pub other: Person<'a>,
}

/// Whether it is for the day and was approved in time for it.
pub(super) fn counts(substitute: &Substitute, day: Day, terms: &Terms) -> bool {
    substitute.from <= day
        && day <= substitute.to
        && substitute.approved_at.is_none_or(|at| at <= illness_deadline(day, terms))
}

impl<'a> StoodIn<'a> {
    /// The line of the other that he fills, where the substitution is in force; why it is not, where it is not.
    pub fn filled(&self, index: &Index<'a>, site: SiteId, day: Day) -> Result<&'a Line, Reason> {
        let place = self.other.place(site).unwrap_or_default();
        let standings = self.other.presences.get(place).map_or(&[][..], |it| it.standings(day));
        let lines = || standings.iter().enumerate().filter_map(|(slot, it)| Some((slot, it.line()?)));
        let is_certified = |line: &Line| holds_certificate(index, self.substitute.person, &line.post, day);
        if lines().next().is_some() && !lines().any(|(_, line)| is_certified(line)) {
            return Err(Reason::SubstituteVoid);
        }
        let in_force = lines().find(|(slot, line)| {
            let answer = self.other.answer(place, day, *slot);
            is_certified(line) && matches!(answer, Some(Answer::Excused { is_substituted: true, is_used: true }))
        });
        in_force.map(|(_, line)| line).ok_or(Reason::SubstituteNotInForce)
    }
}
