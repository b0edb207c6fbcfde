//! Attendance 考勤 at building sites, judged against the approved stage plan: the rules of `scenarios/attendance.md`,
//! cited here by their numbers.
//!
//! A [`roll::Roll`] holds what is known, [`Judge`] turns it into one verdict per person, site and day, [`month::Month`]
//! sums them up. Judging twice with two moments shows what a review, an appeal or a late punch has changed.

use crate::calendar::Calendar;
use crate::time::Millis;

pub mod appeal;
pub mod asked;
pub mod course;
pub mod difference;
pub mod expect;
pub mod filing;
mod index;
mod judge;
mod leave;
pub mod month;
mod part;
mod person;
pub mod plan;
mod presence;
pub mod quota;
pub mod review;
pub mod roll;
pub mod rule_set;
mod standing;
pub mod stretches;
mod substitution;
pub mod verdict;
pub mod worked;

pub use judge::Judge;

/// Under what it is judged. What was received, approved, filed or ruled after `now` is not known yet.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub calendar: &'a Calendar,
    pub rules: &'a rule_set::RuleSets,
    pub now: Millis,
}
