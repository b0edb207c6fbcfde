//! The stages of the form, each with the requirements that the planner reads.

use super::form_page::{Look, rows};
use super::line_form::when_fields;
use super::rows::{need, needs, stage};
use crate::ui::field::closed;
use domain::attendance::plan::{By, StageKind};
use domain::id::PersonId;
use maud::{Markup, html};

pub fn all(look: &Look) -> Markup {
    let (lang, n) = (look.lang, rows(look, "stages"));
    html! {
        section.plan-rows id="stages" aria-labelledby="stages-title" {
            h2 id="stages-title" { (lang.of("阶段", "Stages")) }
            (look.of_row("stages"))
            @for at in 0..n { (one(look, at, n)) }
            div.row-acts { (look.act("more.stage", &format!("stages.{n}"), lang.of("增加一个阶段", "Add a stage"), "")) }
        }
    }
}

fn one(look: &Look, at: usize, n: usize) -> Markup {
    let (lang, number) = (look.lang, at + 1);
    let [name, kind, from, to] = ["name", "kind", "from", "to"].map(|field| stage(at, field));
    let kinds = closed(lang, StageKind::ALL, StageKind::code, StageKind::zh, StageKind::en);
    let row = format!("stages.{at}");
    let title = lang.of(format!("第{number}个阶段"), format!("Stage {number}"));
    html! {
        section.group.plan-row id=(row) aria-label=(title) {
            h3 { (title) }
            (look.of_row(&row))
            div.plan-fields {
                (look.form.field(&name, "名称", "Name").input("text"))
                (look.form.field(&kind, "类型", "Kind").select("", &kinds))
                (look.form.field(&from, "起", "From").input("date"))
                (look.form.field(&to, "止", "To").input("date"))
            }
            (requirements(look, at))
            (moves(look, "stages", at, n, &title))
        }
    }
}

/// Up, down, out.
pub fn moves(look: &Look, list: &str, at: usize, n: usize, title: &str) -> Markup {
    let lang = look.lang;
    let spoken = |zh: &str, en: &str| lang.of(format!("{zh}{title}"), format!("{en}: {title}"));
    let to = |at: usize| format!("{list}.{at}");
    html! {
        div.row-acts.plan-moves {
            @if at > 0 { (look.act(&format!("up.{list}.{at}"), &to(at - 1), lang.of("上移", "Up"), &spoken("上移", "Up"))) }
            @if at + 1 < n { (look.act(&format!("down.{list}.{at}"), &to(at + 1), lang.of("下移", "Down"), &spoken("下移", "Down"))) }
            (look.act(&format!("drop.{list}.{at}"), list, lang.of("删去", "Take out"), &spoken("删去", "Take out")))
        }
    }
}

fn requirements(look: &Look, at: usize) -> Markup {
    let (lang, n) = (look.lang, rows(look, &needs(at)));
    // One just added has nothing in it yet; those that are written out fold to their number.
    let fresh = |number: usize| look.form.typed.get(&need(at, number, "posts")).trim().is_empty();
    let open = (0..n).any(fresh) || look.is_wrong(&needs(at));
    html! {
        details.more id=(needs(at)) open[open] {
                        summary {
                (lang.of("岗位要求（可不填，排班时按它排最少的人日）", "Requirements of posts (optional; the planner finds the fewest days for them)"))
                @if n > 0 { " " span.count { (n) } }
            }
            @for number in 0..n { (requirement(look, at, number)) }
            div.row-acts { (look.act(&format!("need.{at}"), &needs(at), lang.of("增加一条要求", "Add a requirement"), "")) }
        }
    }
}

fn requirement(look: &Look, at: usize, n: usize) -> Markup {
    let (lang, number) = (look.lang, n + 1);
    let field = |name: &str| need(at, n, name);
    let (posts, persons, by) = (field("posts"), field("persons"), field("by"));
    let bys = closed(lang, By::ALL, By::code, By::zh, By::en);
    let able = able(look, look.form.typed.get(&posts), look.form.typed.all(&persons).collect());
    let title = lang.of(format!("第{number}条要求"), format!("Requirement {number}"));
    html! {
        fieldset.plan-need {
            legend { (title) }
            div.plan-fields {
                (look.form.field(&posts, "岗位", "Posts").hint(lang.of("几个岗位要同时到，用顿号隔开", "Several that must be there together, divided by commas")).input("text"))
                (look.form.field(&by, "由谁到岗", "By whom").select("", &bys))
            }
            (when_fields(look, &field))
            @if able.is_empty() {
                p.hint { (lang.of("写好岗位后按“更新”，可以指明由哪几个人到岗；不指明就是任何持此岗位的人。", "Once the posts are named, an update shows who may be asked for; nobody named means whoever holds the post.")) }
            } @else {
                (look.form.checks(&persons, "限定人员（可不选）", "Only these persons (optional)", &able))
            }
            div.row-acts {
                (look.act("show", &needs(at), lang.of("更新", "Update"), ""))
                (look.act(&format!("drop.need.{at}.{n}"), &needs(at), lang.of("删去这一条", "Take it out"), &lang.of(format!("删去这一条：{title}"), format!("Take it out: {title}"))))
            }
        }
    }
}

/// Those who hold one of the posts, and those who are named already.
fn able(look: &Look, posts: &str, named: Vec<&str>) -> Vec<(String, String)> {
    let posts = super::read::posts(posts);
    let is_named = |id: PersonId| named.contains(&id.to_string().as_str());
    let staff = look.desk.staff.iter();
    let able = staff.filter(|it| it.posts.iter().any(|post| posts.contains(post)) || is_named(it.person));
    able.map(|it| (it.person.to_string(), it.name.clone())).collect()
}
