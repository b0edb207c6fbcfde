//! The office's forms on the page of a round: assigning, teams and their members, handing over, what is asked.

use super::show::{Setup, Shows};
use crate::lang::Lang;
use crate::ui::field::{Form, Typed};
use crate::ui::part::tongue;
use crate::ui::slot::{Refused, Slot, fresh};
use domain::id::PersonId;
use maud::{Markup, html};
use store::team::Team;

const FORMS: [&str; 6] = ["assign", "team", "members", "handover", "asks", "file"];

/// What was wrong with the form just sent stands at the top of the page.
pub fn summaries(lang: Lang, refused: Option<&Refused>) -> Markup {
    html! { @for name in FORMS { (Slot::new(lang, name, refused, Typed::default).summary()) } }
}

pub fn view(lang: Lang, shows: &Shows, here: &str, refused: Option<&Refused>) -> Markup {
    let Some(setup) = &shows.setup else { return html! {} };
    let teams: Vec<(String, String)> = shows.teams.iter().map(|it| (it.id.to_string(), it.name.clone())).collect();
    html! {
        section.steps {
            h2 { (lang.of("设置", "Set-up")) }
            (new_team(lang, shows, here, refused))
            @if !teams.is_empty() {
                (assign(lang, here, &teams, refused))
                (split(lang, here))
                (file(lang, here, refused))
                @if teams.len() > 1 { (handover(lang, here, &teams, refused)) }
                (whose_members(lang, here, &teams))
                @if let Some((id, present)) = &shows.chosen {
                    @if let Some(team) = shows.team(*id) { (members(lang, setup, team, present, here, refused)) }
                }
            }
            (asks(lang, shows, setup, here, refused))
        }
    }
}

fn new_team(lang: Lang, shows: &Shows, here: &str, refused: Option<&Refused>) -> Markup {
    let slot = Slot::new(lang, "team", refused, || fresh([("id", store::ids::fresh(shows.now).to_string())]));
    let units: Vec<(String, String)> = shows
        .directory
        .units
        .iter()
        .filter(|it| !it.ended)
        .map(|it| (it.id.to_string(), it.label(lang.is_en()).to_owned()))
        .collect();
    let form = slot.form();
    let body = html! {
        form method="post" action={ (here) "/teams" } {
            (slot.hidden("id"))
            (form.field("unit", "单位", "Unit").hint(lang.of("单位的走访干部就是成员", "The unit's officers are its members")).select(lang.of("请选择", "Choose"), &units))
            (form.field("name", "名称", "Name").hint(lang.of("不填就用单位的名称", "Left empty, the unit's name")).input("text"))
            button { (lang.of("新增走访组", "Add the team")) }
        }
    };
    slot.fold(lang.of("新增走访组", "Add a team"), body)
}

/// The boxes in the list of subjects belong to this form.
fn assign(lang: Lang, here: &str, teams: &[(String, String)], refused: Option<&Refused>) -> Markup {
    let slot = Slot::new(lang, "assign", refused, Typed::default);
    let form = slot.form();
    let body = html! {
        form id="assign" method="post" action={ (here) "/assignments" } {
            (form.field("subjects", "对象编号", "Numbers of subjects").hint(lang.of("用空格隔开；或在列表里勾选", "Divided by blanks; or tick them in the list")).input("text"))
            (form.field("team", "走访组", "Team").select(lang.of("请选择", "Choose"), teams))
            p.line {
                button name="do" value="assign" { (lang.of("分配给走访组", "Assign to the team")) }
                button name="do" value="remove" { (lang.of("移出本轮", "Take out of the round")) }
            }
        }
    };
    slot.fold(lang.of("逐个分配、移出", "Assign by hand, take out"), body)
}

fn split(lang: Lang, here: &str) -> Markup {
    html! {
        details.step {
            summary { (lang.of("均分给各组", "Split evenly")) }
            form method="get" action={ (here) "/split" } {
                p.hint { (lang.of("先选对象，看过各组家数后再分配。", "Choose which subjects; you see the sizes before anything is assigned.")) }
                button { (lang.of("选择对象", "Choose subjects")) }
            }
        }
    }
}

