//! Rules of `scenarios/attendance.md` that its cases leave out, as small cases of the same kind.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use domain::attendance::month::Month;
use domain::attendance::rule_set::RuleSet;
use domain::attendance::verdict::{Flag, Judged};
use domain::attendance::worked::Cases;
use domain::time::Day;

/// One site A where li is full-time from 2 April, with what else the test says.
fn case(as_of: &str, line: &str, more: &str) -> Cases {
    let text = format!(
        r#"[{{"case": "x", "as_of": "{as_of}", "versions": [{{"site": "A", "version": 1, "effective_from": "2018-04-02",
        "approved_at": "2018-03-28 10:00:00", "lines": [{{"person": "li", "post": "施工员", "from": "2018-04-02",
        "to": "2018-12-31", "kind": "full_time" {line}}}]}}] {more}}}]"#
    );
    Cases::read(&text).unwrap()
}

fn judged(cases: &Cases, site: &str, from: &str, days: i64) -> Vec<Judged> {
    let from: Day = from.parse().unwrap();
    cases.judge("x", "li", site, from, from.plus(days - 1)).unwrap()
}

/// The reason codes of some days.
fn reasons(cases: &Cases, site: &str, from: &str, days: i64) -> String {
    judged(cases, site, from, days).iter().map(|it| it.reason.code()).collect::<Vec<_>>().join(" ")
}

const LATE: &str = r#"{"person": "li", "site": "A", "at": "2018-04-16 08:00:00", "received": "2018-05-09 09:00:00""#;

#[test]
fn a_ruling_counts_from_its_own_time_and_an_appeal_after_it() {
    let punch = format!(
        r#", "punches": [{LATE}, "rulings": [{{"at": "2018-05-20 09:00:00", "accepted": false}},
        {{"at": "2018-05-10 09:00:00", "accepted": true}}, {{"at": "2018-06-01 09:00:00", "accepted": true}}]}}]"#
    );
    let said = |as_of: &str| reasons(&case(as_of, "", &punch), "A", "2018-04-16", 1);
    assert_eq!(said("2018-05-08"), "no-punch");
    assert_eq!(said("2018-05-09"), "after-close");
    assert_eq!(said("2018-05-10"), "on-site");
    assert_eq!(said("2018-05-20"), "no-punch");
    assert_eq!(said("2018-06-01"), "on-site");
}

#[test]
fn leave_goes_before_a_doubt_and_the_doubt_before_absence() {
    let punch = r#"{"person": "li", "site": "A", "at": "2018-04-16 08:00:00", "doubt": "photo-unclear"}"#;
    let leave = r#"{"person": "li", "from": "2018-04-16", "to": "2018-04-16", "kind": "ordinary""#;
    let said = |approved: &str| {
        let more = format!(r#", "punches": [{punch}], "leaves": [{leave}, "approved_at": "{approved}"}}]"#);
        reasons(&case("2018-05-31", "", &more), "A", "2018-04-16", 1)
    };
    assert_eq!(said("2018-04-15 10:00:00"), "leave");
    assert_eq!(said("2018-04-16 10:00:00"), "photo-unclear");
}

#[test]
fn a_punch_sent_twice_is_one_and_two_devices_are_two() {
    let punches = |device: &str| {
        format!(
            r#", "punches": [{{"person": "li", "site": "A", "at": "2018-04-16 08:00:00", "device": "east"}},
            {{"person": "li", "site": "A", "at": "2018-04-16 08:00:00", "device": "{device}"}}]"#
        )
    };
    let day = |device: &str| judged(&case("2018-05-31", "", &punches(device)), "A", "2018-04-16", 1).remove(0);
    assert_eq!((day("east").punches, day("east").flags), (1, vec![]));
    assert_eq!((day("west").punches, day("west").flags), (1, vec![Flag::DuplicateCollapsed]));
}

#[test]
fn the_day_of_a_night_shift_is_open_until_its_window_closes() {
    let line = r#", "days": "all", "mode": "span", "shift": "22:00-06:00""#;
    let more = r#", "punches": [{"person": "li", "site": "A", "at": "2018-04-16 21:50:00"},
        {"person": "li", "site": "A", "at": "2018-04-17 06:05:00"}]"#;
    assert_eq!(reasons(&case("2018-04-16", line, more), "A", "2018-04-15", 3), "no-punch day-not-over day-not-over");
    assert_eq!(reasons(&case("2018-04-17", line, more), "A", "2018-04-15", 3), "no-punch on-site day-not-over");
}

#[test]
fn a_punch_between_two_shifts_goes_to_the_nearer_and_then_to_the_earlier_day() {
    // Night shift up to the 16th, early shift from the 17th: their windows share 04:00 to 08:00.
    let versions = |begin: &str, punch: &str| {
        format!(
            r#"[{{"case": "x", "as_of": "2018-05-31", "versions": [{{"site": "A", "version": 1,
            "effective_from": "2018-04-02", "approved_at": "2018-03-28 10:00:00", "lines": [
            {{"person": "li", "post": "施工员", "from": "2018-04-02", "to": "2018-04-16", "kind": "full_time", "shift": "22:00-06:00"}},
            {{"person": "li", "post": "施工员", "from": "2018-04-17", "to": "2018-04-30", "kind": "full_time", "shift": "{begin}-16:00"}}]}}],
            "punches": [{{"person": "li", "site": "A", "at": "2018-04-17 {punch}"}}]}}]"#
        )
    };
    let said = |begin: &str, punch: &str| reasons(&Cases::read(&versions(begin, punch)).unwrap(), "A", "2018-04-16", 2);
    assert_eq!(said("08:00", "06:59:00"), "on-site no-punch");
    assert_eq!(said("08:00", "07:00:00"), "on-site no-punch");
    assert_eq!(said("08:00", "07:01:00"), "no-punch on-site");
    assert_eq!(said("08:00", "18:01:00"), "no-punch no-punch");
}

