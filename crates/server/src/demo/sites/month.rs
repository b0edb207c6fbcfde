//! One day at the twelve sites: the turn of the day, who comes and how he shows it, and what else happens.

use super::{Member, Story, Yard, at, plans};
use crate::demo::dice::Dice;
use domain::attendance::Judge;
use domain::attendance::asked::{AskCommand, AskOrder, AskScene};
use domain::attendance::course::PlanCommand;
use domain::attendance::expect::{Due, Expected};
use domain::attendance::roll::{Doubt, Leave, LeaveKind, Way};
use domain::id::{AppealId, LeaveId, PersonId};
use domain::site::Tie;
use domain::time::{Day, Millis};
use std::collections::BTreeSet;
use store::punch::{self, New};
use store::terms::{Deed, Failure, Terms};
use store::{Tx, appeal, ids, leave, roll, site, site_call, today};

/// The technician of the article sees to one of his three sites a day as long as he is wanted at all of them.
const ROUND: [usize; 6] = [0, 1, 2, 0, 1, 2];
/// The site with somebody who is missing too often, and the place of that person in its crew.
const TRUANT: (usize, usize) = (8, 3);

pub fn day(tx: &mut dyn Tx, terms: &Terms, story: &Story, day: Day, dice: &Dice) -> Result<(), Failure> {
    for yard in &story.yards {
        today::turn(tx, &Deed { terms, by: None, now: at(day, 0, 1) }, yard.id)?;
    }
    let is_workday = terms.calendar.is_workday(day);
    if day == story.turn.plus(-4) {
        turn_plans(tx, terms, story, day)?;
    }
    if is_workday {
        calls(tx, terms, story, day)?;
        leaves(tx, terms, story, day)?;
    }
    let mut all: Vec<(Millis, New)> = Vec::new();
    for (place, yard) in story.yards.iter().enumerate() {
        let persons: BTreeSet<PersonId> = yard.crew.iter().map(|it| it.person).collect();
        let roll = roll::load(tx, &persons, day, day)?;
        let judge = Judge::new(&roll, Deed { terms, by: None, now: at(day, 0, 2) }.attendance());
        for (n, member) in yard.crew.iter().enumerate() {
            let Some(wanted) = judge.expect(member.person, yard.id, day, day).pop() else { continue };
            if comes(story, (place, n), &wanted, is_workday, dice) {
                all.extend(shows(yard, member, day, dice));
            }
        }
    }
    all.sort_by_key(|it| it.0);
    for (when, new) in all.into_iter().filter(|it| it.0 <= story.now) {
        punch::insert(tx, &Deed { terms, by: Some(new.what.person), now: when }, &new)?;
    }
    special(tx, terms, story, day)
}

fn comes(story: &Story, (place, n): (usize, usize), it: &Expected, is_workday: bool, dice: &Dice) -> bool {
    let day = it.day;
    if it.person == story.technician {
        let own = ROUND.get(usize::from(day.weekday()) - 1).copied();
        return match it.due {
            // Before the turn he is at one of the three; afterwards he comes when he is wanted.
            _ if day < story.turn => is_workday && own == Some(place),
            Due::Must => true,
            Due::May => matches!(day.weekday(), 2 | 4),
            _ => false,
        };
    }
    if (place, n) == TRUANT {
        let ago = story.today.number() - day.number();
        return it.due == Due::Must && !(1..=3).contains(&ago) && dice.percent(97);
    }
    match it.due {
        Due::Must => dice.percent(97),
        Due::May => dice.percent(62),
        Due::Leave => false,
        Due::Free => is_workday && dice.percent(4),
    }
}

/// Morning, and often evening; by the screen's code, the card reader or an old terminal.
fn shows(yard: &Yard, member: &Member, day: Day, dice: &Dice) -> Vec<(Millis, New)> {
    let way = dice.weighed(&[(Way::Qr, 60), (Way::IdCard, 25), (Way::Terminal, 15)]);
    let mut found = Vec::new();
    let mut add = |when: Millis| {
        let mut new = New::here(member.person, yard.id, way, when, when);
        if way == Way::Terminal {
            new.what.device = Some("大门考勤机".into());
            new.what.drift_s = dice.between(0, 90) as i64;
        }
        found.push((when, new));
    };
    add(at(day, 7, 40 + dice.between(0, 55) as i64));
    if dice.percent(55) {
        add(at(day, 16, 50 + dice.between(0, 60) as i64));
    }
    found
}

/// The plans that follow the stages; one is returned first, and two of today still wait.
fn turn_plans(tx: &mut dyn Tx, terms: &Terms, story: &Story, day: Day) -> Result<(), Failure> {
    for (n, yard) in story.yards.iter().enumerate() {
        let plan = plans::plan(yard, yard.after, story.turn, false);
        if n == 3 {
            let version = plans::file(tx, terms, story, yard, plan.clone(), at(day, 8, 50))?;
            let owner = (story.owner(yard), Tie::Owner);
            plans::decide(
                tx,
                terms,
                yard,
                owner,
                (version, PlanCommand::Return, "装修阶段质量员请每周至少三天"),
                at(day, 9, 5),
            )?;
        }
        plans::approve(tx, terms, story, yard, plan, day)?;
    }
    Ok(())
}

