//! Doing one step in the browser, by what a person sees: texts of links and buttons, labels of fields.

use crate::steps::{Do, Step};
use testkit::eyes::Eyes;

/// `scanned` is what the telephone last read.
pub async fn one(eyes: &Eyes, step: &Step, password: &str, scanned: &mut String) {
    for act in &step.acts {
        let done = match act {
            Do::SignIn(login) => {
                eyes.sign_in(login, password).await;
                true
            }
            Do::SignOut => submit(eyes, "document.querySelector(\"form[action='/sign-out'] button\")").await,
            Do::Open(path) => {
                eyes.go(path).await;
                true
            }
            Do::Click(text) => submit(eyes, &format!("clickable({}, document)", js(text))).await,
            Do::ClickAt(at, text) => submit(eyes, &format!("clickable({}, around({}))", js(text), js(at))).await,
            Do::Fill(label, text) => run(eyes, &format!("fill({}, {})", js(label), js(text))).await,
            Do::Choose(label, option) => run(eyes, &format!("choose({}, {})", js(label), js(option))).await,
            Do::Tick(label) => run(eyes, &format!("tick({})", js(label))).await,
            Do::Window(phone) => {
                let (wide, high) = if *phone { (390, 844) } else { (1440, 900) };
                eyes.window(wide, high, false).await;
                true
            }
            Do::Scan => {
                *scanned = eyes.scan().await;
                scanned.starts_with("http")
            }
            Do::OpenScanned => {
                let path = scanned.splitn(4, '/').nth(3).unwrap_or_default();
                eyes.go(&format!("/{path}")).await;
                true
            }
            Do::See(text) => see(eyes, text).await,
        };
        if !done {
            eyes.picture("tour-lost").await;
            let page = eyes.value("location.pathname + '\\n' + document.querySelector('main').innerText").await;
            panic!("docs/tour.md:{}: {act:?} cannot be done: {}\n\n{}", step.line, step.text, page.as_str().unwrap());
        }
    }
}

fn js(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Long work shows itself in a while; the page comes anew by itself.
async fn see(eyes: &Eyes, text: &str) -> bool {
    let sees = format!("(() => {{ {HANDS}\nreturn sees({}); }})()", js(text));
    // A page that has come and does not come anew by itself has said all it says.
    let is_still =
        "document.readyState === 'complete' && !document.querySelector('meta[http-equiv=refresh], main progress')";
    for _ in 0..60 {
        if eyes.try_value(&sees).await == Some(true.into()) {
            return true;
        }
        if eyes.try_value(is_still).await == Some(true.into()) {
            return eyes.try_value(&sees).await == Some(true.into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    false
}

async fn run(eyes: &Eyes, call: &str) -> bool {
    eyes.value(&format!("(() => {{ {HANDS}\nreturn {call} ? true : false; }})()")).await == true
}

/// Clicks what the expression finds; a fold opens, anything else may lead to another page.
async fn submit(eyes: &Eyes, target: &str) -> bool {
    let found = eyes
        .value(&format!(
            "(() => {{ {HANDS}\nreturn (it => {{ if (!it) return false; it.setAttribute('data-tour', ''); return true; }})({target}); }})()"
        ))
        .await;
    if found != true {
        return false;
    }
    eyes.submit("[data-tour]").await;
    eyes.value("document.querySelectorAll('[data-tour]').forEach(it => it.removeAttribute('data-tour')); 0").await;
    true
}

/// What a person's eye and hand do.
const HANDS: &str = r#"
const plain = text => text.replace(/\s+/g, " ").trim();
const seen = it => it.checkVisibility({ visibilityProperty: true });
const own = it => plain(it.innerText || it.value || "");
const clickable = (text, within) => {
  if (!within) return null;
  const all = [...within.querySelectorAll("a, button, summary")].filter(seen);
  const fit = all.filter(it => own(it).includes(text));
  // What says just this, in the page's own part, a button before the fold that holds it, the shortest.
  const rank = it => [own(it) === text ? 0 : 1, it.closest("main") ? 0 : 1, it.tagName === "SUMMARY" ? 1 : 0, own(it).length];
  const less = (a, b) => { const [x, y] = [rank(a), rank(b)]; const at = x.findIndex((it, i) => it !== y[i]); return at < 0 ? 0 : x[at] - y[at]; };
  return fit.sort(less)[0];
};
const around = text => {
  const rows = [...document.querySelectorAll("tr, li, article, section")].filter(it => seen(it) && own(it).includes(text));
  return rows.sort((a, b) => own(a).length - own(b).length)[0];
};
const field = label => {
  const labels = [...document.querySelectorAll("label, legend")].filter(it => seen(it));
  const fit = labels.filter(it => own(it) === label).concat(labels.filter(it => own(it).startsWith(label)));
  for (const it of fit) {
    const found = it.control ?? it.querySelector("input, select, textarea") ?? it.closest("fieldset");
    if (found) return found;
  }
  return null;
};
const told = it => { it.dispatchEvent(new Event("input", { bubbles: true })); it.dispatchEvent(new Event("change", { bubbles: true })); return true; };
const fill = (label, text) => { const it = field(label); if (!it || it.disabled) return false; it.value = text; return told(it); };
const choose = (label, option) => {
  const it = field(label);
  if (!it) return false;
  if (it.tagName === "SELECT") {
    const found = [...it.options].find(o => plain(o.text) === option) ?? [...it.options].find(o => plain(o.text).startsWith(option));
    if (!found) return false;
    it.value = found.value;
    return told(it);
  }
  const box = [...it.querySelectorAll("label")].find(l => own(l) === option)?.querySelector("input");
  if (!box) return false;
  if (!box.checked) box.click();
  return true;
};
const tick = label => { const it = field(label); if (!it) return false; if (!it.checked) it.click(); return it.checked; };
const sees = text => plain(document.body?.innerText ?? "").includes(plain(text));
"#;