fn file(lang: Lang, here: &str, refused: Option<&Refused>) -> Markup {
    let slot = Slot::new(lang, "file", refused, Typed::default);
    let form = slot.form();
    let body = html! {
        form method="post" action={ (here) "/assignments/file" } enctype="multipart/form-data" {
            (form.field("file", "表格", "Table").hint(lang.of("CSV或Excel：一列“名称”或“统一社会信用代码”，一列“走访组”", "CSV or Excel: a column 名称 or 统一社会信用代码, and a column 走访组")).input("file"))
            button { (lang.of("按文件分配", "Assign by file")) }
        }
    };
    slot.fold(lang.of("按文件分配", "Assign by file"), body)
}

fn handover(lang: Lang, here: &str, teams: &[(String, String)], refused: Option<&Refused>) -> Markup {
    let slot = Slot::new(lang, "handover", refused, Typed::default);
    let form = slot.form();
    let choose = lang.of("请选择", "Choose");
    let body = html! {
        form method="post" action={ (here) "/handover" } {
            (form.field("from", "由", "From").select(choose, teams))
            (form.field("to", "移交给", "To").select(choose, teams))
            button { (lang.of("移交全部对象", "Hand all subjects over")) }
        }
    };
    slot.fold(lang.of("整组移交", "Hand a team's subjects over"), body)
}

/// One team at a time: the officers of a zone for each of ten teams would be most of the page.
fn whose_members(lang: Lang, here: &str, teams: &[(String, String)]) -> Markup {
    let nothing = Typed::default();
    html! {
        details.step {
            summary { (lang.of("走访组成员", "Members of a team")) }
            form method="get" action=(here) {
                (Form { prefix: "whose-", ..Form::new(lang, &nothing) }.field("team", "走访组", "Team").select("", teams))
                button { (lang.of("看这一组的成员", "Show its members")) }
            }
        }
    }
}

fn members(
    lang: Lang,
    setup: &Setup,
    team: &Team,
    present: &[(PersonId, String)],
    here: &str,
    refused: Option<&Refused>,
) -> Markup {
    let was = super::team::was(present);
    let of_this = refused.filter(|it| it.typed.get("team") == team.id.to_string());
    let slot = Slot::new(lang, "members", of_this, || {
        let mut typed = fresh([("was", was.clone())]);
        typed.0.extend(present.iter().map(|(id, _)| ("members".to_owned(), id.to_string())));
        typed
    });
    let mut persons: Vec<(String, String)> = present.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    for it in &setup.officers {
        if !persons.iter().any(|(id, _)| *id == it.id.to_string()) {
            persons.push((it.id.to_string(), it.name.clone()));
        }
    }
    html! {
        details.step open {
            summary { (lang.of("成员：", "Members: ")) span lang=[tongue(lang, &team.name)] { (team.name) } }
            form method="post" action={ (here) "/teams/" (team.id) } {
                // What is written is what was seen: somebody else's change in between is not lost unread.
                input type="hidden" name="was" value=(was);
                (slot.form().checks("members", "成员", "Members", &persons))
                button { (lang.of("保存成员", "Save the members")) }
            }
        }
    }
}

fn asks(lang: Lang, shows: &Shows, setup: &Setup, here: &str, refused: Option<&Refused>) -> Markup {
    let slot = Slot::new(lang, "asks", refused, || {
        let places = shows.asked.iter().enumerate();
        Typed(places.map(|(place, it)| (format!("place-{}", it.code), (place + 1).to_string())).collect())
    });
    let body = html! {
        form method="post" action={ (here) "/questionnaires" } {
            @for it in &setup.questionnaires {
                @let title = it.form.title(lang.is_en());
                (slot.form().field(&format!("place-{}", it.code), title, title).hint(lang.of("次序，如1；不填就不用", "Its place, such as 1; empty: not asked")).input("text"))
            }
            p.line { button { (lang.of("保存问卷", "Save")) } a href="/questionnaires" { (lang.of("看问卷", "See them")) } }
        }
    };
    slot.fold(lang.of("本轮的问卷", "Questionnaires of the round"), body)
}