/// On Thursdays the technician is called to the third site for Friday.
fn calls(tx: &mut dyn Tx, terms: &Terms, story: &Story, day: Day) -> Result<(), Failure> {
    if day < story.turn || day.weekday() != 4 || at(day, 16, 0) > story.now {
        return Ok(());
    }
    let Some(yard) = story.yards.iter().find(|it| it.after == "article-c") else { return Ok(()) };
    let found = site::find(tx, yard.id)?.ok_or(store::Error::NotFound)?;
    let deed = Deed { terms, by: Some(story.contractor(yard)), now: at(day, 16, 0) };
    site_call::make(tx, &deed, &found, story.technician, day.plus(1))
}

/// A week's leave here and there: asked on Tuesday, granted the same day, for Wednesday and Thursday.
fn leaves(tx: &mut dyn Tx, terms: &Terms, story: &Story, day: Day) -> Result<(), Failure> {
    if day.weekday() != 2 || at(day, 17, 0) > story.now {
        return Ok(());
    }
    let week = ((day.number() - story.begin.number()) / 7) as usize;
    let yard = &story.yards[(4 + week * 3) % story.yards.len()];
    let member = &yard.crew[2 + week % 3];
    let what = Leave {
        person: member.person,
        from: day.plus(1),
        to: day.plus(2),
        kind: LeaveKind::Ordinary,
        approved_at: None,
        approved_by: None,
    };
    let id = LeaveId(ids::fresh(at(day, 10, 0)));
    let deed = Deed { terms, by: Some(member.person), now: at(day, 10, 0) };
    leave::ask(tx, &deed, id, what, "家中有事，需回老家两天", false)?;
    let (by, now) = (story.owner(yard), at(day, 16, 30));
    let scene = AskScene { owners: &[yard.owner], is_asker: false, by, now };
    let order = AskOrder { command: AskCommand::Grant, words: String::new(), seen: 1 };
    leave::perform(tx, &Deed { terms, by: Some(by), now }, id, &order, &scene)
}

/// What waits on the desks today: plans, an attestation, leave, an appeal.
fn special(tx: &mut dyn Tx, terms: &Terms, story: &Story, day: Day) -> Result<(), Failure> {
    if day != story.today || story.now < at(day, 9, 0) {
        return Ok(());
    }
    let now = at(day, 8, 50);
    let monday = day.plus(7).monday();
    // Two plans under way: one before its owner, one before the bureau.
    plans::file(tx, terms, story, &story.yards[10], plans::plan(&story.yards[10], "structure", monday, false), now)?;
    let yard = &story.yards[9];
    let version = plans::file(tx, terms, story, yard, plans::plan(yard, "closing", monday, false), now)?;
    let owner = (story.owner(yard), Tie::Owner);
    plans::decide(tx, terms, yard, owner, (version, PlanCommand::Confirm, ""), at(day, 8, 55))?;
    // Somebody attests for a colleague whose telephone is empty.
    let yard = &story.yards[4];
    let mut new = New::here(yard.crew[3].person, yard.id, Way::Attestation, at(day, 8, 20), at(day, 8, 40));
    new.what.doubt = Some(Doubt::Unconfirmed);
    (new.raw, new.by) = ("手机没电，本人已在三层绑扎现场".into(), Some(yard.crew[5].person));
    punch::insert(tx, &Deed { terms, by: new.by, now: at(day, 8, 40) }, &new)?;
    // Leave that its owner has not looked at.
    let (from, who) = (day.plus(3), story.yards[0].crew[4].person);
    let what =
        Leave { person: who, from, to: from.plus(1), kind: LeaveKind::Ordinary, approved_at: None, approved_by: None };
    let deed = Deed { terms, by: Some(who), now: at(day, 8, 45) };
    leave::ask(tx, &deed, LeaveId(ids::fresh(deed.now)), what, "孩子高考陪考", false)?;
    // Whoever was missing three times appeals against the last.
    let yard = &story.yards[TRUANT.0];
    let who = yard.crew[TRUANT.1].person;
    let deed = Deed { terms, by: Some(who), now: at(day, 8, 55) };
    let yesterday = terms.calendar.previous_workday(day);
    let judged = appeal::judged(tx, &deed, who, yard.id, yesterday)?;
    if judged.is_some_and(|it| domain::attendance::appeal::can_be_appealed(it.verdict)) {
        let words = "当天上午随监理去搅拌站验料，下午才回工地，有验料单";
        appeal::file(tx, &deed, AppealId(ids::fresh(deed.now)), (yard.id, yesterday), words)?;
    }
    Ok(())
}
