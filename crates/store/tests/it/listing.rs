//! Every list is what a person would pick by hand from all problems: by any filter, in either order, page by page.

use crate::stage::{Stage, at};
use domain::access::{self, Scope};
use domain::command::{Answering, Command, EvidenceGiven};
use domain::id::ProblemId;
use domain::light::{self, Light};
use domain::problem::{Outcome, PauseReason, StateName, Tier, Urgency};
use domain::role::Actor;
use domain::schedule;
use domain::time::Millis;
use store::list::{self, By, Filter, LightIs, Line};
use store::problem::Found;
use store::{Db, notice};
use testkit::on_both;

/// 60 problems over four weeks, each as far along as its number says.
fn fill(stage: &Stage) -> Vec<ProblemId> {
    let mut all = Vec::new();
    for i in 0..60i64 {
        let day = stage.terms.calendar.plus_workdays(at("2018-04-02 09:00").day(), (i / 3) as u32);
        let morning = Millis::at(day, (9 * 60 + i) * 60_000);
        let titles = ["夜间停水", "道路破损", "招工困难", "停水通知太晚"];
        let (found, _) = stage.file(stage.draft(titles[i as usize % 4], morning), morning).unwrap();
        let id = found.problem.id;
        all.push(id);
        let then = |minutes: i64| morning.plus(minutes * 60_000).second();
        let act = |who: &Actor, command: Command, minutes: i64| {
            stage.act(who, id, command, &then(minutes)).unwrap_or_else(|failure| panic!("{i}: {failure}"))
        };
        let tier = Tier::ALL[i as usize % 4];
        act(&stage.zhou, Command::Triage { category: None, tier, urgency: Urgency::Ordinary }, 1);
        match i % 10 {
            0 => continue,
            1 => {
                act(&stage.zhou, Command::Refuse, 2);
                continue;
            }
            _ => {}
        }
        let (lead, support) =
            if i % 4 == 3 { (stage.building, stage.economy) } else { (stage.economy, stage.building) };
        let supports = if i % 2 == 0 { vec![support] } else { vec![] };
        act(&stage.zhou, Command::Dispatch { lead: Some(lead), supports }, 2);
        let clerk = if lead == stage.economy { &stage.li } else { &stage.chen };
        if i % 10 == 2 {
            continue;
        }
        act(clerk, Command::Receive, 3);
        if i % 10 == 3 && lead == stage.economy {
            act(&stage.wang, Command::AskPause { reason: Some(PauseReason::Papers) }, 4);
            act(&stage.zhou, Command::DecidePause { grant: true }, 5);
        }
        if i % 10 > 5 {
            let evidence = vec![EvidenceGiven { item: "照片".into(), attachment: None }];
            let planned = i % 10 == 9;
            let answering = Answering {
                outcome: Some(if planned { Outcome::Planned } else { Outcome::Solved }),
                date: planned.then(|| day.plus(20)),
                evidence,
                ..Answering::default()
            };
            act(clerk, Command::Answer { answering }, 6);
            if planned {
                act(&stage.wu, Command::Verify, 7);
            }
        }
    }
    all
}

fn fits(stage: &Stage, found: &Found, filter: &Filter, now: Millis) -> bool {
    let p = &found.problem;
    let light = schedule::light(p, now, &stage.terms.calendar);
    let clock = schedule::main_clock(p, &stage.terms.rules, &stage.terms.calendar);
    let by_light = match filter.light {
        None => true,
        Some(LightIs::Paused) => light == Light::Paused,
        Some(LightIs::Red) => light == Light::Red,
        Some(LightIs::Yellow) => light == Light::Yellow,
        Some(LightIs::Blue) => light == Light::Blue,
        Some(LightIs::None) => light == Light::None && clock.is_some(),
    };
    let listed_by_due =
        !filter.by.is_due() || !filter.text.is_empty() || clock.is_some() || filter.light == Some(LightIs::Paused);
    by_light
        && listed_by_due
        && filter.state.is_none_or(|state| state == p.state.name())
        && filter.tier.is_none_or(|tier| tier == p.tier)
        && (found.title.contains(&filter.text) || found.detail.contains(&filter.text))
}

