use crate::cast::{Cast, Desk};
use domain::command::{Answering, Command, EvidenceGiven, Order, PlannedStep, Ruling};
use domain::id::{PersonId, ProblemId};
use domain::light::Light;
use domain::problem::{Outcome, PauseReason, Satisfaction, StateName, Tier, Urgency, Verdict};
use domain::role::Actor;
use domain::time::{DAY_MS, Millis};
use server::house::House;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::terms::Failure;

const HOUR: i64 = 3_600_000;
/// The ways a problem may go; its index modulo this decides.
const WAYS: usize = 20;

struct One {
    id: ProblemId,
    revision: i64,
    state: StateName,
    lead: usize,
}

pub struct Run<'h> {
    house: &'h House,
    replies: Arc<Vec<String>>,
    now: Millis,
    all: Vec<One>,
    desks: Vec<Desk>,
    office: Arc<Actor>,
    supervision: Arc<Actor>,
    leader: PersonId,
    pub accepted: u64,
}

type Wish = (usize, Arc<Actor>, Command, String);

impl<'h> Run<'h> {
    /// All problems of the house, in the order of their numbers, on the day after the last of them was registered.
    pub fn begin(house: &'h House, cast: Cast, replies: Arc<Vec<String>>) -> Run<'h> {
        let now = server::now::now().plus(HOUR);
        let all = house
            .db
            .read_blocking(|tx| {
                let rows = tx.query("select id from problem order by no limit 100000", &[])?;
                let one = |row: &store::Row| {
                    Ok::<_, store::Error>(One { id: row.parse(0)?, revision: 1, state: StateName::Registered, lead: 0 })
                };
                rows.iter().map(one).collect::<Result<Vec<_>, _>>()
            })
            .unwrap();
        let Cast { desks, office, supervision, leader } = cast;
        Run { house, replies, now, all, desks, office, supervision, leader, accepted: 0 }
    }

    pub fn problems(&self) -> usize {
        self.all.len()
    }

    pub fn states(&self) -> BTreeMap<String, i64> {
        self.house
            .db
            .read_blocking(|tx| {
                let rows =
                    tx.query("select state, count(*) from problem group by state order by state limit 20", &[])?;
                rows.iter().map(|row| Ok::<_, store::Error>((row.string(0)?, row.int(1)?))).collect::<Result<_, _>>()
            })
            .unwrap()
    }

    /// Carries out one command for each problem that `wish` names, 200 in a transaction. All must be accepted.
    fn each(&mut self, wish: impl Fn(&Run, usize) -> Option<(Arc<Actor>, Command, String)>) {
        let wishes: Vec<Wish> = (0..self.all.len())
            .filter_map(|i| wish(self, i).map(|(actor, command, words)| (i, actor, command, words)))
            .collect();
        for chunk in wishes.chunks(200) {
            let (terms, now) = (self.house.terms.clone(), self.now);
            let chunk: Vec<(usize, ProblemId, Arc<Actor>, Order)> = chunk
                .iter()
                .map(|(i, actor, command, words)| {
                    let order = Order {
                        command: command.clone(),
                        words: words.clone(),
                        rest: "余下部分待上级批复。".into(),
                        seen: self.all[*i].revision,
                    };
                    (*i, self.all[*i].id, actor.clone(), order)
                })
                .collect();
            let done = self.house.db.write_blocking(move |tx| {
                let mut done = Vec::new();
                for (i, id, actor, order) in chunk {
                    let found = store::order::perform(tx, &terms, &actor, id, &order, now)
                        .map_err(|failure| (i, order.command.name().code(), failure))
                        .unwrap_or_else(|(i, command, failure)| {
                            panic!("message {i} (way {}): {command}: {failure}", i % WAYS)
                        });
                    done.push((i, found.problem.revision, found.problem.state.name()));
                }
                Ok::<_, Failure>(done)
            });
            for (i, revision, state) in done.unwrap() {
                (self.all[i].revision, self.all[i].state) = (revision, state);
                self.accepted += 1;
            }
        }
        self.now = self.now.plus(HOUR);
    }

    fn reply(&self, i: usize) -> String {
        self.replies[i % self.replies.len()].clone()
    }

    fn outcome(i: usize) -> Outcome {
        match i % WAYS {
            7 => Outcome::Partly,
            8 => Outcome::Explained,
            9 => Outcome::Planned,
            10 => Outcome::NotOurs,
            11 => Outcome::Duplicate,
            _ => Outcome::Solved,
        }
    }

    fn answer(&self, i: usize) -> Command {
        let outcome = Run::outcome(i);
        Command::Answer {
            answering: Answering {
                outcome: Some(outcome),
                date: (outcome == Outcome::Planned).then(|| self.now.day().plus(30)),
                // A unit can name only what it sees: ten before it lies one with the same lead unit.
                duplicate_of: (outcome == Outcome::Duplicate).then(|| self.all[i - 10].id),
                outside: if outcome == Outcome::NotOurs { "省电力公司".into() } else { String::new() },
                evidence: vec![EvidenceGiven { item: "整改后照片".into(), attachment: None }],
            },
        }
    }

    fn rating(verdict: Verdict) -> Command {
        let satisfaction = if verdict == Verdict::No { Satisfaction::Unsatisfied } else { Satisfaction::Satisfied };
        Command::Rate { verdict, satisfaction }
    }

    /// To noon of the next workday, so that every step is taken in office hours whatever the day of the run.
    fn next_day(&mut self) {
        let day = self.house.terms.calendar.next_workday(self.now.day());
        self.now = Millis::at(day, 10 * HOUR);
    }

    pub fn go(&mut self) {
        self.next_day();
        self.dispatching();
        self.in_hand();
        self.ending();
        self.afterwards();
        let (terms, now) = (self.house.terms.clone(), self.now.plus(DAY_MS));
        self.house
            .db
            .write_blocking(move |tx| {
                let _ = &terms;
                store::seal::seal_days(tx, now)
            })
            .unwrap();
    }

    fn dispatching(&mut self) {
        let categories = self.house.db.read_blocking(store::category::list).unwrap();
        let ordinary: Vec<_> = categories.iter().filter(|it| it.span.is_none()).map(|it| it.id).collect();
        self.each(|run, i| {
            let command = Command::Triage {
                category: Some(ordinary[i % ordinary.len()]),
                // One in 23 is the city's, one in 71 the committee's: the proportions of 2018 (`facts.md` §1.1).
                tier: match i {
                    _ if i % 23 == 0 => Tier::Above,
                    _ if i % 71 == 1 => Tier::Committee,
                    _ => Tier::Unit,
                },
                urgency: Urgency::Ordinary,
            };
            Some((run.office.clone(), command, String::new()))
        });
        self.each(|run, i| match i % WAYS {
            // Into the one before it, which stays in hand.
            17 => Some((run.office.clone(), Command::Merge { into: run.all[i - 1].id }, "同一件事".into())),
            18 => Some((run.office.clone(), Command::Refuse, "已进入诉讼程序".into())),
            19 => Some((run.office.clone(), Command::Withdraw, "反映人来电撤回".into())),
            _ => None,
        });
        for i in 0..self.all.len() {
            self.all[i].lead = i % self.desks.len();
        }
        self.each(|run, i| {
            let supports =
                if i % 3 == 0 { vec![run.desks[(run.all[i].lead + 1) % run.desks.len()].unit] } else { vec![] };
            let lead = Some(run.desks[run.all[i].lead].unit);
            (i % WAYS < 17).then(|| (run.office.clone(), Command::Dispatch { lead, supports }, "请按期办理".into()))
        });
        self.each(|run, i| {
            matches!(i % WAYS, 1 | 2)
                .then(|| (run.desks[run.all[i].lead].head.clone(), Command::Dispute, "不属我单位职责".into()))
        });
        let last = self.desks.len() - 1;
        self.each(|run, i| match i % WAYS {
            1 => {
                Some((run.office.clone(), Command::Rule { ruling: Ruling::Keep, unit: None }, "职责明确，维持".into()))
            }
            2 => {
                let to = run.desks[(run.all[i].lead + 2) % (last + 1)].unit;
                Some((
                    run.office.clone(),
                    Command::Rule { ruling: Ruling::To(to), unit: None },
                    "改由该单位主办".into(),
                ))
            }
            _ => None,
        });
        for i in (2..self.all.len()).step_by(WAYS) {
            self.all[i].lead = (self.all[i].lead + 2) % (last + 1);
        }
    }

    fn in_hand(&mut self) {
        self.each(|run, i| {
            (i % WAYS < 17).then(|| (run.desks[run.all[i].lead].clerk.clone(), Command::Receive, String::new()))
        });
        self.next_day();
        self.each(|run, i| {
            let head = run.desks[run.all[i].lead].head.clone();
            match i % WAYS {
                3 | 4 => Some((head, Command::AskExtension { until: run.now.day().plus(40) }, "需要现场勘察".into())),
                5 => Some((head, Command::AskPause { reason: Some(PauseReason::Papers) }, "等反映人补图纸".into())),
                6 => {
                    let step = PlannedStep { what: "完成勘察".into(), due: run.now.day().plus(60) };
                    Some((
                        run.supervision.clone(),
                        Command::Board { leader: Some(run.leader), milestones: vec![step] },
                        String::new(),
                    ))
                }
                _ => None,
            }
        });
        self.each(|run, i| match i % WAYS {
            3 | 4 => Some((run.office.clone(), Command::DecideExtension { grant: i % WAYS == 3 }, "已核".into())),
            5 => Some((run.office.clone(), Command::DecidePause { grant: true }, String::new())),
            _ => None,
        });
        self.next_day();
        self.each(|run, i| match i % WAYS {
            5 => Some((run.office.clone(), Command::Resume, String::new())),
            // Way 2 may have lost its supporting unit to the ruling.
            2 => None,
            way if way < 17 && i % 3 == 0 => {
                let support = &run.desks[(run.all[i].lead + 1) % run.desks.len()];
                Some((support.clerk.clone(), Command::Support { evidence: vec![] }, "我单位已配合".into()))
            }
            _ => None,
        });
        assert!(self.would_refuse(0, Command::Slip { light: Light::Red }), "a red slip on a problem in time");
    }

    fn would_refuse(&self, i: usize, command: Command) -> bool {
        let (terms, now, id, actor) = (self.house.terms.clone(), self.now, self.all[i].id, self.supervision.clone());
        let order = Order { command, words: String::new(), rest: String::new(), seen: self.all[i].revision };
        // Rolled back in any case: only the answer matters.
        let tried = self.house.db.write_blocking(move |tx| -> Result<(), Failure> {
            store::order::perform(tx, &terms, &actor, id, &order, now)?;
            Err(Failure::Store(store::Error::Panicked))
        });
        matches!(tried, Err(Failure::Refusal(_)))
    }

    fn ending(&mut self) {
        // Way 16 stays in hand: way 17 was merged into it.
        self.each(|run, i| {
            (i % WAYS < 16).then(|| (run.desks[run.all[i].lead].clerk.clone(), run.answer(i), run.reply(i)))
        });
        let parked = |i: usize| matches!(i % WAYS, 9 | 11);
        self.each(|run, i| {
            (i % WAYS < 16 && !parked(i))
                .then(|| (run.desks[run.all[i].lead].clerk.clone(), Command::Apply, String::new()))
        });
        self.next_day();
        self.each(|run, i| (i % WAYS < 16).then(|| (run.supervision.clone(), Command::Verify, "现场看过".into())));
        self.each(|run, i| {
            (i % WAYS == 12).then(|| (run.office.clone(), Command::Contact { reached: false }, "无人接听".into()))
        });
        self.next_day();
        self.each(|run, i| {
            (i % WAYS == 12).then(|| (run.office.clone(), Command::Contact { reached: false }, "无人接听".into()))
        });
        self.each(|run, i| match i % WAYS {
            7 => Some((run.office.clone(), Run::rating(Verdict::Partly), "还行".into())),
            8 | 13 => Some((run.office.clone(), Run::rating(Verdict::No), "不满意".into())),
            9 | 11 | 12 => None,
            way if way < 16 => Some((run.office.clone(), Run::rating(Verdict::Yes), "满意".into())),
            _ => None,
        });
        self.each(|run, i| match i % WAYS {
            6 => Some((run.supervision.clone(), Command::Sign, "同意销号".into())),
            8 => Some((run.supervision.clone(), Command::Sign, "受用地法规所限".into())),
            13 => Some((run.office.clone(), Command::Redo, "反映人不认可".into())),
            _ => None,
        });
        self.each(|run, i| {
            (i % WAYS == 13).then(|| (run.desks[run.all[i].lead].clerk.clone(), run.answer(i), run.reply(i + 1)))
        });
        self.each(|run, i| {
            (i % WAYS == 13).then(|| (run.desks[run.all[i].lead].clerk.clone(), Command::Apply, String::new()))
        });
        self.each(|run, i| (i % WAYS == 13).then(|| (run.supervision.clone(), Command::Verify, String::new())));
        self.each(|run, i| (i % WAYS == 13).then(|| (run.office.clone(), Run::rating(Verdict::Yes), String::new())));
        for _ in 0..7 {
            self.next_day();
        }
        self.each(|run, i| (i % WAYS < 16 && !parked(i)).then(|| (run.office.clone(), Command::Close, String::new())));
    }

    fn afterwards(&mut self) {
        self.next_day();
        self.each(|run, i| match i % WAYS {
            14 => Some((run.office.clone(), Command::Reopen, "又停水了".into())),
            15 => Some((run.supervision.clone(), Command::Relapse, "抽查发现反弹".into())),
            _ => None,
        });
        // The planned ones are past their date when the ticker looks: they wake by themselves, once.
        self.now = self.now.plus(45 * DAY_MS);
        let ready = self
            .house
            .db
            .read_blocking({
                let now = self.now;
                move |tx| store::ticker::ready(tx, now, 100_000)
            })
            .unwrap();
        assert!(ready.len() > self.all.len() / WAYS, "{} are ready", ready.len());
        for chunk in ready.chunks(200) {
            let (terms, now, chunk) = (self.house.terms.clone(), self.now, chunk.to_vec());
            self.house
                .db
                .write_blocking(move |tx| {
                    chunk.into_iter().try_for_each(|id| store::ticker::visit(tx, &terms, id, now).map(|_| ()))
                })
                .unwrap();
        }
    }

    pub fn outcomes_are_as_driven(&self) {
        for (i, one) in self.all.iter().enumerate() {
            let wanted = match i % WAYS {
                // Planned when its driver left it; the ticker has woken it since.
                9 => StateName::Planned,
                11 | 17 => StateName::Merged,
                14..=16 => StateName::InHand,
                18 => StateName::Refused,
                19 => StateName::Withdrawn,
                _ => StateName::Closed,
            };
            assert_eq!(one.state, wanted, "message {i}, way {}", i % WAYS);
        }
    }
}
