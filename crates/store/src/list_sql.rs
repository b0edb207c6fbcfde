//! The statements of the lists of problems: one text for all, in both directions, each one range of one index.

/// Ascending, then descending.
pub(crate) type Both = [&'static str; 2];

/// What `list::line` reads, of a problem called `p`; a statement may add columns of its own behind them.
macro_rules! line_columns {
    () => {
        "p.id, p.no, p.title, p.state, p.lead, p.category, p.tier, p.boarded, p.paused, p.registered_at, p.clock_at,
         p.first_due_at, p.late_at, p.shielded, p.source, (select o.name from subject o where o.id = p.subject)"
    };
}
pub(crate) use line_columns;
/// How many these are: the place of the first column of a statement's own.
pub(crate) const LINE_COLUMNS: usize = 16;

/// `$t` is the table whose columns the range and the late shares are read from; what stands before the semicolon says
/// which rows, what stands behind it where the page begins and in which order.
macro_rules! lines {
    ($t:literal, $($from:literal),+ ; $($rest:literal),+) => {
        concat!(
            "select ", line_columns!(), " from ",
            $($from,)+
            " and coalesce(", $t, ".clock_at, $2) >= $2 and coalesce(", $t, ".clock_at, $3) <= $3",
            " and ($4 = '' or ($4 = 'late' and (", $t, ".clock_at <= $5 or ", $t, ".late_at < $6))
               or ($4 = 'not' and coalesce(", $t, ".late_at, $6) >= $6))
               and ($7 = '' or p.state = $7) and ($8 = '' or p.tier = $8) and ($9 = '' or coalesce(p.category, 'none') = $9)
               and ($10 = 0 or p.boarded = 1) and ($11 = 0 or p.paused = 1)
               and ($15 = '' or p.campaign = $15) and ($16 = '' or coalesce(p.lead, 'none') = $16)
               and ($17 = '' or p.subject = $17) and ($18 = '' or p.visit = $18) and ($19 = 0 or p.shielded = 0)
               and ($20 = '' or p.source = $20)
               and ($21 = '' or exists (select 1 from subject g where g.id = p.subject
                 and replace(' ' || g.tags || ' ', ' ' || $21 || ' ', '') <> ' ' || g.tags || ' '))
               and coalesce(p.registered_at, $22) >= $22 and coalesce(p.registered_at, $23) <= $23 ",
            $($rest),+
        )
    };
}

// The bare comparisons are what the index is searched by; `coalesce` above would hide them from it.
macro_rules! by_due {
    ($t:literal, $from:literal) => {
        [
            lines!($t, $from, " and ", $t, ".clock_at >= $2 and ", $t, ".clock_at <= $3";
                "and (", $t, ".clock_at > $12 or ", $t, ".no > $13) order by ", $t, ".clock_at, ", $t, ".no limit $14"),
            lines!($t, $from, " and ", $t, ".clock_at >= $2 and ", $t, ".clock_at <= $3";
                "and (", $t, ".clock_at < $12 or ", $t, ".no < $13) order by ", $t, ".clock_at desc, ", $t, ".no desc limit $14"),
        ]
    };
}
macro_rules! by_no {
    ($t:literal, $from:literal) => {
        [
            lines!($t, $from, " and ", $t, ".no > $13";
                "and ($12 = 0 or ", $t, ".clock_at is not null) order by ", $t, ".no limit $14"),
            lines!($t, $from, " and ", $t, ".no < $13";
                "and ($12 = 0 or ", $t, ".clock_at is not null) order by ", $t, ".no desc limit $14"),
        ]
    };
}

pub(crate) const SEEN_BY_DUE: Both = by_due!("s", "sight s join problem p on p.no = s.no where s.viewer = $1");
pub(crate) const SEEN_BY_NO: Both = by_no!("s", "sight s join problem p on p.no = s.no where s.viewer = $1");
pub(crate) const ALL_BY_DUE: Both = by_due!("p", "problem p where $1 = ''");
pub(crate) const BOARDED_BY_DUE: Both = by_due!("p", "problem p where $1 = '' and p.boarded = 1");
pub(crate) const ALL_BY_NO: Both = by_no!("p", "problem p where $1 = ''");
// What is rare is not looked for among all: everything of one state, one campaign … is a range of its own index.
pub(crate) const IN_STATE: Both = by_no!("p", "problem p where $1 = '' and p.state = $7");
pub(crate) const OF_TIER: Both = by_no!("p", "problem p where $1 = '' and p.tier = $8");
pub(crate) const OF_CATEGORY: Both = by_no!("p", "problem p where $1 = '' and p.category = $9");
pub(crate) const PAUSED: Both = by_no!("p", "problem p where $1 = '' and p.paused = 1");
pub(crate) const OF_CAMPAIGN: Both = by_no!("p", "problem p where $1 = '' and p.campaign = $15");
pub(crate) const OF_SUBJECT: Both = by_no!("p", "problem p where $1 = '' and p.subject = $17");
pub(crate) const OF_VISIT: Both = by_no!("p", "problem p where $1 = '' and p.visit = $18");
pub(crate) const OF_SOURCE: Both = by_no!("p", "problem p where $1 = '' and p.source = $20");
/// In the order of registration, since an import may have registered what has an older date.
pub(crate) const OF_PERIOD: Both = [
    lines!("p", "problem p where $1 = '' and p.registered_at >= $22 and p.registered_at <= $23";
        "and ($12 = 0 or p.clock_at is not null) and (p.registered_at > $24 or p.no > $13) order by p.registered_at, p.no limit $14"),
    lines!("p", "problem p where $1 = '' and p.registered_at >= $22 and p.registered_at <= $23";
        "and ($12 = 0 or p.clock_at is not null) and (p.registered_at < $24 or p.no < $13) order by p.registered_at desc, p.no desc limit $14"),
];
pub(crate) const HIT: &str =
    lines!("p", "problem p where p.no = $1"; "and ($12 = 0 or p.clock_at is not null) and $13 = 0 and $14 = 0");

/// For the test that prepares every statement on both engines.
pub fn statements() -> Vec<&'static str> {
    let both = [
        SEEN_BY_DUE,
        SEEN_BY_NO,
        ALL_BY_DUE,
        BOARDED_BY_DUE,
        ALL_BY_NO,
        IN_STATE,
        OF_TIER,
        OF_CATEGORY,
        PAUSED,
        OF_CAMPAIGN,
        OF_SUBJECT,
        OF_VISIT,
        OF_SOURCE,
        OF_PERIOD,
    ];
    both.into_iter().flatten().chain([HIT]).collect()
}
