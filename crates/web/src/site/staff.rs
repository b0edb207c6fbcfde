//! Entering somebody at a site: who is known by his identity number is the same person at every site.

use super::{files, filing};
use crate::app::{App, Directory};
use crate::auth::{self, Who};
use crate::error::{Error, error_page};
use crate::form;
use crate::lang::Lang;
use crate::ui::field::Typed;
use crate::ui::page::{Frame, page};
use crate::ui::slot::{Refused, Slot, is_final, status};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::attendance::plan::Post;
use domain::fault::Fault;
use domain::id::{PersonId, UnitId};
use domain::id_card;
use domain::refusal::Refusal;
use domain::site::Tie;
use maud::{Markup, html};
use std::sync::Arc;
use store::Tx;
use store::site::Site;
use store::staff::{self, Entry};
use store::terms::{Deed, Failure};

/// 余杭 lists the first seven; more are written beside them.
pub(super) const POSTS: [&str; 8] =
    ["项目负责人", "技术负责人", "质量员", "施工员", "安全员", "资料员", "总监", "专业监理工程师"];

/// `GET /sites/{no}/staff`
pub async fn form(State(app): State<Arc<App>>, who: Who, headers: HeaderMap, Path(no): Path<String>) -> Response {
    answer(&app, &who, &headers, &no, None).await
}

async fn answer(app: &Arc<App>, who: &Who, headers: &HeaderMap, no: &str, refused: Option<Refused>) -> Response {
    let read = async {
        let (site, ties, ()) = super::read(app, who, no, |_, _, _, ties| allowed(ties)).await?;
        Ok::<_, Error>((site, ties, app.directory().await?))
    };
    match read.await {
        Ok((site, ties, directory)) => {
            (status(refused.as_ref()), view(who, &directory, &site, &ties, refused.as_ref())).into_response()
        }
        Err(error) => error_page(&error, who.lang, auth::request_id(headers)),
    }
}

fn allowed(ties: &[Tie]) -> Result<(), Failure> {
    if files(ties) { Ok(()) } else { Err(Refusal::NotYourRole.into()) }
}

/// The firms whose people the reader may enter.
pub(super) fn firms(lang: Lang, directory: &Directory, site: &Site, ties: &[Tie]) -> Vec<(String, String)> {
    let own = staff::firms(site).into_iter().filter(|it| filing::is_own(site, ties, *it));
    own.filter_map(|it| Some((it.to_string(), directory.unit(it)?.label(lang.is_en()).to_owned()))).collect()
}

pub(super) fn post_fields(lang: Lang, slot: &Slot) -> Markup {
    let options: Vec<(String, String)> = POSTS.iter().map(|it| ((*it).to_owned(), (*it).to_owned())).collect();
    html! {
        (slot.form().checks("posts", "岗位", "Posts", &options))
        (slot.form().field("more", "其他岗位（可不填）", "Other posts (optional)").hint(lang.of("几个之间用空格隔开。", "Divided by blanks.")).input("text"))
        (slot.form().check("attests", "可以为同工地人员代证", "May attest that others of this site were there"))
    }
}

fn view(who: &Who, directory: &Directory, site: &Site, ties: &[Tie], refused: Option<&Refused>) -> Markup {
    let lang = who.lang;
    let slot = Slot::new(lang, "person", refused, Typed::default);
    let here = format!("/sites/{}/staff", site.no);
    let title = lang.of("登记人员", "Enter a person");
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href="/sites" { (lang.of("工地", "Sites")) } " › " a href={ "/sites/" (site.no) } lang="zh-CN" { (site.name) } }
            h1 { (title) }
            (slot.summary())
            form.sheet method="post" action=(here) {
                (slot.form().field("name", "姓名", "Name").input("text"))
                (slot.form().field("identity", "身份证号", "Identity number").hint(lang.of("加密保存，页面上只显示头尾；同一个人在几个工地只登记一次账号。", "Kept under seal and shown by its ends only; one person has one account at all sites.")).input("text"))
                (slot.form().field("phone", "手机（可不填）", "Telephone (optional)").input("tel"))
                (slot.form().field("firm", "单位", "Firm").select(lang.of("请选择", "Choose"), &firms(lang, directory, site, ties)))
                (post_fields(lang, &slot))
                button.primary { (lang.of("登记", "Enter")) }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: &here }, body)
}

