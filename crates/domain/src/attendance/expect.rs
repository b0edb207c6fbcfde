//! What the plan wants of somebody on a day, seen from that day itself, whether or not it is over: for the wall of the
//! day, a person's own week, and the notices of the morning. Same rules as the judgement (`scenarios/attendance.md`).

use crate::attendance::Judge;
use crate::attendance::judge::{absent_reason, present_reason};
use crate::attendance::leave::Answer;
use crate::attendance::part::Part;
use crate::attendance::person::Want;
use crate::attendance::plan::{Line, Post, Shift};
use crate::attendance::presence::Attendance;
use crate::attendance::quota::{Mark, Quotas};
use crate::attendance::standing::Standing;
use crate::attendance::verdict::{Reason, Tally};
use crate::id::{PersonId, SiteId};
use crate::problem::closed_list;
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

closed_list! {
    /// May: a day of a quota that is not filled and can still be made up on another day.
    Due {
        Must "must" "应到" "Must come", May "may" "可到" "May come", Leave "leave" "请假" "On leave",
        Free "free" "无需到岗" "Not needed",
    }
}

/// One person at one site on one day. What is known by the moment of asking counts, what comes after the day does not:
/// a quota that was filled on Friday does not change what Monday wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub person: PersonId,
    pub site: SiteId,
    pub day: Day,
    pub due: Due,
    /// What the judgement would say if nothing more happened; [`Expected::why`] is the sentence for a day not over.
    pub reason: Reason,
    /// Of the line that speaks; for a substitute, of the one whom he stands in for.
    pub post: Option<Post>,
    /// `attended` by the end of the day.
    pub tally: Option<Tally>,
    /// The first and the last credited punch so far.
    pub came: Option<(Millis, Millis)>,
    pub shift: Option<Shift>,
    /// For whom he stands in where the substitution is in force, even where his own line speaks.
    pub stands_in: Option<PersonId>,
}

/// What one line, or a substitution, wants.
#[derive(Clone, Copy)]
struct Wish<'a> {
    due: Due,
    reason: Reason,
    line: Option<&'a Line>,
    tally: Option<Tally>,
    /// Goes before a substitution, as in the judgement: the day itself is wanted, whether or not something excuses.
    is_bound: bool,
}

impl<'a> Judge<'a> {
    /// Each day from `from` to `to`, in order; of a longer time, its first ten years.
    pub fn expect(&self, person: PersonId, site: SiteId, from: Day, to: Day) -> Vec<Expected> {
        let mut expected = Vec::new();
        let mut quotas = Quotas::default();
        for part in self.parts(person, site, from, to) {
            expected.extend(part.days().map(|day| self.expected(&part, day, &mut quotas)));
            quotas.settle(part.to);
        }
        expected.retain(|it| it.day >= from);
        expected
    }

    fn expected(&self, part: &Part<'a>, day: Day, quotas: &mut Quotas<'a>) -> Expected {
        let presence = part.presence();
        let lines = presence.standings(day).iter().enumerate().map(|(slot, standing)| match *standing {
            Standing::Free { why, line } => Wish { due: Due::Free, reason: why, line, tally: None, is_bound: false },
            Standing::Judged { line, exit_owed } => self.wish(part, (slot, line, exit_owed), day, quotas),
        });
        let nothing = Wish { due: Due::Free, reason: Reason::NotInPlan, line: None, tally: None, is_bound: false };
        let came = presence.shown(day, &self.terms).span;
        let own = lines.min_by_key(|it| rank(it, came.is_some())).unwrap_or(nothing);
        let filled = part.stood_in(day, &self.terms).map(|it| (it, it.filled(&self.index, presence.site, day)));
        let substitution = filled.min_by_key(|it| it.1.is_err());
        let wish = match &substitution {
            Some((_, Ok(line))) if !own.is_bound => {
                let reason = if came.is_some() { Reason::SubstituteOnSite } else { Reason::SubstituteAbsent };
                Wish { due: Due::Must, reason, line: Some(*line), tally: None, is_bound: true }
            }
            Some((_, Err(why))) if matches!(own.reason, Reason::NotInPlan | Reason::OutsideStage) => {
                Wish { reason: *why, ..own }
            }
            _ => own,
        };
        Expected {
            person: part.person.id,
            site: presence.site,
            day,
            due: wish.due,
            reason: wish.reason,
            post: wish.line.map(|it| it.post.clone()),
            tally: wish.tally,
            came,
            shift: wish.line.and_then(|it| it.shift),
            stands_in: substitution.and_then(|(it, line)| line.ok().map(|_| it.substitute.instead_of)),
        }
    }

