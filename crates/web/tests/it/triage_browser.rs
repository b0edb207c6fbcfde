//! The triage desk in a real Chromium: fifty real messages by keyboard alone, its keys counted; and pictures.

use crate::stage::{As, PASSWORD, TestApp};
use crate::town::settle;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use testkit::eyes::{Eyes, WINDOWS, in_time, skipped};

/// Title and text of the first messages of the real register, or invented ones, said loudly.
fn messages(count: usize) -> Vec<(String, String)> {
    let named = std::env::var_os("ZOUFANG_DATA").map(PathBuf::from);
    let data = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let file = data.join("messages/pool.csv");
    if !file.exists() {
        eprintln!("NO REAL INPUT: {} is absent (set ZOUFANG_DATA); invented messages are triaged", file.display());
        let words = ["停电", "道路破损", "施工噪声", "房产证", "学校招生", "公交线路", "污水", "医保", "油烟", "停车"];
        return (0..count)
            .map(|i| (format!("{}{i}号来信，{}", words[i % 10], words[i * 7 % 10]), "请尽快处理。".into()))
            .collect();
    }
    let read = sheet::open(&file).unwrap();
    let column = |name: &str| read.heads().iter().position(|it| it == name).unwrap();
    let (title, detail) = (column("title"), column("detail"));
    let cut = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
    read.map(|row| row.unwrap().cells).map(|it| (cut(&it[title], 200), cut(&it[detail], 5000))).take(count).collect()
}

/// Category with the words by which a clerk would know it, and the unit that does it.
const WAYS: [(&str, &[&str], &str); 6] = [
    ("用水用电", &["水", "电", "暖", "气"], "经发局"),
    ("施工噪声", &["施工", "噪", "扰民", "工地"], "建设局"),
    ("道路交通", &["路", "公交", "车", "地铁", "桥"], "建设局"),
    ("住房保障", &["房", "小区", "物业", "业主"], "商务局"),
    ("教育医疗", &["学", "教", "医", "社保"], "税务局"),
    ("其他事项", &[""], "财政局"),
];

fn way(title: &str) -> (&'static str, &'static str) {
    let (category, _, unit) = WAYS.iter().find(|(_, words, _)| words.iter().any(|it| title.contains(it))).unwrap();
    (category, unit)
}

async fn set_up(app: &TestApp) -> BTreeMap<String, String> {
    let guan = app.session("guan").await;
    for (name, ..) in &WAYS[2..] {
        app.post(&guan, "/api/v1/categories", json!({ "name": name })).await.expect(201);
    }
    let all = app.get(&guan, "/api/v1/categories").await.json();
    let pair = |it: &Value| (it["name"].as_str().unwrap().to_owned(), it["id"].as_str().unwrap().to_owned());
    all["categories"].as_array().unwrap().iter().map(pair).collect()
}

/// Somebody at the keyboard: what is pressed is counted.
struct Clerk<'a> {
    eyes: &'a Eyes,
    pressed: usize,
}

impl Clerk<'_> {
    async fn press(&mut self, key: &str) {
        // Ctrl is a key too.
        self.pressed += if key.starts_with("Ctrl+") { 2 } else { 1 };
        self.eyes.press(key).await;
    }

    /// The key that is printed on a choice.
    async fn key_of(&self, group: &str, value: &str) -> String {
        let script = format!("document.querySelector('[data-mode=\"{group}\"] input[value=\"{value}\"]').dataset.key");
        self.eyes.value(&script).await.as_str().unwrap().to_owned()
    }

    async fn is_chosen(&self, group: &str, value: &str) -> bool {
        let script = format!("document.querySelector('[data-mode=\"{group}\"] input[value=\"{value}\"]').checked");
        self.eyes.value(&script).await == true
    }

    /// Only what is not chosen already.
    async fn decide(&mut self, category: &str, unit: &str, tier: Option<&str>) {
        if !self.is_chosen("c", category).await {
            let key = self.key_of("c", category).await;
            self.press("c").await;
            self.press(&key).await;
        }
        if !self.is_chosen("u", unit).await {
            let key = self.key_of("u", unit).await;
            self.press(&key).await;
        }
        if let Some(tier) = tier {
            self.press("l").await;
            let key = self.key_of("l", tier).await;
            self.press(&key).await;
        }
        assert!(self.is_chosen("c", category).await && self.is_chosen("u", unit).await);
    }

    async fn lies_open(&self) -> i64 {
        // Nobody reads faster, and the page takes no Enter before.
        self.eyes.until("document.readyState === 'complete' && performance.now() > 300 && /^\\/triage(\\/\\d+)?$/.test(location.pathname)").await;
        let no = self.eyes.value("Number(location.pathname.split('/')[2] ?? 0)").await;
        no.as_i64().unwrap()
    }

    async fn left(&self, no: i64) {
        let script = format!("location.pathname !== '/triage/{no}' && document.readyState === 'complete'");
        self.eyes.until(&script).await;
    }
}

