//! Style and script from inside the binary, under names that carry their digest, to be kept for ever.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

struct All {
    /// By name.
    bodies: BTreeMap<String, Bytes>,
    urls: BTreeMap<String, String>,
}

/// The sheets of `assets/style` go out as one, in the order of their names, for a page waits for each of its style
/// sheets. One digest stands for all files, so that modules find each other by their bare names.
static ALL: LazyLock<All> = LazyLock::new(|| {
    let mut bodies: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut names: Vec<String> = Assets::iter().map(|it| it.to_string()).collect();
    names.sort();
    for name in names {
        let Some(file) = Assets::get(&name) else { continue };
        let name = if name.starts_with("style/") { "app.css".to_owned() } else { name };
        bodies.entry(name).or_default().extend_from_slice(&file.data);
    }
    let parts: Vec<&[u8]> = bodies.values().map(Vec::as_slice).collect();
    let digest = store::words::sha256(&parts)[..12].to_owned();
    let urls = bodies.keys().map(|name| (name.clone(), format!("/assets/{digest}/{name}"))).collect();
    All { bodies: bodies.into_iter().map(|(name, body)| (name, body.into())).collect(), urls }
});

pub fn url(name: &str) -> &'static str {
    ALL.urls.get(name).map_or("", String::as_str)
}

pub async fn serve(Path((_, name)): Path<(String, String)>) -> Response {
    let Some(body) = ALL.bodies.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let media = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, body.clone()).into_response()
}
