//! The walls: other sites, guessed passwords, sessions and links that end, bodies that are too large or no text.

use crate::r#loop::{photo, report};
use crate::stage::{As, PASSWORD, TestApp, encode, web_token};
use crate::world::World;
use axum::body::Body;
use axum::http::header;
use serde_json::json;
use testkit::on_both_async;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use web::router::ROUTES;

on_both_async!(a_change_that_another_site_asks_for_is_not_made, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    let As::Session(token) = &zhou else { unreachable!() };
    let send = |headers: &[(&str, &str)], path: &str| {
        let mut request = axum::http::Request::post(path)
            .header(header::HOST, "zoufang.test")
            .header(header::COOKIE, format!("zf={token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app.send(request.body(Body::from("title=x")).unwrap())
    };
    let foreign: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
        &[("origin", "http://zoufang.test.evil.test")],
        &[],
    ];
    for headers in foreign {
        for path in ["/problems", "/sign-out", "/inbox/read", "/language"] {
            send(headers, path).await.expect(403).says("这个请求来自别的网站");
        }
        send(headers, "/api/v1/notices/read").await.refused(403, "cross-site");
    }
    let own: [&[(&str, &str)]; 3] =
        [&[("sec-fetch-site", "same-origin")], &[("origin", "http://zoufang.test")], &[("sec-fetch-site", "none")]];
    for headers in own {
        send(headers, "/inbox/read").await.redirect("/inbox");
    }
    let login = axum::http::Request::post("/sign-in")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from("login=zhou"))
        .unwrap();
    app.send(login).await.expect(403);
});

on_both_async!(five_wrong_passwords_lock_the_account_for_a_while, |db| {
    let app = TestApp::new(db).await;
    let try_it = async |login: &str, password: &str| {
        app.form(&As::Nobody, "/sign-in", &[("login", login), ("password", password)]).await
    };
    let unknown = try_it("nobody", "wrong").await.expect(403);
    for _ in 0..5 {
        let wrong = try_it("zhou", "wrong").await.expect(403).says("账号或密码不对");
        assert_eq!(wrong.text().replace("zhou", "nobody"), unknown.text(), "the page tells which logins there are");
        assert!(wrong.cookie("zf").is_none() && !wrong.text().contains("\"wrong\""));
    }
    try_it("zhou", PASSWORD).await.expect(403).says("账号已锁定");
    app.post(&As::Nobody, "/api/v1/session", json!({ "login": "zhou", "password": PASSWORD }))
        .await
        .refused(403, "denied");
    app.wait_ms(15 * 60_000 + 1);
    try_it("zhou", PASSWORD).await.redirect("/");
    try_it("zhou", "wrong").await.expect(403).says("账号或密码不对");
});

