//! The ask as a mixed-integer programme.
//!
//! `x[p,s,d]` is a visit, `y[p,d]` a person-day. First the visits are made as few as can be, then, with no more visits
//! than that, the person-days.

use crate::{Ask, Calendar, Joint, Need, Visit, When};
use domain::time::Day;
use microlp::ComparisonOp::{Eq, Ge, Le};
use microlp::{Error, OptimizationDirection, Problem, SolutionStatus, SolveOptions, SolveOutcome, Variable};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub enum Solved {
    Found(Calendar),
    Impossible,
    OutOfTime,
}

/// Where the objective lies.
#[derive(Clone, Copy, PartialEq)]
enum Aim {
    SiteDays,
    /// With at most so many site-days.
    PersonDays(usize),
}

struct Model<'a> {
    ask: &'a Ask,
    problem: Problem,
    visits: BTreeMap<Visit, Variable>,
    /// Who is the one of the needs with this number.
    ones: BTreeMap<usize, BTreeMap<usize, Variable>>,
}

impl<'a> Model<'a> {
    fn new(ask: &'a Ask, aim: Aim) -> Model<'a> {
        let problem = Problem::new(OptimizationDirection::Minimize);
        let mut model = Model { ask, problem, visits: BTreeMap::new(), ones: BTreeMap::new() };
        let (visit_cost, day_cost) = if aim == Aim::SiteDays { (1.0, 0.0) } else { (0.0, 1.0) };
        model.add_visits(visit_cost);
        model.add_person_days(day_cost);
        for need in &ask.needs {
            model.add_need(need);
        }
        for joint in &ask.joints {
            model.add_joint(joint);
        }
        if let Aim::PersonDays(most) = aim {
            let all: Vec<(Variable, f64)> = model.visits.values().map(|it| (*it, 1.0)).collect();
            model.problem.add_constraint(&all, Le, most as f64);
        }
        model
    }

    /// A visit that serves no need is in no best calendar, so only those that can serve one are variables.
    fn add_visits(&mut self, cost: f64) {
        let ask = self.ask;
        for (s, site) in ask.sites.iter().enumerate() {
            for (d, day) in ask.days.iter().enumerate() {
                for &p in &site.roster {
                    let person = &ask.persons[p];
                    if !person.away.contains(day) && serves(ask, s, *day, &person.posts) {
                        let visit = Visit { day: d, site: s, person: p };
                        self.visits.insert(visit, self.problem.add_binary_var(cost));
                    }
                }
            }
        }
    }

    fn add_person_days(&mut self, cost: f64) {
        let ask = self.ask;
        for p in 0..ask.persons.len() {
            for d in 0..ask.days.len() {
                let here: Vec<(usize, Variable)> = (0..ask.sites.len())
                    .filter_map(|s| Some((s, *self.visits.get(&Visit { day: d, site: s, person: p })?)))
                    .collect();
                if here.is_empty() {
                    continue;
                }
                let day = self.problem.add_binary_var(cost);
                // Each visit makes it a day out: tighter than the sum alone.
                for (_, visit) in &here {
                    self.problem.add_constraint([(*visit, 1.0), (day, -1.0)], Le, 0.0);
                }
                if here.len() > ask.most_sites {
                    let mut sum: Vec<(Variable, f64)> = here.iter().map(|(_, it)| (*it, 1.0)).collect();
                    sum.push((day, -(ask.most_sites as f64)));
                    self.problem.add_constraint(&sum, Le, 0.0);
                }
                for (a, b) in &ask.far {
                    let of = |site: &usize| here.iter().find(|(s, _)| s == site).map(|(_, it)| *it);
                    if let (Some(a), Some(b)) = (of(a), of(b)) {
                        self.problem.add_constraint([(a, 1.0), (b, 1.0)], Le, 1.0);
                    }
                }
            }
        }
    }

    /// The visits by which somebody who holds the post is at one of the sites on the day.
    fn serving(&self, sites: &[usize], post: &str, day: Day) -> Vec<(usize, Variable)> {
        let Some(d) = self.ask.days.iter().position(|it| *it == day) else { return vec![] };
        let rosters = sites.iter().flat_map(|site| self.ask.sites[*site].roster.iter().map(move |p| (*site, *p)));
        rosters
            .filter(|(_, p)| self.ask.persons[*p].posts.iter().any(|it| it == post))
            .filter_map(|(site, person)| Some((person, *self.visits.get(&Visit { day: d, site, person })?)))
            .collect()
    }

    /// A day that belongs to one site leaves no visit to another.
    fn add_alone(&mut self, need: &Need) {
        let ask = self.ask;
        for (d, _) in ask.days.iter().enumerate().filter(|(_, day)| need.wants(**day)) {
            for person in (0..ask.persons.len()).filter(|it| ask.persons[*it].posts.contains(&need.post)) {
                let Some(own) = self.visits.get(&Visit { day: d, site: need.site, person }) else { continue };
                let others = (0..ask.sites.len()).filter(|site| !need.is_served_at(*site));
                for site in others {
                    if let Some(other) = self.visits.get(&Visit { day: d, site, person }) {
                        self.problem.add_constraint([(*own, 1.0), (*other, 1.0)], Le, 1.0);
                    }
                }
            }
        }
    }

    fn add_need(&mut self, need: &Need) {
        if need.asks_for_nothing() {
            return;
        }
        let (When::Some { window: days, .. } | When::Each(days)) = &need.when;
        let sites: Vec<usize> = (0..self.ask.sites.len()).filter(|it| need.is_served_at(*it)).collect();
        let by_day: Vec<Vec<(usize, Variable)>> =
            days.iter().map(|day| self.serving(&sites, &need.post, *day)).collect();
        if need.alone {
            self.add_alone(need);
        }
        if let Some(number) = need.one_person {
            return self.add_one_person(need, number, &by_day);
        }
        match &need.when {
            When::Each(_) => {
                for here in &by_day {
                    let sum: Vec<(Variable, f64)> = here.iter().map(|(_, it)| (*it, 1.0)).collect();
                    self.at_least(&sum, 1.0);
                }
            }
            When::Some { n, .. } => {
                let mut served = Vec::new();
                for here in by_day.iter().filter(|it| !it.is_empty()) {
                    let visits = here.iter().map(|(_, it)| (*it, 1.0)).collect();
                    served.push((self.any_of(visits), 1.0));
                }
                self.at_least(&served, *n as f64);
            }
        }
    }

    /// One of those who hold the post is the one; the days are counted of him alone.
    fn add_one_person(&mut self, need: &Need, number: usize, by_day: &[Vec<(usize, Variable)>]) {
        for (p, one) in self.ones_of(number, by_day) {
            let of = |here: &Vec<(usize, Variable)>| -> Vec<(Variable, f64)> {
                here.iter().filter(|(who, _)| *who == p).map(|(_, it)| (*it, 1.0)).collect()
            };
            match &need.when {
                When::Some { n, .. } => {
                    let mut served: Vec<(Variable, f64)> = Vec::new();
                    for visits in by_day.iter().map(of).filter(|it| !it.is_empty()) {
                        served.push((self.any_of(visits), 1.0));
                    }
                    served.push((one, -(*n as f64)));
                    self.problem.add_constraint(&served, Ge, 0.0);
                }
                When::Each(_) => {
                    for here in by_day {
                        let sum: Vec<(Variable, f64)> = of(here).into_iter().chain([(one, -1.0)]).collect();
                        self.problem.add_constraint(&sum, Ge, 0.0);
                    }
                }
            }
        }
    }

    /// Who can be the one, each with its variable: whoever serves the first need of the number.
    fn ones_of(&mut self, number: usize, by_day: &[Vec<(usize, Variable)>]) -> BTreeMap<usize, Variable> {
        if let Some(known) = self.ones.get(&number) {
            return known.clone();
        }
        let all: BTreeSet<usize> = by_day.iter().flatten().map(|(p, _)| *p).collect();
        let ones: BTreeMap<usize, Variable> = all.into_iter().map(|p| (p, self.problem.add_binary_var(0.0))).collect();
        if ones.is_empty() {
            self.never();
        } else {
            let sum: Vec<(Variable, f64)> = ones.values().map(|it| (*it, 1.0)).collect();
            self.problem.add_constraint(&sum, Eq, 1.0);
        }
        self.ones.insert(number, ones.clone());
        ones
    }

    /// A variable that is 1 only where one of the visits is: several visits of one day serve it once.
    fn any_of(&mut self, visits: Vec<(Variable, f64)>) -> Variable {
        if let [(only, _)] = visits[..] {
            return only;
        }
        let day = self.problem.add_binary_var(0.0);
        let sum: Vec<(Variable, f64)> = visits.into_iter().chain([(day, -1.0)]).collect();
        self.problem.add_constraint(&sum, Ge, 0.0);
        day
    }

    /// On a day that counts every post is held by somebody there, and nobody holds two of them at once.
    fn add_joint(&mut self, joint: &Joint) {
        let mut served = Vec::new();
        for day in &joint.window {
            let by_post: Vec<Vec<(usize, Variable)>> =
                joint.posts.iter().map(|post| self.serving(&[joint.site], post, *day)).collect();
            if by_post.iter().any(Vec::is_empty) {
                continue;
            }
            let together = self.problem.add_binary_var(0.0);
            served.push((together, 1.0));
            let mut holds: BTreeMap<usize, Vec<(Variable, f64)>> = BTreeMap::new();
            for here in &by_post {
                let mut sum = vec![(together, -1.0)];
                for (p, visit) in here {
                    let held = self.problem.add_binary_var(0.0);
                    self.problem.add_constraint([(held, 1.0), (*visit, -1.0)], Le, 0.0);
                    sum.push((held, 1.0));
                    holds.entry(*p).or_default().push((held, 1.0));
                }
                self.problem.add_constraint(&sum, Ge, 0.0);
            }
            for held in holds.values().filter(|it| it.len() > 1) {
                self.problem.add_constraint(held, Le, 1.0);
            }
        }
        self.at_least(&served, joint.n as f64);
    }

    fn at_least(&mut self, sum: &[(Variable, f64)], n: f64) {
        if sum.is_empty() {
            if n > 0.0 {
                self.never();
            }
            return;
        }
        self.problem.add_constraint(sum, Ge, n);
    }

    /// Nobody can serve it: a variable that must be 1 and 0.
    fn never(&mut self) {
        let it = self.problem.add_binary_var(0.0);
        self.problem.add_constraint([(it, 1.0)], Ge, 1.0);
        self.problem.add_constraint([(it, 1.0)], Le, 0.0);
    }
}

/// Whether somebody with these posts serves any need at the site on the day.
fn serves(ask: &Ask, site: usize, day: Day, posts: &[String]) -> bool {
    // Not at the sites of `elsewhere`: who goes there goes for a need of theirs.
    let need = |it: &Need| it.site == site && posts.contains(&it.post) && it.wants(day);
    let joint =
        |it: &Joint| it.site == site && it.window.contains(&day) && it.posts.iter().any(|post| posts.contains(post));
    ask.needs.iter().any(need) || ask.joints.iter().any(joint)
}

struct Run {
    visits: Vec<Visit>,
    proven: bool,
    /// No solution is below this.
    bound: usize,
}

enum Ran {
    Done(Run),
    Impossible,
    OutOfTime,
}

fn run(ask: &Ask, aim: Aim, limit: Duration) -> Ran {
    let model = Model::new(ask, aim);
    if model.visits.is_empty() && ask.needs.is_empty() && ask.joints.is_empty() {
        return Ran::Done(Run { visits: vec![], proven: true, bound: 0 });
    }
    let mut options = SolveOptions::default();
    options.time_limit = Some(limit);
    match model.problem.solve_with(options) {
        Ok(SolveOutcome::Solution(solution)) => {
            let visits: Vec<Visit> =
                model.visits.iter().filter(|(_, it)| solution.var_value(**it) > 0.5).map(|(visit, _)| *visit).collect();
            let proven = solution.status() == SolutionStatus::Optimal;
            // A bound of 8.2 visits is one of 9.
            let bound = solution.stats().best_bound.map_or(0.0, |it| (it - 1e-6).ceil().max(0.0)) as usize;
            Ran::Done(Run { visits, proven, bound })
        }
        Ok(_) => Ran::OutOfTime,
        Err(Error::Infeasible) => Ran::Impossible,
        Err(_) => Ran::OutOfTime,
    }
}

fn person_days(visits: &[Visit]) -> usize {
    let mut days: Vec<(usize, usize)> = visits.iter().map(|it| (it.person, it.day)).collect();
    days.sort_unstable();
    days.dedup();
    days.len()
}

pub fn solve(ask: &Ask, limit: Duration) -> Solved {
    let first = match run(ask, Aim::SiteDays, limit.mul_f64(0.6)) {
        Ran::Done(run) => run,
        Ran::Impossible => return Solved::Impossible,
        Ran::OutOfTime => return Solved::OutOfTime,
    };
    let fewest = if first.proven { first.visits.len() } else { first.bound };
    let second = match run(ask, Aim::PersonDays(first.visits.len()), limit.mul_f64(0.4)) {
        Ran::Done(run) => Some(run),
        _ => None,
    };
    let best = |run: &Run| (run.visits.len(), person_days(&run.visits));
    let proven = first.proven && second.as_ref().is_some_and(|it| it.proven);
    let chosen = match second {
        Some(second) if best(&second) <= best(&first) => second.visits,
        _ => first.visits,
    };
    Solved::Found(Calendar { person_days: person_days(&chosen), visits: chosen, fewest_site_days: fewest, proven })
}

/// Whether any calendar meets the ask; nothing when time ran out.
pub fn is_possible(ask: &Ask, limit: Duration) -> Option<bool> {
    match run(ask, Aim::SiteDays, limit) {
        Ran::Done(_) => Some(true),
        Ran::Impossible => Some(false),
        Ran::OutOfTime => None,
    }
}
