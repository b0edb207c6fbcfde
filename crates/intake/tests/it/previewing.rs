//! What an import would do, before it does anything.

use crate::stage::{Stage, now};
use intake::{Kind, Preview, Verdict, Ways, preview};
use testkit::on_both;

fn look(stage: &Stage, kind: Kind, table: &str, ways: &Ways) -> Preview {
    let reader = sheet::from_bytes("t.csv", table.as_bytes().to_vec()).unwrap();
    preview(&stage.db, reader, kind, ways, "", now()).unwrap()
}

on_both!(a_preview_tells_columns_faults_and_differences_and_writes_nothing, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, "名称,地址\n甲厂,一号\n乙厂,二号\n");
    let before = stage.count("select count(*) from event");
    let shown = look(
        &stage,
        Kind::Enterprises,
        "名称,地址,别的\n甲厂,一号,\n乙厂,三号,\n丙厂,四号,\n,五号,\n",
        &Ways::default(),
    );
    assert_eq!(shown.columns, [("name", "名称".to_owned()), ("address", "地址".to_owned())]);
    assert_eq!(shown.heads.len(), 3);
    let verdicts: Vec<_> = shown.rows.iter().map(|it| it.verdict.clone()).collect();
    let changed = Verdict::Changed(vec![("address".into(), "二号".into(), "三号".into())]);
    assert_eq!(verdicts, [Some(Verdict::Same), Some(changed), Some(Verdict::New), None]);
    assert_eq!(shown.rows[3].faults[0].field, "name");
    assert_eq!(stage.count("select count(*) from event"), before);
    let shown = look(&stage, Kind::Visits, "企业,情况\n甲厂,好\n", &Ways::default());
    let missing: Vec<&str> = shown.missing.iter().map(|it| it.0).collect();
    assert_eq!(missing, ["subject", "day", "officer", "minutes"]);
    let ways = Ways { fields: [("name".to_owned(), "没有".to_owned())].into(), rest: false };
    assert!(look(&stage, Kind::Enterprises, "名称\n甲厂\n", &ways).wrong_map.is_some());
});
