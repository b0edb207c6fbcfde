//! What filing a stage plan checks at once: posts without anybody, certificates, promises that cannot all be kept.

use crate::attendance::plan::{Kind, Line, Mask, Post, StagePlan};
use crate::attendance::roll::Certificate;
use crate::attendance::rule_set::{RequiredPost, RuleSet};
use crate::attendance::stretches::Stretches;
use crate::calendar::Calendar;
use crate::fault::Fault;
use crate::id::{PersonId, SiteId};
use std::collections::BTreeMap;

mod collision;
mod said;

/// A plan as it was handed in, with what it is checked against.
pub struct Filing<'a> {
    pub plan: &'a StagePlan,
    /// The plans of the other sites at which its persons have lines: in force, or approved for later.
    pub others: &'a [StagePlan],
    pub certificates: &'a [Certificate],
    pub rules: &'a RuleSet,
    pub calendar: &'a Calendar,
}

/// What people call persons and sites; whoever is not in it is called by his id.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub persons: BTreeMap<PersonId, String>,
    pub sites: BTreeMap<SiteId, String>,
}

/// `stage` and `line` are places in the plan, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    NoStage,
    StageEndsFirst {
        stage: usize,
    },
    LineEndsFirst {
        line: usize,
    },
    NoDates {
        line: usize,
    },
    DatesOutside {
        line: usize,
        days: Stretches,
    },
    /// More days than a week or a month has by the mask, or none.
    ImpossibleQuota {
        line: usize,
    },
    /// Covers, replaces or is excused by itself.
    RefersToItself {
        line: usize,
    },
    /// Two lines of one person for the same days.
    TwoLines {
        line: usize,
        other: usize,
        days: Stretches,
    },
    PostMissing {
        stage: usize,
        post: Post,
        days: Stretches,
    },
    CertificateInvalid {
        line: usize,
        person: PersonId,
        post: Post,
        days: Stretches,
    },
    CannotBeKept {
        person: PersonId,
        sites: Vec<SiteId>,
        days: Stretches,
    },
}

/// All that is wrong, as sentences.
pub fn check(filing: &Filing, names: &Names) -> Vec<Fault> {
    troubles(filing).iter().map(|it| it.fault(names)).collect()
}

/// All that is wrong, for whoever wants to show the days in a calendar.
pub fn troubles(filing: &Filing) -> Vec<Trouble> {
    let mut found = Vec::new();
    let plan = filing.plan;
    if plan.stages.is_empty() {
        found.push(Trouble::NoStage);
    }
    for (stage, it) in plan.stages.iter().enumerate() {
        if it.to < it.from {
            found.push(Trouble::StageEndsFirst { stage });
        }
        found.extend(missing_posts(filing, stage));
    }
    for line in 0..plan.lines.len() {
        found.extend(line_by_itself(filing, line));
        found.extend(two_lines(plan, line));
        found.extend(certificate(filing, line));
    }
    found.extend(collision::collisions(filing));
    found
}

/// A post counts as filled on the days of its lines, and by a requirement of the stage that names who may fill it.
fn missing_posts(filing: &Filing, stage: usize) -> Vec<Trouble> {
    let plan = filing.plan;
    let Some(it) = plan.stages.get(stage) else { return vec![] };
    let required = filing.rules.required.iter().filter(|post| post.stages.contains(&it.kind));
    let missing = required.filter_map(|post| {
        let promised = it
            .requirements
            .iter()
            .any(|need| !need.persons.is_empty() && need.posts.iter().any(|name| post.names.contains(name)));
        let lines = plan.lines.iter().filter(|line| post.names.contains(&line.post)).map(|line| (line.from, line.to));
        let days = Stretches::uncovered((it.from, it.to), lines);
        let name = post.names.first()?.clone();
        (!promised && !days.is_empty()).then_some(Trouble::PostMissing { stage, post: name, days })
    });
    missing.collect()
}

fn line_by_itself(filing: &Filing, line: usize) -> Vec<Trouble> {
    let it = &filing.plan.lines[line];
    let mut found = Vec::new();
    if it.to < it.from {
        found.push(Trouble::LineEndsFirst { line });
    }
    match &it.kind {
        Kind::Named { dates } if dates.is_empty() => found.push(Trouble::NoDates { line }),
        Kind::Named { dates } => {
            let outside = dates.iter().filter(|day| **day < it.from || it.to < **day).copied();
            let days = Stretches::of_days(outside);
            if !days.is_empty() {
                found.push(Trouble::DatesOutside { line, days });
            }
        }
        Kind::PerWeek { n } if *n == 0 || *n > it.days.days_a_week() => found.push(Trouble::ImpossibleQuota { line }),
        Kind::PerMonth { n } if *n == 0 || *n > most_a_month(it.days) => found.push(Trouble::ImpossibleQuota { line }),
        _ => {}
    }
    let own = Some(it.person);
    if it.covers == own || it.replaces == own || it.excused_by.contains(&filing.plan.site) {
        found.push(Trouble::RefersToItself { line });
    }
    found
}

/// The most days that any month has by the mask.
fn most_a_month(mask: Mask) -> u32 {
    match mask {
        Mask::Workdays => 23,
        Mask::All => 31,
        Mask::Weekdays(_) => mask.days_a_week() * 5,
    }
}

/// Lines with a shift each stand beside one another; otherwise nobody could say by which a day is judged.
fn two_lines(plan: &StagePlan, line: usize) -> Option<Trouble> {
    let it = &plan.lines[line];
    let clashes = |other: &Line| {
        other.person == it.person
            && other.from.max(it.from) <= other.to.min(it.to)
            && (other.shift.is_none() || it.shift.is_none() || other.shift == it.shift)
    };
    let other = plan.lines[..line].iter().position(clashes)?;
    let (from, to) = (plan.lines[other].from.max(it.from), plan.lines[other].to.min(it.to));
    Some(Trouble::TwoLines { line, other, days: Stretches::uncovered((from, to), []) })
}

fn certificate(filing: &Filing, line: usize) -> Option<Trouble> {
    let it = &filing.plan.lines[line];
    let required = filing.rules.required.iter().find(|post| post.certificate && post.names.contains(&it.post))?;
    let valid = |certificate: &&Certificate| is_for(certificate, it.person, required);
    let ranges = filing.certificates.iter().filter(valid).map(|it| (it.from, it.to));
    let invalid = Stretches::uncovered((it.from, it.to), ranges);
    let days = match &it.kind {
        Kind::Named { dates } => Stretches::of_days(dates.iter().copied().filter(|day| invalid.holds(*day))),
        _ => invalid,
    };
    let (person, post) = (it.person, it.post.clone());
    (!days.is_empty()).then_some(Trouble::CertificateInvalid { line, person, post, days })
}

fn is_for(certificate: &Certificate, person: PersonId, required: &RequiredPost) -> bool {
    certificate.person == person && required.names.contains(&certificate.post)
}
