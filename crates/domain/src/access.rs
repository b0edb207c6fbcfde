//! Sight and powers, all in this file: who sees which problem, and whose step each command is.
//!
//! The order of the checks and the cells are those of `scenarios/loop_matrix.csv`; a snapshot test prints the table.

use crate::command::CommandName;
use crate::id::{PersonId, ReporterId, UnitId};
use crate::problem::{Problem, StateName};
use crate::refusal::Refusal;
use crate::role::{Actor, Role};

/// How somebody stands to one problem. Several may hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Office,
    Supervision,
    Leader,
    LeadHead(UnitId),
    LeadClerk(UnitId),
    SupportHead(UnitId),
    SupportClerk(UnitId),
    Officer,
    Reporter,
    System,
}

/// Everything a list may show: no list function works without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Office, supervision, leader.
    All,
    /// What any of these may see: the units of a clerk or head, an officer's own reports, a reporter's own.
    Of { units: Vec<UnitId>, officers: Vec<PersonId>, reporter: Option<ReporterId> },
}

/// What `actor` may see in lists. Empty for those who have no business with problems (administrators, auditors).
pub fn scope(actor: &Actor) -> Scope {
    if matches!(actor, Actor::System) || actor.hats().iter().any(|hat| sees_all(hat.role)) {
        return Scope::All;
    }
    let mut units: Vec<UnitId> = Vec::new();
    let mut officers: Vec<PersonId> = Vec::new();
    for hat in actor.hats() {
        match hat.role {
            Role::Clerk | Role::Head if !units.contains(&hat.unit) => units.push(hat.unit),
            Role::Officer if !officers.contains(&hat.of) => officers.push(hat.of),
            _ => {}
        }
    }
    Scope::Of { units, officers, reporter: actor.reporter() }
}

fn sees_all(role: Role) -> bool {
    matches!(role, Role::Office | Role::Supervision | Role::Leader)
}

/// Who is named although the reporter asked to be shielded: office, supervision, leader, and himself (decision 12).
/// The visiting officer who wrote the report knows him already.
pub fn sees_reporter(problem: &Problem, parties: &[Party]) -> bool {
    !problem.shielded
        || parties.iter().any(|it| {
            matches!(
                it,
                Party::Office | Party::Supervision | Party::Leader | Party::Officer | Party::Reporter | Party::System
            )
        })
}

/// Internal notes, reasons between units, who else is involved: not for the reporter.
pub fn sees_internal(parties: &[Party]) -> bool {
    parties.iter().any(|it| *it != Party::Reporter)
}

/// As what `actor` is a party to `problem`; empty means that he does not see it. `above` gives, for a unit of the
/// case, that unit and all units above it, so that the head of a bureau sees what its divisions handle.
pub fn parties(actor: &Actor, problem: &Problem, above: &dyn Fn(UnitId) -> Vec<UnitId>) -> Vec<Party> {
    let mut found = Vec::new();
    if matches!(actor, Actor::System) {
        found.push(Party::System);
    }
    if problem.reporter.is_some() && problem.reporter == actor.reporter() {
        found.push(Party::Reporter);
    }
    let within = |part: UnitId, unit: UnitId| part == unit || above(part).contains(&unit);
    for hat in actor.hats() {
        match hat.role {
            Role::Office => found.push(Party::Office),
            Role::Supervision => found.push(Party::Supervision),
            Role::Leader => found.push(Party::Leader),
            Role::Officer if problem.officer == Some(hat.of) => found.push(Party::Officer),
            Role::Clerk | Role::Head => {
                let Some(case) = problem.state.case() else { continue };
                let head = hat.role == Role::Head;
                if within(case.lead.unit, hat.unit) {
                    let unit = case.lead.unit;
                    found.push(if head { Party::LeadHead(unit) } else { Party::LeadClerk(unit) });
                } else if let Some(part) = case.supports.iter().find(|part| within(part.unit, hat.unit)) {
                    found.push(if head { Party::SupportHead(part.unit) } else { Party::SupportClerk(part.unit) });
                }
            }
            _ => {}
        }
    }
    found
}

/// A handler never verifies, contacts for the silence rule, or records a rating (decision 3).
pub fn is_handler(actor: &Actor, problem: &Problem) -> bool {
    let Actor::Person { id, hats, .. } = actor else { return false };
    problem.handlers.contains(id)
        || hats.iter().any(|hat| {
            problem.handlers.contains(&hat.of) || hat.within.iter().any(|unit| problem.handling_units.contains(unit))
        })
}

