//! What a calendar must meet, and what it fails to meet, in words: site, post, person, days.

use super::load::Material;
use crate::lang::Lang;
use crate::stage_plan::sentence;
use domain::attendance::stretches::Stretches;
use domain::time::Day;
use planner::check::Unmet;
use planner::plans::post_name;
use planner::{Ask, When};

/// Names of those who can fill a post before the sentence only counts.
const NAMED: usize = 4;

pub struct Words<'a> {
    pub lang: Lang,
    pub material: &'a Material,
    pub ask: &'a Ask,
}

impl Words<'_> {
    fn day(&self, it: Day) -> String {
        sentence::day(self.lang, it, self.material.from.year())
    }

    fn days(&self, all: &[Day]) -> String {
        let days = Stretches::of_days(all.iter().copied());
        self.lang.of(days.zh(), days.en())
    }

    pub fn site(&self, site: usize) -> &str {
        self.material.place(self.ask, site).map_or("？", |it| it.name.as_str())
    }

    fn person(&self, person: usize) -> &str {
        self.material.name(self.ask, person)
    }

    /// Who can fill a post of the ask.
    fn holders(&self, post: &str) -> String {
        let lang = self.lang;
        let able: Vec<&str> = (0..self.ask.persons.len())
            .filter(|it| self.ask.persons[*it].posts.iter().any(|held| held == post))
            .map(|it| self.person(it))
            .collect();
        match able.len() {
            0 => lang.of("无人可担任".into(), "nobody can".into()),
            n if n > NAMED => {
                let few = able[..NAMED].join(lang.of("、", ", "));
                lang.of(format!("{few}等{n}人"), format!("{few} and {} more", n - NAMED))
            }
            _ => able.join(lang.of("、", ", ")),
        }
    }

    fn when(&self, it: &When) -> String {
        match it {
            When::Some { n, window } => self
                .lang
                .of(format!("至少{n}天，在{}", self.days(window)), format!("at least {n} of {}", self.days(window))),
            When::Each(days) => {
                self.lang.of(format!("每一天：{}", self.days(days)), format!("each of {}", self.days(days)))
            }
        }
    }

    /// 示例商务中心：技术负责人（吕工）至少2天，在2018-05-14至2018-05-18（共5天）
    pub fn need(&self, need: usize) -> String {
        let Some(it) = self.ask.needs.get(need) else { return String::new() };
        let (site, post, holders) = (self.site(it.site), post_name(&it.post), self.holders(&it.post));
        let one =
            if it.one_person.is_some() { self.lang.of("，须同一人", ", one and the same person") } else { "" };
        self.lang.of(
            format!("{site}：{post}（{holders}{one}）{}", self.when(&it.when)),
            format!("{site}: {post} ({holders}{one}), {}", self.when(&it.when)),
        )
    }

    pub fn joint(&self, joint: usize) -> String {
        let Some(it) = self.ask.joints.get(joint) else { return String::new() };
        let posts: Vec<&str> = it.posts.iter().map(|it| post_name(it)).collect();
        let (site, n, days) = (self.site(it.site), it.n, self.days(&it.window));
        self.lang.of(
            format!("{site}：{}同时到岗至少{n}天，在{days}", posts.join("和")),
            format!("{site}: {} together, at least {n} of {days}", posts.join(" and ")),
        )
    }

    pub fn unmet(&self, it: &Unmet) -> String {
        let lang = self.lang;
        match *it {
            Unmet::NotOnRoster { person, site } => lang.of(
                format!("{}不在{}的人员名单中", self.person(person), self.site(site)),
                format!("{} is not on the staff of {}", self.person(person), self.site(site)),
            ),
            Unmet::Away { person, day } => lang.of(
                format!("{}在{}请假", self.person(person), self.day(day)),
                format!("{} is on leave on {}", self.person(person), self.day(day)),
            ),
            Unmet::TooManySites { person, day, sites } => lang.of(
                format!("{}在{}有{sites}个工地，一天最多{}个", self.person(person), self.day(day), self.ask.most_sites),
                format!(
                    "{} has {sites} sites on {}; at most {} a day",
                    self.person(person),
                    self.day(day),
                    self.ask.most_sites
                ),
            ),
            Unmet::TooFar { person, day } => lang.of(
                format!("{}在{}的两个工地相距太远", self.person(person), self.day(day)),
                format!("{} travels too far on {}", self.person(person), self.day(day)),
            ),
            Unmet::Need(need) => {
                lang.of(format!("没有满足：{}", self.need(need)), format!("Not met: {}", self.need(need)))
            }
            Unmet::NotAlone { need, person, day } => {
                let site = self.ask.needs.get(need).map_or("？", |it| self.site(it.site));
                lang.of(
                    format!("{}在{}全天属于{site}，不能再去别的工地", self.person(person), self.day(day)),
                    format!(
                        "{} belongs to {site} all day on {} and cannot go elsewhere",
                        self.person(person),
                        self.day(day)
                    ),
                )
            }
            Unmet::Joint(joint) => {
                lang.of(format!("没有满足：{}", self.joint(joint)), format!("Not met: {}", self.joint(joint)))
            }
        }
    }
}
