//! The invented texts as they stand in `demo/*.txt`, and how they are filled in.

use super::dice::Dice;

const TEXTS: &str = include_str!("../../demo/texts.txt");
const REPORTERS: &str = include_str!("../../demo/reporters.txt");
const PEOPLE: &str = include_str!("../../demo/people.txt");
const OUTSIDE: &str = include_str!("../../demo/outside.txt");
const ENTERPRISES: &str = include_str!("../../demo/enterprises.txt");
const SITES: &str = include_str!("../../demo/sites.txt");
const OTHERS: &str = include_str!("../../demo/others.txt");
const POLICIES: &str = include_str!("../../demo/policies.txt");
const FINDINGS: &str = include_str!("../../demo/findings.txt");
const PROMISES: &str = include_str!("../../demo/promises.txt");
const ANSWERS: &str = include_str!("../../demo/answers.txt");
const MINUTES: &str = include_str!("../../demo/minutes.txt");
const DOORSTEPS: &str = include_str!("../../demo/doorsteps.txt");

/// A problem: category, who leads and supports, and its words.
pub struct Text {
    pub category: &'static str,
    pub lead: &'static str,
    pub support: &'static str,
    title: &'static str,
    detail: &'static str,
    answer: &'static str,
}

/// One of the ten units and its people.
pub struct Who {
    pub unit: &'static str,
    pub unit_en: &'static str,
    pub key: &'static str,
    pub officer: &'static str,
    pub clerk: &'static str,
    pub head: &'static str,
}

/// One of the 160.
pub struct Enterprise {
    pub name: &'static str,
    pub short: &'static str,
    pub street: &'static str,
    pub quarter: &'static str,
    pub address: &'static str,
    pub industry: &'static str,
    pub staff: &'static str,
    pub capital: &'static str,
    pub founded: &'static str,
    pub tags: &'static str,
    pub contact: &'static str,
    pub post: &'static str,
    pub goods: &'static str,
}

/// What a visitor promises; an empty unit is his own.
pub struct Promise {
    pub unit: &'static str,
    pub text: &'static str,
    pub days: i64,
}

pub struct Texts {
    pub texts: Vec<Text>,
    pub people: Vec<Who>,
    /// Unit, English, key, officer.
    pub outside: Vec<[&'static str; 4]>,
    pub enterprises: Vec<Enterprise>,
    /// Citizens: name and place.
    pub residents: Vec<[&'static str; 2]>,
    /// Name, address, owner, contractor.
    pub sites: Vec<[&'static str; 4]>,
    /// Kind, name, address.
    pub others: Vec<[&'static str; 3]>,
    /// Title, issuer, day, edition.
    pub policies: Vec<[&'static str; 4]>,
    /// Kind, text.
    pub findings: Vec<[&'static str; 2]>,
    pub promises: Vec<Promise>,
    /// Question, text.
    pub answers: Vec<[&'static str; 2]>,
    /// See [`minutes_for`](Texts::minutes_for).
    minutes: Vec<&'static str>,
    /// Kind of subject, minutes of a visit to one that is no enterprise.
    pub doorsteps: Vec<[&'static str; 2]>,
}

impl Texts {
    pub fn read() -> Texts {
        let enterprises: Vec<Enterprise> = rows(ENTERPRISES).map(enterprise).collect();
        // Its first records are enterprises of that other file.
        let is_enterprise = |name: &str| enterprises.iter().any(|it| it.short == name);
        Texts {
            texts: rows(TEXTS).map(text).collect(),
            people: rows(PEOPLE).map(who).collect(),
            outside: rows(OUTSIDE).collect(),
            residents: rows(REPORTERS).filter(|[name, _]| !is_enterprise(name)).collect(),
            enterprises,
            sites: rows(SITES).collect(),
            others: rows(OTHERS).collect(),
            policies: rows(POLICIES).collect(),
            findings: rows(FINDINGS).collect(),
            promises: rows(PROMISES).map(promise).collect(),
            answers: rows(ANSWERS).collect(),
            minutes: rows(MINUTES).map(|[text]: [&str; 1]| text).collect(),
            doorsteps: rows(DOORSTEPS).collect(),
        }
    }

    /// The first fourteen fit any industry, the next to the 49th producers, the others producers who export.
    pub fn minutes_for(&self, makes: bool, exports: bool) -> &[&'static str] {
        match (makes, exports) {
            (true, true) => &self.minutes[14..],
            (true, false) => &self.minutes[..49],
            (false, _) => &self.minutes[..14],
        }
    }
}

fn rows<const N: usize>(file: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split('|').collect::<Vec<_>>().try_into().ok())
}

fn text(it: [&'static str; 6]) -> Text {
    let [category, lead, support, title, detail, answer] = it;
    Text { category, lead, support, title, detail, answer }
}

fn who(it: [&'static str; 6]) -> Who {
    let [unit, unit_en, key, officer, clerk, head] = it;
    Who { unit, unit_en, key, officer, clerk, head }
}

fn enterprise(it: [&'static str; 13]) -> Enterprise {
    let [name, short, street, quarter, address, industry, staff, capital, founded, tags, contact, post, goods] = it;
    Enterprise { name, short, street, quarter, address, industry, staff, capital, founded, tags, contact, post, goods }
}

fn promise(it: [&'static str; 3]) -> Promise {
    let [unit, text, days] = it;
    Promise { unit, text, days: days.parse().unwrap_or(7) }
}

/// A problem's words, filled in.
#[derive(Clone)]
pub struct Filled {
    pub title: String,
    pub detail: String,
    pub answer: String,
    pub place: String,
}

impl Text {
    pub fn is_about_enterprises(&self) -> bool {
        self.title.contains("{e}") || self.detail.contains("{e}")
    }

    /// Water, power or gas cut off: nobody waits for a visit to tell that.
    pub fn is_emergency(&self) -> bool {
        self.category.starts_with("民生应急")
    }

    pub fn fill(&self, name: &str, place: &str, dice: &Dice) -> Filled {
        let number = dice.between(2, 9).to_string();
        let fill = |text: &str| text.replace("{e}", name).replace("{p}", place).replace("{n}", &number);
        Filled {
            title: fill(self.title),
            detail: fill(self.detail),
            answer: fill(self.answer),
            place: place.to_owned(),
        }
    }
}

/// Any other text about `name`.
pub fn fill(text: &str, name: &str, dice: &Dice) -> String {
    text.replace("{e}", name).replace("{n}", &dice.between(2, 9).to_string())
}
