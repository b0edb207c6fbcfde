//! A real Chromium: the office signs in, looks, opens a problem and dispatches it, on a telephone and at a desk, in
//! light and dark; pictures go to target/screens/. No page is wider than its window, none reports an error.

use crate::stage::{As, PASSWORD, TestApp};
use crate::town::settle;
use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::cdp::browser_protocol::input::InsertTextParams;
use chromiumoxide::cdp::browser_protocol::log::EventEntryAdded;
use chromiumoxide::cdp::browser_protocol::network::{BlockPattern, SetBlockedUrLsParams};
use chromiumoxide::cdp::js_protocol::runtime::{EventConsoleApiCalled, EventExceptionThrown};
use chromiumoxide::page::{Page, ScreenshotParams};
use futures::StreamExt;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const CHROMIUM: &str = "/usr/bin/chromium";
/// Without the network of a desktop the browser would call home at every start.
const FLAGS: [&str; 9] = [
    "accept-lang=zh-CN",
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "hide-scrollbars",
    "disable-dev-shm-usage",
];
pub const WINDOWS: [(&str, i64, i64); 2] = [("phone", 390, 844), ("desk", 1440, 900)];

/// True, and loudly so, when `ZOUFANG_SKIP_BROWSER=1`.
pub fn skipped() -> bool {
    let skip = std::env::var("ZOUFANG_SKIP_BROWSER").is_ok_and(|it| it == "1");
    if skip {
        let _ = writeln!(std::io::stderr(), "*** SKIPPED in the browser: ZOUFANG_SKIP_BROWSER=1 is set ***");
    }
    skip
}

/// A browser that does not answer fails the test instead of holding up the run.
pub fn in_time(test: impl Future<Output = ()>) {
    let runtime = testkit::runtime();
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(240), test).await.expect("the browser took more than four minutes")
    });
}

pub struct Eyes {
    browser: Browser,
    pub page: Page,
    pub errors: Arc<Mutex<Vec<String>>>,
    size: Mutex<(i64, i64)>,
    address: String,
    _profile: tempfile::TempDir,
}

