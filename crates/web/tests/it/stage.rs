//! One driver for all tests: an app on a given database with a clock to be set, and requests as a person makes them.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use domain::calendar::Calendar;
use domain::id::{CategoryId, PersonId, ReporterId, UnitId};
use domain::role::Role;
use domain::time::Millis;
use http_body_util::BodyExt;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use store::files::Files;
use store::session::TokenDigest;
use store::words::MasterKey;
use store::{Db, person, terms, unit};
use tower::ServiceExt;
use web::{App, Config};

pub const PASSWORD: &str = "走访一百六十家 horse";
/// Argon2 takes its time: once for all persons of all tests.
static PHC: LazyLock<String> = LazyLock::new(|| web::password::hash(PASSWORD).unwrap());

pub fn at(text: &str) -> Millis {
    Millis::parse_local(text).unwrap()
}

/// Login, name, unit, roles. One for every role of the house, and a few more.
pub const PERSONS: [(&str, &str, &str, &[Role]); 19] = [
    ("zhou", "周敏", "走访办", &[Role::Office]),
    ("wu", "吴岳", "督查室", &[Role::Supervision]),
    ("zheng", "郑国栋", "管委会", &[Role::Leader]),
    ("li", "李晓", "经发局", &[Role::Clerk]),
    ("wang", "王建平", "经发局", &[Role::Head]),
    ("chen", "陈立", "建设局", &[Role::Clerk]),
    ("sun", "孙浩", "商务局", &[Role::Clerk]),
    ("he", "何思源", "财政局", &[Role::Officer]),
    ("guan", "关宁", "走访办", &[Role::Sysadmin]),
    ("an", "安平", "走访办", &[Role::Secadmin]),
    ("shen", "沈计", "督查室", &[Role::Auditor]),
    ("bu", "卜工", "建设局", &[Role::Bureau]),
    ("jian", "简察", "督查室", &[Role::Prosecutor]),
    ("shi", "施工", "建设局", &[Role::Contractor]),
    ("jl", "监理", "建设局", &[Role::Consultant]),
    ("yz", "业主", "建设局", &[Role::Owner]),
    ("xc", "现场", "建设局", &[Role::SiteStaff]),
    ("feng", "冯办", "走访办", &[Role::Office]),
    ("qian", "钱干", "税务局", &[Role::Officer]),
];

pub struct TestApp {
    pub app: Arc<App>,
    pub router: Router,
    pub db: Db,
    pub units: HashMap<&'static str, UnitId>,
    pub persons: HashMap<&'static str, PersonId>,
    pub categories: HashMap<&'static str, CategoryId>,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

/// Who asks, as a browser with its cookie.
#[derive(Clone, Debug, PartialEq)]
pub enum As {
    Nobody,
    Session(String),
    Link(String),
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    pub fn cookies(&self) -> Vec<String> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap().to_owned()).collect()
    }

    /// The value of a cookie that was set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let start = format!("{name}=");
        self.cookies().iter().find_map(|it| it.strip_prefix(&start)?.split(';').next().map(str::to_owned))
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Reply {
        let reply = self.expect(status);
        assert_eq!(reply.json()["code"], code, "{}", reply.text());
        reply
    }

    #[track_caller]
    pub fn redirect(self, to: &str) -> Reply {
        let reply = self.expect(303);
        assert_eq!(reply.header("location"), to);
        reply
    }

    #[track_caller]
    pub fn lacks(self, text: &str) -> Reply {
        assert!(!self.text().contains(text), "{text:?} stands in {}", self.text());
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Reply {
        assert!(self.text().contains(text), "{text} is not in: {}", self.text());
        self
    }
}

pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

