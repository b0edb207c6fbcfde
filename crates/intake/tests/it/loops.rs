//! Visits kept on paper, and old ledgers of problems.

use crate::stage::{Stage, counts};
use intake::{Kind, Ways};
use testkit::on_both;

pub const VISITS: &str = "企业名称,走访日期,走访干部,接待人,走访情况,意见,承诺,问题\n\
    甲厂,2018-04-13,何平,王总,订单正常,\"一条\n两条\",协调用电；2018-05-31；何平,\"夜间停电\n门前道路破损\"\n\
    乙厂,2018/4/14,he,,扩建在即,,,\n\
    乙厂,2018-04-14,zhou,,也去过一次,,,\n\
    乙厂,2018-04-30,何平,,日期在后,,,\n\
    丁厂,2018-04-14,何平,,没有此厂,,,\n\
    甲厂,2018-04-14,何平,,承诺没有期限,,协调,\n";

on_both!(visits_of_last_week_become_plan_and_record_by_the_rules, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, "名称,地址\n甲厂,6号大街\n乙厂,\n");
    stage.assign(&["甲厂", "乙厂"]);
    let run = stage.run(Kind::Visits, VISITS);
    let rejects = stage.rejects(&run);
    assert_eq!(run.counts, counts(3, 0, 0, 3), "{rejects:?}");
    let told: Vec<(i64, &str)> = rejects.iter().map(|it| (it.0, it.1.as_str())).collect();
    assert_eq!(told, [(7, "day"), (8, "subject"), (9, "promises")]);
    assert_eq!(stage.count("select count(*) from visit where state = 'recorded'"), 3);
    assert_eq!(stage.count("select count(*) from visit"), 3);
    assert_eq!(stage.count("select count(*) from visit where team is null"), 1);
    assert_eq!(stage.count("select count(*) from finding where kind = 'opinion'"), 2);
    assert_eq!(stage.count("select count(*) from promise where due = '2018-05-31'"), 1);
    assert_eq!(stage.count("select count(*) from problem where visit is not null and source = 'visit'"), 2);
    assert_eq!(stage.count("select cast(sum(visits) as bigint) from assignment"), 3);
    assert_eq!(stage.run(Kind::Visits, VISITS).counts, counts(0, 0, 3, 3));
    stage.verified();
});

on_both!(an_old_ledger_with_heads_of_its_own_loses_nothing, |db| {
    let stage = Stage::set(&db);
    stage.run(Kind::Enterprises, "名称\n甲厂\n");
    let file = "二〇一七年台账,,,,\n序号,诉求摘要,来龙去脉,办理进度,哪家\n1,停电,夜里停电,已答复,甲厂\n2,停水,,,\n3,停气,,,丁厂\n";
    let fields = [("title", "诉求摘要"), ("detail", "来龙去脉"), ("subject", "哪家")];
    let ways = Ways { fields: fields.map(|(a, b)| (a.to_owned(), b.to_owned())).into(), rest: true };
    let run = stage.try_run(Kind::Problems, file, "2017", Some(ways)).unwrap();
    assert_eq!(run.counts, counts(2, 0, 0, 1), "{:?}", stage.rejects(&run));
    let rows = stage.ask(|tx| tx.query("select detail, state from problem order by no limit 9", &[]));
    assert_eq!(rows[0].text(0), Ok("夜里停电\n序号：1\n办理进度：已答复"));
    assert_eq!((rows[1].text(0), rows[1].text(1)), (Ok("序号：2"), Ok("registered")));
    assert_eq!(stage.count("select count(*) from problem where subject is not null"), 1);
    assert_eq!(stage.try_run(Kind::Problems, file, "2017", None).unwrap().counts, counts(0, 0, 2, 1));
    stage.verified();
});