/// All pages of seven, one after the other, and back again; what is counted is what was seen.
fn pages(db: &Db, stage: &Stage, scope: &Scope, filter: &Filter, now: Millis) -> Vec<Line> {
    let bounds = light::bounds(now, &stage.terms.calendar);
    let ask = |filter: &Filter| {
        let (scope, asked) = (scope.clone(), filter.clone());
        db.read_blocking(move |tx| list::page(tx, &scope, &asked, now, &bounds, 7)).unwrap()
    };
    let mut seen = vec![ask(filter)];
    while let Some(next) = seen.last().unwrap().next {
        seen.push(ask(&Filter { after: Some(next), ..filter.clone() }));
    }
    for pair in seen.windows(2).rev() {
        let back = ask(&Filter { after: pair[1].previous, back: true, ..filter.clone() });
        assert_eq!(back.lines, pair[0].lines, "{filter:?}");
        assert_eq!(back.next, pair[0].next, "{filter:?}");
    }
    assert_eq!(seen[0].previous, None);
    let all: Vec<Line> = seen.into_iter().flat_map(|it| it.lines).collect();
    let (scope, asked) = (scope.clone(), filter.clone());
    let counted = db.read_blocking(move |tx| list::count(tx, &scope, &asked, now, &bounds)).unwrap();
    assert_eq!(counted, list::Count { number: all.len() as i64, more: false }, "{filter:?}");
    all
}

on_both!(problems_of_a_campaign_a_subject_and_a_lead_are_listed, |db| {
    let stage = Stage::set(&db);
    let now = at("2018-04-13 10:00");
    let (terms, zhou) = (stage.terms.clone(), stage.zhou.person());
    let (campaign, subject) = db
        .write_blocking(move |tx| -> Result<_, store::terms::Failure> {
            let deed = store::terms::Deed { terms: &terms, by: zhou, now };
            let id = domain::id::CampaignId(store::ids::fresh(now));
            let period = domain::campaign::Period::read("百千万", "", "2018-03-01", "2018-12-31")?;
            let campaign = store::campaign::insert(tx, &deed, id, &period)?.id;
            let card = domain::subject::Card::named(domain::subject::Kind::Enterprise, "泰和电子有限公司");
            let subject = store::subject::insert(tx, &deed, domain::id::SubjectId(store::ids::fresh(now)), card)?.id;
            Ok((campaign, subject))
        })
        .unwrap();
    let heard = |subject, campaign| domain::course::Heard { subject, visit: None, campaign };
    let mut numbers = Vec::new();
    for (heard, shielded) in [
        (heard(Some(subject), Some(campaign)), false),
        (heard(Some(subject), Some(campaign)), true),
        (heard(None, Some(campaign)), false),
        (heard(None, None), false),
    ] {
        let draft = store::problem::Draft { heard, shielded, ..stage.draft("夜间停水", now) };
        let found = stage.file(draft, now).unwrap().0;
        numbers.push(found.no);
        if found.no != numbers[2 % numbers.len()] {
            let dispatch = Command::Dispatch { lead: Some(stage.economy), supports: vec![] };
            stage.act(&stage.zhou, found.problem.id, dispatch, "2018-04-13 11:00").unwrap();
        }
    }
    let listed = |who: &Actor, filter: Filter| {
        let mut found: Vec<i64> = [By::Newest, By::Due]
            .into_iter()
            .map(|by| {
                let asked = Filter { by, ..filter.clone() };
                let lines = pages(&db, &stage, &access::scope(who), &asked, at("2018-04-13 12:00"));
                let mut numbers: Vec<i64> = lines.iter().map(|it| it.no).collect();
                numbers.sort();
                numbers
            })
            .collect::<Vec<_>>()
            .concat();
        let half = found.split_off(found.len() / 2);
        assert_eq!(found, half, "both orders show the same: {filter:?}");
        found
    };
    let of = |at: &[usize]| at.iter().map(|it| numbers[*it]).collect::<Vec<i64>>();
    let campaign = Filter { campaign: Some(campaign), ..Filter::default() };
    let subject = Filter { subject: Some(subject), ..Filter::default() };
    assert_eq!(listed(&stage.zhou, campaign.clone()), of(&[0, 1, 2]));
    assert_eq!(listed(&stage.zhou, subject.clone()), of(&[0, 1]));
    let lead = Filter { lead: list::Which::One(stage.economy), ..Filter::default() };
    let none = Filter { lead: list::Which::Without, ..Filter::default() };
    let (with, without) = (listed(&stage.zhou, lead), listed(&stage.zhou, none));
    assert_eq!((with.len() + without.len(), without.is_empty()), (4, false));
    // The unit does not learn from the filter whose the shielded one is.
    assert!(!listed(&stage.li, subject).contains(&numbers[1]));
    assert!(listed(&stage.li, Filter::default()).contains(&numbers[1]));
});

