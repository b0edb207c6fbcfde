//! What can be done with a visit now: one clear next step, the others folded below it.

use crate::auth::Who;
use crate::lang::Lang;
use crate::ui::field::{Form, Typed, error_list, error_summary};
use crate::visit::field::of_when;
use crate::visit::page::Refused;
use crate::visit::show::Shows;
use domain::visit::{self, CommandName, Purpose, StateName};
use maud::{Markup, html};

pub fn view(who: &Who, shows: &Shows, refused: Option<&Refused>) -> Markup {
    let (lang, visit, no) = (who.lang, shows.visit(), shows.met.found.no);
    let steps = visit::steps(&shows.met.ties, visit.state.name());
    let next = next(shows, &steps);
    let writes = steps.iter().find(|it| matches!(it, CommandName::Record | CommandName::Amend));
    html! {
        section.steps id="next" {
            h2 { (lang.of("现在可以办", "What can be done now")) }
            @if steps.is_empty() { p.hint { (lang.of("您现在没有要办的。", "There is nothing for you to do now.")) } }
            @if let Some(command) = writes {
                @let primary = next == Some(*command);
                p.link { a.button.wide.primary[primary] href={ "/visits/" (no) "/record" } { (lang.of(command.zh(), said(*command))) } }
            }
            @for command in &steps {
                @match command {
                    CommandName::Agree => (agree(lang, shows, refused, next == Some(*command))),
                    CommandName::Decline => (decline(lang, shows, refused)),
                    CommandName::Join => (join(lang, shows)),
                    CommandName::Record | CommandName::Amend => {},
                }
            }
            @if visit.record.is_some() {
                p.link { a.button.wide href={ "/visits/" (no) "/minutes" } { (lang.of("打印走访纪要", "Print the minutes")) } }
            }
        }
    }
}

/// English as a button says it.
pub fn said(command: CommandName) -> &'static str {
    match command {
        CommandName::Agree => "Agree the time",
        CommandName::Decline => "It fell through",
        CommandName::Record => "Record the visit",
        CommandName::Amend => "Amend the record",
        CommandName::Join => "Join the visit",
    }
}

/// The one filled button: agree what lies ahead, record what has come.
pub fn next(shows: &Shows, steps: &[CommandName]) -> Option<CommandName> {
    let visit = shows.visit();
    let ahead = visit.when.day > shows.now.day() && visit.state.name() != StateName::Agreed;
    let order = match ahead || visit.state.name() == StateName::Declined {
        true => [CommandName::Agree, CommandName::Record],
        false => [CommandName::Record, CommandName::Agree],
    };
    order.into_iter().find(|it| steps.contains(it))
}

fn form_of<'a>(lang: Lang, typed: &'a Typed, prefix: &'a str) -> Form<'a> {
    Form { prefix, ..Form::new(lang, typed) }
}

fn told(lang: Lang, prefix: &str, refused: Option<&Refused>) -> Markup {
    let Some(refused) = refused else { return html! {} };
    let wrong = refused.error.wrong(lang);
    let told = refused.error.tell();
    html! {
        @if wrong.is_empty() { (error_summary(lang, &lang.of(told.zh, told.en))) }
        @else { (error_list(lang, prefix, &wrong)) }
    }
}

fn agree(lang: Lang, shows: &Shows, refused: Option<&Refused>, open: bool) -> Markup {
    let (visit, no) = (shows.visit(), shows.met.found.no);
    let mine = refused.filter(|it| it.step == CommandName::Agree);
    let mut fresh = Typed(of_when(&visit.when).into());
    if let visit::State::Agreed { with, .. } = &visit.state {
        fresh.0.push(("with".into(), with.clone()));
    }
    let wrong = mine.map(|it| it.error.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, ..form_of(lang, mine.map_or(&fresh, |it| it.typed), "agree-") };
    let again = visit.state.name() == StateName::Agreed;
    let title = lang
        .of(if again { "改约时间" } else { "约定时间" }, if again { "Agree another time" } else { "Agree the time" });
    html! {
        details.step open[mine.is_some() || open] {
            summary { (title) }
            (told(lang, "agree-", mine))
            form method="post" action={ "/visits/" (no) "/agree" } data-keep="agree" {
                input type="hidden" name="seen" value=(visit.revision);
                div.halves {
                    (form.field("day", "日期", "Day").input("date"))
                    @if visit.purpose == Purpose::Stay { (form.field("until", "结束日期", "Last day").input("date")) }
                    (form.field("time", "时间（可不填）", "Time (optional)").input("time"))
                }
                (form.field("with", "和谁约的", "Agreed with").hint(lang.of("打电话约定后填写", "After the telephone call")).input("text"))
                button.wide.primary[open] { (title) }
            }
        }
    }
}

fn decline(lang: Lang, shows: &Shows, refused: Option<&Refused>) -> Markup {
    let (visit, no) = (shows.visit(), shows.met.found.no);
    let mine = refused.filter(|it| it.step == CommandName::Decline);
    let fresh = Typed::default();
    let wrong = mine.map(|it| it.error.wrong(lang)).unwrap_or_default();
    let form = Form { wrong: &wrong, ..form_of(lang, mine.map_or(&fresh, |it| it.typed), "decline-") };
    html! {
        details.step open[mine.is_some()] {
            summary { (lang.of("登记未能走访", "It fell through")) }
            (told(lang, "decline-", mine))
            form method="post" action={ "/visits/" (no) "/decline" } data-keep="decline" {
                input type="hidden" name="seen" value=(visit.revision);
                (form.field("words", "原因", "Reason").hint(lang.of("企业不便接待也写在这里；不影响企业享受任何政策", "Also where the enterprise would rather not; it loses nothing by that")).area(2))
                button.wide { (lang.of("登记未能走访", "Record that it fell through")) }
            }
        }
    }
}

fn join(lang: Lang, shows: &Shows) -> Markup {
    let (visit, no) = (shows.visit(), shows.met.found.no);
    html! {
        form.link method="post" action={ "/visits/" (no) "/join" } {
            input type="hidden" name="seen" value=(visit.revision);
            button.wide { (lang.of("我也参加", "Join the visit")) }
        }
    }
}
