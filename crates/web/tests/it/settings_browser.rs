//! The pages of set-up in a real Chromium; pictures go to target/screens/.

use crate::stage::{PASSWORD, TestApp};
use testkit::eyes::{Eyes, WINDOWS, in_time, skipped};

#[test]
fn the_pages_of_set_up_fit_and_do_not_complain() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        app.set("2018-04-20 10:00");
        crate::doorstep::under_way(&app).await;
        let eyes = Eyes::open(app.served().await).await;
        let (unit, category) = (app.unit("经发局"), app.category("施工噪声"));
        let person = app.person("li");
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                for (login, pages) in [
                    (
                        "zhou",
                        vec![
                            ("settings", "/settings".to_owned()),
                            ("deadlines", "/settings/deadlines".to_owned()),
                            ("questionnaire-make", "/questionnaires/status/edit".to_owned()),
                            ("search-visits", "/search?text=%E8%AE%A2%E5%8D%95".to_owned()),
                        ],
                    ),
                    (
                        "guan",
                        vec![
                            ("units", "/settings/units".to_owned()),
                            ("unit", format!("/settings/units/{unit}")),
                            ("categories", "/settings/categories".to_owned()),
                            ("category", format!("/settings/categories/{category}")),
                            ("calendar", "/settings/calendar".to_owned()),
                        ],
                    ),
                    ("an", vec![("people", "/people".to_owned()), ("person", format!("/people/{person}"))]),
                ] {
                    eyes.sign_in(login, PASSWORD).await;
                    for (name, path) in pages {
                        eyes.go(&path).await;
                        eyes.picture(&format!("{name}-{window}-{theme}")).await;
                        eyes.calm(name);
                    }
                    eyes.submit("form[action='/sign-out'] button").await;
                }
            }
        }
        eyes.close().await;
    });
}
