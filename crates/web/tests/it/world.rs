//! Problems in every state, of several units, some shielded, for tests that look at everything.

use crate::r#loop::{photo, step};
use crate::stage::{As, TestApp, encode};
use serde_json::{Value, json};

/// What tells who the shielded reporter is: name, phone, address, and a file name that has it.
pub const TELLING: [&str; 4] = ["泰和电子", "13800000001", "白杨街道百子巷", "泰和电子执照"];
/// Stands in a note between units.
pub const INTERNAL: &str = "内部意见不外传";

/// One problem: what it is, its id and number.
#[derive(Clone, Debug)]
pub struct Made {
    pub what: &'static str,
    pub id: String,
    pub no: i64,
}

pub struct World {
    pub app: TestApp,
    pub made: Vec<Made>,
    /// Attachments with the number of their problem; the first is of the shielded one and not yet looked at.
    pub files: Vec<(String, i64)>,
    pub taihe: As,
}

impl World {
    pub fn of(&self, what: &str) -> &Made {
        self.made.iter().find(|it| it.what == what).unwrap()
    }

    pub async fn new(app: TestApp) -> World {
        let mut world = World { app, made: vec![], files: vec![], taihe: As::Nobody };
        world.build().await;
        world
    }

    async fn file(&mut self, who: &As, what: &'static str, more: Value) -> String {
        let mut body = json!({ "title": "厂区道路积水", "detail": "厂区南侧道路破损积水，货车绕行。", "place": "23号大街", "source": "visit" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let done = self.app.post(who, "/api/v1/problems", body).await.expect(201).json();
        let id = done["id"].as_str().unwrap().to_owned();
        self.made.push(Made { what, id: id.clone(), no: done["no"].as_i64().unwrap() });
        id
    }

    async fn step(&self, who: &As, id: &str, body: Value) {
        step(&self.app, who, id, body).await.expect(200);
    }

    async fn add(&mut self, who: &As, id: &str, name: &str) -> String {
        let path = format!("/api/v1/problems/{id}/attachments?name={}", encode(name));
        // Within a millisecond their order is by chance.
        self.app.wait_ms(1);
        let added = self.app.call(who, "post", &path, photo()).await.expect(201).json();
        let no = self.made.iter().find(|it| it.id == id).unwrap().no;
        self.files.push((added["id"].as_str().unwrap().to_owned(), no));
        added["id"].as_str().unwrap().to_owned()
    }

    async fn build(&mut self) {
        let app = &self.app;
        let (zhou, he, li, wang, wu) = (
            app.session("zhou").await,
            app.session("he").await,
            app.session("li").await,
            app.session("wang").await,
            app.session("wu").await,
        );
        let (donghai, chen) = (app.session("donghai").await, app.session("chen").await);
        let (economy, building, commerce, leader) =
            (app.unit("经发局"), app.unit("建设局"), app.unit("商务局"), app.person("zheng"));
        app.set("2018-04-13 10:00");
        let taihe = json!({ "name": TELLING[0], "phone": TELLING[1], "address": TELLING[2] });
        let dispatch = |lead: &str, support: &str| json!({ "command": "dispatch", "lead": lead, "supports": [support], "words": "请尽快办理" });

        // The shielded one tells its reporter in title, text, place, words, evidence, milestones and a file name.
        let telling = json!({ "title": "泰和电子门前积水", "detail": "泰和电子（13800000001）反映积水", "place": "白杨街道百子巷", "occurred": "泰和电子来电", "reporter": taihe, "shielded": true });
        let shielded = self.file(&he, "shielded", telling).await;
        self.add(&he, &shielded, "泰和电子执照.jpg").await;
        let seen = self.add(&he, &shielded, "泰和电子现场.jpg").await;
        self.app.form(&zhou, &format!("/attachments/{seen}/check"), &[]).await.expect(303);
        let words = json!({ "command": "dispatch", "lead": economy, "supports": [building], "words": "泰和电子很急" });
        self.step(&zhou, &shielded, words).await;
        self.step(&li, &shielded, json!({ "command": "receive" })).await;
        self.step(&li, &shielded, json!({ "command": "evidence", "item": "泰和电子照片" })).await;
        let board = json!({ "command": "board", "leader": leader, "milestones": [{ "what": "约泰和电子", "due": "2018-05-04" }] });
        self.step(&wu, &shielded, board).await;
        self.step(&li, &shielded, json!({ "command": "note", "words": INTERNAL })).await;
        let other =
            self.file(&zhou, "merged", json!({ "title": "泰和电子再报", "reporter": taihe, "shielded": true })).await;
        self.step(&zhou, &other, json!({ "command": "merge", "into": shielded })).await;
        let link = self
            .app
            .post(&zhou, &format!("/api/v1/problems/{shielded}/reporter-link"), Value::Null)
            .await
            .expect(201)
            .json();
        self.taihe = As::Link(link["token"].as_str().unwrap().strip_prefix("link_").unwrap().to_owned());

        self.file(&he, "registered", json!({})).await;
        let dispatched = self.file(&he, "dispatched", json!({ "reporter": { "name": "西湖纺织" } })).await;
        self.step(&zhou, &dispatched, dispatch(&economy, &building)).await;
        self.step(&wang, &dispatched, json!({ "command": "dispute", "words": "应由商务局办理" })).await;
        let own = self.file(&donghai, "own", json!({})).await;
        self.step(&zhou, &own, dispatch(&economy, &building)).await;
        self.step(&li, &own, json!({ "command": "receive" })).await;
        self.step(&li, &own, json!({ "command": "note", "words": INTERNAL })).await;
        self.step(&wang, &own, json!({ "command": "ask-extension", "until": "2018-05-04", "words": INTERNAL })).await;
        self.add(&donghai, &own, "现场.jpg").await;
        let foreign = self.file(&zhou, "foreign", json!({})).await;
        self.step(&zhou, &foreign, dispatch(&commerce, &building)).await;
        self.add(&zhou, &foreign, "说明.jpg").await;
        let gone = self.file(&zhou, "ruled away", json!({})).await;
        self.step(&zhou, &gone, dispatch(&economy, &building)).await;
        self.step(&wang, &gone, json!({ "command": "dispute", "words": "不属我局" })).await;
        self.step(&zhou, &gone, json!({ "command": "rule", "ruling": { "to": commerce }, "words": "改派" })).await;
        let refused = self.file(&he, "refused", json!({})).await;
        self.step(&zhou, &refused, json!({ "command": "refuse", "words": "已进入诉讼" })).await;
        let withdrawn = self.file(&donghai, "withdrawn", json!({})).await;
        self.step(&donghai, &withdrawn, json!({ "command": "withdraw", "words": "已自行解决" })).await;
        for (what, outcome) in [("answered", "solved"), ("closed", "solved"), ("planned", "planned")] {
            let id = self.file(&donghai, what, json!({})).await;
            self.step(&zhou, &id, dispatch(&economy, &building)).await;
            self.step(&chen, &id, json!({ "command": "receive" })).await;
            self.step(&li, &id, json!({ "command": "receive" })).await;
            let evidence = json!([{ "item": "照片" }]);
            let answer = json!({ "command": "answer", "outcome": outcome, "date": "2018-05-14", "words": "已答复", "evidence": evidence, "apply": outcome == "solved" });
            self.step(&li, &id, answer).await;
            if what != "answered" {
                self.step(&zhou, &id, json!({ "command": "verify", "words": "看过" })).await;
            }
            if what == "closed" {
                self.step(&donghai, &id, json!({ "command": "rate", "verdict": "yes", "satisfaction": "satisfied" }))
                    .await;
                self.step(&zhou, &id, json!({ "command": "close" })).await;
            }
        }
        self.app.set("2018-04-16 11:00");
        self.app.tick().await;
    }
}
