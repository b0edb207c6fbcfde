//! A code of squares as SVG, drawn in runs so that it stays small; dark on light whatever the colours of the page, for cameras.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

/// The light edge that a camera needs, in modules.
const EDGE: usize = 4;

/// None where the text is too long for a code.
pub fn svg(text: &str, says: &str) -> Option<Markup> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (wide, path) = (code.width(), runs(code.width(), &code.to_colors()));
    let whole = wide + 2 * EDGE;
    Some(html! {
        svg.qr viewBox={ "0 0 " (whole) " " (whole) } role="img" aria-label=(says) shape-rendering="crispEdges" {
            rect width=(whole) height=(whole) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    })
}

/// Each run of dark modules of a row as one rectangle.
fn runs(wide: usize, colors: &[Color]) -> String {
    use std::fmt::Write;
    let mut path = String::new();
    for (y, row) in colors.chunks(wide.max(1)).enumerate() {
        let mut x = 0;
        while x < row.len() {
            let long = row[x..].iter().take_while(|it| **it == row[x]).count();
            if row[x] == Color::Dark {
                let _ = write!(path, "M{} {}h{long}v1h-{long}z", x + EDGE, y + EDGE);
            }
            x += long;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_every_dark_module_once() {
        let text = "http://zoufang.test/punch/12/50901120-0123456789abcdef";
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("short enough");
        let dark = code.to_colors().iter().filter(|it| **it == Color::Dark).count();
        let path = runs(code.width(), &code.to_colors());
        let drawn: usize =
            path.split('h').skip(1).step_by(2).filter_map(|it| it.split('v').next()?.parse::<usize>().ok()).sum();
        assert_eq!(drawn, dark);
        assert!(svg(text, "code").is_some_and(|it| it.into_string().contains("aria-label=\"code\"")));
        assert!(svg(&"x".repeat(5_000), "code").is_none());
    }
}
