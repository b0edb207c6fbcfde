//! The page of the even split: the filter, and the sizes that it gives.

use super::split::Plan;
use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::field::{Typed, options};
use crate::ui::number::bar;
use crate::ui::page::{Frame, page};
use crate::ui::part::tongue;
use crate::ui::slot::{Refused, Slot};
use domain::subject::Kind;
use maud::{Markup, html};
use store::campaign::Round;
use store::team::Team;

pub fn view(
    who: &Who,
    round: &Round,
    teams: &[Team],
    query: &Typed,
    plan: Option<&Plan>,
    refused: Option<&Refused>,
) -> Markup {
    let lang = who.lang;
    let here = format!("/rounds/{}/split", round.no);
    let title = lang.of("均分给各组", "Split evenly over the teams");
    let slot = Slot::new(lang, "split", refused, || query.clone());
    let body = html! {
        main.page.narrow id="main" {
            p.crumbs { a href={ "/rounds/" (round.no) } lang="zh-CN" { (round.name) } }
            h1 { (title) }
            (slot.summary())
            @if teams.is_empty() {
                div.empty { strong { (lang.of("还没有走访组", "No team yet")) } p { (lang.of("先在轮次页新增走访组。", "Add teams on the page of the round first.")) } }
            } @else {
                (filter(lang, &here, &slot))
                @if let Some(plan) = plan { (sizes(lang, &here, teams, plan, query)) }
            }
        }
    };
    page(&Frame { who, title, news: 0, here: &here }, body)
}

fn filter(lang: Lang, here: &str, slot: &Slot) -> Markup {
    let form = slot.form();
    let kinds = options(Kind::ALL, Kind::code, |it| lang.of(it.zh(), it.en()));
    html! {
        form.sheet method="get" action=(here) {
            h2 { (lang.of("哪些对象", "Which subjects")) }
            div.halves {
                (form.field("kind", "种类", "Kind").select(lang.of("全部", "All"), &kinds))
                (form.field("count", "前几个", "The first").hint(lang.of("按编号从小到大；不填就是全部", "By number; empty: all")).input("text"))
                (form.field("area", "片区", "Area").hint(lang.of("与名单里的写法一样", "As written in the register")).input("text"))
                (form.field("tag", "标签", "Tag").input("text"))
            }
            (form.check("rest", "本轮已经分配的不动", "Those assigned in this round already stay"))
            button { (lang.of("看各组家数", "Show the sizes")) }
        }
    }
}

fn sizes(lang: Lang, here: &str, teams: &[Team], plan: &Plan, query: &Typed) -> Markup {
    let most = plan.parts.iter().map(|it| it.1.len()).max().unwrap_or(0) as i64;
    let all = plan.size();
    html! {
        section.sheet.plan {
            h2 { (lang.of(format!("{all}家，分给{}个组", teams.len()), format!("{all} subjects over {} teams", teams.len()))) }
            dl.bars {
                @for (id, numbers) in &plan.parts {
                    @let name = teams.iter().find(|it| it.id == *id).map_or("", |it| it.name.as_str());
                    dt lang=[tongue(lang, name)] { (name) }
                    dd { (bar(numbers.len() as i64, most)) strong { (numbers.len()) } }
                }
            }
            p.hint { (lang.of("还没有分配。同一片区的尽量在一个组。", "Nothing is assigned yet. Those of one area stay together as far as that goes.")) }
            form method="post" action=(here) {
                input type="hidden" name="plan" value=(plan.write());
                @for name in ["kind", "count", "area", "tag", "rest"] { input type="hidden" name=(name) value=(query.get(name)); }
                button.primary { (lang.of(format!("分配这{all}家"), format!("Assign these {all}"))) }
            }
        }
    }
}
