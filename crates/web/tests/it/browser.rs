//! A real Chromium: the office signs in, looks, opens a problem and dispatches it, on a telephone and at a desk, in
//! light and dark; pictures go to target/screens/. No page is wider than its window, none reports an error.

use crate::stage::{As, PASSWORD, TestApp};
use crate::town::settle;
use testkit::eyes::{Eyes, WINDOWS, in_time, skipped};

/// The pages whose looks are kept: name and path.
const PAGES: [(&str, &str); 12] = [
    ("ledger", "/problems"),
    ("newest", "/problems?by=newest"),
    ("filtered", "/problems?light=red&tier=unit"),
    ("nothing", "/problems?text=zzzz"),
    ("report", "/problems/new"),
    ("registered", "/problems/1"),
    ("in-hand", "/problems/2"),
    ("answered", "/problems/3"),
    ("closed", "/problems/4"),
    ("inbox", "/inbox"),
    ("paper", "/problems/2/paper"),
    ("missing", "/problems/99999"),
];

#[test]
fn the_pages_fit_and_do_not_complain() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        settle(&app).await;
        let eyes = Eyes::open(app.served().await).await;
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                eyes.go("/").await;
                eyes.picture(&format!("sign-in-{window}-{theme}")).await;
                eyes.sign_in("zhou", PASSWORD).await;
                assert_eq!(eyes.value("location.pathname").await, "/");
                eyes.calm("sign-in");
                for (name, path) in PAGES {
                    eyes.go(path).await;
                    eyes.picture(&format!("{name}-{window}-{theme}")).await;
                    // A page that is not there is a 404 on purpose.
                    if name == "missing" { eyes.errors.lock().unwrap().clear() } else { eyes.calm(name) }
                }
                eyes.submit("form[action='/language'] button").await;
                for (name, path) in [("ledger", "/problems"), ("in-hand", "/problems/2")] {
                    eyes.go(path).await;
                    eyes.picture(&format!("{name}-en-{window}-{theme}")).await;
                    eyes.calm(name);
                }
                eyes.submit("form[action='/language'] button").await;
                eyes.submit("form[action='/sign-out'] button").await;
                let token = crate::stage::web_token();
                let kept = token.clone();
                let no = app.db.write(move |tx| {
                    let met = store::order::meet_no(tx, &domain::role::Actor::System, 3)?;
                    store::reporter::set_link(tx, met.found.problem.reporter.unwrap(), &kept)?;
                    Ok::<_, store::terms::Failure>(met.found.no)
                });
                let no = no.await.unwrap();
                eyes.go(&format!("/r/{token}")).await;
                eyes.go(&format!("/problems/{no}")).await;
                eyes.picture(&format!("reporter-{window}-{theme}")).await;
                eyes.calm("reporter");
                eyes.submit("form[action='/sign-out'] button").await;
                for (login, name, path) in
                    [("an", "people", "/people"), ("li", "clerk", "/problems/2"), ("zheng", "leader", "/problems")]
                {
                    eyes.sign_in(login, PASSWORD).await;
                    eyes.go(path).await;
                    eyes.picture(&format!("{name}-{window}-{theme}")).await;
                    eyes.calm(name);
                    eyes.submit("form[action='/sign-out'] button").await;
                }
            }
        }
        eyes.close().await;
    });
}

/// The pages of a campaign, of its round and of what visits use.
const DOORSTEP: [(&str, &str); 14] = [
    ("subjects", "/subjects"),
    ("subject", "/subjects/1"),
    ("subject-edit", "/subjects/1/edit"),
    ("campaigns", "/campaigns"),
    ("campaign", "/campaigns/1"),
    ("campaign-edit", "/campaigns/1/edit"),
    ("findings", "/campaigns/1/findings"),
    ("report-upward", "/campaigns/1/report"),
    ("round", "/rounds/1"),
    ("split", "/rounds/1/split?kind=enterprise&count=40"),
    ("round-answers", "/rounds/1/answers/status"),
    ("questionnaires", "/questionnaires"),
    ("questionnaire", "/questionnaires/status"),
    ("policies", "/policies"),
];

#[test]
fn the_pages_of_a_campaign_fit_and_do_not_complain() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        app.set("2018-04-20 10:00");
        crate::doorstep::under_way(&app).await;
        let eyes = Eyes::open(app.served().await).await;
        eyes.sign_in("zhou", PASSWORD).await;
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                for (name, path) in DOORSTEP {
                    eyes.go(path).await;
                    eyes.picture(&format!("{name}-{window}-{theme}")).await;
                    eyes.calm(name);
                }
            }
            eyes.go("/problems").await;
            eyes.submit("form[action='/language'] button").await;
            for (name, path) in [("campaign", "/campaigns/1"), ("round", "/rounds/1"), ("subject", "/subjects/1")] {
                eyes.go(path).await;
                eyes.picture(&format!("{name}-en-{window}")).await;
                eyes.calm(name);
            }
            eyes.submit("form[action='/language'] button").await;
        }
        eyes.close().await;
    });
}

/// Dispatches problem 1 by its form: refused first, for no lead is named, and then with one.
async fn dispatch(eyes: &Eyes, app: &TestApp, name: &str) {
    eyes.go("/problems/1").await;
    let unfold = "for (let it = document.querySelector('#step-dispatch'); it; it = it.parentElement) if (it.tagName === 'DETAILS') it.open = true; 0";
    eyes.value(unfold).await;
    eyes.write("#dispatch-words", "请到现场").await;
    eyes.submit("form[action='/problems/1/dispatch'] button").await;
    assert_eq!(eyes.value("document.querySelector('#dispatch-words').value").await, "请到现场");
    assert_eq!(eyes.value("document.querySelector('#dispatch-lead').getAttribute('aria-invalid')").await, "true");
    let (lead, support) = (app.unit("经发局"), app.unit("建设局"));
    let choose = format!(
        "document.querySelector('#dispatch-lead').value = '{lead}'; document.querySelector('#step-dispatch input[value=\"{support}\"]').click(); 0"
    );
    eyes.value(&choose).await;
    eyes.picture(&format!("dispatch-refused-{name}")).await;
    eyes.size().await;
    eyes.submit("form[action='/problems/1/dispatch'] button").await;
    assert_eq!(eyes.value("location.pathname").await, "/problems/1");
    assert!(eyes.value("document.querySelector('.timeline').innerText").await.as_str().unwrap().contains("请到现场"));
}

#[test]
fn a_problem_is_dispatched_by_its_form_with_script_and_without() {
    if skipped() {
        return;
    }
    in_time(async {
        for script in [true, false] {
            let test = testkit::sqlite();
            let app = TestApp::new(test.db()).await;
            settle(&app).await;
            let eyes = Eyes::open(app.served().await).await;
            if !script {
                eyes.without_script().await;
            }
            eyes.window(1440, 900, false).await;
            eyes.sign_in("zhou", PASSWORD).await;
            dispatch(&eyes, &app, if script { "script" } else { "plain" }).await;
            assert_eq!(eyes.value("sessionStorage.length > 0").await, script, "the script ran, or it did not");
            for login in ["li", "chen"] {
                app.get(&app.session(login).await, "/problems/1").await.expect(200).says("请到现场");
            }
            app.get(&As::Nobody, "/problems/1").await.redirect("/sign-in");
            eyes.close().await;
        }
    });
}