const REASON: &str = "所述事项已进入诉讼程序，请按判决执行。";
const MESSAGES: usize = 50;

#[test]
fn fifty_messages_are_triaged_by_keyboard_with_six_keys_each_at_most() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        let categories = set_up(&app).await;
        let zhou = app.session("zhou").await;
        app.set("2018-04-16 09:00");
        let mut heard = messages(MESSAGES);
        assert_eq!(heard.len(), MESSAGES);
        // One writes twice.
        heard[30] = (format!("{}（第二次反映）", heard[3].0), heard[3].1.clone());
        for (title, detail) in &heard {
            let title = if title.is_empty() { "无题" } else { title };
            app.post(&zhou, "/api/v1/problems", json!({ "title": title, "detail": detail, "source": "phone" }))
                .await
                .expect(201);
        }
        let eyes = Eyes::open(app.served().await).await;
        eyes.window(1440, 900, false).await;
        eyes.sign_in("zhou", PASSWORD).await;
        eyes.go("/triage/1").await;
        let mut meant: BTreeMap<i64, String> = BTreeMap::new();
        let mut costs: Vec<usize> = Vec::new();
        let mut recalled = false;
        while meant.len() < MESSAGES {
            let mut clerk = Clerk { eyes: &eyes, pressed: 0 };
            let no = clerk.lies_open().await;
            let i = no as usize - 1;
            let (category, unit) = way(&heard[i].0);
            let (category, id) = (&categories[category], app.unit(unit));
            match i {
                30 => {
                    clerk.press("m").await;
                    assert_eq!(eyes.value("document.querySelector('input[name=into]:checked').value").await, "4");
                    clerk.press("Enter").await;
                    meant.insert(no, "merged".into());
                }
                _ if i % 12 == 7 => {
                    clerk.press("r").await;
                    eyes.type_text(REASON).await;
                    clerk.press("Ctrl+Enter").await;
                    meant.insert(no, "refused".into());
                }
                5 if !recalled => {
                    // The wrong unit first, taken back at once.
                    clerk.decide(category, &app.unit("商务局"), None).await;
                    clerk.press("Enter").await;
                    clerk.left(no).await;
                    costs.push(clerk.pressed);
                    let mut clerk = Clerk { eyes: &eyes, pressed: 0 };
                    clerk.press("z").await;
                    eyes.until(&format!("location.pathname === '/triage/{no}' && document.readyState === 'complete'"))
                        .await;
                    costs.push(clerk.pressed);
                    recalled = true;
                    continue;
                }
                _ => {
                    clerk.decide(category, &id, (i % 9 == 4).then_some("committee")).await;
                    clerk.press("Enter").await;
                    meant.insert(no, unit.into());
                }
            }
            clerk.left(no).await;
            costs.push(clerk.pressed);
        }
        assert!(recalled);
        let (most, all) = (*costs.iter().max().unwrap(), costs.iter().sum::<usize>());
        eprintln!("{MESSAGES} messages: {all} keys, {:.1} each, {most} at most", all as f64 / MESSAGES as f64);
        assert!(most <= 6, "{costs:?}");
        eyes.until("document.querySelector('.split-detail .empty') !== null").await;
        eyes.calm("triage");
        eyes.picture("triage-empty").await;
        eyes.close().await;
        check(&app, &zhou, &meant).await;
    });
}

/// What stands in the database is what was meant.
async fn check(app: &TestApp, zhou: &As, meant: &BTreeMap<i64, String>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (no, what) in meant {
        let no = *no;
        let found = app.db.read(move |tx| store::problem::find_by_no(tx, no)).await.unwrap().unwrap();
        let state = found.problem.state.name().code();
        *counts.entry(state).or_default() += 1;
        let id = found.problem.id;
        match what.as_str() {
            "merged" | "refused" => assert_eq!(state, what, "{no}"),
            unit => {
                assert_eq!(state, "dispatched", "{no}");
                assert_eq!(found.problem.state.case().unwrap().lead.unit, app.units[unit], "{no}");
                assert!(found.problem.category.is_some());
            }
        }
        let events = app.get(zhou, &format!("/api/v1/problems/{id}/events")).await.json();
        let events = events["events"].as_array().unwrap();
        if what == "refused" {
            assert_eq!(events.last().unwrap()["words"], REASON);
        }
        let count = |kind: &str| events.iter().filter(|it| it["event"] == kind).count();
        assert_eq!(count("dispatched"), if no == 6 { 2 } else { usize::from(state == "dispatched") }, "{no}");
        assert_eq!(count("recalled"), usize::from(no == 6), "{no}");
    }
    assert_eq!((counts["merged"], counts["refused"], counts["dispatched"]), (1, 4, 45));
    assert!(app.get(zhou, "/triage").await.expect(200).text().contains("都梳理完了"));
}

