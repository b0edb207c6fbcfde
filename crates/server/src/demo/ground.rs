//! What the visits stand on: the campaign, its round with ten teams and three questionnaires, the policies explained.

use super::cast::Visitor;
use super::days::Days;
use super::texts::Texts;
use domain::campaign::Period;
use domain::id::{CampaignId, PolicyId, RoundId, TeamId};
use domain::questionnaire;
use domain::time::Day;
use store::policy::Policy;
use store::questionnaire::Version;
use store::terms::{Deed, Failure};
use store::{Tx, campaign, ids, policy, team};

pub struct Ground {
    pub campaign: CampaignId,
    pub round: RoundId,
    /// In the order of the first ten visitors.
    pub teams: Vec<TeamId>,
    pub forms: Vec<Version>,
    /// With the unit that issued it.
    pub policies: Vec<(PolicyId, &'static str)>,
}

/// Units outside the teams come after these among the visitors.
pub const TEAMS: usize = 10;
/// The day on which the round of the case opened.
const OPENED: (i16, i8, i8) = (2018, 4, 13);

pub fn lay(tx: &mut dyn Tx, deed: &Deed, texts: &Texts, days: &Days, visitors: &[Visitor]) -> Result<Ground, Failure> {
    let (from, opening) = (days.day(days.last()), days.day(days.opened));
    let name = format!("“百千万”活动（{}年）", opening.year());
    let name_en = format!("Hundred-Thousand-Ten-Thousand Campaign {}", opening.year());
    // To the end of the year, as that of 5 March 2018 did.
    let year = Period { name, name_en, from, to: from.plus(301) };
    let campaign = campaign::insert(tx, deed, CampaignId(ids::fresh(deed.now)), &year)?.id;
    let name = "160家重点企业集中走访".to_owned();
    let spring = Period { name, name_en: String::new(), from: opening, to: opening.plus(77) };
    let round = campaign::insert_round(tx, deed, RoundId(ids::fresh(deed.now)), campaign, &spring)?.id;
    let forms = forms(tx, deed)?;
    let asked: Vec<_> = forms.iter().map(|it| it.questionnaire).collect();
    campaign::set_questionnaires(tx, deed, round, &asked)?;
    let mut teams = Vec::with_capacity(TEAMS);
    for (at, visitor) in visitors.iter().take(TEAMS).enumerate() {
        // A millisecond apart: lists of teams are in the order of their ids.
        let id = TeamId(ids::fresh(after(deed, at).now));
        let name = format!("{}走访组", visitor.name);
        teams.push(team::insert(tx, deed, id, round, visitor.unit, &name)?.id);
    }
    let policies = policies(tx, deed, texts, opening)?;
    Ok(Ground { campaign, round, teams, forms, policies })
}

/// The same deed so many milliseconds later.
pub fn after<'a>(deed: &Deed<'a>, ms: usize) -> Deed<'a> {
    Deed { now: deed.now.plus(i64::try_from(ms).unwrap_or(0)), ..*deed }
}

fn forms(tx: &mut dyn Tx, deed: &Deed) -> Result<Vec<Version>, Failure> {
    let shipped = questionnaire::shipped();
    let published = shipped.iter().enumerate();
    published.map(|(at, (code, form))| store::questionnaire::publish(tx, &after(deed, at), code, form)).collect()
}

fn policies(
    tx: &mut dyn Tx,
    deed: &Deed,
    texts: &Texts,
    opening: Day,
) -> Result<Vec<(PolicyId, &'static str)>, Failure> {
    let (year, month, day) = OPENED;
    let shift = Day::new(year, month, day).map_or(0, |it| opening.number() - it.number());
    let years = opening.year() - year;
    let mut saved = Vec::with_capacity(texts.policies.len());
    for [title, issuer, issued_on, edition] in &texts.policies {
        let id = PolicyId(ids::fresh(deed.now));
        let issued = issued_on.parse::<Day>().map(|it| it.plus(shift).to_string()).unwrap_or_default();
        let (title, edition) = (moved(title, years), moved(edition, years));
        let it = Policy { id, title, issuer: (*issuer).into(), issued_on: issued, edition, ended: false };
        policy::save(tx, deed, &it)?;
        saved.push((id, *issuer));
    }
    Ok(saved)
}

/// The years that a title or an edition names, moved along with the story.
fn moved(text: &str, years: i16) -> String {
    let mut named = [2016, 2017, 2018];
    if years > 0 {
        // From the last one on, so that none is moved twice.
        named.reverse();
    }
    named.iter().fold(text.to_owned(), |text, year| text.replace(&format!("{year}年"), &format!("{}年", year + years)))
}
