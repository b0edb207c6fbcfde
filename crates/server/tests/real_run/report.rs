//! The report upward, asked for as the office does: a page to print and a workbook, both with the numbers of the problems.

use axum::body::Body;
use axum::http::{Request, header};
use domain::problem::{StateName, Tier};
use domain::role::Actor;
use domain::time::Millis;
use http_body_util::BodyExt;
use server::house::House;
use server::now::now;
use std::sync::Arc;
use store::campaign::Campaign;
use store::session::{self, TokenDigest};
use store::tally::Count;
use tower::ServiceExt;

/// Fails unless page and workbook say what `counts` say.
pub fn is_printed(house: &House, office: &Actor, campaign: &Campaign, counts: &[Count]) {
    let token = "0123456789abcdef".repeat(4);
    let (person, digest) = (office.person().unwrap(), TokenDigest::of(&token));
    house.db.write_blocking(move |tx| session::start(tx, person, &digest, now(), 3_600_000)).unwrap();
    let ask = |path: String| ask(house, &token, path);
    let page = String::from_utf8(ask(format!("/campaigns/{}/report", campaign.no))).unwrap();
    let book = ask(format!("/campaigns/{}/report.xlsx", campaign.no));
    let table = sheet::from_bytes("report.xlsx", book).unwrap().table().unwrap();
    let cells: Vec<&String> = table.rows.iter().flat_map(|it| &it.cells).collect();
    for tiers in [&[Tier::Above][..], &[Tier::Committee], &[Tier::Unit, Tier::Spot]] {
        let count = |fits: &dyn Fn(StateName) -> bool| -> i64 {
            counts.iter().filter(|it| tiers.contains(&it.tier) && fits(it.state)).map(|it| it.count).sum()
        };
        let (closed, counted) = (
            count(&|it| it == StateName::Closed),
            count(&|it| !matches!(it, StateName::Merged | StateName::Refused | StateName::Withdrawn)),
        );
        let rate = format!("({closed}/{counted})");
        assert!(page.contains(&rate), "{rate} is not on the page");
        assert!(cells.iter().any(|it| it.contains(&rate)), "{rate} is not in the workbook");
    }
    assert!(page.contains(&campaign.name) && page.contains("160"), "the page says what was covered");
}

fn ask(house: &House, token: &str, path: String) -> Vec<u8> {
    let config = web::Config::new(Arc::new(|| -> Millis { now() }));
    let app = web::App::new(house.db.clone(), house.files.clone(), house.terms.clone(), config);
    let request = Request::get(&path).header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty());
    testkit::runtime().block_on(async {
        let answer = web::router::router(app).oneshot(request.unwrap()).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        body
    })
}