impl TestApp {
    /// The address at which a browser finds it.
    pub async fn served(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    pub async fn new(db: Db) -> TestApp {
        TestApp::with(db, |_| {}).await
    }

    pub async fn with(db: Db, set: impl FnOnce(&mut Config)) -> TestApp {
        let now = at("2018-04-12 09:00");
        let clock = Arc::new(AtomicI64::new(now.0));
        let folder = tempfile::tempdir().unwrap();
        let (terms, units, persons, categories) = db.write(move |tx| seed(tx, now)).await.unwrap();
        let ticking = clock.clone();
        let mut config = Config::new(Arc::new(move || Millis(ticking.load(Ordering::SeqCst))));
        // Scenarios take weeks; how long a session may rest is tested by itself.
        config.idle_ms = 1_000 * 86_400_000;
        config.session_ms = config.idle_ms;
        set(&mut config);
        let app = App::new(db.clone(), Files::open(folder.path()).unwrap(), terms, config);
        TestApp { router: web::router(app.clone()), app, db, units, persons, categories, clock, _folder: folder }
    }

    pub fn set(&self, when: &str) {
        self.clock.store(at(when).0, Ordering::SeqCst);
    }

    pub fn wait_ms(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn now(&self) -> Millis {
        Millis(self.clock.load(Ordering::SeqCst))
    }

    pub fn unit(&self, name: &str) -> String {
        self.units[name].to_string()
    }

    pub fn category(&self, name: &str) -> String {
        self.categories[name].to_string()
    }

    pub fn person(&self, login: &str) -> String {
        self.persons[login].to_string()
    }

    /// A session without the password, which is tested elsewhere.
    pub async fn session(&self, login: &str) -> As {
        let (id, now) = (self.persons[login], self.now());
        let token = web_token();
        let digest = TokenDigest::of(&token);
        self.db.write(move |tx| store::session::start(tx, id, &digest, now, 1_000 * 86_400_000)).await.unwrap();
        As::Session(token)
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let reply = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = reply.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// As a browser on our own page sends it.
    pub fn request(&self, who: &As, method: &str, path: &str) -> axum::http::request::Builder {
        let api = path.starts_with("/api/");
        let builder =
            Request::builder().method(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap()).uri(path);
        let builder = builder.header(header::HOST, "zoufang.test");
        match who {
            As::Nobody => builder,
            As::Session(token) if api => builder.header(header::AUTHORIZATION, format!("Bearer {token}")),
            As::Link(token) if api => builder.header(header::AUTHORIZATION, format!("Bearer link_{token}")),
            As::Session(token) => {
                builder.header(header::COOKIE, format!("zf={token}")).header("sec-fetch-site", "same-origin")
            }
            As::Link(token) => {
                builder.header(header::COOKIE, format!("zf_link={token}")).header("sec-fetch-site", "same-origin")
            }
        }
    }

    pub async fn call(&self, who: &As, method: &str, path: &str, body: impl Into<Body>) -> Reply {
        self.send(self.request(who, method, path).body(body.into()).unwrap()).await
    }

    pub async fn get(&self, who: &As, path: &str) -> Reply {
        self.call(who, "get", path, Body::empty()).await
    }

    pub async fn get_in(&self, who: &As, path: &str, language: &str) -> Reply {
        self.send(self.request(who, "get", path).header(header::ACCEPT_LANGUAGE, language).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, who: &As, path: &str, body: Value) -> Reply {
        self.call(who, "post", path, body.to_string()).await
    }

    pub async fn form(&self, who: &As, path: &str, fields: &[(&str, &str)]) -> Reply {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        self.call(who, "post", path, pairs.join("&")).await
    }

    /// A file as a browser's form sends it.
    pub async fn upload(&self, who: &As, path: &str, name: &str, file: &[u8]) -> Reply {
        self.upload_with(who, path, &[], name, file).await
    }

    /// `upload` with the fields that stand before the file.
    pub async fn upload_with(&self, who: &As, path: &str, fields: &[(&str, &str)], name: &str, file: &[u8]) -> Reply {
        let mut head: String = fields
            .iter()
            .map(|(name, value)| format!("--zf\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
            .collect();
        head.push_str(&format!(
            "--zf\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        ));
        let body = [head.as_bytes(), file, b"\r\n--zf--\r\n"].concat();
        let request = self.request(who, "post", path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=zf");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// What the system does by itself up to now.
    pub async fn tick(&self) {
        store::ticker::tick(&self.db, &self.app.terms(), self.now()).await.unwrap();
    }
}

pub fn web_token() -> String {
    store::words::hex(&store::words::random::<32>().unwrap())
}

type Seeded =
    (terms::Terms, HashMap<&'static str, UnitId>, HashMap<&'static str, PersonId>, HashMap<&'static str, CategoryId>);

fn seed(tx: &mut dyn store::Tx, now: Millis) -> Result<Seeded, store::Error> {
    let master = MasterKey::from_bytes([7; 32]);
    terms::bind_key(tx, &master)?;
    for notice in Calendar::shipped_notices().unwrap() {
        store::holiday::import(tx, &notice)?;
    }
    let mut units = HashMap::new();
    for (name, english) in [
        ("管委会", "Committee"),
        ("走访办", "Visit Office"),
        ("督查室", "Supervision"),
        ("经发局", "Economic Bureau"),
        ("建设局", "Construction Bureau"),
        ("商务局", "Commerce Bureau"),
        ("财政局", "Finance Bureau"),
        ("税务局", ""),
    ] {
        units.insert(name, unit::insert(tx, name, english, None, now)?);
    }
    let mut categories = HashMap::new();
    categories.insert("用水用电", store::category::insert(tx, "用水用电", "Water and power", None, &[], now)?);
    categories.insert("施工噪声", store::category::insert(tx, "施工噪声", "", None, &["整改后照片".into()], now)?);
    let mut persons = HashMap::new();
    for (login, name, at_unit, roles) in PERSONS {
        let new = person::NewPerson { login, name, unit: units[at_unit], roles, reporter: None, password: &PHC };
        persons.insert(login, person::insert(tx, &new, now)?);
    }
    // The account of an enterprise: it is a reporter, and wears the enterprise's hat.
    let reporter = store::reporter::Reporter {
        id: ReporterId(store::ids::fresh(now)),
        name: "东海机械".into(),
        phone: "13900000002".into(),
        address: "松乔街2号".into(),
        code: String::new(),
    };
    store::reporter::insert(tx, &reporter, now)?;
    let new = person::NewPerson {
        login: "donghai",
        name: "东海机械",
        unit: units["走访办"],
        roles: &[Role::Enterprise],
        reporter: Some(reporter.id),
        password: &PHC,
    };
    persons.insert("donghai", person::insert(tx, &new, now)?);
    let terms = terms::load(tx, &master)?;
    let deed = terms::Deed { terms: &terms, by: None, now };
    for (code, form) in domain::questionnaire::shipped() {
        store::questionnaire::publish(tx, &deed, code, &form).unwrap();
    }
    Ok((terms, units, persons, categories))
}
