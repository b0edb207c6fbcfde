//! The link grid 三联六服务: three links × six battles, as tags on visits and problems (`facts.md` §0).

use crate::problem::closed_list;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

closed_list! {
    /// 三联: whom the zone keeps in touch with.
    Link {
        Community "community" "联系社区" "Communities", Enterprise "enterprise" "联系企业" "Enterprises",
        University "university" "联系高校" "Universities",
    }
}

closed_list! {
    /// 服务“六大硬仗”: what the contact serves.
    Battle {
        Projects "projects" "项目大推进" "Projects", Innovation "innovation" "创新大提速" "Innovation",
        Platforms "platforms" "平台大开发" "Platforms", Space "space" "空间大整合" "Space",
        Environment "environment" "环境大提升" "Environment", Reform "reform" "改革大深化" "Reform",
    }
}

/// One of the eighteen cells, written `enterprise.innovation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cell {
    pub link: Link,
    pub battle: Battle,
}

impl Cell {
    /// All eighteen, row by row.
    pub fn all() -> impl Iterator<Item = Cell> {
        Link::ALL.iter().flat_map(|link| Battle::ALL.iter().map(|battle| Cell { link: *link, battle: *battle }))
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.link.code(), self.battle.code())
    }
}

impl FromStr for Cell {
    type Err = String;
    fn from_str(text: &str) -> Result<Cell, String> {
        let (link, battle) = text.split_once('.').ok_or_else(|| format!("{text:?} is no cell of the grid"))?;
        match (Link::parse(link), Battle::parse(battle)) {
            (Some(link), Some(battle)) => Ok(Cell { link, battle }),
            _ => Err(format!("{text:?} is no cell of the grid")),
        }
    }
}

impl TryFrom<String> for Cell {
    type Error = String;
    fn try_from(text: String) -> Result<Cell, String> {
        text.parse()
    }
}

impl From<Cell> for String {
    fn from(cell: Cell) -> String {
        cell.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_the_eighteen_cells_reads_back_from_its_name() {
        let all: Vec<Cell> = Cell::all().collect();
        assert_eq!(all.len(), 18);
        assert!(all.iter().all(|cell| cell.to_string().parse() == Ok(*cell)));
        assert!("enterprise".parse::<Cell>().is_err() && "x.projects".parse::<Cell>().is_err());
    }
}
