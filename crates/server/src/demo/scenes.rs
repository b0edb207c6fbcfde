//! What becomes of the problems: how many end how, and which days it takes.

use super::cast::Cast;
use super::days::Days;
use super::dice::Dice;
use super::plot::{Plot, Speaker};
use super::sayings;
use super::step::{Step, Who};
use super::texts::{Filled, Text, Texts};
use super::visits::{Call, End};
use domain::command::{Command, PlannedStep, Ruling};
use domain::id::ProblemId;
use domain::light::Light;
use domain::problem::{PauseReason, Tier};
use domain::subject::Kind;
use domain::time::Millis;
use std::collections::HashSet;

mod closed;
mod ended;
mod open;

/// Nobody reports more on one visit.
const MOST: usize = 12;
/// What a building site complains of.
const OF_SITES: [&str; 3] = ["交通物流", "项目审批", "环保安监"];

struct Stage<'a> {
    cast: &'a Cast,
    texts: &'a Texts,
    days: &'a Days,
    dice: &'a Dice,
    calls: &'a mut Vec<Call>,
    /// Nobody tells the same twice.
    told: HashSet<(Speaker, usize)>,
    steps: Vec<Step>,
    /// Stories so far.
    count: usize,
    in_hand: Vec<InHand>,
}

/// A problem still in hand: others may be merged into it.
struct InHand {
    id: ProblemId,
    number: usize,
    filled: Filled,
    speaker: Speaker,
    ago: usize,
    at: Millis,
}

/// The steps of `problems` stories besides the visits; what is heard there goes to the `calls`, which are in the order
/// of time.
pub fn all(cast: &Cast, texts: &Texts, days: &Days, dice: &Dice, calls: &mut Vec<Call>, problems: usize) -> Vec<Step> {
    let (told, steps, in_hand) = (HashSet::new(), vec![], vec![]);
    let mut stage = Stage { cast, texts, days, dice, calls, told, steps, count: 0, in_hand };
    ended::refused_and_withdrawn(&mut stage);
    open::all(&mut stage);
    ended::merged(&mut stage);
    let left = problems.saturating_sub(stage.count);
    closed::all(&mut stage, left);
    stage.steps
}

