//! What a new house begins with: the shipped holidays, a dozen categories of the case, and its three questionnaires.

use domain::calendar::Calendar;
use domain::clock::Span;
use domain::time::Millis;
use store::terms::{self, Deed, Failure, Terms};
use store::words::MasterKey;
use store::{Error, Result, Tx, category, errand, holiday, questionnaire};

/// Chinese, English, span of the lead unit where it is not the campaign's, evidence demanded before strike-off.
const CATEGORIES: [(&str, &str, Option<Span>, &[&str]); 13] = [
    ("用电用水", "Power and water", None, &[]),
    ("用地规划", "Land and planning", None, &[]),
    ("融资", "Finance", None, &[]),
    ("用工人才", "Labour and talent", None, &[]),
    ("交通物流", "Traffic and logistics", None, &[]),
    ("环保安监", "Environment and safety", None, &[]),
    ("税费政策", "Taxes, fees and policies", None, &[]),
    ("项目审批", "Approval of projects", None, &[]),
    ("市场外贸", "Market and foreign trade", None, &[]),
    ("夜间施工噪声", "Noise of building at night", None, &["整改后照片"]),
    ("社区民生", "Life in the communities", None, &[]),
    ("民生应急（停水停电停气）", "Emergency (water, power or gas cut off)", Some(Span::Hours(24)), &[]),
    ("其他", "Other", None, &[]),
];

/// Fills what is empty and touches nothing else, so that it may run at every opening.
pub fn fill(tx: &mut dyn Tx, master: &MasterKey, now: Millis) -> Result<Terms> {
    if holiday::list(tx)?.is_empty() {
        let notices = Calendar::shipped_notices()
            .map_err(|error| Error::Database(format!("a shipped holiday file is broken: {error}")))?;
        for notice in &notices {
            holiday::import(tx, notice)?;
        }
    }
    if category::list(tx)?.is_empty() {
        for (name, name_en, span, evidence) in CATEGORIES {
            let evidence: Vec<String> = evidence.iter().map(|it| (*it).to_owned()).collect();
            category::insert(tx, name, name_en, span, &evidence, now)?;
        }
    }
    // A house that is older than this index has visits that do not stand in it.
    if terms::setting(tx, "visit-words")?.is_none() {
        store::search_visit::index_all(tx)?;
        terms::set_setting(tx, "visit-words", "1")?;
    }
    // Publishing is noted under the key and counted under the calendar, which therefore come first.
    let terms = terms::load(tx, master)?;
    errand::fill(tx, &terms)?;
    if questionnaire::list(tx)?.is_empty() {
        let deed = Deed { terms: &terms, by: None, now };
        for (code, form) in domain::questionnaire::shipped() {
            questionnaire::publish(tx, &deed, code, &form).map_err(|failure| match failure {
                Failure::Store(error) => error,
                refused @ Failure::Refusal(_) => {
                    Error::Database(format!("a shipped questionnaire is broken: {refused}"))
                }
            })?;
        }
    }
    Ok(terms)
}
