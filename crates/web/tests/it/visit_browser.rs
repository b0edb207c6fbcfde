//! A visit recorded on a telephone, in a real Chromium, with script and without; pictures go to target/screens/.

use crate::doors::{self, Doors, act};
use crate::stage::{PASSWORD, TestApp};
use serde_json::json;
use std::time::Duration;
use testkit::eyes::{Eyes, WINDOWS, in_time, skipped};

/// One visit recorded and amended, one for today, one to come, one still to be recorded.
async fn settle(app: &TestApp) -> Doors {
    let doors = doors::open(app).await;
    let (he, zheng) = (app.session("he").await, app.session("zheng").await);
    let (first, _) = doors.plan(app, &he, "2018-04-13").await;
    app.set("2018-04-13 15:00");
    let fresh = || store::ids::fresh(app.now()).to_string();
    act(app, &zheng, &first, json!({ "command": "join" })).await.expect(200);
    let mut record = doors.record("2018-04-13");
    record["people"] = json!([app.person("zheng")]);
    record["minutes"] = json!("订单饱满，一线操作工缺六十人。对美出口的两个大客户在谈转单，二期厂房想提前开工。");
    record["promises"] = json!([{ "id": fresh(), "text": "问清老厂房光伏并网要哪些手续", "owner": app.person("he"), "due": "2018-04-23" }]);
    record["findings"] = json!([{ "id": fresh(), "kind": "suggestion", "text": "建议把校企对接会开到厂里来" }]);
    record["policies"] = json!({ doors.policy.to_string(): "" });
    record["cells"] = json!(["enterprise.projects", "enterprise.innovation"]);
    record["reports"] = json!([{ "id": fresh(), "title": "西门行道树挡住出口视线，货车左转看不到来车" }]);
    act(app, &he, &first, record.clone()).await.expect(200);
    record["command"] = json!("amend");
    record["words"] = json!("企业来电更正人数");
    record["minutes"] = json!("订单饱满，一线操作工缺四十人。对美出口的两个大客户在谈转单，二期厂房想提前开工。");
    record["reports"] = json!([]);
    act(app, &he, &first, record).await.expect(200);
    doors.plan(app, &he, "2018-04-18").await;
    let (today, _) = doors.plan(app, &he, "2018-04-20").await;
    act(app, &he, &today, json!({ "command": "agree", "day": "2018-04-20", "minute": 570, "with": "沈厂长" }))
        .await
        .expect(200);
    doors.plan(app, &he, "2018-04-25").await;
    app.set("2018-04-20 09:00");
    doors
}

const PAGES: [(&str, &str); 10] = [
    ("visits", "/visits"),
    ("visits-filtered", "/visits?state=planned"),
    ("visit-new", "/visits/new?find=示例"),
    ("visit-plan", "/visits/new?subject=1"),
    ("visit-recorded", "/visits/1"),
    ("visit-coming", "/visits/4"),
    ("visit-agreed", "/visits/3"),
    ("visit-record", "/visits/3/record"),
    ("visit-minutes", "/visits/1/minutes"),
    ("promises", "/promises"),
];

#[test]
fn the_pages_of_visits_fit_and_do_not_complain() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        settle(&app).await;
        let eyes = Eyes::open(app.served().await).await;
        eyes.sign_in("he", PASSWORD).await;
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                for (name, path) in PAGES {
                    eyes.go(path).await;
                    eyes.picture(&format!("{name}-{window}-{theme}")).await;
                    eyes.calm(name);
                }
            }
            eyes.window(width, height, false).await;
            eyes.submit("form[action='/language'] button").await;
            for (name, path) in
                [("visit-record", "/visits/3/record"), ("visits", "/visits"), ("visit-recorded", "/visits/1")]
            {
                eyes.go(path).await;
                eyes.picture(&format!("{name}-en-{window}")).await;
                eyes.calm(name);
            }
            eyes.submit("form[action='/language'] button").await;
        }
        eyes.close().await;
    });
}