/// Is `command` ever the step of this party? The refusal says what would be needed.
fn power(party: Party, command: CommandName) -> Result<(), Refusal> {
    use CommandName::*;
    let allowed = match party {
        Party::Office => matches!(
            command,
            Triage
                | Merge
                | Refuse
                | Dispatch
                | Shield
                | Withdraw
                | JoinCommon
                | Coordinate
                | Recategorise
                | Rule
                | Remind
                | DecideExtension
                | DecidePause
                | Resume
                | Raise
                | Board
                | Contact
                | Rate
                | Verify
                | Close
                | Redo
                | Wake
                | Reopen
                | FollowUp
                | Relapse
                | Recall
        ),
        Party::Supervision => matches!(command, Remind | Slip | Board | Contact | Verify | Sign | Redo | Relapse),
        Party::Leader => matches!(command, Coordinate | Instruct | Raise),
        Party::Officer => matches!(command, Shield | Contact | Rate | Verify | Reopen | FollowUp | Relapse),
        Party::Reporter => matches!(command, Shield | Withdraw | Rate | Reopen),
        Party::System => matches!(command, Remind | Resume | Wake),
        Party::LeadHead(_) => matches!(
            command,
            Receive
                | Note
                | Evidence
                | Milestone
                | Answer
                | Apply
                | Assign
                | Dispute
                | AskExtension
                | AskPause
                | Resume
        ),
        Party::LeadClerk(_) => match command {
            Dispute | AskExtension | AskPause | Resume => return Err(Refusal::NeedsUnitHead),
            _ => matches!(command, Receive | Note | Evidence | Milestone | Answer | Apply | Assign),
        },
        Party::SupportHead(_) | Party::SupportClerk(_) => match command {
            AskExtension | AskPause | Resume | Milestone | Answer | Apply => return Err(Refusal::LeadUnitOnly),
            Dispute if matches!(party, Party::SupportClerk(_)) => return Err(Refusal::NeedsUnitHead),
            _ => matches!(command, Receive | Note | Evidence | Support | Assign | Dispute),
        },
    };
    if allowed { Ok(()) } else { Err(Refusal::NotYourRole) }
}

/// Which commands a state knows at all, for some party.
pub fn possible(state: StateName, command: CommandName) -> bool {
    use CommandName::*;
    match state {
        StateName::Registered => {
            matches!(
                command,
                Triage | Merge | Refuse | Dispatch | Shield | Withdraw | JoinCommon | Coordinate | Instruct
            )
        }
        StateName::Dispatched => with_units(command) || matches!(command, Recall),
        StateName::InHand => {
            let own = matches!(
                command,
                Note | Evidence | Support | AskExtension | DecideExtension | AskPause | DecidePause | Resume
            );
            with_units(command) || own || matches!(command, Raise | Board | Milestone | Answer)
        }
        StateName::Answered => {
            matches!(
                command,
                Shield | Withdraw | Instruct | Evidence | Apply | Contact | Rate | Verify | Sign | Close | Redo
            )
        }
        StateName::Planned => matches!(command, Shield | Withdraw | Instruct | Rate | Wake),
        StateName::Closed => matches!(command, Rate | Reopen | FollowUp | Relapse),
        StateName::Merged => matches!(command, Contact | Rate | Close),
        StateName::Refused | StateName::Withdrawn => false,
    }
}

/// What can be done as long as the units have not answered.
fn with_units(command: CommandName) -> bool {
    use CommandName::*;
    let about_it = matches!(command, Shield | Withdraw | JoinCommon | Coordinate | Instruct | Recategorise);
    about_it || matches!(command, Receive | Dispute | Rule | Remind | Slip | Assign)
}

/// `possible`, for one party: receiving and disputing while in hand concern a supporting unit's share only.
fn possible_for(party: Party, state: StateName, command: CommandName) -> bool {
    let lead = matches!(party, Party::LeadHead(_) | Party::LeadClerk(_));
    possible(state, command)
        && !(lead && state == StateName::InHand && matches!(command, CommandName::Receive | CommandName::Dispute))
}

/// What these parties could do now, guards aside: the buttons of the page, and what a wrong-state refusal names.
pub fn steps(parties: &[Party], state: StateName) -> Vec<CommandName> {
    CommandName::ALL
        .iter()
        .copied()
        .filter(|name| parties.iter().any(|it| power(*it, *name).is_ok() && possible_for(*it, state, *name)))
        .collect()
}

/// Sees it, his step, revision, state: the checks before the guards, in the order of the matrix.
pub fn admit(parties: &[Party], problem: &Problem, command: CommandName, seen: i64) -> Result<Party, Refusal> {
    let Some(first) = parties.first() else { return Err(Refusal::NotFound) };
    let able: Vec<Party> = parties.iter().copied().filter(|it| power(*it, command).is_ok()).collect();
    if able.is_empty() {
        // Of several refusals the one that names what would be needed helps most.
        let all = parties.iter().filter_map(|it| power(*it, command).err());
        let most_telling = all.into_iter().find(|it| *it != Refusal::NotYourRole);
        return Err(most_telling.or(power(*first, command).err()).unwrap_or(Refusal::NotYourRole));
    }
    if seen != problem.revision {
        let last = &problem.last;
        return Err(Refusal::ChangedMeanwhile { by: last.by, at: last.at, event: last.event.clone() });
    }
    let state = problem.state.name();
    able.into_iter().find(|it| possible_for(*it, state, command)).ok_or_else(|| Refusal::WrongState {
        state,
        command,
        possible: steps(parties, state),
    })
}
