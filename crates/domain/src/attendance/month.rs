//! The month of a person at a site, and the 80 % rule (建质〔2011〕111号; `attendance.md`, rule 13).

use crate::attendance::rule_set::RuleSet;
use crate::attendance::verdict::{Judged, Reason, Verdict};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    pub present: u32,
    pub absent: u32,
    pub short: u32,
    pub review: u32,
    /// By leave.
    pub excused: u32,
    /// In neither number of the rate.
    pub at_other_site: u32,
    /// Days not over yet, of which nothing is said.
    pub open: u32,
}

impl Month {
    /// Of the days of one person at one site.
    pub fn of(days: &[Judged]) -> Month {
        let mut month = Month::default();
        for day in days {
            match day.verdict {
                Verdict::Present => month.present += 1,
                Verdict::Absent => month.absent += 1,
                Verdict::Short => month.short += 1,
                Verdict::Review => month.review += 1,
                Verdict::Excused if day.reason == Reason::AtOtherSite => month.at_other_site += 1,
                Verdict::Excused => month.excused += 1,
                Verdict::Open => month.open += 1,
                Verdict::NotNeeded | Verdict::Extra => {}
            }
        }
        month
    }

    /// Leave counts against him: whether the bureau reads it so is not settled; this is our reading.
    pub fn wanted(&self) -> u32 {
        self.present + self.absent + self.short + self.review + self.excused
    }

    /// `17/22`; empty where nothing was wanted.
    pub fn rate(&self) -> String {
        if self.wanted() == 0 { String::new() } else { format!("{}/{}", self.present, self.wanted()) }
    }

    /// Nothing wanted: no judgement.
    pub fn reaches(&self, rules: &RuleSet) -> Option<bool> {
        let (present, wanted) = (u64::from(self.present) * 100, u64::from(self.wanted()));
        (wanted > 0).then(|| present >= wanted * u64::from(rules.month_percent))
    }

    /// Whether so many absences make a problem in the pool.
    pub fn is_problem(&self, rules: &RuleSet) -> bool {
        rules.problem_after_absences > 0 && self.absent >= rules.problem_after_absences
    }

    /// 项目负责人: `本月应到22天，到岗17天（77%），未达到80%。`
    pub fn zh(&self, rules: &RuleSet) -> String {
        let (wanted, present, percent) = (self.wanted(), self.present, rules.month_percent);
        match self.reaches(rules) {
            None => "本月无应到日，不作评定。".to_owned(),
            Some(is_reached) => format!(
                "本月应到{wanted}天，到岗{present}天（{}%），{}{percent}%。",
                u64::from(present) * 100 / u64::from(wanted),
                if is_reached { "达到" } else { "未达到" },
            ),
        }
    }

    pub fn en(&self, rules: &RuleSet) -> String {
        let (wanted, present, percent) = (self.wanted(), self.present, rules.month_percent);
        match self.reaches(rules) {
            None => "Nothing was wanted in this month: no judgement.".to_owned(),
            Some(is_reached) => format!(
                "Present on {present} of {wanted} days wanted ({} %): {percent} % {}.",
                u64::from(present) * 100 / u64::from(wanted),
                if is_reached { "reached" } else { "not reached" },
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absences_make_a_problem_from_their_number_on_and_never_where_it_is_zero() {
        let month = |absent| Month { absent, ..Month::default() };
        let rules = |problem_after_absences| RuleSet { problem_after_absences, ..RuleSet::default() };
        assert_eq!([2, 3, 4].map(|it| month(it).is_problem(&RuleSet::default())), [false, true, true]);
        assert_eq!([0, 31].map(|it| month(it).is_problem(&rules(0))), [false, false]);
    }
}