on_both!(every_list_is_what_one_would_pick_by_hand, |db| {
    let stage = Stage::set(&db);
    let ids = fill(&stage);
    let found: Vec<Found> = ids.iter().map(|id| stage.find(*id)).collect();
    let (mut lists, mut lights) = (0, [0; 5]);
    let texts = ["", "停水", "水"];
    for now in ["2018-04-16 12:00", "2018-04-25 17:30", "2018-05-03 09:00"].map(at) {
        for (who, filter) in [(&stage.zhou, true), (&stage.li, false), (&stage.chen, false), (&stage.he, false)] {
            let scope = access::scope(who);
            for light in [
                None,
                Some(LightIs::Red),
                Some(LightIs::Yellow),
                Some(LightIs::Blue),
                Some(LightIs::None),
                Some(LightIs::Paused),
            ] {
                for by in [By::Due, By::DueLast, By::Newest, By::Oldest] {
                    for state in [None, Some(StateName::InHand), Some(StateName::Refused), Some(StateName::Answered)] {
                        for text in texts {
                            // Both directions of an order differ by the direction alone: one of them with words is enough.
                            let backwards = matches!(by, By::DueLast | By::Oldest);
                            if backwards && (text == "水" || state.is_some() || !text.is_empty() && light.is_some()) {
                                continue;
                            }
                            let tier = (by == By::Newest && light.is_none()).then_some(Tier::Committee);
                            let asked = Filter { by, light, state, tier, text: text.into(), ..Filter::default() };
                            let lines = pages(&db, &stage, &scope, &asked, now);
                            let mut picked: Vec<&Found> = found
                                .iter()
                                .filter(|it| fits(&stage, it, &asked, now))
                                .filter(|it| {
                                    filter || !access::parties(who, &it.problem, &|unit| vec![unit]).is_empty()
                                })
                                .collect();
                            let order = asked.order();
                            let sign = if matches!(order, By::Due | By::Oldest) { 1 } else { -1 };
                            picked.sort_by_key(|it| {
                                let clock =
                                    schedule::main_clock(&it.problem, &stage.terms.rules, &stage.terms.calendar);
                                let at = if order.is_due() { clock.map_or(0, |at| at.0) } else { 0 };
                                (sign * at, sign * it.no)
                            });
                            let (lines, picked): (Vec<i64>, Vec<i64>) =
                                (lines.iter().map(|it| it.no).collect(), picked.iter().map(|it| it.no).collect());
                            assert_eq!(lines, picked, "{asked:?} at {}", now.second());
                            lists += 1;
                            if let Some(light) = light {
                                lights[light as usize] += picked.len();
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(lists > 1000 && lights.iter().all(|count| *count > 0), "{lists} lists, {lights:?}");
});

on_both!(lights_are_counted_as_their_lists_show_them, |db| {
    let stage = Stage::set(&db);
    fill(&stage);
    let lit = [LightIs::Red, LightIs::Yellow, LightIs::Blue, LightIs::None];
    let mut counted = [0; 4];
    for now in ["2018-04-16 12:00", "2018-04-25 17:30", "2018-05-03 09:00"].map(at) {
        let bounds = light::bounds(now, &stage.terms.calendar);
        for who in [&stage.zhou, &stage.li, &stage.chen, &stage.he] {
            for state in [None, Some(StateName::InHand)] {
                for unit in [None, Some(stage.economy)] {
                    let (scope, asked) = (access::scope(who), Filter { state, unit, ..Filter::default() });
                    let (within, of) = (scope.clone(), asked.clone());
                    let lights =
                        db.read_blocking(move |tx| list::lights(tx, &within, &of, now, &bounds)).unwrap().unwrap();
                    let mut all = 0;
                    for (i, light) in lit.into_iter().enumerate() {
                        let lines = pages(&db, &stage, &scope, &Filter { light: Some(light), ..asked.clone() }, now);
                        let number = lines.len() as i64;
                        assert_eq!(lights.of(light), Some(list::Count { number, more: false }), "{light:?} {asked:?}");
                        (all, counted[i]) = (all + number, counted[i] + number);
                    }
                    assert_eq!(lights.all(), Some(list::Count { number: all, more: false }));
                }
            }
        }
    }
    assert!(counted.iter().all(|it| *it > 0), "{counted:?}");
});

on_both!(a_list_is_narrowed_by_source_period_and_tag, |db| {
    let stage = Stage::set(&db);
    fill(&stage);
    let now = at("2018-05-03 09:00");
    let terms = stage.terms.clone();
    let subject = db
        .write_blocking(move |tx| {
            let deed = store::terms::Deed { terms: &terms, by: None, now };
            let mut card = domain::subject::Card::named(domain::subject::Kind::Enterprise, "泰和电子有限公司");
            card.tags = vec!["外贸".into(), "生物医药".into()];
            store::subject::insert(tx, &deed, domain::id::SubjectId(store::ids::fresh(now)), card)
        })
        .unwrap();
    let heard = domain::course::Heard { subject: Some(subject.id), visit: None, campaign: None };
    let by_phone = domain::problem::Source::Phone;
    let draft =
        store::problem::Draft { heard, source: by_phone, ..stage.draft("夜间停水", at("2018-04-10 09:00")) };
    let tagged = stage.file(draft, at("2018-04-10 09:00")).unwrap().0;
    for by in [By::Due, By::Newest, By::Oldest] {
        let find = |filter: Filter| {
            let filter = Filter { by, ..filter };
            pages(&db, &stage, &Scope::All, &filter, now).iter().map(|it| it.no).collect::<Vec<_>>()
        };
        assert_eq!(find(Filter { tag: "外贸".into(), ..Filter::default() }), [tagged.no], "{by:?}");
        assert!(find(Filter { tag: "外".into(), ..Filter::default() }).is_empty());
        assert_eq!(find(Filter { source: Some(by_phone), ..Filter::default() }), [tagged.no]);
        // An order by registration: the one that came last has an older date.
        let (from, until) = (Some(at("2018-04-09 00:00")), Some(at("2018-04-11 00:00")));
        let period = pages(&db, &stage, &Scope::All, &Filter { by, from, until, ..Filter::default() }, now);
        let days: Vec<String> = period.iter().map(|it| it.registered_at.day().to_string()).collect();
        assert!(!days.is_empty() && days.iter().all(|it| it == "2018-04-09" || it == "2018-04-10"), "{days:?}");
        assert!(period.iter().any(|it| it.no == tagged.no && it.subject.as_deref() == Some("泰和电子有限公司")));
        if by == By::Newest {
            assert!(days.is_sorted_by(|a, b| a >= b) && days.len() == 7, "{days:?}");
        }
    }
});

on_both!(a_view_is_kept_under_its_name_by_its_person_alone, |db| {
    let stage = Stage::set(&db);
    let (zhou, li) = (stage.zhou.person().unwrap(), stage.li.person().unwrap());
    let now = at("2018-05-03 09:00");
    let save = |person, name: &str, query: &str| {
        let named = domain::view::Named::read(name, query).unwrap();
        db.write_blocking(move |tx| store::view::save(tx, person, &named, now))
    };
    let list = |person| db.read_blocking(move |tx| store::view::list(tx, person)).unwrap();
    save(zhou, "外贸", "category=1").unwrap();
    save(zhou, "外贸", "category=2").unwrap();
    let kept = list(zhou);
    assert_eq!((kept.len(), kept[0].query.as_str(), list(li).len()), (1, "category=2", 0));
    let id = kept[0].id.clone();
    let stolen = id.clone();
    assert!(!db.write_blocking(move |tx| store::view::remove(tx, li, &stolen)).unwrap());
    for i in 1..domain::view::MOST {
        save(zhou, &format!("视图{i}"), "").unwrap();
    }
    assert!(matches!(save(zhou, "再一个", ""), Err(store::terms::Failure::Refusal(_))));
    assert!(db.write_blocking(move |tx| store::view::remove(tx, zhou, &id)).unwrap());
    save(zhou, "再一个", "").unwrap();
});

on_both!(an_inbox_is_paged_and_counts_what_is_new, |db| {
    let stage = Stage::set(&db);
    let id = stage.in_hand();
    let boxes = notice::boxes(&stage.zhou);
    let now = at("2018-04-20 10:00");
    db.write_blocking(move |tx| {
        (0..12i64).try_for_each(|i| {
            notice::insert(
                tx,
                notice::Letterbox::Role(domain::role::Role::Office),
                Some(id),
                "answered",
                "",
                now.plus(i),
            )
        })
    })
    .unwrap();
    let (first, second, new) = db
        .read_blocking(move |tx| {
            let first = notice::list(tx, &boxes, "", 7)?;
            let second = notice::list(tx, &boxes, &first.last().unwrap().id, 7)?;
            Ok::<_, store::Error>((first, second, notice::count_new(tx, &boxes, now.plus(3))?))
        })
        .unwrap();
    let mut at: Vec<i64> = first.iter().chain(&second).map(|it| it.at.0 - now.0).collect();
    assert_eq!((first.len(), second.len(), new), (7, 5, 8));
    at.reverse();
    assert_eq!(at, (0..12).collect::<Vec<_>>());
    assert!(first.iter().all(|it| it.title == "夜间停水"));
});

on_both!(who_takes_over_finds_everything_that_lay_with_the_other, |db| {
    let stage = Stage::set(&db);
    let q = stage.in_hand();
    let (he, wang, zhou) = (stage.he.person().unwrap(), stage.wang.person().unwrap(), stage.zhou.person().unwrap());
    let actor = |id, when: &str| {
        let now = at(when);
        db.read_blocking(move |tx| {
            let person = store::person::find(tx, id)?.unwrap();
            store::person::actor(tx, &person, now)
        })
        .unwrap()
    };
    let leave = |id, heir, when: &str| {
        let now = at(when);
        db.write_blocking(move |tx| store::person::leave(tx, id, heir, now)).unwrap();
    };
    let sees = |who: &Actor| {
        let parties = access::parties(who, &stage.find(q).problem, &|unit| vec![unit]);
        parties.contains(&access::Party::Officer)
    };
    assert!(sees(&stage.he) && !sees(&actor(zhou, "2018-04-17 09:00")));
    leave(he, wang, "2018-04-17 09:00");
    assert!(sees(&actor(wang, "2018-04-17 09:01")), "what the officer reported is his heir's to see");
    let boxes = notice::boxes(&actor(wang, "2018-04-17 09:01"));
    assert!(boxes.contains(&notice::Letterbox::Person(he)));
    // The heir leaves too: both inheritances pass on, and nothing stays behind.
    leave(wang, zhou, "2018-05-17 09:00");
    let heir = actor(zhou, "2018-06-17 09:00");
    assert!(sees(&heir) && access::is_handler(&heir, &stage.find(q).problem));
    assert_eq!(db.read_blocking(|tx| store::person::list_deputies(tx, at("2018-06-17 09:00"))).unwrap().len(), 0);
});

on_both!(hits_kept_from_a_unit_do_not_shorten_its_page, |db| {
    let stage = Stage::set(&db);
    let to_economy = |id, when: &str| {
        let dispatch = Command::Dispatch { lead: Some(stage.economy), supports: vec![] };
        stage.act(&stage.zhou, id, dispatch, when).unwrap();
    };
    let (early, later) = (at("2018-04-12 09:00"), at("2018-04-13 10:00"));
    let told = stage.file(stage.draft("泰和路停水", early), early).unwrap().0;
    to_economy(told.problem.id, "2018-04-16 09:00");
    // Nine newer ones are found by the shielded reporter's name alone.
    for _ in 0..9 {
        let id = stage.registered(later);
        let named = store::problem::Draft {
            reporter: Some(store::problem::Named::Known(stage.reporter)),
            shielded: true,
            ..stage.draft("泰和电子停水", later)
        };
        let shielded = stage.file(named, later).unwrap().0.problem.id;
        to_economy(id, "2018-04-16 09:00");
        to_economy(shielded, "2018-04-16 09:00");
    }
    let asked = Filter { text: "泰和".into(), ..Filter::default() };
    let lines = pages(&db, &stage, &access::scope(&stage.li), &asked, at("2018-04-16 10:00"));
    assert_eq!(lines.iter().map(|it| it.no).collect::<Vec<_>>(), [told.no]);
    let all = pages(&db, &stage, &access::scope(&stage.zhou), &asked, at("2018-04-16 10:00"));
    assert!(all.len() > 9, "who sees reporters finds them by name: {}", all.len());
});
