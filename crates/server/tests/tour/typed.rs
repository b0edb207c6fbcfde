//! Every form of every page, sent as nobody should: what is refused comes back with all that was typed.

use crate::walk::{is_page, kind};
use std::collections::{BTreeSet, VecDeque};
use testkit::eyes::Eyes;

const LOGINS: [&str; 8] = ["officer", "clerk", "head", "enterprise", "supervision", "leader", "office", "secadmin"];

/// How many forms were tried, and what was complained about.
pub async fn everywhere(eyes: &Eyes, password: &str) -> (u64, Vec<String>) {
    let (mut tried, mut complaints, mut done) = (0, Vec::new(), serde_json::json!([]));
    for login in LOGINS {
        eyes.sign_in(login, password).await;
        let (mut seen, mut waiting) = (BTreeSet::new(), VecDeque::from(["/".to_owned()]));
        while let Some(address) = waiting.pop_front() {
            if !seen.insert(kind(&address, login)) {
                continue;
            }
            eyes.go(&address).await;
            // The links first: a form that is taken may end the page.
            let links =
                eyes.value("[...document.querySelectorAll('a[href]')].map((it) => it.getAttribute('href'))").await;
            let links = links.as_array().cloned().unwrap_or_default();
            waiting.extend(links.iter().filter_map(|it| it.as_str()).filter(|it| is_page(it)).map(str::to_owned));
            let found = eyes.value(&include_str!("forms.js").replace("DONE", &done.to_string())).await;
            let said = found[0].as_array().cloned().unwrap_or_default();
            complaints.extend(said.iter().map(|it| format!("{login} {address}: {}", it.as_str().unwrap_or_default())));
            done = found[1].clone();
            tried += found[2].as_u64().unwrap_or_default();
        }
        eyes.forget().await;
    }
    (tried, complaints)
}
