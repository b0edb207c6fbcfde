//! What strike-off can lack.

/// What closing still lacks, in the order in which it is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    Evidence,
    Application,
    Verification,
    Reporter,
    Signature,
}

impl Missing {
    /// Code, Chinese, English.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Missing::Evidence => ("evidence", "办理依据", "evidence"),
            Missing::Application => ("application", "销号申请", "application"),
            Missing::Verification => ("verification", "核验", "verification"),
            Missing::Reporter => ("reporter", "反映人意见", "the reporter's word"),
            Missing::Signature => ("signature", "督查签字", "supervision's signature"),
        }
    }
}
