//! Punches of old devices: the lists that their programs export, one punch a row.

use crate::batch::{Outcome, Scene};
use crate::row::{Cells, wanted};
use domain::attendance::roll::{self, Way};
use domain::fault::Fault;
use domain::id::{PersonId, PunchId, SiteId};
use domain::refusal::Refusal;
use domain::time::Millis;
use sheet::{Columns, Row, Wanted};
use store::ids::fresh;
use store::import_change::Change;
use store::punch::{New, Taken};
use store::punch_batch::Batch;
use store::terms::Failure;
use store::{Result, Tx, site, staff};

pub(crate) const WANTED: [Wanted; 5] = [
    wanted("site", true, &["工地", "施工许可证", "工地编号", "项目", "项目名称", "site", "permit"]),
    wanted("person", true, &["姓名", "人员", "身份证号", "账号", "name", "person", "login"]),
    wanted("at", true, &["打卡时间", "考勤时间", "时间", "日期时间", "刷卡时间", "at", "time"]),
    wanted("device", false, &["设备", "考勤机", "设备名称", "设备编号", "device", "sn"]),
    wanted("drift", false, &["时钟偏差秒", "偏差", "drift"]),
];

pub(crate) struct Good {
    site: String,
    person: String,
    at: Millis,
    device: String,
    drift_s: i64,
    raw: String,
}

pub(crate) fn read(row: &Row, columns: &Columns) -> std::result::Result<Good, Vec<Fault>> {
    let mut cells = Cells::of(row, columns)?;
    let site = cells.needed("site", 100, "工地", "site");
    let person = cells.needed("person", 60, "姓名", "person");
    let text = cells.needed("at", 40, "打卡时间", "time");
    let device = cells.text("device", 60);
    let drift = cells.text("drift", 12);
    let at = moment(&text);
    if at.is_none() && !text.is_empty() {
        cells.faults.push(Fault::new(
            "at",
            format!("打卡时间“{text}”读不懂；请写成2018-05-21 07:58的样子。"),
            format!("The time \"{text}\" cannot be read; write it like 2018-05-21 07:58."),
        ));
    }
    let drift_s = drift.parse::<i64>().unwrap_or(0);
    if !drift.is_empty() && drift.parse::<i64>().is_err() {
        cells.faults.push(Fault::new("drift", "时钟偏差请填整秒数，可为负。", "Give the drift in whole seconds."));
    }
    let raw = row.cells.join("|").chars().take(500).collect();
    cells.ended(Good { site, person, at: at.unwrap_or(Millis(0)), device, drift_s, raw })
}

/// As devices and people write it, with or without seconds.
fn moment(text: &str) -> Option<Millis> {
    let (day, time) = text.split_once([' ', 'T'])?;
    let mut parts = time.trim().split(':');
    let hour: i64 = parts.next()?.parse().ok()?;
    let minute: i64 = parts.next()?.parse().ok()?;
    let second: i64 = parts.next().map_or(Some(0), |it| it.split('.').next().unwrap_or_default().parse().ok())?;
    let in_range = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    let day = domain::time::Day::read(day)?;
    in_range.then(|| Millis::at(day, ((hour * 60 + minute) * 60 + second) * 1000))
}

/// Whom of the site's staff a cell names: by login, identity number, or a name that only one of them bears.
fn person_of(tx: &mut dyn Tx, scene: &Scene, site: SiteId, text: &str) -> Result<Option<PersonId>> {
    if let Some(person) = staff::find_by_card(tx, &scene.deed(), text)? {
        return Ok(Some(person));
    }
    if let Some(found) = store::person::find_by_login(tx, text)? {
        return Ok(Some(found.id));
    }
    let named: Vec<PersonId> =
        staff::list(tx, site)?.into_iter().filter(|it| it.name == text).map(|it| it.person).collect();
    Ok(if let [one] = named[..] { Some(one) } else { None })
}

pub(crate) fn save(
    tx: &mut dyn Tx,
    scene: &Scene,
    good: &Good,
    batch: &mut Batch,
    changes: &mut Vec<Change>,
) -> std::result::Result<Outcome, Failure> {
    let rejected = |field, zh: String, en: String| Ok(Outcome::Rejected(vec![Fault::new(field, zh, en)]));
    let Some(site) = site::find_by_text(tx, &good.site)?.map(|it| it.id) else {
        return rejected(
            "site",
            format!("没有唯一的工地“{}”；请填施工许可证编号或工地编号。", good.site),
            format!("There is not exactly one site \"{}\"; give its permit or number.", good.site),
        );
    };
    let Some(person) = person_of(tx, scene, site, &good.person)? else {
        return rejected(
            "person",
            format!("本工地人员名单中没有唯一的“{}”；请先登记人员，同名的填身份证号。", good.person),
            format!(
                "The site's staff has not exactly one \"{}\"; enter the person, or give the identity number.",
                good.person
            ),
        );
    };
    if good.at > scene.now {
        return rejected(
            "at",
            "打卡时间在将来；请核对设备时钟。".into(),
            "The time lies ahead; check the device's clock.".into(),
        );
    }
    let device = if good.device.is_empty() { "旧设备".to_owned() } else { good.device.clone() };
    let what = roll::Punch {
        person,
        site,
        at: good.at,
        received: Some(scene.now),
        drift_s: good.drift_s,
        device: Some(device),
        way: Way::Terminal,
        doubt: None,
        rulings: vec![],
    };
    let new = New { id: PunchId(fresh(scene.now)), what, raw: good.raw.clone(), by: scene.by };
    match batch.add(tx, &scene.deed(), &new) {
        Ok(Taken::Known) => Ok(Outcome::Unchanged),
        Ok(_) => {
            changes.push(Change::made("punch", new.id, String::new()));
            Ok(Outcome::Imported)
        }
        Err(Failure::Refusal(Refusal::Faults(faults))) => Ok(Outcome::Rejected(faults)),
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_read_as_devices_write_them() {
        for text in ["2018-05-21 07:58:00", "2018/5/21 7:58", "2018-05-21T07:58:00", "2018.05.21 07:58:00.000"] {
            assert_eq!(moment(text), Millis::parse_local("2018-05-21 07:58"), "{text}");
        }
        for text in
            ["", "07:58", "2018-05-21", "2018-05-21 25:00", "2018-05-21 07:58:61", "2018-13-01 07:58", "昨天 8:00"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = moment(&text);
        }
    }
}
