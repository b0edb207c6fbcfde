//! What follows from an absence: a notice to the person and his firm, and by rule a problem in the pool.

use crate::db::Tx;
use crate::error::Result;
use crate::ids::fresh;
use crate::notice::{self, Letterbox};
use crate::problem::{self, Draft};
use crate::site::{self, Site};
use crate::terms::{Deed, Failure};
use crate::{staff, verdict};
use domain::attendance::verdict::{Judged, Verdict};
use domain::course::Heard;
use domain::id::{PersonId, ProblemId, SiteId};
use domain::problem::Source;
use domain::role::{Actor, Role};
use domain::time::Day;
use std::collections::BTreeMap;

/// `new`: verdicts that a closing has just given.
pub(crate) fn tell(tx: &mut dyn Tx, deed: &Deed, site: SiteId, new: &[Judged]) -> Result<(), Failure> {
    let mut absent: BTreeMap<PersonId, Vec<Day>> = BTreeMap::new();
    for it in new.iter().filter(|it| it.verdict == Verdict::Absent) {
        absent.entry(it.person).or_default().push(it.day);
    }
    let Some(site) = site::find(tx, site)? else { return Ok(()) };
    for (person, days) in absent {
        let Some(it) = staff::find(tx, site.id, person)? else { continue };
        let about = days.iter().map(Day::to_string).collect::<Vec<_>>().join(" ");
        let role = if Some(it.firm) == site.consultant { Role::Consultant } else { Role::Contractor };
        notice::insert_site(tx, Letterbox::Person(person), site.id, "absent", &about, deed.now)?;
        let detail = format!("{about} {}", it.name);
        notice::insert_site(tx, Letterbox::Firm(role, it.firm), site.id, "absent", &detail, deed.now)?;
        report(tx, deed, &site, &it, &days)?;
    }
    Ok(())
}

/// By rule, so many absences in one month at one site are a problem for the pool; one a month and person.
fn report(tx: &mut dyn Tx, deed: &Deed, site: &Site, it: &staff::Staff, days: &[Day]) -> Result<(), Failure> {
    let Some(day) = days.last() else { return Ok(()) };
    let limit = deed.terms.attendance.on(*day).problem_after_absences;
    if limit == 0 {
        return Ok(());
    }
    let first = day.first_of_month();
    let last = first.plus_months(1).plus(-1);
    let count = verdict::absences(tx, site.id, it.person, (first, last))?;
    let new = days.iter().filter(|it| **it >= first).count() as u32;
    // Only the closing that reaches the number reports.
    if count < limit || count.saturating_sub(new) >= limit {
        return Ok(());
    }
    let posts: Vec<&str> = it.posts.iter().map(|it| it.0.as_str()).collect();
    let (year, month) = (first.year(), first.month());
    let draft = Draft {
        id: ProblemId(fresh(deed.now)),
        title: format!("{}：{}{}{year}年{month}月已缺勤{count}天", site.name, posts.join("、"), it.name),
        detail: format!(
            "按批准的阶段名单考核，{}（{}）在{}（施工许可证{}）{year}年{month}月累计缺勤{count}天，达到{limit}天。请核实原因并督促到岗；月考勤表在工地{}的页面。",
            it.name,
            posts.join("、"),
            site.name,
            site.permit,
            site.no
        ),
        place: site.address.clone(),
        occurred: day.to_string(),
        source: Source::Attendance,
        reporter: None,
        shielded: false,
        officer: None,
        heard: Heard { subject: site.subject, ..Heard::default() },
    };
    problem::register(tx, deed.terms, draft, &Actor::System, deed.now)?;
    Ok(())
}