async fn value_of(eyes: &Eyes, selector: &str) -> String {
    let script = format!("document.querySelector('{selector}')?.value ?? '(none)'");
    eyes.value(&script).await.as_str().unwrap_or_default().to_owned()
}

/// Chooses the last option of every required question that shows.
async fn answer(eyes: &Eyes, doors: &Doors) {
    for (name, value) in doors.answers() {
        let script = format!(
            "{{ const it = document.querySelector('[name=\"{name}\"][value=\"{value}\"]'); if (it) it.click(); else {{ const t = document.querySelector('[name=\"{name}\"]'); t.value = '{value}'; t.dispatchEvent(new Event('input', {{ bubbles: true }})); }} }} 0"
        );
        eyes.value(&script).await;
    }
}

/// To the review, and from there into the database.
const SAVE: &str = ".save button[value=review]";
const SEND: &str = ".save button[value=save]";

async fn record(eyes: &Eyes, app: &TestApp, doors: &Doors, script: bool) {
    let name = if script { "script" } else { "plain" };
    eyes.go("/visits/3/record").await;
    let (ask, list) = (format!("q.{}.planned", doors.projects), format!("q.{}.planned-list", doors.projects));
    let shown = format!("!document.getElementsByName('{list}')[0].closest('[data-when]').hidden");
    // Last time nothing was planned, so the question after it is not asked.
    assert_eq!(eyes.value(&shown).await, !script);
    answer(eyes, doors).await;
    eyes.value(&format!("document.querySelector('[name=\"{ask}\"][value=yes]').click(); 0")).await;
    assert_eq!(eyes.value(&shown).await, true);
    eyes.value(&format!("document.getElementsByName('{list}')[0].value = '二期厂房'; 0")).await;
    eyes.write("textarea[name=\"finding.0.text\"]", "新做法：师带徒").await;
    // One more finding, by script in the page, without it by the server.
    match script {
        true => {
            eyes.click("button[value=finding]").await;
            assert_eq!(eyes.value("document.querySelector('[name=\"finding.1.id\"]').value !== document.querySelector('[name=\"finding.0.id\"]').value").await, true);
        }
        false => eyes.submit("button[value=finding]").await,
    }
    assert_eq!(value_of(eyes, "[name=\"finding.0.text\"]").await, "新做法：师带徒");
    eyes.write("textarea[name=\"finding.1.text\"]", "新声音：想要夜校").await;
    eyes.write("input[name=\"problem.0.title\"]", "光伏并网排队").await;
    // Refused: no minutes. All of it comes back.
    eyes.submit(SAVE).await;
    assert_eq!(value_of(eyes, "[name=\"finding.1.text\"]").await, "新声音：想要夜校");
    assert_eq!(value_of(eyes, "[name=\"problem.0.title\"]").await, "光伏并网排队");
    assert_eq!(eyes.value("document.querySelector('#minutes').getAttribute('aria-invalid')").await, "true");
    assert_eq!(eyes.value(&format!("document.querySelector('[name=\"{ask}\"][value=yes]').checked")).await, true);
    eyes.picture(&format!("visit-refused-{name}")).await;
    eyes.errors.lock().unwrap().clear();
    eyes.size().await;
    eyes.write("#minutes", "屋顶光伏备案办好了，并网排到八月。").await;
    if script {
        // The page is opened anew by way of the sign-in page: what was typed is there again, both findings too.
        eyes.forget().await;
        eyes.go("/visits/3/record").await;
        assert_eq!(eyes.value("location.pathname").await, "/sign-in");
        for (field, text) in [("login", "he"), ("password", PASSWORD)] {
            eyes.write(&format!("input[name={field}]"), text).await;
        }
        eyes.submit("main form button").await;
        assert_eq!(eyes.value("location.pathname").await, "/visits/3/record");
        assert_eq!(value_of(eyes, "#minutes").await, "屋顶光伏备案办好了，并网排到八月。");
        assert_eq!(value_of(eyes, "[name=\"finding.1.text\"]").await, "新声音：想要夜校");
        assert_eq!(eyes.value(&shown).await, true);
    }
    // The session is lost between typing and saving.
    eyes.forget().await;
    eyes.submit(SAVE).await;
    eyes.picture(&format!("visit-signed-out-{name}")).await;
    eyes.size().await;
    eyes.errors.lock().unwrap().clear();
    for (field, text) in [("login", "he"), ("password", PASSWORD)] {
        eyes.write(&format!("input[name={field}]"), text).await;
    }
    eyes.submit("main form button").await;
    eyes.submit(SEND).await;
    assert_eq!(eyes.value("location.pathname").await, "/visits/3");
    let page = eyes.value("document.querySelector('main').innerText").await;
    for text in ["屋顶光伏备案办好了", "新做法：师带徒", "新声音：想要夜校", "光伏并网排队", "二期厂房"]
    {
        assert!(page.as_str().unwrap().contains(text), "{text} was not saved ({name}): {page}");
    }
    let he = app.session("he").await;
    assert_eq!(app.get(&he, "/api/v1/visits?state=recorded").await.json()["visits"].as_array().unwrap().len(), 2);
    // Back and reload change nothing.
    eyes.value("history.back(); 0").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    eyes.go("/visits/3").await;
    assert_eq!(app.get(&he, "/api/v1/problems?by=newest").await.json()["problems"].as_array().unwrap().len(), 2);
}

