//! A holiday notice 放假安排 as somebody hands it in: read from its file, checked, and what it changes about a year.

use crate::calendar::{Notice, NoticeDay};
use crate::fault::Fault;
use crate::time::Day;
use std::collections::BTreeMap;

/// The notice in a text of the shape of the shipped files; what is wrong is named with its place.
pub fn read(text: &str) -> Result<Notice, Fault> {
    let notice: Notice = serde_json::from_str(text.trim().trim_start_matches('\u{feff}')).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Fault::new(
            "notice",
            format!("第{line}行第{column}列读不下去。要有year、papers和days，days里每天有name、date、isOffDay。"),
            format!("Line {line}, column {column} cannot be read. It needs year, papers and days, each day with name, date and isOffDay."),
        )
    })?;
    check(&notice)?;
    Ok(notice)
}

/// A slip of the year would move every due date, so days far from their notice are refused.
fn check(notice: &Notice) -> Result<(), Fault> {
    let mut seen: Vec<Day> = Vec::new();
    for it in &notice.days {
        let (day, year) = (it.date, notice.year);
        if (i32::from(day.year()) - i32::from(year)).abs() > 1 {
            return Err(Fault::new(
                "notice",
                format!("{year}年的通知里有{day}，不在该年前后，请核对。"),
                format!("The notice of {year} has {day}, which is not near that year; check it."),
            ));
        }
        if seen.contains(&day) {
            return Err(Fault::new(
                "notice",
                format!("{day}出现了两次，请留下一个。"),
                format!("{day} stands there twice; keep one."),
            ));
        }
        seen.push(day);
    }
    Ok(())
}

/// A day about which the notice says something else than before.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub day: Day,
    pub before: Option<NoticeDay>,
    pub after: Option<NoticeDay>,
}

/// In the order of the days; nothing where the notice says what is known already.
pub fn changes(known: Option<&Notice>, new: &Notice) -> Vec<Change> {
    let days = |notice: Option<&Notice>| -> BTreeMap<Day, NoticeDay> {
        notice.into_iter().flat_map(|it| &it.days).map(|it| (it.date, it.clone())).collect()
    };
    let (before, after) = (days(known), days(Some(new)));
    let all: std::collections::BTreeSet<Day> = before.keys().chain(after.keys()).copied().collect();
    all.into_iter()
        .map(|day| Change { day, before: before.get(&day).cloned(), after: after.get(&day).cloned() })
        .filter(|it| it.before != it.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: &str = r#"{ "year": 2019, "papers": ["x"], "days": [
        { "name": "元旦", "date": "2018-12-31", "isOffDay": true }, { "name": "元旦", "date": "2018-12-29", "isOffDay": false } ] }"#;

    #[test]
    fn a_notice_is_read_and_what_it_changes_is_told() {
        let notice = read(NOTICE).unwrap_or_else(|fault| panic!("{}", fault.en));
        let all = changes(None, &notice);
        assert_eq!(all.iter().map(|it| it.day.to_string()).collect::<Vec<_>>(), ["2018-12-29", "2018-12-31"]);
        assert!(changes(Some(&notice), &notice).is_empty());
        let less = Notice { days: notice.days[..1].to_vec(), ..notice.clone() };
        let gone = changes(Some(&notice), &less);
        assert_eq!((gone.len(), gone[0].after.is_none()), (1, true));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for wrong in [
            "{".to_owned(),
            "[]".to_owned(),
            NOTICE.replace("2018-12-31", "2008-12-31"),
            NOTICE.replace("2018-12-31", "2018-12-29"),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }
}
