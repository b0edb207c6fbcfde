//! Punches of old devices.

use crate::stage::{Stage, counts, now};
use domain::attendance::plan::Post;
use domain::id::SiteId;
use intake::Kind;
use store::site::{self, Card};
use store::staff::{self, Entry};
use store::terms::{Deed, Failure};
use store::{ids, unit};
use testkit::on_both;

fn yard(stage: &Stage) {
    let (terms, by) = (stage.terms.clone(), stage.zhou.person());
    let made: Result<(), Failure> = stage.db.write_blocking(move |tx| {
        let deed = Deed { terms: &terms, by, now: now() };
        let firm = unit::insert(tx, "宏岳建设", "", None, now())?;
        let card = Card {
            name: "三号楼".into(),
            permit: "33010020180001".into(),
            address: String::new(),
            owner: firm,
            contractor: firm,
            consultant: None,
            subject: None,
        };
        let site = SiteId(ids::fresh(now()));
        site::add(tx, &deed, site, &card)?;
        for name in ["李工", "吴工", "吴工"] {
            let person = staff::hire(tx, &deed, name, "", firm)?;
            let entry = Entry { firm, posts: vec![Post("施工员".into())], attests: false };
            staff::set(tx, &deed, site, person, &entry)?;
        }
        Ok(())
    });
    made.unwrap();
}

on_both!(punches_of_old_devices_come_in_once_and_go_again, |db| {
    let stage = Stage::set(&db);
    yard(&stage);
    let file = "项目名称,姓名,考勤时间,设备名称\n\
                三号楼,李工,2018-04-19 07:58:12,大门1\n33010020180001,李工,2018/4/19 17:02,大门1\n1,gd00002,2018-04-19 08:00:00,大门1\n\
                三号楼,吴工,2018-04-19 08:00,大门1\n四号楼,李工,2018-04-19 08:00,大门1\n三号楼,李工,昨天,大门1\n三号楼,李工,2018-04-29 08:00,大门1\n";
    let run = stage.run(Kind::Punches, file);
    assert_eq!(run.counts, counts(3, 0, 0, 4));
    let rejects = stage.rejects(&run);
    let fields: Vec<&str> = rejects.iter().map(|it| it.1.as_str()).collect();
    // Rows that cannot be read come before those that cannot be saved.
    assert_eq!(fields.len(), 4);
    for field in ["person", "site", "at"] {
        assert!(fields.contains(&field), "{rejects:?}");
    }
    assert!(rejects.iter().any(|it| it.2.contains("同名的填身份证号")), "{rejects:?}");
    assert_eq!(stage.count("select count(*) from punch where way = 'terminal' and waits = 0"), 3);
    // What a device saves it sends again and again.
    assert_eq!(stage.run(Kind::Punches, file).counts, counts(0, 0, 3, 4));
    let undone = stage.undo(&run);
    assert_eq!((undone.removed, undone.kept.len()), (3, 0));
    assert_eq!(stage.count("select count(*) from punch"), 0);
    stage.verified();
});
