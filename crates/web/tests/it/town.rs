//! A ledger as it looks in May: problems of many kinds, some late, some on the board, some struck off, for pictures.

use crate::r#loop::{photo, step};
use crate::stage::{As, TestApp, encode};
use serde_json::{Value, json};

/// Title, reporter, lead, support, day of dispatch; what lies near the end is late.
const HEARD: [(&str, &str, &str, &str, &str); 22] = [
    ("对美出口加征关税后订单转移，求应对辅导", "虚构工具制造有限公司", "商务局", "经发局", "2018-04-16 09:00"),
    ("一线操作工缺口60人，旺季前招不到", "样例光电科技有限公司", "经发局", "", "2018-04-16 10:00"),
    ("加工贸易手册核销周期长，占用保证金", "虚构电子（中国）有限公司", "商务局", "税务局", "2018-04-16 11:00"),
    ("出口退税单证备案要求各口径不一", "示例精密机械（杭州）有限公司", "税务局", "", "2018-04-17 09:00"),
    ("技改项目设备投资补助何时拨付", "例示新材料股份有限公司", "经发局", "财政局", "2018-04-17 10:00"),
    ("厂房租约到期，园区内找不到3000平方米", "拟名检测技术有限公司", "经发局", "", "2018-04-17 14:00"),
    ("双职工子女秋季入学名额", "样例半导体（杭州）有限公司", "财政局", "", "2018-04-18 09:00"),
    ("高新技术企业研发费用加计扣除口径辅导", "示例软件股份有限公司", "税务局", "", "2018-04-18 10:00"),
    ("二期厂房施工许可补正材料清单不一致", "例示新材料股份有限公司", "建设局", "经发局", "2018-04-18 11:00"),
    ("园区东门红绿灯早高峰放行时间过短", "样例光电科技有限公司", "建设局", "", "2018-04-19 09:00"),
    ("环评批复后工艺微调是否须重新报批", "拟名生物制药（浙江）有限公司", "经发局", "", "2018-04-19 10:00"),
    ("人才公寓配租排队超过一年", "虚构智能装备股份有限公司", "建设局", "财政局", "2018-04-19 15:00"),
    ("地铁8号线夜间出渣车噪声影响员工宿舍", "示例乳品饮料（杭州）有限公司", "建设局", "", "2018-04-20 09:00"),
    ("食品生产许可变更现场核查排期", "示例乳品饮料（杭州）有限公司", "经发局", "", "2018-04-20 10:00"),
    ("雨水管网接口标高与图纸不符，无法接入", "虚构智能装备股份有限公司", "建设局", "", "2018-04-20 14:00"),
    ("变压器增容申请三个月未批复", "样例半导体（杭州）有限公司", "经发局", "建设局", "2018-04-23 09:00"),
    ("进口设备免税确认书办理时限", "虚构电子（中国）有限公司", "商务局", "", "2018-04-23 10:00"),
    ("厂区围墙外违停大货车堵塞消防通道", "拟名检测技术有限公司", "建设局", "", "2018-04-23 11:00"),
    ("工业互联网改造诊断服务怎么申请", "虚构工具制造有限公司", "经发局", "", "2018-04-24 09:00"),
    ("企业上云补贴2017年度尾款未到账", "示例软件股份有限公司", "财政局", "经发局", "2018-04-24 09:30"),
    ("幸福南路污水井盖异响下沉，夜间扰民", "示例生物医药（杭州）有限公司", "建设局", "", "2018-04-24 09:40"),
    ("天然气价格上涨后用气指标分配", "样例光电科技有限公司", "经发局", "", "2018-04-24 09:50"),
];

const ROAD: &str = "厂区南门外那段路去年冬天就开始破，一下雨积水过脚踝。大货车现在绕幸福南路走，一趟多两公里，一天四十多车次。希望汛期前能修好。";

struct Desk<'a> {
    app: &'a TestApp,
    zhou: As,
    he: As,
}

impl Desk<'_> {
    async fn hear(&self, title: &str, reporter: &str, detail: &str) -> String {
        let body = json!({ "title": title, "detail": detail, "place": "幸福南路与松乔街口", "occurred": "2018-04-13", "source": "visit", "reporter": { "name": reporter, "phone": "13800000001", "address": "幸福南路18号" } });
        self.app.post(&self.he, "/api/v1/problems", body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
    }

    async fn take(&self, who: &As, id: &str, body: Value) {
        step(self.app, who, id, body).await.expect(200);
    }

    async fn dispatch(&self, id: &str, lead: &str, support: &str) {
        let category = self.app.category("用水用电");
        self.take(
            &self.zhou,
            id,
            json!({ "command": "triage", "category": category, "tier": "unit", "urgency": "ordinary" }),
        )
        .await;
        let supports: Vec<String> =
            Some(support).filter(|it| !it.is_empty()).map(|it| self.app.unit(it)).into_iter().collect();
        self.take(&self.zhou, id, json!({ "command": "dispatch", "lead": self.app.unit(lead), "supports": supports, "words": "请尽快到现场核实，按期答复企业。" })).await;
    }
}