    /// One line's wish, in the order of rule 12: attended, at another site, leave, and then what is owed.
    fn wish(
        &self,
        part: &Part<'a>,
        (slot, line, exit_owed): (usize, &'a Line, bool),
        day: Day,
        quotas: &mut Quotas<'a>,
    ) -> Wish<'a> {
        let (person, presence) = (&part.person, part.presence());
        let want = person.wants(&self.index, presence, line, day, &self.terms);
        let quota = (want == Want::Eligible).then(|| {
            let quota = quotas.of(person, (part.place, line, day), part.begin, (&self.index, &self.terms));
            (quota.mark(day), quota.seen(day))
        });
        let tally = quota.map(|it| it.1.tally);
        let wish = |due, reason| {
            let is_bound = matches!(due, Due::Must | Due::Leave);
            Wish { due, reason, line: Some(line), tally, is_bound }
        };
        let attended = || presence.attendance(line, slot, day, &self.terms) == Attendance::Attended;
        match (want, quota) {
            (Want::Not(why), _) => return wish(Due::Free, why),
            (_, Some((Mark::Counted, _))) => return wish(Due::Must, Reason::QuotaCounted),
            (_, Some((Mark::Over, _))) => return wish(Due::Free, Reason::OverQuota),
            (Want::Wanted, _) if attended() => return wish(Due::Must, present_reason(line)),
            _ => {}
        }
        let leave = match person.answer(part.place, day, slot) {
            Some(Answer::Excused { is_substituted: true, .. }) => Some(Reason::LeaveSubstituted),
            Some(Answer::Excused { .. }) => Some(Reason::Leave),
            Some(Answer::Refused(_)) | None => None,
        };
        let owed = if exit_owed { Reason::ExitNotFiled } else { absent_reason(line) };
        match (quota.map(|it| it.1), leave) {
            // A quota that is filled wants nothing more of him, wherever he is; leave speaks on every day of it.
            (Some(seen), None) if seen.owed == 0 => wish(Due::Free, Reason::QuotaFreeDay),
            (seen, _) if person.is_elsewhere(line, day) => {
                let is_bound = leave.is_some() || seen.is_none_or(|it| it.left <= it.owed);
                Wish { is_bound, ..wish(Due::Free, Reason::AtOtherSite) }
            }
            (_, Some(leave)) => wish(Due::Leave, leave),
            (Some(seen), None) if seen.left > seen.owed => wish(Due::May, Reason::QuotaFreeDay),
            (_, None) => wish(Due::Must, owed),
        }
    }
}

/// Of several lines the same speaks as in the judgement.
fn rank(wish: &Wish, came: bool) -> u8 {
    match (wish.due, wish.reason) {
        (Due::Must, Reason::OnSite | Reason::CalledAndCame | Reason::QuotaCounted) => 0,
        (Due::Free, Reason::OverQuota) => 1,
        (Due::Free, Reason::ChiefOnSite) if came => 1,
        (Due::Must, _) => 2,
        (Due::May, _) => 3,
        (Due::Leave, _) => 4,
        (Due::Free, Reason::AtOtherSite) if wish.is_bound => 4,
        (Due::Free, Reason::NotInPlan | Reason::OutsideStage) => 6,
        (Due::Free, _) => 5,
    }
}

