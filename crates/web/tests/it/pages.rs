//! Language: in English nothing Chinese that is not marked as such, in Chinese no stray English; and sound HTML.

use crate::stage::{As, Reply, TestApp};
use crate::world::World;
use testkit::on_both_async;

/// The texts of a page with the language that holds for each: that of the nearest element that has one.
fn texts(page: &str) -> Vec<(String, String)> {
    const VOID: [&str; 6] = ["meta", "link", "input", "br", "img", "path"];
    let mut stack: Vec<(String, String)> = vec![];
    let mut found = vec![];
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let text = rest[..at].trim();
        let lang = stack.last().map_or(String::new(), |(_, lang)| lang.clone());
        if !text.is_empty() && !stack.iter().any(|(name, _)| name == "script") {
            found.push((lang.clone(), text.to_owned()));
        }
        let end = at + rest[at..].find('>').expect("a tag without end");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('!') {
            continue;
        }
        if tag.starts_with('/') {
            let (open, _) = stack.pop().unwrap_or_else(|| panic!("</{name}> closes nothing"));
            if name != "path" {
                assert_eq!(open, name, "</{name}> closes <{open}>");
            }
            continue;
        }
        let own = tag.split(" lang=\"").nth(1).map(|it| it.split('"').next().unwrap().to_owned());
        let lang = own.unwrap_or(lang);
        for attribute in ["aria-label", "title", "placeholder", "data-due", "data-why", "data-mark"] {
            if let Some(text) = tag.split(&format!(" {attribute}=\"")).nth(1) {
                found.push((lang.clone(), text.split('"').next().unwrap().to_owned()));
            }
        }
        if !VOID.contains(&name.as_str()) || name == "path" {
            stack.push((name, lang));
        }
    }
    assert!(stack.is_empty(), "left open: {stack:?}");
    found
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

/// Words that stand in Chinese sentences as they are; the first is what the test itself looks for.
const KEPT: [&str; 22] = [
    "zz", "json", "year", "papers", "days", "jpeg", "png", "pdf", "office", "mb", "kb", "jpg", "zoufang", "xlsx",
    "csv", "name", "date", "isoffday", "exports", "enter", "ctrl", "esc",
];

fn stray_english(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|it| it.len() > 1).map(str::to_ascii_lowercase);
    let hex = |it: &String| it.chars().all(|c| c.is_ascii_hexdigit());
    words.filter(|it| !hex(it)).find(|it| !KEPT.contains(&it.as_str()))
}

pub fn check(reply: &Reply, english: bool, what: &str) {
    let page = reply.text();
    for (lang, text) in texts(&page) {
        if english {
            assert!(lang == "zh-CN" || !text.chars().any(is_chinese), "{what}: “{text}” is not marked as Chinese");
        } else if lang == "zh-CN"
            && let Some(word) = stray_english(&text)
        {
            panic!("{what}: “{word}” in “{text}”");
        }
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    ids.sort_unstable();
    let twice = ids.windows(2).find(|pair| pair[0] == pair[1]);
    assert!(twice.is_none(), "{what}: two elements have the id {twice:?}");
    for label in page.split("<label for=\"").skip(1).map(|it| it.split('"').next().unwrap()) {
        assert!(ids.contains(&label), "{what}: a label for {label}, which is not there");
    }
}

/// Logins and addresses are no words; a page about persons is full of them.
fn logins(reply: Reply) -> Reply {
    let mut page = reply.text();
    for (login, ..) in crate::stage::PERSONS {
        page = page.replace(&format!("<span class=\"no\">{login}<"), "<span class=\"no\"><");
    }
    page = page.replace("<span class=\"no\">donghai<", "<span class=\"no\"><");
    Reply { bytes: page.into_bytes(), ..reply }
}

on_both_async!(every_page_speaks_the_readers_language_only, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let app = &world.app;
    let mut seen = 0;
    for login in
        ["zhou", "wu", "zheng", "li", "wang", "chen", "he", "an", "guan", "shen", "donghai", "reporter", "nobody"]
    {
        let who = match login {
            "reporter" => world.taihe.clone(),
            "nobody" => As::Nobody,
            login => app.session(login).await,
        };
        let mut paths: Vec<String> = [
            "/",
            "/sign-in",
            "/problems",
            "/problems?by=newest&tier=unit",
            "/problems?text=zz",
            "/problems?from=2018-04-01&source=visit&tag=x&boarded=yes&by=due-last",
            "/problems/paper?by=newest",
            "/problems/bulk?command=remind&no=1&no=2&no=3",
            "/problems/bulk?command=receive&no=1&no=2&no=3",
            "/problems/bulk?command=slip&no=1&no=99",
            "/problems/bulk?command=assign&no=1",
            "/views",
            "/search",
            "/search?text=%E7%A7%AF%E6%B0%B4",
            "/search?text=zz&in=visits",
            "/problems/new",
            "/inbox",
            "/people",
            "/settings",
            "/settings/units",
            "/settings/categories",
            "/settings/calendar?year=2018",
            "/settings/calendar?year=2031",
            "/settings/deadlines",
            "/questionnaires/new",
            "/triage",
            "/triage?source=visit",
            "/triage/several",
            "/triage/several?no=1&no=2&no=3&no=4&no=5&show=yes",
            "/first/0",
            "/r/0",
            "/nowhere",
        ]
        .map(str::to_owned)
        .to_vec();
        paths.push(format!("/people/{}", app.person("li")));
        paths.push(format!("/settings/units/{}", app.unit("税务局")));
        paths.push(format!("/settings/categories/{}", app.category("施工噪声")));
        paths.extend(world.made.iter().flat_map(|it| {
            [
                format!("/problems/{}?list=by%3Dnewest", it.no),
                format!("/problems/{}/paper", it.no),
                format!("/triage/{}", it.no),
            ]
        }));
        for (language, english) in [("zh-CN", false), ("en", true)] {
            for path in &paths {
                let reply = app.get_in(&who, path, language).await;
                assert!(reply.status < 500, "{path}");
                if reply.status != 303 {
                    seen += 1;
                    check(&logins(reply), english, &format!("{login} {path} {language}"));
                }
            }
        }
    }
    assert!(seen > 300, "{seen}");
});

