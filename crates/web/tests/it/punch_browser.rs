//! The pages of punching, leave and appeals in a real Chromium and in both languages; pictures go to target/screens/.

use crate::gate::Gate;
use crate::pages::check;
use crate::stage::{As, TestApp};
use testkit::eyes::{Eyes, WINDOWS, in_time, skipped};
use testkit::on_both_async;

/// Wednesday of a week in which something happened; who looks at which pages.
pub async fn midweek(gate: &Gate) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let app = &gate.app;
    let (lv, he, an) = (gate.who("吕伟").await, gate.who("何文").await, gate.who("安宁").await);
    gate.punch("吕伟").await;
    gate.punch("安宁").await;
    app.set("2018-04-17 00:01");
    gate.turn().await;
    app.set("2018-04-18 00:01");
    gate.turn().await;
    app.set("2018-04-18 08:20");
    gate.punch("章建").await;
    let fields = [("site", "1"), ("day", "2018-04-17"), ("words", "手机丢了，施工日志有我签字，门口监控也能看到。")];
    app.form(&lv, "/attendance/appeal", &fields).await.expect(303);
    let (leave, punch, lv_id) = (fresh(gate), fresh(gate), gate.id("吕伟"));
    let fields = [
        ("id", leave.as_str()),
        ("kind", "ordinary"),
        ("from", "2018-04-20"),
        ("to", "2018-04-24"),
        ("words", "孩子住院"),
    ];
    app.form(&an, "/attendance/leave", &fields).await.expect(303);
    let fields = [
        ("id", punch.as_str()),
        ("person", &lv_id),
        ("day", "2018-04-18"),
        ("time", "07:58"),
        ("words", "屏幕坏了，我们一起进的门"),
    ];
    app.form(&he, "/sites/1/attest", &fields).await.expect(303);
    let (substitute, tan) = (fresh(gate), gate.id("谭伟"));
    let fields = [
        ("id", substitute.as_str()),
        ("instead_of", &lv_id),
        ("person", &tan),
        ("from", "2018-04-23"),
        ("to", "2018-04-24"),
    ];
    app.form(&gate.who("施宏").await, "/sites/1/substitute", &fields).await.expect(303);
    let (leave, punch, substitute) =
        (format!("/leaves/{leave}"), format!("/punches/{punch}"), format!("/substitutes/{substitute}"));
    let own = |name: &'static str, path: &str| (name, path.to_owned());
    vec![
        (
            "吕伟",
            vec![
                own("my-days", "/attendance"),
                own("staff-home", "/"),
                own("appeal-new", "/attendance/appeal?site=1&day=2018-04-17"),
                own("leave-new", "/attendance/leave"),
                own("appeal-own", "/appeals/1"),
                own("scan", &gate.shown().await),
                own("scan-late", "/punch/1/x"),
            ],
        ),
        ("安宁", vec![own("two-sites", "/attendance"), own("leave-own", &leave)]),
        ("何文", vec![own("attest", "/sites/1/attest"), own("attests", "/attendance")]),
        (
            "白局",
            vec![
                own("bureau-desk", "/sites/desk"),
                own("bureau-home", "/"),
                own("punch-review", &punch),
                own("appeal-decide", "/appeals/1"),
                own("bureau-inbox", "/inbox"),
            ],
        ),
        (
            "业城",
            vec![
                own("owner-desk", "/sites/desk"),
                own("owner-home", "/"),
                own("leave-decide", &leave),
                own("substitute", &substitute),
                own("owner-inbox", "/inbox"),
            ],
        ),
        ("施宏", vec![own("firm-desk", "/sites/desk"), own("firm-home", "/"), own("firm-leave", &leave)]),
        ("监正", vec![own("consultant-desk", "/sites/desk"), own("consultant-home", "/")]),
    ]
}

fn fresh(gate: &Gate) -> String {
    store::ids::fresh(gate.app.now()).to_string()
}

#[test]
fn the_pages_of_punching_fit_and_do_not_complain() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let gate = Gate::new(TestApp::new(test.db()).await).await;
        let all = midweek(&gate).await;
        let screen = gate.screen().await;
        let eyes = Eyes::open(gate.app.served().await).await;
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                eyes.go(&screen).await;
                eyes.picture(&format!("gate/screen-{window}-{theme}")).await;
                eyes.calm("screen");
                for (person, pages) in &all {
                    let As::Session(token) = gate.who(person).await else { unreachable!() };
                    eyes.forget().await;
                    eyes.go("/sign-in").await;
                    eyes.value(&format!("document.cookie = 'zf={token}; path=/'")).await;
                    eyes.until(&format!("document.cookie.includes('{token}')")).await;
                    for (name, path) in pages {
                        eyes.go(path).await;
                        eyes.picture(&format!("gate/{name}-{window}-{theme}")).await;
                        // The code that is none is not found on purpose.
                        if *name == "scan-late" {
                            eyes.errors.lock().unwrap().clear()
                        } else {
                            eyes.calm(name)
                        }
                        assert_eq!(eyes.axe().await, Vec::<String>::new(), "{name} {window} {theme}");
                        assert_eq!(eyes.complaints().await, Vec::<String>::new(), "{name} {window} {theme}");
                    }
                }
            }
        }
        eyes.close().await;
    });
}

on_both_async!(the_pages_of_punching_speak_the_readers_language_only, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let screen = gate.screen().await;
    for (person, pages) in midweek(&gate).await {
        let who = gate.who(person).await;
        for (name, path) in pages {
            for language in ["zh", "en"] {
                let reply = gate.app.get_in(&who, &path, language).await;
                assert!(reply.status < 500, "{name}: {}", reply.text());
                check(&reply, language == "en", &format!("{person} {name} {language}"));
            }
        }
    }
    for language in ["zh", "en"] {
        check(&gate.app.get_in(&As::Nobody, &screen, language).await.expect(200), language == "en", "screen");
    }
});
