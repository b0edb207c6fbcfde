//! A view 视图 of the ledger: a filter under a name. What may stand in one, so that an address from elsewhere cannot.

use crate::fault::Fault;

/// Views that one person may keep: they stand side by side as tabs.
pub const MOST: usize = 12;
const NAME_MOST: usize = 20;
const QUERY_MOST: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub query: String,
}

/// A name as it stands on a tab.
pub fn name(text: &str) -> Result<String, Fault> {
    let name: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Fault::new("name", "请给视图起个名字。", "Give the view a name.")),
        n if n > NAME_MOST => Err(Fault::new(
            "name",
            format!("名字最多{NAME_MOST}字，现有{n}字。"),
            format!("A name has at most {NAME_MOST} characters; there are {n}."),
        )),
        _ => Ok(name),
    }
}

impl Named {
    pub fn read(text: &str, query: &str) -> Result<Named, Vec<Fault>> {
        let name = name(text).map_err(|fault| vec![fault])?;
        if query.len() > QUERY_MOST {
            let fault = Fault::new("name", "筛选条件太长，存不下。", "The filter is too long to be kept.");
            return Err(vec![fault]);
        }
        Ok(Named { name, query: query.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_short() {
        assert_eq!(name("  涉贸易\n摩擦 ").ok().as_deref(), Some("涉贸易 摩擦"));
        assert!(name(" ").is_err() && name(&"长".repeat(21)).is_err());
        assert!(Named::read("长", &"x".repeat(2_001)).is_err());
    }
}
