//! The sentences about a plan that cannot be filed as it is.

use super::{Names, Trouble};
use crate::fault::Fault;
use crate::id::{PersonId, SiteId};

impl Names {
    pub(in crate::attendance) fn person(&self, person: PersonId) -> String {
        self.persons.get(&person).cloned().unwrap_or_else(|| person.to_string())
    }

    fn sites(&self, sites: &[SiteId], between: &str) -> String {
        let name = |site: &SiteId| self.sites.get(site).cloned().unwrap_or_else(|| site.to_string());
        sites.iter().map(name).collect::<Vec<String>>().join(between)
    }
}

impl Trouble {
    /// The form's field: `lines.2`, `stages.0`.
    pub fn field(&self) -> String {
        match self {
            Trouble::NoStage => "stages".to_owned(),
            Trouble::StageEndsFirst { stage } | Trouble::PostMissing { stage, .. } => format!("stages.{stage}"),
            Trouble::LineEndsFirst { line }
            | Trouble::NoDates { line }
            | Trouble::DatesOutside { line, .. }
            | Trouble::ImpossibleQuota { line }
            | Trouble::RefersToItself { line }
            | Trouble::TwoLines { line, .. }
            | Trouble::CertificateInvalid { line, .. } => format!("lines.{line}"),
            Trouble::CannotBeKept { .. } => "lines".to_owned(),
        }
    }

    pub fn fault(&self, names: &Names) -> Fault {
        Fault::new(self.field(), self.zh(names), self.en(names))
    }

    fn zh(&self, names: &Names) -> String {
        match self {
            Trouble::NoStage => "请至少填写一个阶段及其起止日期。".to_owned(),
            Trouble::StageEndsFirst { stage } => format!("第{}个阶段的结束日期早于开始日期；请改正。", stage + 1),
            Trouble::LineEndsFirst { line } => format!("第{}行的结束日期早于开始日期；请改正。", line + 1),
            Trouble::NoDates { line } => format!("第{}行是指定日期到岗，但没有日期；请填写日期。", line + 1),
            Trouble::DatesOutside { line, days } => {
                format!("第{}行指定的日期不在起止日期内：{}；请改日期或起止日期。", line + 1, days.zh())
            }
            Trouble::ImpossibleQuota { line } => {
                format!("第{}行的天数为零，或多于一周（一月）的应到日；请改天数或应到日。", line + 1)
            }
            Trouble::RefersToItself { line } => {
                format!("第{}行代替、接替的是本人，或免考工地就是本工地；请改正。", line + 1)
            }
            Trouble::TwoLines { line, other, days } => format!(
                "第{}行与第{}行是同一人，日期重叠：{}；请合并，或写明不同的班次。",
                line + 1,
                other + 1,
                days.zh()
            ),
            Trouble::PostMissing { stage, post, days } => {
                format!("第{}个阶段缺少{}：{}；请补上人员。", stage + 1, post.0, days.zh())
            }
            Trouble::CertificateInvalid { line, person, post, days } => format!(
                "第{}行{}没有{}的有效证书：{}；请补充证书、缩短日期或换人。",
                line + 1,
                names.person(*person),
                post.0,
                days.zh()
            ),
            Trouble::CannotBeKept { person, sites, days } => format!(
                "{}在{}的到岗承诺不能同时做到：{}；请减少天数、错开日期，或写明在哪个工地到岗可以免考。",
                names.person(*person),
                names.sites(sites, "、"),
                days.zh()
            ),
        }
    }

    fn en(&self, names: &Names) -> String {
        match self {
            Trouble::NoStage => "Give at least one stage with its first and last day.".to_owned(),
            Trouble::StageEndsFirst { stage } => format!("Stage {} ends before it begins; correct it.", stage + 1),
            Trouble::LineEndsFirst { line } => format!("Line {} ends before it begins; correct it.", line + 1),
            Trouble::NoDates { line } => format!("Line {} promises named dates and names none; add them.", line + 1),
            Trouble::DatesOutside { line, days } => {
                format!("Line {} names dates outside its own days: {}; change one or the other.", line + 1, days.en())
            }
            Trouble::ImpossibleQuota { line } => format!(
                "Line {} promises no day, or more days than its week or month has; change the number or the days.",
                line + 1
            ),
            Trouble::RefersToItself { line } => {
                format!(
                    "Line {} covers or replaces its own person, or is excused by its own site; correct it.",
                    line + 1
                )
            }
            Trouble::TwoLines { line, other, days } => format!(
                "Lines {} and {} are of one person for the same days: {}; make them one, or give each its shift.",
                line + 1,
                other + 1,
                days.en()
            ),
            Trouble::PostMissing { stage, post, days } => {
                format!("Stage {} has nobody as {}: {}; add a person.", stage + 1, post.0, days.en())
            }
            Trouble::CertificateInvalid { line, person, post, days } => format!(
                "Line {}: {} holds no valid certificate as {}: {}; add the certificate, shorten the line or name \
                 somebody else.",
                line + 1,
                names.person(*person),
                post.0,
                days.en()
            ),
            Trouble::CannotBeKept { person, sites, days } => format!(
                "{} cannot keep all promises at {}: {}; promise fewer days, choose other dates, or say at which site \
                 a punch excuses.",
                names.person(*person),
                names.sites(sites, ", "),
                days.en()
            ),
        }
    }
}
