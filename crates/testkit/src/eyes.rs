//! A real Chromium that looks at a page as a person does, clicks and types; pictures go to target/screens/.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams};
use chromiumoxide::cdp::browser_protocol::log::EventEntryAdded;
use chromiumoxide::cdp::browser_protocol::network::{BlockPattern, SetBlockedUrLsParams};
use chromiumoxide::cdp::browser_protocol::page::CaptureScreenshotFormat;
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
/// Name, width, height.
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
    in_minutes(4, test);
}

pub fn in_minutes(minutes: u64, test: impl Future<Output = ()>) {
    let runtime = crate::runtime();
    runtime.block_on(async {
        let in_time = tokio::time::timeout(Duration::from_secs(minutes * 60), test).await;
        in_time.unwrap_or_else(|_| panic!("the browser took more than {minutes} minutes"));
    });
}

/// Where builds and pictures lie.
pub(crate) fn target() -> PathBuf {
    std::env::var("CARGO_TARGET_DIR")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../target").into())
        .into()
}

pub struct Eyes {
    browser: Browser,
    page: Page,
    pub errors: Arc<Mutex<Vec<String>>>,
    size: Mutex<(i64, i64)>,
    address: String,
    _profile: tempfile::TempDir,
}

impl Eyes {
    /// A browser before the pages of the server at `address`, such as `http://127.0.0.1:8080`.
    pub async fn open(address: String) -> Eyes {
        assert!(
            PathBuf::from(CHROMIUM).exists(),
            "\n\n*** {CHROMIUM} is missing. ***\napt-get install chromium fonts-noto-cjk   (ZOUFANG_SKIP_BROWSER=1 leaves these tests out)\n"
        );
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

    /// `value`, or nothing while the page is on its way to another.
    pub async fn try_value(&self, script: &str) -> Option<serde_json::Value> {
        self.page.evaluate(script).await.ok()?.into_value().ok()
    }

    pub async fn value(&self, script: &str) -> serde_json::Value {
        self.page.evaluate(script).await.unwrap().into_value().unwrap()
    }

    /// As an input method enters it; there is no key for 请.
    pub async fn write(&self, selector: &str, text: &str) {
        self.click(selector).await;
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// One key as the keyboard sends it: a letter, digit or sign, `Enter`, `Escape` or `Tab`; with Ctrl as `Ctrl+Enter`.
    pub async fn press(&self, key: &str) {
        let (name, ctrl) = key.strip_prefix("Ctrl+").map_or((key, false), |name| (name, true));
        let (code, text) = match name {
            "Enter" => (13, Some("\r")),
            "Escape" => (27, None),
            "Tab" => (9, None),
            _ => (i64::from(name.to_uppercase().bytes().next().unwrap_or_default()), Some(name)),
        };
        let event = |kind, text: Option<&str>| {
            let event = DispatchKeyEventParams::builder()
                .r#type(kind)
                .key(name)
                .windows_virtual_key_code(code)
                .modifiers(if ctrl { 2 } else { 0 });
            match text.filter(|_| !ctrl) {
                Some(text) => event.text(text).build().unwrap(),
                None => event.build().unwrap(),
            }
        };
        self.page.execute(event(DispatchKeyEventType::KeyDown, text)).await.unwrap();
        self.page.execute(event(DispatchKeyEventType::KeyUp, None)).await.unwrap();
    }

    /// As `write`, into what is looked at already.
    pub async fn type_text(&self, text: &str) {
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Waits until `script` is true; a page that is being left answers nothing for a moment.
    pub async fn until(&self, script: &str) {
        for _ in 0..400 {
            if let Ok(answer) = self.page.evaluate(script).await
                && answer.into_value::<bool>().unwrap_or(false)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it never came true: {script}");
    }

    pub async fn click(&self, selector: &str) {
        self.page.find_element(selector).await.unwrap_or_else(|_| panic!("no {selector}")).click().await.unwrap();
    }

    /// Clicks, and waits until the next page is there; on a busy machine that may take its time. What leads nowhere by
    /// itself (a fold, one more row) is not waited for.
    pub async fn submit(&self, selector: &str) {
        let leads = self
            .value(&format!(
                "(() => {{ window.before = true; const it = document.querySelector(`{selector}`)?.closest('a[href], button'); return !!it && (it.tagName === 'A' || (it.form && it.type === 'submit' && it.name !== 'more')); }})()"
            ))
            .await;
        self.click(selector).await;
        for _ in 0..if leads == true { 200 } else { 3 } {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let there = self.page.evaluate("window.before === undefined && document.readyState === 'complete'").await;
            if there.is_ok_and(|it| it.into_value::<bool>().unwrap_or(false)) {
                return;
            }
        }
    }

    /// A picture of the whole page, of which nothing may stick out of its window.
    pub async fn picture(&self, name: &str) {
        let wide = self.value("[document.documentElement.scrollWidth, window.innerWidth]").await;
        let (scroll, window) = (wide[0].as_i64().unwrap(), wide[1].as_i64().unwrap());
        self.sight(name).await;
        assert!(scroll <= window, "{name} is {scroll} wide in a window of {window}");
    }

    /// A picture of the whole page as it is.
    pub async fn sight(&self, name: &str) {
        let folder = target().join("screens");
        let file = folder.join(format!("{name}.png"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let params = ScreenshotParams::builder().full_page(true).build();
        self.page.save_screenshot(params, file).await.unwrap();
    }

    /// A picture of the window as it is, small enough to be kept with the project.
    pub async fn keep(&self, file: &std::path::Path) {
        self.size().await;
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let params = ScreenshotParams::builder().format(CaptureScreenshotFormat::Webp).quality(80).build();
        self.page.save_screenshot(params, file).await.unwrap();
    }

    /// What a telephone's camera reads on the window as it is: the text of the first code on it.
    pub async fn scan(&self) -> String {
        self.size().await;
        let params = ScreenshotParams::builder().format(CaptureScreenshotFormat::Png).build();
        let file = self.page.screenshot(params).await.unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let (wide, high, step) = (info.width as usize, info.height as usize, info.color_type.samples());
        let grey = |x: usize, y: usize| pixels[(y * wide + x) * step];
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(wide, high, grey);
        let grids = image.detect_grids();
        let code = grids.first().expect("no code on the page");
        code.decode().unwrap().1
    }

    /// What a careful reader would complain about: see `inspect.js`.
    pub async fn complaints(&self) -> Vec<String> {
        serde_json::from_value(self.value(include_str!("inspect.js")).await).unwrap()
    }

    /// What axe-core finds against WCAG and its own good practice: rule and the first place of each; nothing, and
    /// loudly so, where it cannot be fetched.
    pub async fn axe(&self) -> Vec<String> {
        let script = match crate::axe::script() {
            Ok(script) => script,
            Err(why) => {
                let _ = writeln!(std::io::stderr(), "*** SKIPPED axe-core: {why} ***");
                return vec![];
            }
        };
        self.page.evaluate(script).await.unwrap();
        let found = self
            .value("axe.run(document, { resultTypes: ['violations'] }).then((it) => it.violations.map((v) => `${v.id} ×${v.nodes.length}: ${v.nodes[0].target.join(' ')} ${v.nodes[0].html.slice(0, 160)}`))")
            .await;
        serde_json::from_value(found).unwrap()
    }

    #[track_caller]
    pub fn calm(&self, where_: &str) {
        let errors = std::mem::take(&mut *self.errors.lock().unwrap());
        assert!(errors.is_empty(), "{where_}: {errors:?}");
    }

    pub async fn sign_in(&self, login: &str, password: &str) {
        self.go("/sign-in").await;
        for (name, text) in [("login", login), ("password", password)] {
            self.write(&format!("input[name={name}]"), text).await;
        }
        self.submit("main form button").await;
    }

    /// As if the session had ended meanwhile: the browser no longer knows who it is.
    pub async fn forget(&self) {
        self.browser.clear_cookies().await.unwrap();
    }

    pub async fn close(mut self) {
        self.browser.close().await.unwrap();
        self.browser.wait().await.unwrap();
    }
}