#[test]
fn the_desk_fits_and_does_not_complain() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        settle(&app).await;
        crate::triage::fill(&app).await;
        let eyes = Eyes::open(app.served().await).await;
        eyes.sign_in("zhou", PASSWORD).await;
        let (category, lead) = (app.category("用水用电"), app.unit("经发局"));
        let several = format!(
            "/triage/several?no=27&no=28&no=2&category={category}&lead={lead}&tier=unit&urgency=ordinary&show=yes"
        );
        for (window, width, height) in WINDOWS {
            for (theme, dark) in [("light", false), ("dark", true)] {
                eyes.window(width, height, dark).await;
                for (name, path) in [
                    ("triage", "/triage"),
                    ("triage-one", "/triage/28"),
                    ("triage-gone", "/triage/2"),
                    ("triage-several", &several),
                ] {
                    eyes.go(path).await;
                    eyes.picture(&format!("{name}-{window}-{theme}")).await;
                    eyes.calm(name);
                }
            }
            eyes.window(width, height, false).await;
            eyes.go("/triage/28").await;
            eyes.submit("form[action='/language'] button").await;
            for (name, path) in [("triage", "/triage/28"), ("triage-several", several.as_str())] {
                eyes.go(path).await;
                eyes.picture(&format!("{name}-en-{window}")).await;
                eyes.calm(name);
            }
            eyes.submit("form[action='/language'] button").await;
        }
        eyes.close().await;
    });
}

/// Waits until a page of this address can be used.
async fn there(eyes: &Eyes, path: &str) {
    eyes.until(&format!(
        "document.readyState === 'complete' && performance.now() > 300 && location.pathname === '{path}'"
    ))
    .await;
}

#[test]
fn several_are_selected_and_dispatched_by_keys_and_one_without_script() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        crate::triage::fill(&app).await;
        let eyes = Eyes::open(app.served().await).await;
        eyes.window(1440, 900, false).await;
        eyes.sign_in("zhou", PASSWORD).await;
        eyes.go("/triage").await;
        for key in ["x", "j"] {
            eyes.press(key).await;
        }
        there(&eyes, "/triage/2").await;
        eyes.press("x").await;
        eyes.until("document.getElementById('picked').textContent === '2'").await;
        eyes.picture("triage-picked").await;
        eyes.size().await;
        eyes.press("?").await;
        assert_eq!(eyes.value("document.querySelector('.keys-all').open").await, true);
        eyes.picture("triage-keys").await;
        eyes.size().await;
        eyes.press("Escape").await;
        assert_eq!(eyes.value("document.querySelector('.keys-all').open").await, false);
        eyes.press("b").await;
        there(&eyes, "/triage/several").await;
        let unit = app.unit("建设局");
        let digit =
            eyes.value(&format!("document.querySelector('[data-mode=u] input[value=\"{unit}\"]').dataset.key")).await;
        let letter = eyes
            .value(&format!(
                "document.querySelector('[data-mode=c] input[value=\"{}\"]').dataset.key",
                app.category("施工噪声")
            ))
            .await;
        for key in ["c", letter.as_str().unwrap(), digit.as_str().unwrap(), "Enter"] {
            eyes.press(key).await;
        }
        eyes.until("document.readyState === 'complete' && performance.now() > 300 && document.querySelector('input[name=item]') !== null").await;
        eyes.press("Enter").await;
        eyes.until(
            "document.readyState === 'complete' && performance.now() > 300 && location.search.startsWith('?done')",
        )
        .await;
        eyes.picture("triage-several-done").await;
        eyes.size().await;
        eyes.press("Enter").await;
        there(&eyes, "/triage").await;
        eyes.calm("several");
        // A click each, as on a telephone; no script runs.
        eyes.without_script().await;
        eyes.window(390, 844, false).await;
        eyes.go("/triage").await;
        eyes.submit(".queue a").await;
        assert_eq!(eyes.value("location.pathname").await, "/triage/3");
        eyes.click(&format!("#decide input[name=category][value='{}']", app.category("施工噪声"))).await;
        eyes.click(&format!("#decide input[name=lead][value='{unit}']")).await;
        eyes.submit("#decide button.primary").await;
        assert_eq!(eyes.value("location.pathname + location.search").await, "/triage/4?done=3");
        eyes.picture("triage-plain-phone").await;
        eyes.close().await;
        for no in 1..4 {
            let found = app.db.read(move |tx| store::problem::find_by_no(tx, no)).await.unwrap().unwrap();
            assert_eq!(found.problem.state.case().unwrap().lead.unit, app.units["建设局"], "{no}");
        }
    });
}
