//! What becomes of the 300: how many end how, and which days it takes.

use super::cast::Cast;
use super::days::Days;
use super::dice::Dice;
use super::plot::{Plot, Step, Who};
use super::texts::{self, Texts};
use domain::command::{Command, PlannedStep, Ruling};
use domain::id::ProblemId;
use domain::light::Light;
use domain::problem::{Outcome, PauseReason, Tier, Verdict};

mod open;

/// The case of 2018 had its round begin on this date; the seed has no other meaning.
const SEED: u64 = 20_180_413;

struct Stage<'a> {
    cast: &'a Cast,
    texts: &'a Texts,
    days: &'a Days,
    dice: &'a Dice,
    steps: Vec<Step>,
    /// Still in hand, with template and day of dispatch: others may be merged into them.
    in_hand: Vec<(ProblemId, usize, usize)>,
}

/// All steps in the order of time.
pub fn all(cast: &Cast, texts: &Texts, days: &Days) -> Vec<Step> {
    let dice = Dice::new(SEED);
    let mut stage = Stage { cast, texts, days, dice: &dice, steps: vec![], in_hand: vec![] };
    stage.closed();
    stage.ended();
    open::all(&mut stage);
    stage.merged();
    stage.steps.sort_by_key(|step| step.at);
    stage.steps
}

