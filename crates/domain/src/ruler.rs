//! The ruler of a clock: one tick for each calendar day from its start to its end, and why the due date is where it is.

use crate::calendar::Calendar;
use crate::clock::{Clock, Pause, Span};
use crate::time::{Day, Millis};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Work,
    Off,
    /// Its tick does not count.
    Pause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    pub day: Day,
    pub kind: Kind,
}

/// Something that moved the due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Started {
        at: Millis,
        span: Span,
    },
    Changed {
        at: Millis,
        span: Span,
    },
    /// `lost` workdays do not count; open without `to`.
    Paused {
        from: Millis,
        to: Option<Millis>,
        lost: u32,
    },
    Extended {
        granted: Millis,
        until: Day,
    },
}

/// What happened, and the due date as it was counted then; none while paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    pub why: Why,
    pub due: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruler {
    /// Empty where a ruler of so many days could not be read.
    pub ticks: Vec<Tick>,
    pub reasons: Vec<Reason>,
}

/// Longer ones are told in words alone.
const MOST: i64 = 92;

impl Ruler {
    /// `to` is the last day that has to stand on it, such as the due date or today.
    pub fn of(clock: &Clock, to: Millis, calendar: &Calendar) -> Ruler {
        let (first, last) = (clock.start.day().number(), to.day().number());
        let days = if (0..MOST).contains(&(last - first)) { first..last + 1 } else { 0..0 };
        let ticks = days
            .map(Day::from_number)
            .map(|day| {
                let kind = match (clock.paused_at(calendar.tick(day)), calendar.is_workday(day)) {
                    (true, true) => Kind::Pause,
                    (_, false) => Kind::Off,
                    (false, true) => Kind::Work,
                };
                Tick { day, kind }
            })
            .collect();
        Ruler { ticks, reasons: reasons(clock, calendar) }
    }
}

/// The clock is wound from its start again, one thing after the other.
fn reasons(clock: &Clock, calendar: &Calendar) -> Vec<Reason> {
    let mut whys: Vec<(Millis, Why)> = Vec::new();
    whys.extend(clock.changes.iter().map(|it| (it.at, Why::Changed { at: it.at, span: it.span })));
    whys.extend(clock.extensions.iter().map(|it| (it.granted, Why::Extended { granted: it.granted, until: it.until })));
    whys.extend(clock.pauses.iter().map(|it| (it.from, paused(it, calendar))));
    whys.sort_by_key(|(at, _)| *at);
    let mut wound = Clock::start(clock.start, clock.span);
    let mut reasons =
        vec![Reason { why: Why::Started { at: clock.start, span: clock.span }, due: wound.due(calendar).at }];
    for (at, why) in whys {
        match why {
            Why::Changed { .. } => wound.changes.extend(clock.changes.iter().find(|it| it.at == at)),
            Why::Extended { .. } => wound.extensions.extend(clock.extensions.iter().find(|it| it.granted == at)),
            Why::Paused { .. } => wound.pauses.extend(clock.pauses.iter().find(|it| it.from == at)),
            Why::Started { .. } => {}
        }
        reasons.push(Reason { why, due: wound.due(calendar).at });
    }
    reasons
}

fn paused(pause: &Pause, calendar: &Calendar) -> Why {
    let Pause { from, to } = *pause;
    // The tick of a day is swallowed if it lies in the pause: before the first day's tick counts that day, too.
    let before = |at: Millis| if at <= calendar.tick(at.day()) { at.day().plus(-1) } else { at.day() };
    let lost = to.map_or(0, |to| calendar.workdays_between(before(from), before(to)));
    Why::Paused { from, to, lost }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Extension;

    fn at(text: &str) -> Millis {
        Millis::parse_local(text).expect("a moment")
    }

    /// S34 and S30 of `loop.md` on one clock.
    #[test]
    fn a_pause_and_an_extension_say_what_each_moved() {
        let calendar = Calendar::shipped();
        let mut clock = Clock::start(at("2018-04-16 09:00"), Span::Workdays(7));
        clock.pauses.push(Pause { from: at("2018-04-18 10:00"), to: Some(at("2018-04-23 10:00")) });
        let granted = at("2018-04-25 09:00");
        clock.extensions.push(Extension { granted, until: Day::new(2018, 5, 4).expect("a day") });
        let ruler = Ruler::of(&clock, at("2018-05-04 17:30"), &calendar);
        let dues: Vec<Option<Millis>> = ruler.reasons.iter().map(|it| it.due).collect();
        assert_eq!(dues, ["2018-04-25 17:30", "2018-04-28 17:30", "2018-05-04 17:30"].map(|it| Some(at(it))));
        assert!(matches!(ruler.reasons[1].why, Why::Paused { lost: 3, .. }), "{:?}", ruler.reasons[1]);
        assert_eq!(dues.last().copied().flatten(), clock.due(&calendar).at);
        let line: String = ruler
            .ticks
            .iter()
            .map(|it| match it.kind {
                Kind::Work => 'w',
                Kind::Off => '.',
                Kind::Pause => 'p',
            })
            .collect();
        // Saturday 28 April is worked for the holiday of 29 April to 1 May.
        assert_eq!(line, "wwppp..wwwwww...www");
    }

    #[test]
    fn an_open_pause_has_no_due_date_and_a_year_no_ruler() {
        let calendar = Calendar::shipped();
        let mut clock = Clock::start(at("2018-04-16 09:00"), Span::Days(365));
        clock.pauses.push(Pause { from: at("2018-04-18 10:00"), to: None });
        let ruler = Ruler::of(&clock, at("2019-04-16 17:30"), &calendar);
        assert_eq!((ruler.ticks.len(), ruler.reasons[1].due), (0, None));
    }
}
