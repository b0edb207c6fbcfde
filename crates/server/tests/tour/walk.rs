//! Every page that a link leads to, as everybody, in four ways: wide and narrow, light and dark, Chinese and English.
//!
//! On each: nothing wider than the window, nothing cut, no closing mark at the start of a line, no word of the program
//! in the other language, nothing that axe-core or the browser complains about; and a picture in target/screens/walk.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use testkit::eyes::Eyes;

/// Name, width, height, dark, English.
pub const WAYS: [(&str, i64, i64, bool, bool); 4] = [
    ("desk-light-zh", 1440, 900, false, false),
    ("phone-dark-zh", 390, 844, true, false),
    ("phone-light-en", 390, 844, false, true),
    ("desk-dark-en", 1440, 900, true, true),
];
const LOGINS: [&str; 14] = [
    "office",
    "officer",
    "head",
    "clerk",
    "supervision",
    "leader",
    "enterprise",
    "sysadmin",
    "secadmin",
    "auditor",
    "bureau",
    "contractor",
    "owner",
    "site-staff",
];
/// Pages that look different to everybody.
const OWN: [&str; 7] = ["/", "/problems/{}", "/visits/{}", "/sites", "/sites/{}", "/sites/desk", "/sites/{}/plans/{}"];

/// The kind of page that an address belongs to: numbers and ids are all alike, and so is what a filter asks for.
pub fn kind(address: &str, login: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let parts = path.split('/').map(|part| {
        let is_id = part.chars().any(|c| c.is_ascii_digit()) || part.contains('%');
        if is_id && !part.ends_with("xlsx") { "{}" } else { part }
    });
    let kind = parts.collect::<Vec<_>>().join("/");
    if OWN.contains(&kind.as_str()) { format!("{kind} {login}") } else { kind }
}

pub fn is_page(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    // The screen at a gate loads itself anew; its own test looks at it.
    let not = ["/assets/", "/attachments/", "/first/", "/r/", "/api/", "/sign-out", "/screen/"];
    path.starts_with('/')
        && !path.starts_with("//")
        && !not.iter().any(|it| path.starts_with(it))
        && !path.contains('.')
}

/// Walks as one person; adds what was seen and what was complained about.
async fn as_one(
    eyes: &Eyes,
    way: &str,
    login: &str,
    seen: &mut BTreeSet<String>,
    complaints: &mut BTreeMap<String, Vec<String>>,
) {
    let mut waiting = VecDeque::from(["/".to_owned(), "/help".to_owned(), "/ui".to_owned()]);
    while let Some(address) = waiting.pop_front() {
        let kind = kind(&address, login);
        if !seen.insert(kind.clone()) {
            continue;
        }
        eyes.go(&address).await;
        let mut wrong = eyes.complaints().await;
        wrong.extend(eyes.axe().await);
        wrong.append(&mut eyes.errors.lock().unwrap());
        let status = eyes.value("performance.getEntriesByType('navigation')[0].responseStatus").await;
        if status.as_i64() != Some(200) {
            wrong.push(format!("status {status}"));
        }
        let name = kind.trim_matches('/').replace(['/', ' '], "-").replace("{}", "n");
        eyes.sight(&format!("walk/{way}/{}", if name.is_empty() { "home" } else { &name })).await;
        if !wrong.is_empty() {
            complaints.insert(format!("{way} {login} {address}"), wrong);
        }
        let links = eyes.value("[...document.querySelectorAll('a[href]')].map((it) => it.getAttribute('href'))").await;
        let links = links.as_array().cloned().unwrap_or_default();
        waiting.extend(links.iter().filter_map(|it| it.as_str()).filter(|it| is_page(it)).map(str::to_owned));
    }
}

/// All ways as all persons; what was complained about, by page.
pub async fn everywhere(eyes: &Eyes, password: &str) -> (usize, BTreeMap<String, Vec<String>>) {
    let (mut pages, mut complaints) = (0, BTreeMap::new());
    for (way, width, height, dark, english) in WAYS {
        eyes.window(width, height, dark).await;
        let mut seen = BTreeSet::new();
        for login in LOGINS {
            eyes.sign_in(login, password).await;
            if english {
                eyes.submit("form[action='/language'] button").await;
            }
            eyes.errors.lock().unwrap().clear();
            as_one(eyes, way, login, &mut seen, &mut complaints).await;
            eyes.forget().await;
        }
        pages += seen.len();
    }
    (pages, complaints)
}