on_both_async!(every_home_speaks_the_readers_language_only, |db| {
    let app = TestApp::new(db).await;
    crate::doorstep::under_way(&app).await;
    for login in ["zhou", "wu", "zheng", "li", "wang", "he", "qian", "an", "guan", "shen", "donghai", "xc"] {
        let who = app.session(login).await;
        for (language, english) in [("zh-CN", false), ("en", true)] {
            let mut reply = app.get_in(&who, "/", language).await.expect(200);
            // Logins are no words.
            let page = crate::stage::PERSONS
                .iter()
                .fold(reply.text(), |page, (login, ..)| page.replace(&format!("<code>{login}<"), "<code><"));
            reply.bytes = page.into_bytes();
            check(&reply, english, &format!("{login} / {language}"));
        }
    }
});

on_both_async!(refused_forms_speak_it_too, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let app = &world.app;
    let (zhou, li, an) = (app.session("zhou").await, app.session("li").await, app.session("an").await);
    let guan = app.session("guan").await;
    let post = async |who: &As, path: &str, body: &str, language: &str| {
        let request = app
            .request(who, "post", path)
            .header("accept-language", language)
            .body(axum::body::Body::from(body.to_owned()));
        app.send(request.unwrap()).await
    };
    let (no, shielded) = (world.of("own").no, world.of("shielded").no);
    for (language, english) in [("zh-CN", false), ("en", true)] {
        for (who, path, body) in [
            (&zhou, "/problems".to_owned(), "title="),
            (&zhou, format!("/problems/{}/dispatch", world.of("registered").no), "seen=1&words=%E8%AF%B7"),
            (&li, format!("/problems/{no}/note"), "seen=1&words=%E8%AF%B7"),
            (&li, format!("/problems/{no}/answer"), "seen=99"),
            (
                &li,
                format!("/problems/{shielded}/answer"),
                "seen=7&outcome=not-ours&item=x&outside=%E5%95%86%E5%8A%A1%E5%B1%80",
            ),
            (&li, format!("/problems/{no}/close"), "seen=1"),
            (&zhou, format!("/triage/{}/dispatch", world.of("registered").no), "seen=1&words=%E8%AF%B7"),
            (&zhou, format!("/triage/{}/merge", world.of("registered").no), "seen=1&other=x"),
            (&zhou, format!("/triage/{no}/recall"), "seen=1"),
            (&zhou, "/triage/several".to_owned(), "item=1.1"),
            (&an, "/people".to_owned(), "login=x"),
            (&an, format!("/people/{}/deputy", app.person("li")), "by="),
            (&guan, "/settings/units".to_owned(), "name="),
            (&guan, format!("/settings/units/{}", app.unit("经发局")), "what=end"),
            (&guan, "/settings/categories".to_owned(), "name=&span=x&evidence="),
            (&guan, "/settings/calendar/preview".to_owned(), "notice=%7B"),
            (&zhou, "/questionnaires/make".to_owned(), "do=publish&q.0.kind=one&q.0.ask="),
            (&As::Nobody, "/sign-in".to_owned(), "login=x&password=y"),
            (&li, "/nowhere".to_owned(), ""),
            (&zhou, "/views".to_owned(), "name=&query=light%3Dred"),
            (&li, "/problems/1/attachments".to_owned(), ""),
        ] {
            let reply = post(who, &path, body, language).await;
            assert!((400..500).contains(&reply.status), "{path}: {}", reply.status);
            check(&logins(reply), english, &format!("{path} {language}"));
        }
    }
});