impl Eyes {
    pub async fn open(app: &TestApp) -> Eyes {
        assert!(
            PathBuf::from(CHROMIUM).exists(),
            "\n\n*** {CHROMIUM} is missing. ***\napt-get install chromium fonts-noto-cjk   (ZOUFANG_SKIP_BROWSER=1 leaves these tests out)\n"
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = app.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let profile = tempfile::tempdir().unwrap();
        let config = BrowserConfig::builder()
            .chrome_executable(CHROMIUM)
            .no_sandbox()
            .new_headless_mode()
            // Sizes are set page by page.
            .viewport(None)
            .user_data_dir(profile.path())
            .launch_timeout(Duration::from_secs(60))
            .args(FLAGS)
            .build()
            .unwrap();
        let (browser, mut handler) = Browser::launch(config).await.unwrap();
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await.unwrap();
        let eyes =
            Eyes { browser, page, errors: Arc::default(), size: Mutex::new((1440, 900)), address, _profile: profile };
        eyes.listen().await;
        eyes
    }

    /// Everything that the browser complains about: failed loads, the policy, scripts.
    async fn listen(&self) {
        self.page.execute(chromiumoxide::cdp::browser_protocol::log::EnableParams::default()).await.unwrap();
        let (mut log, mut thrown, mut said) = (
            self.page.event_listener::<EventEntryAdded>().await.unwrap(),
            self.page.event_listener::<EventExceptionThrown>().await.unwrap(),
            self.page.event_listener::<EventConsoleApiCalled>().await.unwrap(),
        );
        let errors = self.errors.clone();
        tokio::spawn(async move {
            loop {
                let text = tokio::select! {
                    Some(it) = log.next() => format!("{:?} {} {:?}", it.entry.level, it.entry.text, it.entry.url),
                    Some(it) = thrown.next() => it.exception_details.text.clone(),
                    Some(it) = said.next() => format!("{:?}", it.args),
                    else => break,
                };
                errors.lock().unwrap().push(text);
            }
        });
    }

    /// A window of this size, in light or dark.
    pub async fn window(&self, width: i64, height: i64, dark: bool) {
        *self.size.lock().unwrap() = (width, height);
        self.size().await;
        let scheme =
            MediaFeature { name: "prefers-color-scheme".into(), value: if dark { "dark" } else { "light" }.into() };
        self.page.execute(SetEmulatedMediaParams::builder().feature(scheme).build()).await.unwrap();
    }

    /// A picture of a whole page leaves the window at another size.
    pub async fn size(&self) {
        let (width, height) = *self.size.lock().unwrap();
        self.page.execute(SetDeviceMetricsOverrideParams::new(width, height, 1.0, width < 600)).await.unwrap();
    }

    /// As in a browser that does not run scripts: ours is not loaded, and the policy lets no other in.
    pub async fn without_script(&self) {
        self.page.execute(chromiumoxide::cdp::browser_protocol::network::EnableParams::default()).await.unwrap();
        self.page
            .execute(
                SetBlockedUrLsParams::builder().url_pattern(BlockPattern::new("*://*:*/assets/*/*.js", true)).build(),
            )
            .await
            .unwrap();
    }

    pub async fn go(&self, path: &str) {
        self.size().await;
        self.page.goto(format!("{}{path}", self.address)).await.unwrap();
        self.page.wait_for_navigation().await.unwrap();
    }

    pub async fn value(&self, script: &str) -> serde_json::Value {
        self.page.evaluate(script).await.unwrap().into_value().unwrap()
    }

    /// As an input method enters it; there is no key for 请.
    pub async fn write(&self, selector: &str, text: &str) {
        self.page.find_element(selector).await.unwrap_or_else(|_| panic!("no {selector}")).click().await.unwrap();
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Clicks, and waits until the next page is there.
    pub async fn submit(&self, selector: &str) {
        self.page.find_element(selector).await.unwrap_or_else(|_| panic!("no {selector}")).click().await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
        self.page.wait_for_navigation().await.unwrap();
    }

    pub async fn picture(&self, name: &str) {
        let wide = self.value("[document.documentElement.scrollWidth, window.innerWidth]").await;
        let (scroll, window) = (wide[0].as_i64().unwrap(), wide[1].as_i64().unwrap());
        let folder = PathBuf::from(
            std::env::var("CARGO_TARGET_DIR")
                .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../target").into()),
        )
        .join("screens");
        std::fs::create_dir_all(&folder).unwrap();
        let params = ScreenshotParams::builder().full_page(true).build();
        self.page.save_screenshot(params, folder.join(format!("{name}.png"))).await.unwrap();
        assert!(scroll <= window, "{name} is {scroll} wide in a window of {window}");
    }

    #[track_caller]
    pub fn calm(&self, where_: &str) {
        let errors = std::mem::take(&mut *self.errors.lock().unwrap());
        assert!(errors.is_empty(), "{where_}: {errors:?}");
    }

    pub async fn sign_in(&self, login: &str) {
        self.go("/sign-in").await;
        for (name, text) in [("login", login), ("password", PASSWORD)] {
            self.write(&format!("input[name={name}]"), text).await;
        }
        self.submit("main form button").await;
    }

    pub async fn close(mut self) {
        self.browser.close().await.unwrap();
        self.browser.wait().await.unwrap();
    }
}

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
        let eyes = Eyes::open(&app).await;
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                eyes.go("/").await;
                eyes.picture(&format!("sign-in-{window}-{theme}")).await;
                eyes.sign_in("zhou").await;
                assert_eq!(eyes.value("location.pathname").await, "/problems");
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
                    eyes.sign_in(login).await;
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
        let eyes = Eyes::open(&app).await;
        eyes.sign_in("zhou").await;
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
    eyes.value("document.querySelector('#step-dispatch').open = true; 0").await;
    eyes.write("#dispatch-words", "请到现场").await;
    eyes.submit("#step-dispatch form button").await;
    assert_eq!(eyes.value("document.querySelector('#dispatch-words').value").await, "请到现场");
    assert_eq!(eyes.value("document.querySelector('#dispatch-lead').getAttribute('aria-invalid')").await, "true");
    let (lead, support) = (app.unit("经发局"), app.unit("建设局"));
    let choose = format!(
        "document.querySelector('#dispatch-lead').value = '{lead}'; document.querySelector('#step-dispatch input[value=\"{support}\"]').click(); 0"
    );
    eyes.value(&choose).await;
    eyes.picture(&format!("dispatch-refused-{name}")).await;
    eyes.size().await;
    eyes.submit("#step-dispatch form button").await;
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
            let eyes = Eyes::open(&app).await;
            if !script {
                eyes.without_script().await;
            }
            eyes.window(1440, 900, false).await;
            eyes.sign_in("zhou").await;
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