/// Problem 1 is registered, 2 in hand and on the board, 3 answered, 4 closed; the others are at many stages.
pub async fn settle(app: &TestApp) {
    let desk = Desk { app, zhou: app.session("zhou").await, he: app.session("he").await };
    let (li, wang, chen, wu) =
        (app.session("li").await, app.session("wang").await, app.session("chen").await, app.session("wu").await);
    app.set("2018-04-13 10:00");
    desk.hear("厂区北门公交站夜间无照明，女工下班不安全", "示例精密机械（杭州）有限公司", "晚班十点下班，站台没有灯。")
        .await;
    let road = desk.hear("厂区南侧道路破损积水，货车进出绕行2公里", "示例精密机械（杭州）有限公司", ROAD).await;
    let water = desk.hear("夜间停水", "泰和电子有限公司", "二车间夜间用水压力不足，影响生产。").await;
    let lamp = desk.hear("同一路段路灯不亮", "泰和电子有限公司", "路灯坏了三盏。").await;
    app.set("2018-04-16 09:00");
    for (id, support) in [(&road, "建设局"), (&water, ""), (&lamp, "")] {
        desk.dispatch(id, "经发局", support).await;
        app.set("2018-04-16 15:00");
        desk.take(&li, id, json!({ "command": "receive" })).await;
    }
    desk.take(&li, &road, json!({ "command": "note", "words": "现场踏勘：路面下有10千伏电缆，须供电公司先迁改，已发函。雨水口淤堵，当天清掏。" })).await;
    desk.take(&chen, &road, json!({ "command": "receive" })).await;
    let assignee = app.person("wang");
    desk.take(&li, &road, json!({ "command": "assign", "to": assignee })).await;
    let leader = app.person("zheng");
    let steps = json!([{ "what": "电缆迁改完成", "due": "2018-05-04" }, { "what": "路面重铺", "due": "2018-05-18" }]);
    desk.take(&wu, &road, json!({ "command": "board", "leader": leader, "milestones": steps })).await;
    app.call(
        &li,
        "post",
        &format!("/api/v1/problems/{road}/attachments?name={}", encode("踏勘照片 2018-04-16.jpg")),
        photo(),
    )
    .await
    .expect(201);
    for (i, (title, reporter, lead, support, when)) in HEARD.iter().enumerate() {
        app.set(when);
        let id = desk.hear(title, reporter, "企业在走访中提出，希望尽快明确。").await;
        if i < 20 {
            desk.dispatch(&id, lead, support).await;
        }
        if *lead == "经发局" && i < 18 {
            desk.take(&li, &id, json!({ "command": "receive" })).await;
        }
        if (*lead == "建设局" || *support == "建设局") && i < 18 {
            desk.take(&chen, &id, json!({ "command": "receive" })).await;
        }
    }
    app.set("2018-04-24 10:00");
    desk.take(
        &wang,
        &road,
        json!({ "command": "ask-extension", "until": "2018-05-09", "words": "连续降雨，沥青摊铺须路面干燥。" }),
    )
    .await;
    for id in [&water, &lamp] {
        let answer = json!({ "command": "answer", "outcome": "solved", "words": "已更换损坏部件并通水通电，夜间复测正常。", "evidence": [{ "item": "完工照片" }], "apply": true });
        desk.take(&li, id, answer).await;
    }
    desk.take(&desk.he, &lamp, json!({ "command": "verify", "words": "现场看过，路灯全亮。" })).await;
    let link = app.post(&desk.zhou, &format!("/api/v1/problems/{lamp}/reporter-link"), Value::Null).await.json();
    let reporter = As::Link(link["token"].as_str().unwrap().strip_prefix("link_").unwrap().to_owned());
    desk.take(
        &reporter,
        &lamp,
        json!({ "command": "rate", "verdict": "yes", "satisfaction": "satisfied", "words": "修得很快。" }),
    )
    .await;
    desk.take(&desk.zhou, &lamp, json!({ "command": "close" })).await;
    app.set("2018-04-26 09:30");
    app.tick().await;
}