on_both_async!(a_session_ends_by_rest_by_age_and_by_signing_out, |db| {
    let app = TestApp::with(db, |config| {
        config.idle_ms = 30 * 60_000;
        config.session_ms = 12 * 3_600_000;
    })
    .await;
    let sign_in = async || {
        As::Session(
            app.form(&As::Nobody, "/sign-in", &[("login", "zhou"), ("password", PASSWORD)])
                .await
                .expect(303)
                .cookie("zf")
                .unwrap(),
        )
    };
    let zhou = sign_in().await;
    // Busy for an hour, a page every ten minutes; that he was here is noted beside the answer.
    for _ in 0..6 {
        app.wait_ms(10 * 60_000);
        app.get(&zhou, "/problems").await.expect(200);
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    }
    app.wait_ms(31 * 60_000);
    app.get(&zhou, "/problems").await.redirect("/sign-in");
    app.get(&zhou, "/api/v1/me").await.refused(401, "sign-in-needed");

    let zhou = sign_in().await;
    for _ in 0..72 {
        app.wait_ms(10 * 60_000);
        let _ = app.get(&zhou, "/problems").await;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    app.get(&zhou, "/problems").await.redirect("/sign-in");

    let zhou = sign_in().await;
    let out = app.form(&zhou, "/sign-out", &[]).await.redirect("/sign-in");
    assert_eq!(out.cookie("zf").as_deref(), Some(""));
    app.get(&zhou, "/problems").await.redirect("/sign-in");
    let zhou = sign_in().await;
    app.call(&zhou, "delete", "/api/v1/session", "").await.expect(204);
    app.get(&zhou, "/api/v1/me").await.refused(401, "sign-in-needed");
});

on_both_async!(a_one_time_link_sets_a_password_once, |db| {
    let app = TestApp::new(db).await;
    let (an, li) = (app.session("an").await, app.session("li").await);
    let make = async || {
        app.post(&an, &format!("/api/v1/persons/{}/one-time-link", app.person("li")), json!({}))
            .await
            .expect(201)
            .json()["path"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let old = make().await;
    let path = make().await;
    app.get(&As::Nobody, &old).await.expect(404).says("链接已用过或已过期");
    app.get(&As::Nobody, &path).await.expect(200).says("设置密码");
    let set = async |path: &str, password: &str, again: &str| {
        app.form(&As::Nobody, path, &[("password", password), ("again", again)]).await
    };
    set(&path, "新的密码够长够长够长", "别的").await.expect(422).says("两次输入的密码不一样");
    set(&path, "short", "short").await.expect(422).says("密码至少10个字");
    set(&path, "li is my login", "li is my login").await.expect(422).says("不能含账号");
    app.get(&li, "/problems").await.expect(200);
    set(&path, "新的密码够长够长够长", "新的密码够长够长够长").await.redirect("/sign-in");
    app.get(&li, "/problems").await.redirect("/sign-in");
    set(&path, "又一个密码够长够长够长", "又一个密码够长够长够长").await.expect(403).says("链接已用过或已过期");
    app.form(&As::Nobody, "/sign-in", &[("login", "li"), ("password", PASSWORD)]).await.expect(403);
    app.form(&As::Nobody, "/sign-in", &[("login", "li"), ("password", "新的密码够长够长够长")]).await.redirect("/");
    let late = make().await;
    app.wait_ms(3 * 86_400_000 + 1);
    app.get(&As::Nobody, &late).await.expect(404);
    set(&late, "新的密码够长够长够长", "新的密码够长够长够长").await.expect(403);
});

on_both_async!(every_answer_carries_the_headers, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let zhou = world.app.session("zhou").await;
    for route in ROUTES {
        let path = route
            .path
            .replace("{no}", "1")
            .replace("{id}", &world.made[0].id)
            .replace("{command}", "note")
            .replace("{what}", "link");
        let path = path.replace("{digest}", "0").replace("{name}", "app.css").replace("{token}", "0");
        for who in [&zhou, &As::Nobody] {
            let reply = world.app.call(who, route.method, &path, "").await;
            let csp = reply.header("content-security-policy");
            assert!(
                csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe"),
                "{path}: {csp}"
            );
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("x-request-id").len(), 32, "{path}");
            let kept = reply.status == 200 && path.starts_with("/assets/");
            assert_eq!(reply.header("cache-control") == "no-store", !kept, "{path}");
            for cookie in reply.cookies() {
                assert!(
                    cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"),
                    "{cookie}"
                );
            }
            let text = reply.text();
            assert!(
                !text.contains("style=\"") && !text.contains("onclick") && !text.contains("<style"),
                "{path} breaks its own policy"
            );
        }
    }
    for path in ["/nowhere", "/api/nowhere"] {
        assert!(!world.app.get(&As::Nobody, path).await.expect(404).header("content-security-policy").is_empty());
    }
    world.app.call(&zhou, "put", "/problems", "").await.expect(405).says("此地址不支持这种请求方法");
    world.app.call(&zhou, "put", "/api/v1/problems", "").await.refused(405, "wrong-method");
});

on_both_async!(cookies_are_for_tls_only_where_so_configured, |db| {
    let app = TestApp::with(db, |config| config.secure_cookies = true).await;
    let signed = app.form(&As::Nobody, "/sign-in", &[("login", "zhou"), ("password", PASSWORD)]).await.expect(303);
    let language = app.form(&As::Nobody, "/language", &[("language", "en"), ("back", "/problems")]).await.expect(303);
    let cookies: Vec<String> = signed.cookies().into_iter().chain(language.cookies()).collect();
    assert!(cookies.len() >= 2 && cookies.iter().all(|it| it.ends_with("; Secure")), "{cookies:?}");
    assert_eq!(signed.header("strict-transport-security"), "max-age=31536000");
});

on_both_async!(the_choice_of_language_leads_nowhere_else, |db| {
    let app = TestApp::new(db).await;
    for back in [
        "https://evil.test",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "/\r\nx: y",
        "javascript:alert(1)",
        "",
        "evil.test",
        "/问题",
        " //evil.test",
        "/\0/evil",
    ] {
        app.form(&As::Nobody, "/language", &[("language", "en"), ("back", back)]).await.redirect("/");
    }
    for back in ["/problems", "/problems/1", "/problems?light=red&after=1.2", "/first/abc"] {
        app.form(&As::Nobody, "/language", &[("language", "en"), ("back", back)]).await.redirect(back);
    }
});

on_both_async!(bodies_that_are_too_large_are_refused_in_words, |db| {
    let app = TestApp::new(db).await;
    let he = app.session("he").await;
    let id = &store::ids::fresh(app.now()).to_string();
    app.post(&he, "/api/v1/problems", report(id)).await.expect(201);
    let long = "x".repeat((1 << 20) + 1);
    app.form(&he, "/problems", &[("title", &long)]).await.expect(413).says("文件不超过20 MB，文字不超过1 MB");
    app.form(&he, "/sign-in", &[("login", &long)]).await.expect(413);
    app.call(&he, "post", "/api/v1/problems", long.clone()).await.refused(413, "too-large");
    app.call(&he, "post", &format!("/api/v1/problems/{id}/commands"), long).await.refused(413, "too-large");

    // A picture of 19 MB is taken, by form as by program; one of 21 is not.
    let mut large = photo();
    let scan = large.len() - 2;
    large.splice(scan..scan, std::iter::repeat_n(7, 19 << 20));
    app.upload(&he, "/problems/1/attachments", "大.jpg", &large).await.redirect("/problems/1");
    app.call(&he, "post", &format!("/api/v1/problems/{id}/attachments?name=a.jpg"), large.clone()).await.expect(201);
    large.splice(scan..scan, std::iter::repeat_n(7, 2 << 20));
    app.upload(&he, "/problems/1/attachments", "大.jpg", &large).await.expect(413).says("内容太大");
    app.call(&he, "post", &format!("/api/v1/problems/{id}/attachments"), large.clone()).await.refused(413, "too-large");
    app.upload(&he, "/problems/1/attachments", "a.exe", b"MZ\x90\0").await.expect(422).says("只接受图片");
    app.upload(&he, "/problems/1/attachments", "a.jpg", b"").await.expect(422).says("请选择要上传的文件");
    app.call(&he, "post", "/problems/1/attachments", "no form").await.expect(422).says("请选择要上传的文件");
    // Nobody fills the disk through a problem that he does not see.
    let li = app.session("li").await;
    app.call(&li, "post", &format!("/api/v1/problems/{id}/attachments"), large).await.refused(404, "not-found");
});

/// Over a real connection: the sentence arrives although the sender goes on sending.
#[test]
fn a_file_too_large_is_answered_while_it_is_still_being_sent() {
    testkit::runtime().block_on(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        let he = app.session("he").await;
        let As::Session(token) = &he else { unreachable!() };
        let id = &store::ids::fresh(app.now()).to_string();
        app.post(&he, "/api/v1/problems", report(id)).await.expect(201);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = app.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let size = 40 << 20;
        let head = format!("POST /api/v1/problems/{id}/attachments HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\ncontent-length: {size}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&vec![7; size]).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        assert!(reply.starts_with("HTTP/1.1 413") && reply.contains("too-large"), "{reply}");
    });
}

on_both_async!(nul_and_what_is_no_text_do_no_harm, |db| {
    let app = TestApp::new(db).await;
    let he = app.session("he").await;
    let bad = [
        "title=a%00b&detail=%ff%fe%80&place=%ED%A0%80",
        "title=%00",
        "%00=%00&title=x",
        "title=%E2%80%AE%0D%0Ax&id=%00",
    ];
    for body in bad {
        let reply = app.call(&he, "post", "/problems", body).await;
        assert!(matches!(reply.status, 303 | 422), "{body}: {} {}", reply.status, reply.text());
    }
    for path in [
        "/problems?text=%00",
        "/problems?text=%ff",
        "/problems?after=%00.%00",
        "/problems?after=99999999999999999999.1",
        "/problems?unit=%00&state=%00",
        "/inbox?before=%00",
        "/people?after=%00",
        "/problems/%00",
        "/problems/%ff",
        "/problems/-1",
        "/problems/99999999999999999999",
        "/attachments/%00",
        "/first/%00",
        "/first/%ff",
        "/r/%00",
        "/r/%ff",
        "/assets/%00/%00",
        "/api/v1/problems/%00",
        "/api/v1/problems/%ff",
        "/api/v1/persons?after=%00",
        "/problems?text=%22%27%3B--%2A%28",
        "/problems?after=-9223372036854775808.-9223372036854775808",
    ] {
        let reply = app.get(&he, path).await;
        assert!(reply.status < 500, "{path}: {} {}", reply.status, reply.text());
        assert!(!reply.text().contains("Invalid UTF-8"), "{path}");
    }
    for body in ["{\"title\":\"a\\u0000b\"}".as_bytes(), b"{\"title\":\"\xff\"}", b"\0", b"{\"title\":\"\\ud800\"}"] {
        app.call(&he, "post", "/api/v1/problems", body.to_vec()).await.refused(422, "field-invalid");
    }
    for body in ["login=%00&password=%00", "login=%ff&password=%ff"] {
        app.call(&As::Nobody, "post", "/sign-in", body).await.expect(403);
    }
    let request = app.request(&he, "get", "/problems").header(header::COOKIE, "zf_lang=\u{0}").body(Body::empty());
    assert!(request.is_err(), "a NUL stands in no header");
});

on_both_async!(a_page_shows_no_markup_that_people_wrote, |db| {
    let app = TestApp::new(db).await;
    let he = app.session("he").await;
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=y>";
    let fields = [("title", evil), ("detail", evil), ("place", evil), ("occurred", evil), ("reporter_name", evil)];
    app.form(&he, "/problems", &fields).await.redirect("/problems/1");
    for path in [
        "/problems/1".to_owned(),
        "/problems?by=newest".to_owned(),
        "/problems/1/paper".to_owned(),
        format!("/problems?text={}", encode(evil)),
    ] {
        let page = app.get(&he, &path).await.expect(200).text();
        assert!(!page.contains("<script>alert") && !page.contains("<img"), "{path}");
    }
});

on_both_async!(a_reporters_link_does_nothing_of_an_officers, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let app = &world.app;
    let shielded = world.of("shielded");
    let path = format!("/api/v1/problems/{}", shielded.id);
    let me = app.get(&world.taihe, "/api/v1/me").await.expect(200).json();
    assert_eq!((me["id"].clone(), me["hats"].clone()), (json!(null), json!([])));
    let steps = app.get(&world.taihe, &path).await.expect(200).json();
    assert_eq!(steps["steps"], json!(["shield", "withdraw"]));
    assert!(steps.get("case").is_none() && steps.get("board").is_none());
    for command in ["receive", "note", "close", "verify", "contact", "instruct", "remind", "recall", "apply"] {
        let body = json!({ "command": command, "words": "x", "reached": true, "seen": steps["revision"] });
        app.post(&world.taihe, &format!("{path}/commands"), body).await.refused(403, "not-your-role");
    }
    app.post(&world.taihe, &format!("{path}/reporter-link"), json!({})).await.refused(403, "not-your-role");
    // He files only in his own name, whatever he sends.
    let known = steps["reporter"]["id"].clone();
    let other = json!({ "title": "又一件", "source": "visit", "reporter": { "name": "冒名" } });
    let made = app.post(&world.taihe, "/api/v1/problems", other).await.expect(201).json();
    let made = app.get(&world.taihe, &format!("/api/v1/problems/{}", made["id"].as_str().unwrap())).await.json();
    assert_eq!((made["source"].as_str(), made["reporter"]["id"].clone()), (Some("link"), known));
    // A new link ends the old one.
    let zhou = app.session("zhou").await;
    app.post(&zhou, &format!("{path}/reporter-link"), json!({})).await.expect(201);
    app.get(&world.taihe, &path).await.refused(401, "sign-in-needed");
    let As::Link(old) = &world.taihe else { unreachable!() };
    app.get(&As::Nobody, &format!("/r/{old}")).await.expect(404).says("链接无效或已更换");
});

on_both_async!(a_token_shown_counts_and_no_cookie_beside_it, |db| {
    let app = TestApp::new(db).await;
    let (As::Session(zhou), As::Session(li)) = (app.session("zhou").await, app.session("li").await) else {
        unreachable!()
    };
    let me = async |bearer: &str| {
        let request = axum::http::Request::get("/api/v1/me")
            .header(header::COOKIE, format!("zf={zhou}"))
            .header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        app.send(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(me(&li).await.expect(200).json()["name"], "李晓");
    me(&web_token()).await.refused(401, "sign-in-needed");
    me(&format!("link_{}", web_token())).await.refused(401, "sign-in-needed");
});

on_both_async!(signing_in_ends_a_reporters_link_on_this_machine, |db| {
    let app = TestApp::new(db).await;
    let signed = app.form(&As::Nobody, "/sign-in", &[("login", "zhou"), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(signed.cookie("zf_link").as_deref(), Some(""));
});
