//! Stage plans 阶段名单: filed by a form or a table, looked at, compared, confirmed, returned, approved.

mod cells;
mod command;
mod compare;
mod desk;
mod fill;
mod form_page;
mod json;
mod line_form;
mod make;
mod read;
mod rows;
pub(crate) mod sentence;
mod show;
mod show_page;
mod stage_form;
mod table;
mod when;

pub use command::html as command;
pub use compare::html as compare;
pub use json::{add as add_json, command as command_json, list as list_json, order_schema, schema};
pub use make::{make, new};
pub use show::html as show;
pub use table::{rejects, template, upload};

use domain::refusal::Refusal;
use domain::site::Tie;
use store::site::Site;
use store::terms::Failure;

/// The contractor files, or the bureau on its behalf.
pub fn may_file(ties: &[Tie]) -> bool {
    ties.iter().any(|it| matches!(it, Tie::Contractor | Tie::Bureau))
}

/// Where the work is over nothing is filed any more.
fn admit(site: &Site, ties: &[Tie]) -> Result<(), Failure> {
    if !may_file(ties) {
        return Err(Refusal::NotYourRole.into());
    }
    match site.ended_at {
        Some(_) => Err(desk::ended().into()),
        None => Ok(()),
    }
}