#[test]
fn a_visit_is_recorded_on_a_telephone_with_script_and_without() {
    if skipped() {
        return;
    }
    in_time(async {
        for script in [true, false] {
            let test = testkit::sqlite();
            let app = TestApp::new(test.db()).await;
            let doors = settle(&app).await;
            let eyes = Eyes::open(app.served().await).await;
            if !script {
                eyes.without_script().await;
            }
            eyes.window(390, 844, false).await;
            eyes.sign_in("he", PASSWORD).await;
            record(&eyes, &app, &doors, script).await;
            eyes.close().await;
        }
    });
}

/// A picture that a browser can draw: one pixel.
const PIXEL: [u8; 67] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 58, 126, 155,
    85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 104, 0, 0, 0, 130, 0, 129, 119, 205, 114, 182, 0, 0, 0, 0, 73, 69,
    78, 68, 174, 66, 96, 130,
];

/// Chooses a photo in a field, as the camera leaves it there.
async fn take(eyes: &Eyes, field: &str) {
    let script = format!(
        "{{ const it = document.getElementsByName('{field}')[0]; const all = new DataTransfer(); \
          all.items.add(new File([new Uint8Array({PIXEL:?})], '现场.png', {{ type: 'image/png' }})); it.files = all.files; \
          it.dispatchEvent(new Event('change', {{ bubbles: true }})); }} 0"
    );
    eyes.value(&script).await;
}

async fn photos(eyes: &Eyes) -> i64 {
    eyes.value("document.querySelectorAll('.photos img').length").await.as_i64().unwrap()
}

