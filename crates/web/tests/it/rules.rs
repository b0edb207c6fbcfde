//! The dated numbers of attendance: seen by all who have to do with sites, entered by the bureau, refused with all that was
//! typed.

use crate::stage::TestApp;
use testkit::on_both_async;

const FIELDS: [(&str, &str); 16] = [
    ("min_minutes", "200"),
    ("shift_margin_minutes", "120"),
    ("drift_as_is_s", "120"),
    ("drift_corrected_s", "900"),
    ("duplicate_minutes", "5"),
    ("travel_minutes", "30"),
    ("close_workday", "5"),
    ("sick_workdays", "1"),
    ("leave_a_month", "4"),
    ("leave_a_year", "20"),
    ("month_percent", "85"),
    ("sites_a_day", "2"),
    ("problem_after_absences", "2"),
    ("call_by", "17:00"),
    ("tick", "17:30"),
    ("posts", "项目负责人/项目经理\n安全员 不查证书"),
];

on_both_async!(the_bureau_enters_the_next_numbers_and_nobody_else, |db| {
    let app = TestApp::new(db).await;
    app.set("2018-05-25 10:00");
    let (bureau, contractor, clerk) = (app.session("bu").await, app.session("shi").await, app.session("li").await);
    app.get(&bureau, "/sites/rules").await.expect(200).says("240").says("建质〔2011〕111号").says("录入新的一套");
    app.get(&contractor, "/sites/rules").await.expect(200).says("240").lacks("录入新的一套");
    app.get(&clerk, "/sites/rules").await.expect(404);
    let with = |from: &'static str, percent: &'static str| {
        let mut fields = FIELDS.to_vec();
        fields.push(("from", from));
        fields.iter_mut().filter(|it| it.0 == "month_percent").for_each(|it| it.1 = percent);
        fields
    };
    let refused = app.form(&bureau, "/sites/rules", &with("2018-05-25", "185")).await.expect(422);
    refused.says("最早从明天起").says("请填0到100之间的整数").says("安全员 不查证书").says("value=\"185\"");
    app.form(&contractor, "/sites/rules", &with("2018-06-01", "85")).await.expect(403);
    app.form(&bureau, "/sites/rules", &with("2018-06-01", "85")).await.expect(303);
    let day = |text: &str| text.parse().unwrap();
    let sets = app.app.terms().attendance;
    assert_eq!((sets.on(day("2018-05-31")).month_percent, sets.on(day("2018-06-01")).month_percent), (80, 85));
    let june = sets.on(day("2018-06-01"));
    assert_eq!((june.leave_a_month, june.call_by_ms, june.required.len()), (4, 17 * 3_600_000, 2));
    assert!(june.required[0].certificate && !june.required[1].certificate);
    app.get(&bureau, "/sites/rules").await.expect(200).says("2018-06-01");
});
