//! Which charts of a campaign stand on the leader's home, beside the picture of coverage.

use super::block::Look;
use crate::campaign::chart::{self, Campaigned};
use maud::{Markup, html};

pub fn view(look: &Look, it: &Campaigned) -> Markup {
    html! {
        (chart::lights(look.lang, it, look.directory))
        (chart::ages(look.lang, it))
        (chart::weeks(look.lang, it, look.now.day()))
        (chart::flow(look.lang, it))
    }
}
