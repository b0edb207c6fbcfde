//! Stage plans and the planner in a real Chromium: at a desk and on a phone, with and without script, in both languages;
//! pictures go to target/screens/.

use crate::plan::{self, session_of, whole};
use crate::stage::{As, PASSWORD, TestApp};
use domain::role::Role;
use testkit::eyes::{Eyes, WINDOWS, in_minutes, skipped};

async fn seen(eyes: &Eyes, name: &str) {
    eyes.picture(name).await;
    eyes.calm(name);
    let complaints = [eyes.complaints().await, eyes.axe().await].concat();
    assert!(complaints.is_empty(), "{name}: {complaints:#?}");
}

/// Two sites, the first with a version approved and one returned.
async fn settle(app: &TestApp) -> As {
    let first = plan::open(app, "示例商务中心二期", vec![]).await;
    let second = plan::open(app, "虚构大厦", first.people.clone()).await;
    let other = session_of(app, plan::add_person(app, "bu2", "建设局", Role::Bureau).await).await;
    let (shi, yz, bu) = (app.session("shi").await, app.session("yz").await, app.session("bu").await);
    let quota = |ground: &plan::Ground, n: &str| {
        let mut fields = whole(ground, "2018-05-01");
        for field in fields.iter_mut().filter(|it| it.0.ends_with(".kind") && it.0.starts_with("lines.")) {
            field.1 = "per_week".to_owned();
        }
        fields.extend((0..7).map(|at| (format!("lines.{at}.n"), n.to_owned())));
        fields.push(("stages.0.needs.0.posts".into(), "安全员、专业监理工程师".into()));
        fields.push(("stages.0.needs.0.kind".into(), "per_week".into()));
        fields.push(("stages.0.needs.0.n".into(), "1".into()));
        fields
    };
    for (ground, n, who) in [(&first, "2", &bu), (&second, "1", &shi)] {
        let here = format!("/sites/{}/plans", ground.no);
        plan::send(app, who, &format!("{here}/make"), "file", &quota(ground, n)).await.expect(303);
        app.form(&yz, &format!("{here}/1/confirm"), &[("seen", "1")]).await.expect(303);
        app.form(&other, &format!("{here}/1/approve"), &[("seen", "2")]).await.expect(303);
    }
    let mut next = quota(&first, "3");
    next.retain(|it| it.0 != "lines.2.kind" && it.0 != "lines.4.n");
    next.extend([
        ("lines.2.kind".into(), "named".into()),
        ("lines.2.dates".into(), "5月14日、16日、6月1日".into()),
        ("lines.4.n".into(), "2".into()),
        ("lines.4.shift".into(), "22:00-06:00".into()),
        ("lines.4.mode".into(), "span".into()),
    ]);
    plan::send(app, &shi, "/sites/1/plans/make", "file", &next).await.expect(303);
    app.form(&yz, "/sites/1/plans/2/return", &[("seen", "1"), ("words", "施工员请改为每周三天")]).await.expect(303);
    shi
}

#[test]
fn plans_and_the_planner_fit_and_do_not_complain() {
    if skipped() {
        return;
    }
    in_minutes(6, async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        let shi = settle(&app).await;
        let sent = app.form(&shi, "/planner", &[("from", "2018-05-14"), ("weeks", "2")]).await.expect(303);
        let calendar = sent.header("location").to_owned();
        let eyes = Eyes::open(app.served().await).await;
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                eyes.sign_in("shi", PASSWORD).await;
                for (name, path) in [
                    ("plan-new", "/sites/1/plans/new"),
                    ("plan-first", "/sites/1/plans/1"),
                    ("plan-returned", "/sites/1/plans/2"),
                    ("plan-compare", "/sites/1/plans/2/compare/1"),
                    ("planner", "/planner"),
                ] {
                    eyes.go(path).await;
                    seen(&eyes, &format!("{name}-{window}-{theme}")).await;
                }
                eyes.go("/sites/1/plans/new").await;
                eyes.click("#lines\\.0 summary").await;
                eyes.click("#lines\\.2 summary").await;
                seen(&eyes, &format!("plan-open-{window}-{theme}")).await;
                eyes.write("#lines\\.0\\.from", "").await;
                eyes.value("document.querySelector('[name=\"stages.0.to\"]').value = ''").await;
                eyes.submit("button[value=check]").await;
                seen(&eyes, &format!("plan-wrong-{window}-{theme}")).await;
                eyes.go(&calendar).await;
                eyes.until("document.querySelector('.shifts') !== null").await;
                seen(&eyes, &format!("planner-calendar-{window}-{theme}")).await;
                eyes.submit("form[action='/language'] button").await;
                for (name, path) in [
                    ("plan-new", "/sites/1/plans/new"),
                    ("plan-returned", "/sites/1/plans/2"),
                    ("planner-calendar", calendar.as_str()),
                ] {
                    eyes.go(path).await;
                    seen(&eyes, &format!("{name}-en-{window}-{theme}")).await;
                }
                eyes.submit("form[action='/language'] button").await;
                eyes.submit("form[action='/sign-out'] button").await;
            }
        }
        eyes.close().await;
    });
}