impl Expected {
    /// Why, in Chinese and in English, for a day that may not be over: nobody is told on the morning of a day that he
    /// did not come on it.
    pub fn why(&self) -> (&'static str, &'static str) {
        match (self.due, self.reason) {
            (Due::Must, Reason::NoPunch) => ("阶段名单要求当日到岗", "the plan wants every such day"),
            (Due::Must, Reason::NamedDateMissed) => ("阶段名单指定当日到岗", "the plan names this date"),
            (Due::Must, Reason::CalledNotCome) => ("已按时通知当日到岗", "called in time for this day"),
            (Due::Must, Reason::NobodyOfPost) => ("被代理人当日未到岗", "the person covered for is not there"),
            (Due::Must, Reason::QuotaMissed) => {
                ("应到天数未满，余下的应到日都须到岗", "days are owed, and none of those left can be missed")
            }
            (Due::Must, Reason::SubstituteAbsent) => ("顶岗", "stands in as substitute"),
            (Due::May, _) => ("按天数应到，当日不到可另日补", "days are owed, and another day will do"),
            (Due::Free, Reason::QuotaFreeDay) => ("应到天数已满", "the days owed are filled"),
            (_, reason) => (reason.zh(), reason.en()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attendance::Terms;
    use crate::attendance::plan::{Kind, Mask, Mode, StagePlan};
    use crate::attendance::roll::{Certificate, Leave, LeaveKind, Punch, Roll, Substitute, Way};
    use crate::attendance::rule_set::RuleSets;
    use crate::calendar::Calendar;
    use crate::time::DAY_MS;
    use uuid::Uuid;

    const A: SiteId = SiteId(Uuid::from_u128(1));
    const B: SiteId = SiteId(Uuid::from_u128(2));
    const LV: PersonId = PersonId(Uuid::from_u128(3));
    const DAI: PersonId = PersonId(Uuid::from_u128(4));

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn line(person: PersonId, kind: Kind) -> Line {
        Line {
            person,
            post: Post("技术员".into()),
            from: day("2018-04-02"),
            to: day("2018-12-31"),
            kind,
            days: Mask::Workdays,
            mode: Mode::Once,
            min_minutes: None,
            shift: None,
            excused_by: vec![],
            covers: None,
            needs_delegate: false,
            replaces: None,
        }
    }

    fn roll(lines: Vec<Line>, punches: &[(PersonId, SiteId, &str)]) -> Roll {
        let approved_at = Millis::parse_local("2018-03-28 10:00");
        let plan =
            StagePlan { site: A, version: 1, effective_from: day("2018-04-02"), approved_at, stages: vec![], lines };
        let punch = |(person, site, at): &(PersonId, SiteId, &str)| Punch {
            person: *person,
            site: *site,
            at: Millis::parse_local(at).unwrap(),
            received: None,
            drift_s: 0,
            device: None,
            way: Way::Terminal,
            doubt: None,
            rulings: vec![],
        };
        Roll { versions: vec![plan], punches: punches.iter().map(punch).collect(), ..Roll::default() }
    }

    fn leave(person: PersonId, from: &str, to: &str, approved: &str) -> Leave {
        let (from, to, approved_at) = (day(from), day(to), Millis::parse_local(approved));
        Leave { person, from, to, kind: LeaveKind::Ordinary, approved_at, approved_by: None }
    }

    /// Asked at noon of `now`.
    fn expected(roll: &Roll, person: PersonId, now: &str, from: &str, days: i64) -> Vec<Expected> {
        let (calendar, rules) = (Calendar::shipped(), RuleSets::default());
        let terms = Terms { calendar: &calendar, rules: &rules, now: Millis::at(day(now), DAY_MS / 2) };
        Judge::new(roll, terms).expect(person, A, day(from), day(from).plus(days - 1))
    }

    fn said(expected: &[Expected]) -> String {
        let words = expected.iter().map(|it| format!("{} {}", it.due.code(), it.reason.code()));
        words.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_quota_may_wait_until_no_day_is_left_to_make_it_up() {
        let roll = roll(vec![line(LV, Kind::PerWeek { n: 2 })], &[]);
        let week = expected(&roll, LV, "2018-04-16", "2018-04-16", 6);
        assert_eq!(
            said(&week),
            "may quota-free-day, may quota-free-day, may quota-free-day, must quota-missed, must quota-missed, free day-off"
        );
        assert_eq!(week[0].tally.map(|it| it.zh()).as_deref(), Some("本周应到2天，已到0天"));
        assert_eq!(week[0].why(), ("按天数应到，当日不到可另日补", "days are owed, and another day will do"));
        assert_eq!(week[0].post, Some(Post("技术员".into())));
    }

    #[test]
    fn a_day_of_a_quota_is_seen_with_what_was_attended_by_then() {
        let punches = [(LV, A, "2018-04-17 08:00"), (LV, A, "2018-04-18 08:00"), (LV, A, "2018-04-20 09:00")];
        let roll = roll(vec![line(LV, Kind::PerWeek { n: 2 })], &punches);
        let week = expected(&roll, LV, "2018-04-20", "2018-04-16", 5);
        assert_eq!(
            said(&week),
            "may quota-free-day, must quota-counted, must quota-counted, free quota-free-day, free over-quota"
        );
        let attended: Vec<u32> = week.iter().filter_map(|it| it.tally).map(|it| it.attended).collect();
        assert_eq!(attended, [0, 1, 2, 2, 3]);
        let came = Millis::parse_local("2018-04-17 08:00").unwrap();
        assert_eq!((week[0].came, week[1].came), (None, Some((came, came))));
        assert_eq!(week[3].why().0, "应到天数已满");
    }

    #[test]
    fn leave_another_site_and_a_chief_who_is_there_want_nothing() {
        let mut excused = line(LV, Kind::FullTime);
        excused.excused_by = vec![B];
        let mut deputy = line(DAI, Kind::FullTime);
        deputy.covers = Some(LV);
        let punches = [(LV, B, "2018-04-17 08:00"), (LV, A, "2018-04-18 08:00")];
        let mut roll = roll(vec![excused, deputy], &punches);
        roll.leaves = vec![
            leave(LV, "2018-04-16", "2018-04-16", "2018-04-13 10:00"),
            leave(LV, "2018-04-19", "2018-04-19", "2018-04-19 08:00"),
        ];
        let of_lv = expected(&roll, LV, "2018-04-19", "2018-04-16", 4);
        assert_eq!(said(&of_lv), "leave leave, free at-other-site, must on-site, must no-punch");
        assert_eq!(of_lv[3].why().1, "the plan wants every such day");
        let of_deputy = expected(&roll, DAI, "2018-04-19", "2018-04-17", 3);
        assert_eq!(said(&of_deputy), "must nobody-of-post, free chief-on-site, must nobody-of-post");
    }

    #[test]
    fn a_substitute_in_force_must_come_and_one_without_leave_behind_him_need_not() {
        let mut roll = roll(vec![line(LV, Kind::FullTime)], &[(DAI, A, "2018-04-17 08:00")]);
        roll.leaves = vec![leave(LV, "2018-04-16", "2018-04-17", "2018-04-13 10:00")];
        let (from, to) = (day("2018-04-16"), day("2018-04-18"));
        roll.substitutes = vec![Substitute { person: DAI, site: A, instead_of: LV, from, to, approved_at: None }];
        let post = Post("技术员".into());
        roll.certificates = vec![Certificate { person: DAI, post: post.clone(), from, to: day("2018-12-31") }];
        assert_eq!(
            said(&expected(&roll, LV, "2018-04-16", "2018-04-16", 3)),
            "leave leave-substituted, leave leave-substituted, must no-punch"
        );
        let of_dai = expected(&roll, DAI, "2018-04-17", "2018-04-16", 4);
        assert_eq!(
            said(&of_dai),
            "must substitute-absent, must substitute-on-site, free substitute-not-in-force, free not-in-plan"
        );
        assert_eq!((of_dai[0].stands_in, of_dai[0].post.as_ref()), (Some(LV), Some(&post)));
        assert_eq!(of_dai[2].stands_in, None);
        assert_eq!(of_dai[0].why().0, "顶岗");
    }
}
