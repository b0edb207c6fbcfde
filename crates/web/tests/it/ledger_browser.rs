//! The ledger and the search in a real Chromium: ticks, menus and suggestions by key; pictures go to target/screens/.

use crate::stage::{PASSWORD, TestApp};
use crate::town::settle;
use testkit::eyes::{Eyes, WINDOWS, in_time, skipped};

#[test]
fn the_ledger_fits_and_its_keys_work() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        settle(&app).await;
        let zhou = app.session("zhou").await;
        app.form(&zhou, "/views", &[("name", "挂牌的"), ("query", "boarded=yes")]).await.expect(303);
        let unit = app.unit("经发局");
        let eyes = Eyes::open(app.served().await).await;
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                eyes.sign_in("zhou", PASSWORD).await;
                for (name, path) in [
                    ("ledger", "/problems".to_owned()),
                    ("ledger-filtered", format!("/problems?unit={unit}&light=red&from=2018-04-13&by=due-last")),
                    ("ledger-boarded", "/problems?boarded=yes".to_owned()),
                    ("ledger-bulk", "/problems/bulk?command=remind&no=2&no=5&no=1".to_owned()),
                    ("ledger-paper", "/problems/paper".to_owned()),
                    ("views", "/views".to_owned()),
                    ("search", "/search?text=%E4%BC%81%E4%B8%9A".to_owned()),
                ] {
                    eyes.go(&path).await;
                    eyes.picture(&format!("{name}-{window}-{theme}")).await;
                    eyes.calm(name);
                }
                eyes.submit("form[action='/sign-out'] button").await;
            }
        }
        eyes.window(1440, 900, false).await;
        eyes.sign_in("zhou", PASSWORD).await;
        eyes.go("/problems").await;
        eyes.value("document.querySelector('th.choose input').click(); 0").await;
        assert!(
            eyes.value("document.querySelector('[data-count]').textContent")
                .await
                .as_str()
                .unwrap()
                .starts_with("已选")
        );
        eyes.value("document.querySelector('details.menu').open = true; 0").await;
        eyes.picture("ledger-menu").await;
        eyes.size().await;
        let key = async |key: &str| {
            eyes.value(&format!("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }})); 0")).await;
        };
        key("j").await;
        assert_eq!(eyes.value("document.querySelectorAll('tr[aria-current]').length").await, 1);
        eyes.write("form[action='/search'] input[name=text]", "道路").await;
        for _ in 0..50 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            if eyes.value("!document.querySelector('.find-box').hidden").await == true {
                break;
            }
        }
        assert_eq!(eyes.value("document.querySelector('.find-box mark').textContent").await, "道路");
        eyes.picture("search-suggestions").await;
        eyes.size().await;
        key("ArrowDown").await;
        assert_eq!(
            eyes.value("document.querySelector('.find input').getAttribute('aria-activedescendant')").await,
            "find-0"
        );
        key("Escape").await;
        assert_eq!(eyes.value("document.querySelector('.find-box').hidden").await, true);
        eyes.close().await;
    });
}
