//! The pictures of README and guide, taken of the demonstration; and that the pages show those and no others.
//!
//! `ZOUFANG_PICTURES=1 cargo test --package server --test tour pictures` puts them into `docs/pictures`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use testkit::eyes::Eyes;

/// One picture: its name, who looks, where, and how.
struct Picture {
    name: &'static str,
    login: &'static str,
    path: &'static str,
    phone: bool,
    dark: bool,
    english: bool,
}

const fn desk(name: &'static str, login: &'static str, path: &'static str) -> Picture {
    Picture { name, login, path, phone: false, dark: false, english: false }
}

const fn phone(name: &'static str, login: &'static str, path: &'static str) -> Picture {
    Picture { phone: true, ..desk(name, login, path) }
}

const fn english(name: &'static str, it: Picture) -> Picture {
    Picture { name, english: true, ..it }
}

const ALL: [Picture; 29] = [
    desk("office-home", "office", "/"),
    desk("triage", "office", "/triage"),
    desk("ledger", "office", "/problems"),
    desk("campaign", "office", "/campaigns/1"),
    desk("search", "office", "/search?text=冷链"),
    phone("officer-home", "officer", "/"),
    phone("officer-record", "officer", "/visits/324/record"),
    desk("clerk-home", "clerk", "/"),
    desk("clerk-problem", "clerk", "/problems/2486"),
    desk("head-home", "head", "/"),
    desk("supervision-home", "supervision", "/"),
    desk("leader-home", "leader", "/"),
    Picture { dark: true, ..desk("leader-dark", "leader", "/") },
    phone("enterprise-home", "enterprise", "/"),
    phone("enterprise-problem", "enterprise", "/problems/1405"),
    desk("settings", "sysadmin", "/settings"),
    desk("calendar", "sysadmin", "/settings/calendar"),
    desk("people", "secadmin", "/people"),
    desk("auditor-home", "auditor", "/"),
    desk("site-wall", "bureau", "/sites"),
    desk("site-month", "bureau", "/sites/1/month?month=2018-05"),
    desk("plan-form", "contractor", "/sites/4/plans/new"),
    phone("my-days", "site-staff", "/attendance"),
    english("triage-en", desk("", "office", "/triage")),
    english("ledger-en", desk("", "office", "/problems")),
    english("problem-en", desk("", "clerk", "/problems/2486")),
    english("leader-en", desk("", "leader", "/")),
    english("record-en", phone("", "officer", "/visits/324/record")),
    english("campaign-en", desk("", "office", "/campaigns/1")),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub async fn take(eyes: &Eyes, password: &str) {
    let keep = std::env::var("ZOUFANG_PICTURES").is_ok_and(|it| it == "1");
    let folder = if keep { root().join("docs/pictures") } else { root().join("target/screens/pictures") };
    for it in &ALL {
        let (width, height) = if it.phone { (390, 844) } else { (1440, 900) };
        eyes.window(width, height, it.dark).await;
        eyes.forget().await;
        eyes.sign_in(it.login, password).await;
        if it.english {
            eyes.submit("form[action='/language'] button").await;
        }
        eyes.go(it.path).await;
        let status = eyes.value("performance.getEntriesByType('navigation')[0].responseStatus").await;
        assert_eq!(status.as_i64(), Some(200), "{}: {}", it.name, it.path);
        eyes.keep(&folder.join(format!("{}.webp", it.name))).await;
    }
}

/// Names of the pictures that a page of the project shows.
fn shown(page: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let names =
        text.split("pictures/").skip(1).filter_map(|it| it.split_once(".webp").map(|(name, _)| name.to_owned()));
    names.collect()
}

/// Every page of the guide stands in its contents, every picture shown is there, and none lies there unseen.
pub fn all_are_shown() {
    let guide = root().join("docs/guide");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(&guide).unwrap().map(|it| it.unwrap().path()).collect();
    let contents = std::fs::read_to_string(guide.join("README.md")).unwrap();
    for page in &pages {
        let name = page.file_name().unwrap().to_string_lossy();
        assert!(name == "README.md" || contents.contains(&format!("({name})")), "{name} is not in the contents");
    }
    pages.extend([root().join("README.md"), root().join("README.zh-CN.md"), root().join("docs/interface.md")]);
    let seen: BTreeSet<String> = pages.iter().flat_map(|it| shown(it)).collect();
    let taken: BTreeSet<String> = ALL.iter().map(|it| it.name.to_owned()).collect();
    assert_eq!(seen, taken, "pictures that pages show, and pictures that are taken");
    for name in &taken {
        assert!(root().join(format!("docs/pictures/{name}.webp")).exists(), "docs/pictures/{name}.webp is missing");
    }
    for readme in ["README.md", "README.zh-CN.md"] {
        assert!(shown(&root().join(readme)).len() >= 6, "{readme} shows six pictures");
    }
}