/// Two problems, a photo and a promise: typed at the doorstep, looked at, saved.
async fn doorstep(eyes: &Eyes, app: &TestApp, doors: &Doors, script: bool) {
    let name = if script { "script" } else { "plain" };
    eyes.go("/visits/3/record").await;
    answer(eyes, doors).await;
    eyes.write("#minutes", "订单饱满；光伏并网排到八月。").await;
    eyes.write("input[name=\"problem.0.title\"]", "光伏并网排队").await;
    take(eyes, "problem.0.file").await;
    match script {
        // Sent at once, shown at once.
        true => {
            for _ in 0..50 {
                if photos(eyes).await == 1 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            eyes.click("button[value=problem]").await;
        }
        // It comes along with whatever is pressed next.
        false => eyes.submit("button[value=problem]").await,
    }
    assert_eq!(photos(eyes).await, 1, "{name}");
    eyes.write("input[name=\"problem.1.title\"]", "西门行道树挡住出口视线").await;
    eyes.write("input[name=\"promise.0.text\"]", "问清并网手续").await;
    // A date is chosen, not typed.
    for (field, value) in [("promise.0.owner", app.person("he").as_str()), ("promise.0.due", "2018-04-27")] {
        let set = format!(
            "{{ const it = document.getElementsByName('{field}')[0]; it.value = '{value}'; it.dispatchEvent(new Event('input', {{ bubbles: true }})); }} 0"
        );
        eyes.value(&set).await;
    }
    eyes.picture(&format!("visit-doorstep-{name}")).await;
    eyes.size().await;
    if script {
        assert!(
            eyes.value("document.querySelector('[data-kept]').textContent")
                .await
                .as_str()
                .unwrap()
                .starts_with("已存在本机")
        );
        // The tab is closed, the telephone put away: all of it is there again, the photo too.
        eyes.go("/").await;
        assert_eq!(
            eyes.value("document.querySelector('[data-drafts] a').getAttribute('href')").await,
            "/visits/3/record"
        );
        eyes.go("/visits/3/record").await;
        assert_eq!(value_of(eyes, "[name=\"problem.1.title\"]").await, "西门行道树挡住出口视线");
        assert_eq!(photos(eyes).await, 1);
    }
    eyes.submit(SAVE).await;
    eyes.picture(&format!("visit-review-{name}")).await;
    eyes.size().await;
    eyes.calm("review");
    let seen = eyes.value("document.querySelector('main').innerText").await;
    for text in ["2个问题，1项承诺", "光伏并网排队", "西门行道树挡住出口视线", "问清并网手续", "光伏并网排到八月"]
    {
        assert!(seen.as_str().unwrap().contains(text), "{text} is not in the review ({name}): {seen}");
    }
    assert_eq!(photos(eyes).await, 1);
    // Nothing is saved yet; back in the form all of it stands.
    let he = app.session("he").await;
    assert_eq!(app.get(&he, "/api/v1/visits?state=recorded").await.json()["visits"].as_array().unwrap().len(), 1);
    eyes.submit(".save button[value=back]").await;
    assert_eq!(value_of(eyes, "[name=\"problem.1.title\"]").await, "西门行道树挡住出口视线");
    assert_eq!(photos(eyes).await, 1);
    eyes.submit(SAVE).await;
    eyes.submit(SEND).await;
    assert_eq!(eyes.value("location.pathname").await, "/visits/3");
    let problems = app.get(&he, "/api/v1/problems?by=newest").await.json();
    let made = problems["problems"].as_array().unwrap().iter().find(|it| it["title"] == "光伏并网排队").unwrap();
    let files = app.get(&he, &format!("/api/v1/problems/{}/attachments", made["id"].as_str().unwrap())).await.json();
    assert_eq!(files["attachments"].as_array().unwrap().len(), 1, "{files}");
    assert_eq!(files["attachments"][0]["name"], "现场.png");
    assert_eq!(eyes.value("Object.keys(localStorage).length").await, 0, "a draft is left");
    eyes.calm("doorstep");
}

#[test]
fn two_problems_a_photo_and_a_promise_are_looked_at_before_they_are_saved() {
    if skipped() {
        return;
    }
    in_time(async {
        for script in [true, false] {
            let test = testkit::sqlite();
            let app = TestApp::new(test.db()).await;
            let doors = settle(&app).await;
            let eyes = Eyes::open(app.served().await).await;
            if !script {
                eyes.without_script().await;
            }
            eyes.window(390, 844, false).await;
            eyes.sign_in("he", PASSWORD).await;
            doorstep(&eyes, &app, &doors, script).await;
            eyes.close().await;
        }
    });
}
