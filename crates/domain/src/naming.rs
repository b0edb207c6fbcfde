//! The name of something that the house sets up, in both languages: what may stand in it.

use crate::fault::Fault;

const MOST: usize = 100;
/// Pieces of evidence that a category may demand, and characters of each.
const ITEMS: usize = 20;
const ITEM: usize = 100;

/// A name as data has it, and its English where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    pub name: String,
    pub name_en: String,
}

impl Names {
    pub fn read(name: &str, name_en: &str) -> Result<Names, Vec<Fault>> {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let names = Names { name: line(name), name_en: line(name_en) };
        let mut faults = Vec::new();
        if names.name.is_empty() {
            faults.push(Fault::new("name", "请填写名称。", "Enter a name."));
        }
        for (field, text) in [("name", &names.name), ("name_en", &names.name_en)] {
            let n = text.chars().count();
            if n > MOST {
                faults.push(Fault::new(
                    field,
                    format!("名称最多{MOST}字，现有{n}字。"),
                    format!("A name has at most {MOST} characters; there are {n}."),
                ));
            }
        }
        if faults.is_empty() { Ok(names) } else { Err(faults) }
    }
}

/// Evidence demanded before strike-off, one item a line.
pub fn items(text: &str) -> Result<Vec<String>, Fault> {
    let items: Vec<String> = text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    match (items.len(), items.iter().position(|it| it.chars().count() > ITEM)) {
        (n, _) if n > ITEMS => Err(Fault::new(
            "evidence",
            format!("最多{ITEMS}项，现有{n}项。"),
            format!("At most {ITEMS} items; there are {n}."),
        )),
        (_, Some(at)) => Err(Fault::new(
            "evidence",
            format!("第{}项超过{ITEM}字，请写短些。", at + 1),
            format!("Item {} has more than {ITEM} characters; shorten it.", at + 1),
        )),
        _ => Ok(items),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_items_are_lines() {
        let names = Names::read(" 经发局\n ", "").ok();
        assert_eq!(names.map(|it| it.name).as_deref(), Some("经发局"));
        assert_eq!(Names::read("", &"x".repeat(101)).err().map(|it| it.len()), Some(2));
        assert_eq!(items(" 照片 \n\n验收单").ok(), Some(vec!["照片".to_owned(), "验收单".to_owned()]));
        assert!(items(&"长".repeat(101)).is_err() && items(&"x\n".repeat(21)).is_err());
    }
}
