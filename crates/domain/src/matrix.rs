//! The whole table state × command × role, computed by asking the rules themselves: `scenarios/loop_matrix.csv` is
//! compared with it by a test and by `cargo xtask scenarios`.
//!
//! Nothing here is written down twice: a cell is what `admit` and `decide` answer to somebody who is a party, the state
//! after is where an accepted order leads, and the guards are the refusals on the way to an order without fault.

use crate::access;
use crate::calendar::Calendar;
use crate::command::CommandName;
use crate::course::{Change, Scene, decide};
use crate::light::Light;
use crate::problem::{Problem, State, StateName, closed_list};
use crate::refusal::Refusal;
use crate::rules::Rules;
use attempt::Attempt;
use serde::{Deserialize, Serialize};

mod attempt;
mod sample;

pub use sample::{actor, problem_at};

closed_list! {
    /// The roles of the table: parties to the problem; `support` is the head of the supporting unit.
    Column {
        Office "office" "走访办" "office", Supervision "supervision" "督查室" "supervision",
        LeadClerk "lead_clerk" "主办承办人" "lead clerk", LeadHead "lead_head" "主办负责人" "lead head",
        Support "support" "协办负责人" "support unit", Officer "officer" "走访干部" "officer",
        Reporter "reporter" "反映人" "reporter", Leader "leader" "领导" "leader", System "system" "系统" "system",
    }
}

/// Where the cell of an accepted command says so.
pub const ALLOWED: &str = "allowed";

/// One state and command: what each role is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub state: StateName,
    pub command: CommandName,
    /// In the order of [`Column::ALL`]: `allowed`, or the code of the refusal.
    pub cells: Vec<&'static str>,
    /// Empty where nobody may.
    pub after: String,
    pub guards: Vec<&'static str>,
}

impl Row {
    pub fn header() -> Vec<String> {
        let columns = Column::ALL.iter().map(|it| it.code());
        let all =
            ["state", "command"].into_iter().chain(columns).chain(["state_after", "guards_that_may_still_refuse"]);
        all.map(str::to_owned).collect()
    }

    /// The cells as `loop_matrix.csv` writes them.
    pub fn texts(&self) -> Vec<String> {
        let mut texts = vec![state_text(self.state), self.command.code().to_owned()];
        texts.extend(self.cells.iter().map(|it| (*it).to_owned()));
        texts.extend([self.after.clone(), self.guards.join(" ")]);
        texts
    }
}

/// Every state with every command, in the order of the CSV; recall and assign after the 38 of the page.
pub fn rows() -> Vec<Row> {
    let bench = Bench { calendar: Calendar::shipped(), rules: Rules::default() };
    let pairs = StateName::ALL.iter().flat_map(|state| CommandName::ALL.iter().map(move |command| (*state, *command)));
    pairs.map(|(state, command)| bench.row(state, command)).collect()
}

/// The row as the CSV has it, or how it differs.
pub fn check_row(rows: &[Row], texts: &[String]) -> Result<(), String> {
    let (Some(state), Some(command)) = (texts.first(), texts.get(1)) else { return Err("an empty row".into()) };
    let found = rows.iter().map(Row::texts).find(|it| it[0] == *state && it[1] == *command);
    let ours = found.ok_or_else(|| format!("{state} × {command} is not known"))?;
    let header = Row::header();
    let differ = header.iter().zip(&ours).enumerate().filter(|(i, (_, ours))| texts.get(*i) != Some(ours));
    let told: Vec<String> = differ
        .map(|(i, (name, ours))| format!("{name} is {ours:?}, not {:?}", texts.get(i).map_or("", String::as_str)))
        .collect();
    if told.is_empty() { Ok(()) } else { Err(format!("{state} × {command}: {}", told.join("; "))) }
}

struct Bench {
    calendar: Calendar,
    rules: Rules,
}

impl Bench {
    fn row(&self, state: StateName, command: CommandName) -> Row {
        let attempts = attempt::attempts(command);
        let best = attempts.last();
        let tried: Vec<Result<Change, Refusal>> =
            Column::ALL.iter().filter_map(|by| Some(self.run(best?, state, *by))).collect();
        let cells: Vec<&'static str> =
            tried.iter().map(|it| it.as_ref().map_or_else(|why| why.code(), |_| ALLOWED)).collect();
        let allowed = cells.contains(&ALLOWED);
        let after = if allowed { self.after(state, command, &tried) } else { String::new() };
        let guards = if allowed { self.guards(state, &attempts) } else { vec![] };
        Row { state, command, cells, after, guards }
    }

    /// Where it leads, and in brackets for whom or for which outcome elsewhere.
    fn after(&self, state: StateName, command: CommandName, tried: &[Result<Change, Refusal>]) -> String {
        let text = |change: &Change| {
            let to = change.after.state.name();
            if to == state { "same".to_owned() } else { state_text(to) }
        };
        let mut accepted = Column::ALL.iter().zip(tried).filter_map(|(by, it)| Some((by, it.as_ref().ok()?)));
        let Some((_, first)) = accepted.next() else { return String::new() };
        let main = text(first);
        let mut others: Vec<String> =
            accepted.filter(|(_, it)| text(it) != main).map(|(by, it)| format!("{}: {}", by.en(), text(it))).collect();
        for (name, attempt) in attempt::variants(command) {
            if let Some(change) = Column::ALL.iter().find_map(|by| self.run(&attempt, state, *by).ok()) {
                others.push(format!("{name}: {}", text(&change)));
            }
        }
        if let State::Merged { closing: Some(_), .. } = first.after.state {
            others.push("its own close".to_owned());
        }
        if others.is_empty() { main } else { format!("{main} ({})", others.join("; ")) }
    }

    /// Begins with everything wrong and mends one thing at a time: the refusals on the way, in the order in which
    /// they are asked.
    fn guards(&self, state: StateName, attempts: &[Attempt]) -> Vec<&'static str> {
        let mut found = Vec::new();
        for attempt in attempts {
            let code = self.first_answer(attempt, attempt.state.unwrap_or(state)).err().map(|why| why.code());
            found.extend(code.filter(|code| !found.contains(code)));
        }
        found
    }

    /// As the first role that is let through; its own, where the attempt names one.
    fn first_answer(&self, attempt: &Attempt, state: StateName) -> Result<(), Refusal> {
        let columns: Vec<Column> = attempt.by.map_or_else(|| Column::ALL.to_vec(), |by| vec![by]);
        let mut answer = Err(Refusal::NotFound);
        for by in columns {
            let (p, parties) = (attempt.problem(state), self.parties(attempt, state, by));
            answer = self.run(attempt, state, by).map(|_| ());
            if access::admit(&parties, &p, attempt.command.name(), p.revision).is_ok() {
                break;
            }
        }
        answer
    }

    fn parties(&self, attempt: &Attempt, state: StateName, by: Column) -> Vec<access::Party> {
        access::parties(&actor(by), &attempt.problem(state), &|_| vec![])
    }

    fn run(&self, attempt: &Attempt, state: StateName, by: Column) -> Result<Change, Refusal> {
        let (p, actor, parties): (Problem, _, _) =
            (attempt.problem(state), actor(by), self.parties(attempt, state, by));
        let (calendar, rules, facts) = (&self.calendar, &self.rules, &attempt.facts);
        decide(
            &p,
            &attempt.order(&p),
            &Scene { actor: &actor, parties: &parties, now: attempt.now, calendar, rules, facts },
        )
    }
}

fn state_text(state: StateName) -> String {
    format!("{state:?}")
}

/// The slip of the table: any that is not above the light.
const SLIP: Light = Light::Blue;
