//! The whole loop by hand in a real browser: officer, office, head, clerk, leader, supervision and the reporter by his
//! link, on a telephone and at a desk, in light and dark, with script and without. No page complains on the way.

use crate::stage::{PASSWORD, TestApp, web_token};
use testkit::eyes::{Eyes, in_minutes, skipped};

/// Name, width, height, dark, with script.
const WAYS: [(&str, i64, i64, bool, bool); 4] = [
    ("phone-light", 390, 844, false, true),
    ("desk-dark", 1440, 900, true, true),
    ("phone-dark-plain", 390, 844, true, false),
    ("desk-light-plain", 1440, 900, false, false),
];

struct Hand<'a> {
    eyes: &'a Eyes,
    app: &'a TestApp,
    way: &'static str,
    no: String,
}

impl Hand<'_> {
    /// Somebody else sits down.
    async fn becomes(&self, login: &str) {
        self.eyes.forget().await;
        self.eyes.sign_in(login, PASSWORD).await;
    }

    /// Fills the fields of a form as a person does: typed where one types, chosen where one chooses.
    async fn fill(&self, form: &str, fields: &[(&str, &str)]) {
        self.eyes
            .value(&format!("for (let it = document.querySelector(`{form}`); it; it = it.parentElement) if (it.tagName === 'DETAILS') it.open = true; for (const it of document.querySelectorAll(`{form} details`)) it.open = true; 0"))
            .await;
        for (name, value) in fields {
            let field = format!("{form} [name='{name}']");
            let kind = self.eyes.value(&format!("document.querySelector(`{field}`)?.type ?? 'missing'")).await;
            match kind.as_str().unwrap() {
                "missing" => panic!("{}: no field {name} in {form}", self.way),
                "radio" | "checkbox" => self.eyes.click(&format!("{field}[value='{value}']")).await,
                "select-one" | "date" => {
                    self.eyes.value(&format!("document.querySelector(`{field}`).value = '{value}'; 0")).await;
                }
                _ => self.eyes.write(&field, value).await,
            }
        }
    }

    /// One step of the problem's page, and that it was taken.
    async fn step(&self, when: &str, command: &str, fields: &[(&str, &str)], then: &str) {
        self.app.set(when);
        let page = format!("/problems/{}", self.no);
        self.eyes.go(&page).await;
        let form = format!("form[action=\"{page}/{command}\"]");
        self.fill(&form, fields).await;
        self.eyes.submit(&format!("{form} button:not([name])")).await;
        self.calm(command).await;
        assert_eq!(self.eyes.value("location.pathname").await, page.as_str(), "{}: {command}", self.way);
        let stage = self.eyes.value("document.querySelector('.stepper [aria-current]').innerText").await;
        let stage = stage.as_str().unwrap();
        assert!(stage.contains(then), "{}: after {command} it stands at {stage}", self.way);
        // Coming back and looking again is not doing it again.
        let events = "document.querySelectorAll('.timeline > li').length";
        let before = self.eyes.value(events).await;
        self.eyes.go(&page).await;
        assert_eq!(self.eyes.value(events).await, before, "{}: {command} was repeated", self.way);
    }

    async fn calm(&self, what: &str) {
        let complaints = self.eyes.complaints().await;
        assert!(complaints.is_empty(), "{} {what}: {complaints:?}", self.way);
        self.eyes.calm(what);
        self.eyes.picture(&format!("loop/{}-{what}", self.way)).await;
        self.eyes.size().await;
    }

    async fn report(&mut self) {
        self.app.set("2018-04-13 10:00");
        self.becomes("he").await;
        self.eyes.go("/problems/new").await;
        self.fill(
            "form[action='/problems']",
            &[
                ("title", "厂区南侧道路破损积水"),
                ("detail", "一下雨积水过脚踝，大货车绕行两公里。希望汛期前修好。"),
                ("place", "幸福南路与松乔街口"),
                ("occurred", "2018-04-13"),
                ("reporter_name", "泰和电子"),
                ("reporter_phone", "13800000001"),
            ],
        )
        .await;
        self.eyes.submit("form[action='/problems'] button.primary").await;
        self.calm("registered").await;
        let path = self.eyes.value("location.pathname").await;
        self.no = path.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        self.no.parse::<i64>().expect("a registered problem has a number");
    }

    /// By the link that he was given: he reads the answer and says what he thinks of it.
    async fn rate(&self) {
        let (token, no) = (web_token(), self.no.parse::<i64>().unwrap());
        let kept = token.clone();
        let made = self.app.db.write(move |tx| {
            let met = store::order::meet_no(tx, &domain::role::Actor::System, no)?;
            store::reporter::set_link(tx, met.found.problem.reporter.unwrap(), &kept)?;
            Ok::<_, store::terms::Failure>(())
        });
        made.await.unwrap();
        self.eyes.forget().await;
        self.eyes.go(&format!("/r/{token}")).await;
        self.step("2018-04-26 09:00", "rate", &[("verdict", "yes"), ("satisfaction", "satisfied")], "已反馈").await;
        let text = self.eyes.value("document.querySelector('main').innerText").await;
        assert!(!text.as_str().unwrap().contains("请尽快到现场核实"), "{}: internal words reached him", self.way);
    }
}

