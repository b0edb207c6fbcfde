//! By which line a person is judged at a site on a day: the version in force, stages, exits and successors.

use crate::attendance::index::Index;
use crate::attendance::plan::Line;
use crate::attendance::roll::Exit;
use crate::attendance::verdict::Reason;
use crate::id::{PersonId, SiteId};
use crate::time::Day;

/// How the plan stands to somebody on a day.
#[derive(Clone, Copy)]
pub(super) enum Standing<'a> {
    /// `exit_owed`: his last day is over, or he was replaced without an exit, and he is judged until it is filed.
    Judged { line: &'a Line, exit_owed: bool },
    /// Not judged. `line` is the one that would hold, for its shift.
    Free { line: Option<&'a Line>, why: Reason },
}

impl<'a> Standing<'a> {
    pub fn line(self) -> Option<&'a Line> {
        match self {
            Standing::Judged { line, .. } => Some(line),
            Standing::Free { line, .. } => line,
        }
    }
}

/// Usually one; several where the plan has several lines of the person for the day. `known`: plan versions approved
/// after this day do not exist yet.
pub(super) fn standings<'a>(
    index: &Index<'a>,
    person: PersonId,
    site: SiteId,
    day: Day,
    known: Day,
) -> Vec<Standing<'a>> {
    let Some(in_force) = version_in_force(index, site, day, known) else {
        return vec![Standing::Free { line: None, why: Reason::NotInPlan }];
    };
    let own = index.lines(person, site);
    let mut lines: Vec<&Line> = own.iter().filter(|it| it.0 == in_force && is_on(it.1, day)).map(|it| it.1).collect();
    let mut successors = index.successors(person, site).iter();
    let is_replaced = successors.any(|it| it.0 == in_force && is_on(it.1, day) && it.1.person != person);
    if lines.is_empty() && is_replaced {
        lines.extend(last_line(index, person, site, day, known));
    }
    if lines.is_empty() {
        let outside = own.iter().any(|it| it.0 == in_force);
        return vec![Standing::Free {
            line: None,
            why: if outside { Reason::OutsideStage } else { Reason::NotInPlan },
        }];
    }
    lines.into_iter().map(|line| by_line(index, (site, day, known), line, is_replaced)).collect()
}

/// Rule 10, for both: the one who goes is judged until his exit, the one who comes is not judged until then.
fn by_line<'a>(
    index: &Index<'a>,
    (site, day, known): (SiteId, Day, Day),
    line: &'a Line,
    is_replaced: bool,
) -> Standing<'a> {
    let exit = exit_of(index, line.person, site, Some(line.from));
    if exit.is_some_and(|it| it.ends() < day) {
        return Standing::Free { line: Some(line), why: Reason::Exited };
    }
    if let Some(old) = line.replaces.filter(|it| *it != line.person) {
        let since = last_line(index, old, site, day, known).map(|it| it.from);
        if exit_of(index, old, site, since).is_none_or(|it| day <= it.ends()) {
            return Standing::Free { line: Some(line), why: Reason::PredecessorNotExited };
        }
    }
    Standing::Judged { line, exit_owed: exit.map_or(is_replaced, |it| it.last_day < day) }
}

/// Rule 1. The versions stand in the order in which one gives way to the next.
fn version_in_force(index: &Index, site: SiteId, day: Day, known: Day) -> Option<usize> {
    index.versions(site).iter().rposition(|it| it.approved <= known && it.starts <= day)
}

fn is_on(line: &Line, day: Day) -> bool {
    line.from <= day && day <= line.to
}

/// The line by which somebody was last on the plan, up to `day`.
fn last_line<'a>(index: &Index<'a>, person: PersonId, site: SiteId, day: Day, known: Day) -> Option<&'a Line> {
    let versions = index.versions(site);
    let begun = index.lines(person, site).iter().filter(|(version, line)| {
        versions[*version].starts <= day && versions[*version].approved <= known && line.from <= day
    });
    begun.max_by_key(|(version, line)| (*version, line.to)).map(|it| it.1)
}

/// The exit that ends a line begun on `since`: an earlier one ended an earlier time at the site.
fn exit_of<'a>(index: &Index<'a>, person: PersonId, site: SiteId, since: Option<Day>) -> Option<&'a Exit> {
    let exits = index.exits(person, site).iter().filter(|it| since.is_none_or(|since| since <= it.ends()));
    exits.max_by_key(|it| (it.filed_at, it.last_day)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attendance::plan::{Kind, Mask, Mode, Post, StagePlan};
    use crate::attendance::roll::Roll;
    use crate::attendance::rule_set::RuleSets;
    use crate::time::Millis;
    use uuid::Uuid;

    const SITE: SiteId = SiteId(Uuid::from_u128(1));
    const OLD: PersonId = PersonId(Uuid::from_u128(2));
    const NEW: PersonId = PersonId(Uuid::from_u128(3));

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn line(person: PersonId, from: &str, replaces: Option<PersonId>) -> Line {
        Line {
            person,
            post: Post("质量员".into()),
            from: day(from),
            to: day("2018-12-31"),
            kind: Kind::FullTime,
            days: Mask::All,
            mode: Mode::Once,
            min_minutes: None,
            shift: None,
            excused_by: vec![],
            covers: None,
            needs_delegate: false,
            replaces,
        }
    }

    fn plan(version: u32, from: &str, approved: &str, lines: Vec<Line>) -> StagePlan {
        let approved_at = Millis::parse_local(approved);
        StagePlan { site: SITE, version, effective_from: day(from), approved_at, stages: vec![], lines }
    }

    fn said(roll: &Roll, person: PersonId, on: &str) -> String {
        let index = Index::new(roll, &RuleSets::default(), Millis::at(day("2018-12-31"), 0));
        match standings(&index, person, SITE, day(on), day("2018-12-31"))[..] {
            [Standing::Judged { exit_owed: false, .. }] => "judged".into(),
            [Standing::Judged { .. }] => "exit owed".into(),
            [Standing::Free { why, .. }] => why.code().into(),
            _ => "several".into(),
        }
    }

    #[test]
    fn an_exit_ends_the_time_it_was_filed_in_and_no_later_one() {
        let exit = |last: &str, filed: &str| Exit {
            person: OLD,
            site: SITE,
            last_day: day(last),
            filed_at: Millis::parse_local(filed).unwrap(),
        };
        let mut roll = Roll {
            versions: vec![
                plan(1, "2018-04-02", "2018-03-28 10:00", vec![line(OLD, "2018-04-02", None)]),
                plan(2, "2018-05-14", "2018-05-10 10:00", vec![line(NEW, "2018-05-14", Some(OLD))]),
                plan(3, "2018-07-01", "2018-06-20 10:00", vec![line(OLD, "2018-07-01", None)]),
            ],
            ..Roll::default()
        };
        assert_eq!(said(&roll, OLD, "2018-05-13"), "judged");
        assert_eq!(said(&roll, OLD, "2018-05-14"), "exit owed");
        assert_eq!(said(&roll, NEW, "2018-05-14"), "predecessor-not-exited");
        // Filed ahead: the successor is judged at once, and who comes back is judged again.
        roll.exits.push(exit("2018-05-13", "2018-05-02 09:00"));
        assert_eq!(said(&roll, OLD, "2018-05-13"), "judged");
        assert_eq!(said(&roll, OLD, "2018-05-14"), "exited");
        assert_eq!(said(&roll, NEW, "2018-05-14"), "judged");
        assert_eq!(said(&roll, OLD, "2018-07-01"), "judged");
        assert_eq!(said(&roll, NEW, "2018-07-01"), "not-in-plan");
    }
}
