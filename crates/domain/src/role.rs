//! Roles, and the hats a person wears: a role at a unit, one's own or that of somebody one stands in for.

use crate::id::{PersonId, ReporterId, UnitId};
use serde::{Deserialize, Serialize};

/// The roles of the design page. The label is what people read; the code is what tables and JSON carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Officer,
    Clerk,
    Head,
    Office,
    Supervision,
    Leader,
    Enterprise,
    Contractor,
    Consultant,
    Owner,
    SiteStaff,
    Bureau,
    Prosecutor,
    Sysadmin,
    Secadmin,
    Auditor,
}

impl Role {
    pub const ALL: [Role; 16] = [
        Role::Officer,
        Role::Clerk,
        Role::Head,
        Role::Office,
        Role::Supervision,
        Role::Leader,
        Role::Enterprise,
        Role::Contractor,
        Role::Consultant,
        Role::Owner,
        Role::SiteStaff,
        Role::Bureau,
        Role::Prosecutor,
        Role::Sysadmin,
        Role::Secadmin,
        Role::Auditor,
    ];

    /// Code, Chinese label, English label.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Role::Officer => ("officer", "走访干部", "Officer"),
            Role::Clerk => ("clerk", "承办人", "Clerk"),
            Role::Head => ("head", "单位负责人", "Head of unit"),
            Role::Office => ("office", "走访办", "Office"),
            Role::Supervision => ("supervision", "督查室", "Supervision"),
            Role::Leader => ("leader", "领导", "Leader"),
            Role::Enterprise => ("enterprise", "企业", "Enterprise"),
            Role::Contractor => ("contractor", "施工单位", "Contractor"),
            Role::Consultant => ("consultant", "监理单位", "Consultant"),
            Role::Owner => ("owner", "建设单位", "Owner"),
            Role::SiteStaff => ("site-staff", "现场管理人员", "Site staff"),
            Role::Bureau => ("bureau", "建设局", "Bureau"),
            Role::Prosecutor => ("prosecutor", "检察官", "Prosecutor"),
            Role::Sysadmin => ("sysadmin", "系统管理员", "System administrator"),
            Role::Secadmin => ("secadmin", "安全管理员", "Security administrator"),
            Role::Auditor => ("auditor", "审计员", "Auditor"),
        }
    }

    pub fn code(self) -> &'static str {
        self.words().0
    }

    pub fn parse(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.words().0 == code || role.words().1 == code)
    }

    /// The three administrators are kept apart: nobody may hold two of these (等保三级).
    pub fn is_administrator(self) -> bool {
        matches!(self, Role::Sysadmin | Role::Secadmin | Role::Auditor)
    }
}

/// A role at a unit. `of` is the person whose role it is: oneself, or the one stood in for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hat {
    pub role: Role,
    pub unit: UnitId,
    pub of: PersonId,
    /// The unit and every unit above it: a member of 经发局·工业科 is a member of 经发局.
    pub within: Vec<UnitId>,
}

/// Who acts. Rules take it as a parameter; there is no ambient user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    System,
    /// By link, without an account.
    Reporter(ReporterId),
    Person {
        id: PersonId,
        hats: Vec<Hat>,
        reporter: Option<ReporterId>,
    },
}

impl Actor {
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Actor::Person { id, .. } => Some(*id),
            _ => None,
        }
    }

    pub fn reporter(&self) -> Option<ReporterId> {
        match self {
            Actor::Reporter(id) => Some(*id),
            Actor::Person { reporter, .. } => *reporter,
            Actor::System => None,
        }
    }

    pub fn hats(&self) -> &[Hat] {
        match self {
            Actor::Person { hats, .. } => hats,
            _ => &[],
        }
    }

    pub fn has(&self, role: Role) -> bool {
        self.hats().iter().any(|hat| hat.role == role)
    }
}
