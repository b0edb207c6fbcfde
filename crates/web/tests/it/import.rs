//! Imports by the page: looked at first, taken in behind the page, bad rows back, undone; each kind for those it is for.

use crate::stage::{As, TestApp};
use testkit::on_both_async;

/// The address to which the upload led, and its page.
async fn looked_at(app: &TestApp, who: &As, kind: &str, table: &str) -> (String, String) {
    let sent =
        app.upload_with(who, "/imports", &[("kind", kind), ("source", "旧册")], "名录.csv", table.as_bytes()).await;
    let address = sent.header("location").to_owned();
    assert!(address.starts_with("/imports/new?"), "{} {}", sent.status, sent.text());
    let page = app.get(who, &address).await.expect(200).text();
    (address, page)
}

fn fields(address: &str) -> Vec<(String, String)> {
    let query = address.split_once('?').unwrap().1;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), decode(value))).collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        match (first, more) {
            (b'%', [high, low, more @ ..]) => {
                bytes.push(u8::from_str_radix(&String::from_utf8_lossy(&[*high, *low]), 16).unwrap());
                rest = more;
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

async fn start(app: &TestApp, who: &As, address: &str, more: &[(&str, &str)]) -> String {
    let mut form = fields(address);
    form.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sent = app.form(who, "/imports/start", &pairs).await;
    let run = sent.header("location").to_owned();
    assert!(run.starts_with("/imports/"), "{} {}", sent.status, sent.text());
    settled(app, who, &run, "已完成").await;
    run
}

/// The page of a run once it says this; it works behind the page, so it is asked again for a while.
async fn settled(app: &TestApp, who: &As, run: &str, word: &str) -> String {
    let mut page = String::new();
    for _ in 0..1_200 {
        page = app.get(who, run).await.expect(200).text();
        if page.contains(word) {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{run} never said {word}: {page}");
}

fn code(number: u32) -> String {
    domain::credit_code::complete(&format!("91330101MA2X{number:05}")).unwrap()
}

on_both_async!(a_register_is_looked_at_taken_in_and_taken_back, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    let table = format!(
        "单位名称,信用代码,住所\n虚构精密机械有限公司,{},五号大街\n样例光电有限公司,91330101MA2X00002X9,六号大街\n",
        code(1)
    );
    let (address, page) = looked_at(&app, &zhou, "enterprises", &table).await;
    assert!(page.contains("新增") && page.contains("应为18位") && page.contains("自动：单位名称"), "{page}");
    app.get(&zhou, "/subjects").await.expect(200).lacks("虚构精密机械有限公司");
    let run = start(&app, &zhou, &address, &[]).await;
    let page = settled(&app, &zhou, &run, "已完成").await;
    assert!(page.contains("未导入的1行") && page.contains("第3行"), "{page}");
    let rejects = app.get(&zhou, &format!("{run}/rejects.csv")).await.expect(200).text();
    assert!(rejects.contains("样例光电有限公司") && rejects.contains("reason"), "{rejects}");
    app.get(&zhou, "/subjects").await.expect(200).says("虚构精密机械有限公司");
    app.get(&zhou, "/imports").await.expect(200).says("名录.csv");
    // The same file again changes nothing; the preview says so.
    let (_, page) = looked_at(&app, &zhou, "enterprises", &table).await;
    assert!(page.contains("未变"), "{page}");
    app.form(&zhou, &format!("{run}/undo"), &[]).await.redirect(&run);
    let page = settled(&app, &zhou, &run, "已撤销").await;
    assert!(page.contains("撤去1项"), "{page}");
    app.get(&zhou, "/subjects").await.expect(200).lacks("虚构精密机械有限公司");
});

on_both_async!(an_old_ledger_is_read_by_the_columns_that_were_chosen, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    let table = "序号,反映单位,存在的问题,责任部门\n1,某某机械,厂门口路灯不亮,建设局\n";
    let (address, page) = looked_at(&app, &zhou, "problems", table).await;
    assert!(page.contains("缺少，请选择") && !page.contains("开始导入"), "{page}");
    let chosen = [("map.title", "存在的问题"), ("map.reporter", "反映单位"), ("rest", "yes")];
    start(&app, &zhou, &address, &chosen).await;
    app.get(&zhou, "/problems/1").await.expect(200).says("厂门口路灯不亮").says("责任部门：建设局").says("某某机械");
    // Remembered for this source.
    let (_, page) = looked_at(&app, &zhou, "problems", "序号,反映单位,存在的问题,责任部门\n2,甲,乙,丙\n").await;
    assert!(page.contains("开始导入"), "{page}");
});

on_both_async!(each_kind_is_for_those_it_is_for, |db| {
    let app = TestApp::new(db).await;
    let (zhou, an, he) = (app.session("zhou").await, app.session("an").await, app.session("he").await);
    let persons = "姓名,单位,岗位\n钱新,财政局,走访干部\n";
    let (address, _) = looked_at(&app, &an, "persons", persons).await;
    let run = start(&app, &an, &address, &[]).await;
    app.get(&zhou, &run).await.expect(404);
    app.get(&zhou, &address).await.expect(404);
    app.form(&zhou, &format!("{run}/undo"), &[]).await.expect(404);
    for path in ["/imports", run.as_str(), address.as_str()] {
        app.get(&he, path).await.expect(404);
        app.get(&As::Nobody, path).await.redirect("/sign-in");
    }
    // A file that is no table comes back as a sentence.
    let sent = app.upload_with(&zhou, "/imports", &[("kind", "enterprises")], "a.pdf", b"%PDF-1.7").await;
    app.get(&zhou, sent.header("location")).await.expect(422).says("PDF");
});