impl<'a> Stage<'a> {
    /// A new story about some template; `wanted` narrows the choice.
    fn begin(&mut self, ago: usize, wanted: impl Fn(usize) -> bool) -> Plot<'a> {
        let fitting: Vec<usize> = (0..self.texts.texts.len()).filter(|at| wanted(*at)).collect();
        let text = &self.texts.texts[*self.dice.one(&fitting)];
        // Enterprises come first among the reporters; residents report what is not about an enterprise.
        let enterprises = self.texts.reporters.iter().take_while(|(name, _)| name.chars().count() <= 6).count();
        let last = self.texts.reporters.len() - 1;
        let who = if text.is_about_enterprises() {
            self.dice.between(0, enterprises - 1)
        } else {
            self.dice.between(enterprises, last)
        };
        let bench = |name: &str| self.cast.benches.iter().position(|it| it.name == name);
        let (lead, support) = (bench(text.lead).unwrap_or(0), bench(text.support));
        let free: Vec<usize> = (0..self.cast.benches.len()).filter(|at| *at != lead && Some(*at) != support).collect();
        let officer = *self.dice.one(&free);
        let visited = self.dice.percent(65);
        let filled = text.fill(self.texts.reporters[who], self.dice);
        let at = self.days.moment(ago, self.dice.between(0, 900));
        Plot {
            cast: self.cast,
            days: self.days,
            dice: self.dice,
            id: ProblemId(store::ids::fresh(at)),
            text,
            filled,
            reporter: self.cast.reporters[who],
            lead,
            support,
            officer,
            visited,
            at,
            steps: vec![],
        }
    }

    fn closed(&mut self) {
        for number in 0..110 {
            let registered = self.dice.between(14, 38);
            let pace = self.dice.between(2, 8);
            let mut plot = self.begin(registered, |_| true);
            plot.register(number % 25 == 3).on(registered - 1).triage().soon().dispatch();
            plot.soon().receive().assist().on(registered - 2).note();
            plot.give_support();
            let day = (registered - 1).saturating_sub(pace).max(7);
            let outcome = match number {
                0..4 => Outcome::Explained,
                4..20 => Outcome::Partly,
                _ => Outcome::Solved,
            };
            plot.on(day).answer(outcome, None).soon().apply().on(day - 1).verify();
            match number {
                // "Not satisfied, yet lawful".
                0..4 => plot
                    .on(day - 2)
                    .rate(Verdict::No)
                    .on(day - 3)
                    .by(Who::Supervision, Command::Sign, "依法不能满足，解释到位。")
                    .soon()
                    .close(),
                // Two calls without an answer, then five workdays.
                20..26 => plot.contact(false).on(day - 2).contact(false).on((day - 2).saturating_sub(6)).close(),
                4..20 => plot.on(day - 2).rate(Verdict::Partly).soon().close(),
                _ => plot.on(day - 2).rate(Verdict::Yes).soon().close(),
            };
            if number % 9 == 8 && day > 4 {
                let who = plot.checker();
                plot.on(day - 4).by(who, Command::FollowUp, "后续跟踪：情况稳定，没有反弹。");
            }
            self.steps.append(&mut plot.steps);
        }
    }

    fn ended(&mut self) {
        for number in 0..8 {
            let ago = self.dice.between(2, 30);
            let mut plot = self.begin(ago, |_| true);
            plot.register(false).on(ago - 1).by(
                Who::Office,
                Command::Refuse,
                texts::REFUSALS[number % texts::REFUSALS.len()],
            );
            self.steps.append(&mut plot.steps);
        }
        for number in 0..6 {
            let ago = self.dice.between(3, 30);
            let mut plot = self.begin(ago, |_| true);
            plot.register(false);
            if number % 2 == 0 {
                plot.on(ago - 1).triage().soon().dispatch().soon().receive();
            }
            let who = Who::Reporter(plot.reporter);
            plot.on(ago - 2).by(who, Command::Withdraw, texts::WITHDRAWALS[number % texts::WITHDRAWALS.len()]);
            self.steps.append(&mut plot.steps);
        }
    }

    /// The same matter reported twice: into one that is in hand.
    fn merged(&mut self) {
        for number in 0..12 {
            let (into, lead, ago) = self.in_hand[number % self.in_hand.len()];
            let texts = self.texts;
            let unit = self.cast.benches[lead].name;
            let mut plot = self.begin(ago.saturating_sub(1), |at| texts.texts[at].lead == unit);
            plot.register(false).soon().by(Who::Office, Command::Merge { into }, "反映同一事项，并入一并办理。");
            self.steps.append(&mut plot.steps);
        }
        for _ in 0..2 {
            self.merged_and_closed();
        }
    }

    /// Each rates for himself: the one merged in has a closing of its own.
    fn merged_and_closed(&mut self) {
        let mut first = self.begin(9, |_| true);
        first.register(false).on(8).triage().soon().dispatch().soon().receive().assist();
        first
            .on(5)
            .give_support()
            .on(4)
            .answer(Outcome::Solved, None)
            .soon()
            .apply()
            .on(3)
            .verify()
            .on(2)
            .rate(Verdict::Yes);
        let into = first.id;
        let mut steps = std::mem::take(&mut first.steps);
        let mut second = self.begin(7, |_| true);
        second.register(false).soon().by(Who::Office, Command::Merge { into }, "反映同一事项，并入一并办理。");
        second.on(2).rate(Verdict::Yes).on(1).close();
        steps.append(&mut second.steps);
        self.steps.append(&mut steps);
    }
}

/// A board entry with its leader and two milestones, the first of them reported.
fn board(plot: &mut Plot<'_>, ago: usize) {
    let step = |what: &str, days: i64| PlannedStep { what: what.into(), due: plot.days.now.day().plus(days) };
    let milestones = vec![step("拿出方案并报领衔领导", 3), step("完成主要工作", 20)];
    let leader = plot.cast.leader.person();
    plot.on(ago).by(Who::Supervision, Command::Board { leader, milestones }, "久拖未决，挂牌督办，领导领衔。");
    plot.soon().by(Who::Office, Command::Raise { tier: Tier::Above }, "提请上级协调。");
    plot.on(ago.saturating_sub(1)).clerk(Command::Milestone { number: 1 }, "方案已报领衔领导。");
    let words = *plot.dice.one(&texts::INSTRUCTIONS);
    plot.soon().by(Who::Leader, Command::Instruct, words);
}

fn dispute(plot: &mut Plot<'_>) {
    let words = *plot.dice.one(&texts::DISPUTES);
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