async fn whole(hand: &mut Hand<'_>) {
    let lead = hand.app.unit("经发局");
    let category = hand.app.category("用水用电");
    hand.report().await;
    hand.becomes("zhou").await;
    hand.step(
        "2018-04-16 08:50",
        "triage",
        &[("category", &category), ("tier", "unit"), ("urgency", "ordinary")],
        "已登记",
    )
    .await;
    hand.step("2018-04-16 09:00", "dispatch", &[("lead", &lead), ("words", "请尽快到现场核实。")], "已交办").await;
    hand.becomes("wang").await;
    hand.step("2018-04-16 14:00", "dispute", &[("words", "道路由建设局管理。")], "已交办").await;
    hand.becomes("zhou").await;
    hand.step("2018-04-17 09:00", "rule", &[("words", "园区道路由经发局牵头。")], "已交办").await;
    hand.becomes("zheng").await;
    hand.step("2018-04-17 10:00", "instruct", &[("words", "汛期前必须完成。")], "已交办").await;
    hand.becomes("li").await;
    hand.step("2018-04-17 15:00", "receive", &[], "办理中").await;
    hand.becomes("wang").await;
    hand.step("2018-04-20 09:00", "ask-extension", &[("until", "2018-05-04"), ("words", "连续降雨。")], "办理中").await;
    hand.becomes("zhou").await;
    hand.step("2018-04-20 10:00", "decide-extension", &[("grant", "yes"), ("words", "同意。")], "办理中").await;
    hand.becomes("li").await;
    hand.step(
        "2018-04-25 09:00",
        "answer",
        &[("outcome", "solved"), ("words", "路面已重铺，雨水口已疏通。"), ("item", "完工照片")],
        "已反馈",
    )
    .await;
    hand.step("2018-04-25 10:00", "apply", &[], "已反馈").await;
    hand.becomes("wu").await;
    hand.step("2018-04-25 16:00", "verify", &[("words", "现场查看属实。")], "已反馈").await;
    hand.rate().await;
    hand.becomes("zhou").await;
    hand.step("2018-04-26 15:00", "close", &[], "已销号").await;
}

#[test]
fn the_whole_loop_is_gone_by_hand_with_script_and_without() {
    if skipped() {
        return;
    }
    in_minutes(15, async {
        for (way, width, height, dark, script) in WAYS {
            let test = testkit::sqlite();
            let app = TestApp::new(test.db()).await;
            let eyes = Eyes::open(app.served().await).await;
            if !script {
                eyes.without_script().await;
            }
            eyes.window(width, height, dark).await;
            whole(&mut Hand { eyes: &eyes, app: &app, way, no: String::new() }).await;
            eyes.close().await;
        }
    });
}
