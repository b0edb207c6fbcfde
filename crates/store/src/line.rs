//! What every list of problems selects, in the order in which `list::line` reads it; `p` is the problem.

macro_rules! line_columns {
    () => {
        "p.id, p.no, p.title, p.state, p.lead, p.category, p.tier, p.boarded, p.paused, p.registered_at, p.clock_at,
               p.first_due_at, p.late_at, p.shielded, p.source, (select o.name from subject o where o.id = p.subject)"
    };
}

pub(crate) use line_columns;