/// The posts ticked and written.
pub(super) fn entry(typed: &Typed) -> Result<Entry, Error> {
    let mut faults = Vec::new();
    let firm: Option<UnitId> = typed.get("firm").parse().ok();
    if firm.is_none() {
        faults.push(Fault::new("firm", "请选择单位。", "Choose the firm."));
    }
    let written = typed.get("more").split(|it: char| it.is_whitespace() || "，、,".contains(it));
    let mut posts: Vec<Post> =
        typed.all("posts").chain(written).filter(|it| !it.is_empty()).map(|it| Post(it.to_owned())).collect();
    posts.dedup();
    if posts.is_empty() {
        faults.push(Fault::new("posts", "请至少选择一个岗位。", "Choose at least one post."));
    }
    if posts.len() > 12 || posts.iter().any(|it| it.0.chars().count() > 20) {
        faults.push(Fault::new("more", "岗位最多12个，每个不超过20字。", "At most 12 posts of 20 characters."));
    }
    match firm {
        Some(firm) if faults.is_empty() => Ok(Entry { firm, posts, attests: !typed.get("attests").is_empty() }),
        _ => Err(Refusal::Faults(faults).into()),
    }
}

/// `POST /sites/{no}/staff`
pub async fn add(
    State(app): State<Arc<App>>,
    who: Who,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Bytes,
) -> Response {
    let typed = form::fields(&body);
    match done(&app, &who, &no, &typed).await {
        Ok(person) => Redirect::to(&format!("/sites/{no}/staff/{person}")).into_response(),
        Err(error) if is_final(&error) => error_page(&error, who.lang, auth::request_id(&headers)),
        Err(error) => answer(&app, &who, &headers, &no, Some(Refused::new("person", typed, error))).await,
    }
}

async fn done(app: &Arc<App>, who: &Who, no: &str, typed: &Typed) -> Result<PersonId, Error> {
    let mut faults = Vec::new();
    if typed.get("name").trim().is_empty() {
        faults.push(Fault::new("name", "请填写姓名。", "Enter the name."));
    }
    if let Err(wrong) = id_card::check(typed.get("identity")) {
        faults.push(Fault::new("identity", wrong.zh(), wrong.en()));
    }
    let entry = match entry(typed) {
        Ok(entry) if faults.is_empty() => entry,
        Ok(_) => return Err(Refusal::Faults(faults).into()),
        Err(Error::Refusal(Refusal::Faults(more))) => return Err(Refusal::Faults([faults, more].concat()).into()),
        Err(error) => return Err(error),
    };
    let (name, identity, phone) =
        (typed.get("name").trim().to_owned(), typed.get("identity").to_owned(), typed.get("phone").to_owned());
    super::change(app, who, no, move |tx, deed, site, ties| {
        allowed(ties)?;
        if !filing::is_own(site, ties, entry.firm) || !staff::firms(site).contains(&entry.firm) {
            return Err(Refusal::NotYourRole.into());
        }
        let person = known_or_new(tx, deed, &name, &identity, &phone, entry.firm)?;
        staff::set(tx, deed, site.id, person, &entry)?;
        Ok(person)
    })
    .await
}

/// Whoever enters somebody by name and full number knows him: he gets the account that is there, whatever firm made it.
fn known_or_new(
    tx: &mut dyn Tx,
    deed: &Deed,
    name: &str,
    identity: &str,
    phone: &str,
    firm: UnitId,
) -> Result<PersonId, Failure> {
    if let Some(person) = staff::find_by_card(tx, deed, identity)? {
        let known = store::person::find(tx, person)?.ok_or(Refusal::Absent)?;
        if known.name != name {
            return Err(vec![Fault::new(
                "name",
                "这个身份证号登记的是另一个姓名；请对照身份证核对。",
                "Another name is entered under this number; compare with the card.",
            )]
            .into());
        }
        store::person::add_hat(tx, person, domain::role::Role::SiteStaff, firm)?;
        return Ok(person);
    }
    let person = staff::hire(tx, deed, name, phone, firm)?;
    staff::identify(tx, deed, person, identity)?;
    Ok(person)
}