impl<'a> Stage<'a> {
    /// A new story that began that day, on a visit if there was one.
    fn begin(&mut self, ago: usize) -> Plot<'a> {
        self.begin_about(ago, |_| true)
    }

    /// As `begin`; `wanted` narrows the choice of texts and leaves some for everybody.
    fn begin_about(&mut self, ago: usize, wanted: impl Fn(&Text) -> bool) -> Plot<'a> {
        let fitting = self.free_calls(|call| call.ago == ago);
        let heard = (!fitting.is_empty() && self.dice.percent(75)).then(|| *self.dice.one(&fitting));
        self.tell(ago, heard, wanted)
    }

    /// A new story that began so many workdays ago or earlier.
    fn begin_before(&mut self, least: usize) -> Plot<'a> {
        let fitting = self.free_calls(|call| call.ago >= least);
        let heard = (!fitting.is_empty() && self.dice.percent(64)).then(|| *self.dice.one(&fitting));
        let ago = match heard {
            Some(call) => self.calls[call].ago,
            None => self.dice.between(least, self.days.last().saturating_sub(1)),
        };
        self.tell(ago, heard, |_| true)
    }

    fn free_calls(&self, wanted: impl Fn(&Call) -> bool) -> Vec<usize> {
        let free = |call: &Call| call.end == End::Recorded && call.reports.len() < MOST && wanted(call);
        (0..self.calls.len()).filter(|at| free(&self.calls[*at])).collect()
    }

    fn tell(&mut self, ago: usize, heard: Option<usize>, wanted: impl Fn(&Text) -> bool) -> Plot<'a> {
        let enterprises = self.cast.hosts.iter().take_while(|it| it.is_enterprise()).count();
        let speaker = match heard {
            Some(call) => Speaker::Host(self.calls[call].host),
            None if self.dice.percent(60) => Speaker::Host(self.dice.between(0, enterprises - 1)),
            None => Speaker::Resident(self.dice.between(0, self.cast.residents.len() - 1)),
        };
        let kind = match speaker {
            Speaker::Host(at) => Some(self.cast.hosts[at].kind),
            Speaker::Resident(_) => None,
        };
        let fits = |text: &Text| match kind {
            Some(Kind::Enterprise) => text.is_about_enterprises(),
            Some(Kind::Site) => text.is_about_enterprises() && OF_SITES.contains(&text.category),
            _ => !text.is_about_enterprises(),
        };
        let all = self.texts.texts.iter().enumerate();
        let fits = |text: &Text| fits(text) && wanted(text) && !(heard.is_some() && text.is_emergency());
        let fitting: Vec<usize> = all.filter(|(_, text)| fits(text)).map(|(number, _)| number).collect();
        let fresh: Vec<usize> =
            fitting.iter().copied().filter(|number| !self.told.contains(&(speaker, *number))).collect();
        let number = *self.dice.one(if fresh.is_empty() { &fitting } else { &fresh });
        let at = match heard {
            Some(call) => self.calls[call].at,
            None => self.days.moment(ago, self.dice.between(0, 900)),
        };
        let (name, place) = self.called(speaker);
        let filled = self.texts.texts[number].fill(name, place, self.dice);
        self.plot(number, filled, speaker, heard, at)
    }

    fn called(&self, speaker: Speaker) -> (&'a str, &'a str) {
        let cast: &'a Cast = self.cast;
        match speaker {
            Speaker::Host(at) => (&cast.hosts[at].short, &cast.hosts[at].place),
            Speaker::Resident(at) => (cast.residents[at].name, cast.residents[at].place),
        }
    }

    fn plot(&mut self, number: usize, filled: Filled, speaker: Speaker, heard: Option<usize>, at: Millis) -> Plot<'a> {
        let text = &self.texts.texts[number];
        let bench = |name: &str| self.cast.benches.iter().position(|it| it.name == name);
        self.told.insert((speaker, number));
        self.count += 1;
        Plot {
            cast: self.cast,
            days: self.days,
            dice: self.dice,
            id: ProblemId(store::ids::fresh(at)),
            number,
            text,
            filled,
            speaker,
            reporter: match speaker {
                Speaker::Host(at) => self.cast.hosts[at].reporter,
                Speaker::Resident(at) => self.cast.residents[at].reporter,
            },
            lead: bench(text.lead).unwrap_or(0),
            support: bench(text.support),
            heard: heard.map(|call| (call, self.calls[call].by)),
            at,
            steps: vec![],
            reported: None,
        }
    }

    /// The story is told: its steps are kept, and what was heard on a visit is its record's.
    fn keep(&mut self, mut plot: Plot<'a>) {
        self.steps.append(&mut plot.steps);
        if let (Some((call, _)), Some(reported)) = (plot.heard, plot.reported) {
            self.calls[call].reports.push(reported);
        }
    }
}

/// A board entry with its leader and two milestones, the first of them reported.
fn board(plot: &mut Plot<'_>, ago: usize) {
    let step = |what: &str, days: i64| PlannedStep { what: what.into(), due: plot.days.now.day().plus(days) };
    let milestones = vec![step("拿出方案并报领衔领导", 3), step("完成主要工作", 20)];
    let leader = plot.cast.leader.person();
    plot.on(ago).by(Who::Supervision, Command::Board { leader, milestones }, "久拖未决，挂牌督办，领导领衔。");
    plot.soon().by(Who::Office, Command::Raise { tier: Tier::Above }, "提请上级协调。");
    plot.soon().by(Who::Office, Command::Coordinate, "提请管委会专题协调。");
    plot.on(ago.saturating_sub(1)).clerk(Command::Milestone { number: 1 }, "方案已报领衔领导。");
    let words = *plot.dice.one(&sayings::INSTRUCTIONS);
    plot.soon().by(Who::Leader, Command::Instruct, words);
}

fn dispute(plot: &mut Plot<'_>) {
    let words = *plot.dice.one(&sayings::DISPUTES);
    plot.soon().head(Command::Dispute, words);
}

fn rule(plot: &mut Plot<'_>, ago: usize, ruling: Ruling) {
    plot.on(ago).by(Who::Office, Command::Rule { ruling, unit: None }, "经听取双方意见，裁定如上，为终局。");
}

fn slip(plot: &mut Plot<'_>, light: Light) {
    plot.on(0).by(Who::Supervision, Command::Slip { light }, "请三个工作日内书面说明办理情况。");
}

fn pause(plot: &mut Plot<'_>, ago: usize, granted: bool) {
    let reason = Some(*plot.dice.one(PauseReason::ALL));
    plot.on(ago).head(Command::AskPause { reason }, "须等待上述条件，申请暂停计时。");
    if granted {
        plot.on(ago.saturating_sub(1)).by(
            Who::Office,
            Command::DecidePause { grant: true },
            "同意，条件具备后立即恢复。",
        );
    }
}