#[test]
fn a_date_of_leave_counts_once_for_all_sites() {
    let text = r#", "leaves": [{"person": "li", "from": "2018-05-07", "to": "2018-05-16", "kind": "ordinary", "approved_at": "2018-05-04 10:00:00"}]"#;
    let b = r#"{"site": "B", "version": 1, "effective_from": "2018-04-02", "approved_at": "2018-03-28 10:00:00",
        "lines": [{"person": "li", "post": "施工员", "from": "2018-04-02", "to": "2018-12-31", "kind": "full_time"}]}"#;
    let text = format!(
        r#"[{{"case": "x", "as_of": "2018-05-31", "versions": [{b}, {}] {text}}}]"#,
        b.replace("\"B\"", "\"A\"")
    );
    let cases = Cases::read(&text).unwrap();
    for site in ["A", "B"] {
        let said = reasons(&cases, site, "2018-05-07", 9);
        assert_eq!(said, "leave leave leave leave leave day-off day-off leave leave-over-month-cap");
    }
}

#[test]
fn without_days_wanted_there_is_no_judgement_of_the_month() {
    let rules = RuleSet::default();
    let none = Month::of(&judged(&case("2018-05-31", "", ""), "C", "2018-05-01", 31));
    assert_eq!((none.reaches(&rules), none.rate()), (None, String::new()));
    assert_eq!(none.zh(&rules), "本月无应到日，不作评定。");
    let four_fifths = Month { present: 16, absent: 4, ..Month::default() };
    assert_eq!(four_fifths.reaches(&rules), Some(true));
    assert_eq!(four_fifths.zh(&rules), "本月应到20天，到岗16天（80%），达到80%。");
    let less = Month { present: 15, absent: 3, excused: 1, at_other_site: 9, ..Month::default() };
    assert_eq!((less.reaches(&rules), less.rate()), (Some(false), "15/19".to_owned()));
}

#[test]
fn a_version_approved_within_the_week_cuts_only_what_is_left_of_it() {
    // Two a week; on Wednesday everyone every day is approved for Thursday. Tuesday's second visit was counted and stays
    // so; Wednesday is judged with the cut week, floor(2×3/5) = 1.
    let text = r#"[{"case": "x", "as_of": "2018-04-30", "versions": [
        {"site": "A", "version": 1, "effective_from": "2018-04-02", "approved_at": "2018-03-28 10:00:00", "lines": [
        {"person": "li", "post": "施工员", "from": "2018-04-02", "to": "2018-12-31", "kind": "per_week", "n": 2}]},
        {"site": "A", "version": 2, "effective_from": "2018-04-19", "approved_at": "2018-04-18 10:00:00", "lines": [
        {"person": "li", "post": "施工员", "from": "2018-04-02", "to": "2018-12-31", "kind": "full_time"}]}],
        "punches": [{"person": "li", "site": "A", "at": "2018-04-16 08:00:00"},
        {"person": "li", "site": "A", "at": "2018-04-17 08:00:00"}, {"person": "li", "site": "A", "at": "2018-04-18 08:00:00"}]}]"#;
    let cases = Cases::read(text).unwrap();
    assert_eq!(reasons(&cases, "A", "2018-04-16", 4), "quota-counted quota-counted over-quota no-punch");
    // Any part of the period says the same.
    assert_eq!(reasons(&cases, "A", "2018-04-17", 2), "quota-counted over-quota");
}

/// The project leader is ill on Wednesday 16 May; whoever stands in for him was there.
#[test]
fn a_substitution_counts_for_the_days_for_which_it_was_approved_in_time() {
    let said = |approved: &str, as_of: &str| {
        let more = format!(
            r#", "leaves": [{{"person": "li", "from": "2018-05-16", "to": "2018-05-16", "kind": "sick",
            "approved_at": "2018-05-16 09:00:00"}}],
            "substitutes": [{{"person": "dai", "site": "A", "for": "li", "from": "2018-05-16", "to": "2018-05-16" {approved}}}],
            "certificates": [{{"person": "dai", "post": "施工员", "from": "2018-01-01", "to": "2018-12-31"}}],
            "punches": [{{"person": "dai", "site": "A", "at": "2018-05-16 08:00:00"}}]"#
        );
        let cases = case(as_of, r#", "needs_delegate": true"#, &more);
        let day: Day = "2018-05-16".parse().unwrap();
        ["li", "dai"].map(|it| cases.judge("x", it, "A", day, day).unwrap()[0].reason.code()).join(" ")
    };
    let approved = |at: &str| format!(r#", "approved_at": "{at}""#);
    assert_eq!(said("", "2018-05-31"), "leave-substituted substitute-on-site");
    assert_eq!(said(&approved("2018-05-17 17:30:00"), "2018-05-31"), "leave-substituted substitute-on-site");
    assert_eq!(said(&approved("2018-05-17 17:30:01"), "2018-05-31"), "leave-without-substitute not-in-plan");
    // Before it is approved it is not there.
    assert_eq!(said(&approved("2018-05-17 10:00:00"), "2018-05-16"), "leave-without-substitute not-in-plan");
}
