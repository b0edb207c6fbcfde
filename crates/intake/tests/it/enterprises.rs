//! The register of enterprises: codes, names, doubles, updates.

use crate::stage::{Stage, counts};
use domain::credit_code::complete;
use intake::{Kind, Ways};
use testkit::on_both;

fn code(number: u32) -> String {
    complete(&format!("9133010114{number:07}")).unwrap()
}

fn table(rows: &[(&str, &str, &str)]) -> String {
    let head = "企业名称,统一社会信用代码,注册日期,企业类型,注册资金,经营范围,所在省份,地区,注册地址\n".to_owned();
    let rows = rows.iter().map(|(name, code, address)| {
        format!("{name},{code},2001-02-03,股份合作制,800万人民币,制造；零售,浙江,杭州,{address}\n")
    });
    head + &rows.collect::<String>()
}

on_both!(a_register_comes_in_once_and_what_differs_is_taken_over, |db| {
    let stage = Stage::set(&db);
    let (a, b) = (code(1), code(2));
    let first = table(&[("泰尔茂医疗产品（杭州）有限公司", &a, "6号大街"), ("㐀𠮷电子有限公司", &b, "白杨街道")]);
    assert_eq!(stage.run(Kind::Enterprises, first.clone()).counts, counts(2, 0, 0, 0));
    assert_eq!(stage.run(Kind::Enterprises, first).counts, counts(0, 0, 2, 0));
    let found = stage.subject(&a);
    assert_eq!((found.card.founded.as_str(), found.card.capital.as_str()), ("2001-02-03", "800万人民币"));
    assert_eq!(found.card.remark, "企业类型：股份合作制");
    // An empty cell takes nothing away; what is there is taken over.
    let later = format!("名称,信用代码,地址,标签,行业,联系人,电话\n泰尔茂医疗,{a},,重点 外资,医药,王工,0571-1\n");
    assert_eq!(stage.run(Kind::Enterprises, later.clone()).counts, counts(0, 1, 0, 0));
    assert_eq!(stage.run(Kind::Enterprises, later).counts, counts(0, 0, 1, 0));
    let card = stage.subject(&a).card;
    assert_eq!((card.name.as_str(), card.address.as_str()), ("泰尔茂医疗", "6号大街"));
    assert_eq!((card.tags.join(" ").as_str(), card.business.as_str()), ("重点 外资", "制造；零售"));
    assert_eq!(stage.count("select count(*) from contact where name = '王工' and phone = '0571-1'"), 1);
    stage.verified();
});

on_both!(wrong_and_doubled_codes_are_told_with_what_is_wrong, |db| {
    let stage = Stage::set(&db);
    let (a, b) = (code(1), code(2));
    let wrong = format!("{}X", &a[..17]);
    let run = stage.run(
        Kind::Enterprises,
        table(&[
            ("甲厂", &a, "一"),
            ("乙厂", &wrong, "二"),
            ("甲厂", &a, "三"),
            ("丙厂", &a, "四"),
            ("丁厂", &b, "五"),
            ("丁厂", &code(3), "六"),
        ]),
    );
    assert_eq!(run.counts, counts(3, 1, 0, 2));
    let rejects = stage.rejects(&run);
    assert_eq!((rejects[0].0, rejects[0].1.as_str()), (3, "code"));
    assert!(rejects[0].2.contains(&format!("应为“{}”", &a[17..])), "{rejects:?}");
    assert!(rejects[1].0 == 5 && rejects[1].2.contains("第2行“甲厂”"), "{rejects:?}");
    assert_eq!(stage.subject(&a).card.address, "三");
    assert_eq!(stage.count("select count(*) from subject where name = '丁厂'"), 2);
});

on_both!(rows_without_a_code_go_by_name_and_address, |db| {
    let stage = Stage::set(&db);
    let (a, b) = (code(1), code(2));
    let file =
        table(&[("甲厂", "", "一"), ("乙厂", &a, "二"), ("乙厂", &b, "三"), ("乙厂", "", "三"), ("乙厂", "", "九")]);
    let run = stage.run(Kind::Enterprises, file.clone());
    assert_eq!(run.counts, counts(3, 0, 1, 1));
    assert!(stage.rejects(&run)[0].2.contains("相同"), "{:?}", stage.rejects(&run));
    assert_eq!(stage.run(Kind::Enterprises, file).counts, counts(0, 0, 4, 1));
    // The code of one that was entered without it comes later.
    let c = code(3);
    assert_eq!(stage.run(Kind::Enterprises, table(&[("甲厂", &c, "一")])).counts, counts(0, 1, 0, 0));
    assert_eq!(stage.subject(&c).no, stage.subject("甲厂").no);
});

on_both!(kinds_officers_and_heads_in_other_words, |db| {
    let stage = Stage::set(&db);
    let file = "单位名称,对象类型,包联干部,成立时间\n白杨社区,社区,何平,2001年2月3日\n某大学,高校,gu,\n某工地,城堡,何平,\n某院,高校,无此人,\n";
    let run = stage.run(Kind::Enterprises, file);
    assert_eq!(run.counts, counts(2, 0, 0, 2));
    let fields: Vec<String> = stage.rejects(&run).into_iter().map(|it| it.1).collect();
    assert_eq!(fields, ["kind", "officer"]);
    assert_eq!(stage.subject("白杨社区").card.founded, "2001-02-03");
});

on_both!(a_map_beats_the_heads_and_is_kept_for_its_source, |db| {
    let stage = Stage::set(&db);
    let file = "户名,名称,门牌\n甲厂,第一,一号\n乙厂,第二,二号\n";
    let fields = [("name", "户名"), ("address", "门牌")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let ways = Ways { fields: fields.into(), rest: false };
    assert_eq!(stage.try_run(Kind::Enterprises, file, "老名单", Some(ways)).unwrap().counts, counts(2, 0, 0, 0));
    assert_eq!(stage.subject("甲厂").card.address, "一号");
    // The next table of this source needs no map; another source does.
    let next = file.replace("乙厂", "丙厂");
    assert_eq!(stage.try_run(Kind::Enterprises, next.clone(), "老名单", None).unwrap().counts, counts(1, 0, 1, 0));
    assert_eq!(stage.try_run(Kind::Enterprises, next, "", None).unwrap().counts, counts(2, 0, 0, 0));
    assert_eq!(stage.subject("第一").card.name, "第一");
    let wrong = Ways { fields: [("nmae".to_owned(), "户名".to_owned())].into(), rest: false };
    let told = stage.try_run(Kind::Enterprises, file, "", Some(wrong)).unwrap_err().to_string();
    assert!(told.contains("nmae") && told.contains("officer"), "{told}");
    let wrong = Ways { fields: [("name".to_owned(), "没有的栏".to_owned())].into(), rest: false };
    assert!(stage.try_run(Kind::Enterprises, file, "", Some(wrong)).unwrap_err().to_string().contains("没有的栏"));
});
