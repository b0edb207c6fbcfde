//! Campaigns 行动, rounds 轮次, teams 走访组: their texts checked, and the even split of subjects over teams.

use crate::fault::Fault;
use crate::subject::too_long;
use crate::time::Day;

/// A name in two languages and a period; a round has the Chinese name only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub name: String,
    pub name_en: String,
    pub from: Day,
    pub to: Day,
}

impl Period {
    /// Reads what was typed; says all that is wrong at once.
    pub fn read(name: &str, name_en: &str, from: &str, to: &str) -> Result<Period, Vec<Fault>> {
        let mut faults = Vec::new();
        let (name, name_en) = (name.trim().to_owned(), name_en.trim().to_owned());
        if name.is_empty() {
            faults.push(Fault::new("name", "请填写名称。", "Give the name."));
        }
        faults.extend(too_long("name", &name, 60));
        faults.extend(too_long("name_en", &name_en, 100));
        let mut day = |field: &str, text: &str| {
            let read = Day::read(text);
            if read.is_none() {
                faults.push(Fault::new(
                    field,
                    "请填写日期，写成2018-04-16的样子。",
                    "Give the date, written like 2018-04-16.",
                ));
            }
            read
        };
        let days = day("from", from).zip(day("to", to));
        if let Some((from, to)) = days
            && to < from
        {
            faults.push(Fault::new("to", "结束日期不能早于开始日期。", "It cannot end before it begins."));
        }
        match (days, faults.is_empty()) {
            (Some((from, to)), true) => Ok(Period { name, name_en, from, to }),
            _ => Err(faults),
        }
    }
}

/// Which team gets which of `subjects`, evenly: no two teams differ by more than one, and those of one area stay
/// together as far as that allows. `subjects` gives each one's area; the answer gives each one's team, 0 to `teams` − 1.
/// Subjects keep their order within an area, so the same input is split the same way for ever.
pub fn split_evenly(subjects: &[&str], teams: usize) -> Vec<usize> {
    if teams == 0 {
        return vec![];
    }
    let mut order: Vec<usize> = (0..subjects.len()).collect();
    order.sort_by_key(|at| (subjects[*at], *at));
    let mut split = vec![0; subjects.len()];
    for (place, at) in order.into_iter().enumerate() {
        split[at] = place * teams / subjects.len();
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hundred_and_sixty_over_ten_are_sixteen_each() {
        let areas: Vec<&str> = (0..160).map(|at| if at % 5 < 3 { "白杨" } else { "下沙" }).collect();
        let split = split_evenly(&areas, 10);
        assert!((0..10).all(|team| split.iter().filter(|it| **it == team).count() == 16));
    }

    #[test]
    fn what_is_wrong_with_a_period_is_said_at_once() {
        let faults = Period::read(" ", "", "2018-02-30", "").unwrap_err();
        assert_eq!(faults.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["name", "from", "to"]);
        assert_eq!(Period::read("一", "", "2018/4/13", "2018-4-12").unwrap_err()[0].field, "to");
    }

    proptest! {
        #[test]
        fn no_two_teams_differ_by_more_than_one(areas in prop::collection::vec(0..4usize, 0..300), teams in 1..20usize) {
            let names = ["", "下沙", "白杨", "出口加工区"];
            let areas: Vec<&str> = areas.into_iter().map(|it| names[it]).collect();
            let split = split_evenly(&areas, teams);
            let sizes: Vec<usize> = (0..teams).map(|team| split.iter().filter(|it| **it == team).count()).collect();
            prop_assert_eq!(sizes.iter().sum::<usize>(), areas.len());
            let (most, least) = (sizes.iter().max().unwrap(), sizes.iter().min().unwrap());
            prop_assert!(most - least <= 1, "{:?}", sizes);
        }
    }
}
