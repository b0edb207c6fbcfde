//! The structure, checked: file lengths, heads, crate arrows, forbidden names, migrations that only grow.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// `domain ← store ← intake ← web ← server`; `sheet` stands alone, `planner` on `domain`, and `web` shows what it finds.
/// What a crate may use of ours, outside its tests.
const ARROWS: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("planner", &["domain"]),
    ("sheet", &[]),
    ("store", &["domain"]),
    ("intake", &["domain", "sheet", "store"]),
    ("web", &["domain", "intake", "planner", "sheet", "store"]),
    ("server", &["domain", "intake", "sheet", "store", "web"]),
    ("testkit", &["domain", "store", "web"]),
    ("bench", &["domain", "intake", "sheet", "store", "testkit"]),
    ("xtask", &["domain", "planner", "store"]),
];

/// Drawers in which anything could lie.
const DRAWERS: [&str; 8] = ["util", "utils", "common", "helper", "helpers", "manager", "misc", "data"];

pub fn run(root: &Path) -> Result<ExitCode> {
    let found = check(root)?;
    for line in &found {
        println!("{line}");
    }
    println!("tidy: {} found", found.len());
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every breach, as a sentence with its place.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let files = files(root)?;
    for path in &files {
        let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
        let text = fs::read_to_string(path).with_context(|| name.clone())?;
        one_file(&name, &text, &mut found);
    }
    arrows(root, &mut found)?;
    migrations(root, &mut found)?;
    for (page, most) in [("ARCHITECTURE.md", 150), ("STYLE.md", 150)] {
        let lines = fs::read_to_string(root.join(page)).with_context(|| page.to_owned())?.lines().count();
        if lines > most {
            found.push(format!("{page}: {lines} lines, at most {most}"));
        }
    }
    Ok(found)
}

fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("crates"), root.join("xtask")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if matches!(path.extension().and_then(|it| it.to_str()), Some("rs" | "js" | "css" | "sql")) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn one_file(name: &str, text: &str, found: &mut Vec<String>) {
    let lines = text.lines().count();
    let tests = name.contains("/tests/") || name.ends_with("tests.rs");
    let most = match name.rsplit('.').next() {
        Some("rs") if tests => 600,
        Some("js") => 150,
        Some("sql") => 600,
        _ => 400,
    };
    if lines > most {
        found.push(format!("{name}: {lines} lines, at most {most}"));
    }
    if name.ends_with(".rs") && !tests && !text.starts_with("//!") {
        found.push(format!("{name}: the first line is no `//!` sentence that says what it owns"));
    }
    let stem = Path::new(name).file_stem().and_then(|it| it.to_str()).unwrap_or_default();
    if DRAWERS.contains(&stem) {
        found.push(format!("{name}: a drawer in which anything could lie"));
    }
    for (number, line) in text.lines().enumerate() {
        let at = number + 1;
        if line.ends_with([' ', '\t']) {
            found.push(format!("{name}:{at}: blanks at the end of the line"));
        }
        if name.starts_with("crates/domain/src")
            && (line.contains("std::fs") || line.contains("async fn") || line.contains("Instant::now"))
        {
            found.push(format!("{name}:{at}: the domain knows no files, no async, no clock"));
        }
        if line.trim_start().starts_with("#[ignore") {
            found.push(format!("{name}:{at}: no test is ignored"));
        }
        if name.starts_with("crates/") && !tests && line.contains("../shared") && !name.contains("testkit") {
            found.push(format!("{name}:{at}: product code names the folder of test data"));
        }
        let sql = name.starts_with("crates/store/src") && !stem.starts_with("search");
        if sql
            && ["ilike", " json_", "now()", "autoincrement", "serial primary"]
                .iter()
                .any(|it| line.to_lowercase().contains(it))
            && line.contains('"')
        {
            found.push(format!("{name}:{at}: SQL outside the portable subset"));
        }
    }
}

fn arrows(root: &Path, found: &mut Vec<String>) -> Result<()> {
    for (name, allowed) in ARROWS {
        let folder = if name == "xtask" { root.join("xtask") } else { root.join("crates").join(name) };
        let text = fs::read_to_string(folder.join("Cargo.toml")).with_context(|| format!("{name}/Cargo.toml"))?;
        let own = text.split("[dev-dependencies]").next().unwrap_or_default();
        for (other, _) in ARROWS {
            let used = own
                .lines()
                .any(|line| line.starts_with(&format!("{other}.")) || line.starts_with(&format!("{other} ")));
            if used && !allowed.contains(&other) {
                found.push(format!("{name} uses {other}, against the arrow domain ← store ← web ← server"));
            }
        }
    }
    Ok(())
}

/// A migration that was released is never changed: `migrations.sha256` lists them; new ones are added by
/// `cargo xtask tidy --bless`, which refuses to change a line.
fn migrations(root: &Path, found: &mut Vec<String>) -> Result<()> {
    let known = listed(root)?;
    let present = digests(root)?;
    for (name, digest) in &known {
        match present.get(name) {
            Some(now) if now == digest => {}
            Some(_) => found.push(format!("migration {name} was changed after it was listed; add a new one instead")),
            None => found.push(format!("migration {name} was removed; what was released stays")),
        }
    }
    for name in present.keys().filter(|name| !known.contains_key(*name)) {
        found.push(format!("migration {name} is not in migrations.sha256: cargo xtask tidy --bless"));
    }
    Ok(())
}

fn list_path(root: &Path) -> PathBuf {
    root.join("crates/store/migrations/migrations.sha256")
}

fn listed(root: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(list_path(root)).unwrap_or_default();
    Ok(text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(digest, name)| (name.to_owned(), digest.to_owned()))
        .collect())
}

fn digests(root: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root.join("crates/store/migrations"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "sql") {
            let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            found.insert(name, store::words::sha256(&[&fs::read(&path)?]));
        }
    }
    Ok(found)
}

/// Adds new migrations to the list.
pub fn bless(root: &Path) -> Result<ExitCode> {
    let mut all = listed(root)?;
    for (name, digest) in digests(root)? {
        all.entry(name).or_insert(digest);
    }
    let text: String = all.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
    fs::write(list_path(root), text)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_of_each_kind_is_found() {
        let mut found = Vec::new();
        one_file("crates/domain/src/util.rs", "use std::fs; \n", &mut found);
        one_file("crates/store/src/thing.rs", "//! x\ntx.query(\"select * from a where b ilike $1\")\n", &mut found);
        one_file("crates/web/assets/app.js", &"x\n".repeat(151), &mut found);
        let told = found.join("\n");
        for breach in ["no `//!`", "drawer", "blanks", "no files", "portable", "151 lines"] {
            assert!(told.contains(breach), "{breach} in\n{told}");
        }
    }
}
