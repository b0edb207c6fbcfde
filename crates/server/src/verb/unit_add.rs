//! `unit add`: a unit under another, or at the top.

use crate::house::{At, House};
use crate::now::now;
use crate::out::say;
use crate::said::{self, Said, no};
use serde_json::json;
use store::event::append_next;
use store::{Error, unit};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// 单位名称，不得重复 Name, unique
    #[arg(long)]
    pub name: String,
    /// 英文名称 English name
    #[arg(long, default_value = "", hide_default_value = true)]
    pub name_en: String,
    /// 上级单位的名称 Name of the unit above it
    #[arg(long, value_name = "NAME")]
    pub parent: Option<String>,
}

pub fn run(at: &At, args: &Args) -> anyhow::Result<()> {
    let name = args.name.trim().to_owned();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(no(
            "单位名称不能为空，也不能含控制字符。",
            "The name of a unit is neither empty nor holds control characters.",
        ));
    }
    let house = House::open(at, now())?;
    let (name_en, parent, master, at) = (args.name_en.clone(), args.parent.clone(), house.terms.master.clone(), now());
    let said = house.db.write_blocking(move |tx| {
        let parent = match parent {
            None => None,
            Some(above) => match unit::find_by_name(tx, &above)? {
                Some(unit) => Some(unit.id),
                None => return Ok::<_, Error>(Err(unknown(&above))),
            },
        };
        if unit::find_by_name(tx, &name)?.is_some() {
            return Ok(Err(Said {
                zh: format!("单位“{name}”已经存在，没有新增。"),
                en: format!("The unit \"{name}\" exists already; nothing was added."),
            }));
        }
        let id = unit::insert(tx, &name, &name_en, parent, at)?;
        append_next(tx, &master, &id.to_string(), "unit-added", None, json!({ "name": name }), at)?;
        Ok(Ok(format!("已新增单位“{name}”。 added unit {name}")))
    });
    say(&said.map_err(said::store("新增单位"))??);
    Ok(())
}

pub fn unknown(name: &str) -> Said {
    Said {
        zh: format!("没有名为“{name}”的单位。请先用 zoufang unit add 新增，或核对名称。"),
        en: format!("There is no unit named \"{name}\". Add it with `zoufang unit add` first, or check the name."),
    }
}
