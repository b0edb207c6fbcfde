//! What was answered to one question, drawn: a bar for each choice, and for numbers how they are spread. Each bar leads to
//! the visits behind it.

use crate::lang::Lang;
use crate::ui::chart::{self, Count, Figure, Mark, Row, Series};
use crate::ui::number::percent;
use domain::questionnaire::{Kind, Question};
use maud::Markup;

/// Numbers from the first (included) to the second (not included; the last bin has no end).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    pub from: f64,
    pub to: Option<f64>,
    pub count: i64,
}

impl Bin {
    pub fn holds(&self, value: f64) -> bool {
        value >= self.from && self.to.is_none_or(|to| value < to)
    }
}

/// 1, 2 or 5 times a power of ten, at least `least`.
fn nice(least: f64) -> f64 {
    let power = 10f64.powf(least.max(f64::MIN_POSITIVE).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|it| it * power).find(|it| *it >= least).unwrap_or(10.0 * power)
}

/// At most eight bins: even ones, or powers of ten where a few large numbers would press all others into the first.
pub fn bins(sorted: &[f64]) -> Vec<Bin> {
    let (Some(first), Some(last)) = (sorted.first().copied(), sorted.last().copied()) else { return vec![] };
    let middle = sorted[sorted.len() / 2];
    let mut bounds: Vec<f64> = Vec::new();
    if first >= 0.0 && middle > 0.0 && last > middle * 20.0 {
        bounds.push(0.0);
        let mut bound = 10f64.powf((middle / 10.0).log10().floor());
        while bounds.len() < 8 && bound <= last {
            bounds.push(bound);
            bound *= 10.0;
        }
    } else {
        let step = if last > first { nice((last - first) / 6.0) } else { 1.0 };
        let mut bound = (first / step).floor() * step;
        while bounds.len() < 8 && bound <= last {
            bounds.push(bound);
            bound += step;
        }
    }
    (0..bounds.len())
        .map(|i| Bin { from: bounds[i], to: bounds.get(i + 1).copied(), count: 0 })
        .map(|bin| Bin { count: sorted.iter().filter(|it| bin.holds(**it)).count() as i64, ..bin })
        .collect()
}

/// As people write it: no decimals where there are none.
pub fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { format!("{value:.2}") }
}

pub fn label(lang: Lang, from: f64, to: Option<f64>) -> String {
    match to {
        Some(to) => lang.of(format!("{}–{}", number(from), number(to)), format!("{}–{}", number(from), number(to))),
        None => lang.of(format!("{}以上", number(from)), format!("{} and more", number(from))),
    }
}

fn figure(lang: Lang, id: &str, title: &str, note: &str, head: &str, rows: &[Row]) -> Markup {
    let series = [Series { mark: Mark::Accent, label: lang.of("走访次数", "Visits") }];
    chart::bars(&Figure { lang, id, title, note, head, series: &series, rows })
}

/// A bar for each choice. `count` and `to` say how often a choice was given, and where its visits are listed.
pub fn choices(
    lang: Lang,
    (id, question): (&str, &Question),
    visits: i64,
    count: &dyn Fn(&str) -> i64,
    to: &dyn Fn(&str) -> String,
) -> Markup {
    let options = question.kind.options().unwrap_or_default();
    let rows: Vec<Row> = options
        .iter()
        .map(|it| {
            let n = count(&it.code);
            let end = format!("{n} · {}", percent(n, visits));
            Row {
                label: it.label(lang.is_en()).to_owned(),
                href: to(&it.code),
                counts: vec![Count::new(n, to(&it.code))],
                end,
            }
        })
        .collect();
    let most = options.iter().max_by_key(|it| count(&it.code));
    let title = match most {
        Some(it) if count(&it.code) > 0 => lang.of(
            format!("答“{}”的最多：{}次，占{}", it.label(false), count(&it.code), percent(count(&it.code), visits)),
            format!("Most said “{}”: {}, {}", it.label(true), count(&it.code), percent(count(&it.code), visits)),
        ),
        _ => lang.of("没有人回答".into(), "Nobody answered".into()),
    };
    figure(lang, id, &title, "", lang.of("回答", "Answer"), &rows)
}

/// How the numbers are spread.
pub fn numbers(lang: Lang, (id, question): (&str, &Question), values: &[f64], to: &dyn Fn(&Bin) -> String) -> Markup {
    let unit = match &question.kind {
        Kind::Number { unit, unit_en, .. } => lang.of(unit.as_str(), if unit_en.is_empty() { unit } else { unit_en }),
        _ => "",
    };
    let rows: Vec<Row> = bins(values)
        .iter()
        .map(|it| Row {
            label: label(lang, it.from, it.to),
            href: String::new(),
            counts: vec![Count::new(it.count, to(it))],
            end: String::new(),
        })
        .collect();
    let title = match values {
        [] => lang.of("没有人回答".into(), "Nobody answered".into()),
        [first, .., last] => lang.of(
            format!("中位数{}{unit}，从{}到{}", number(values[values.len() / 2]), number(*first), number(*last)),
            format!("Median {} {unit}, from {} to {}", number(values[values.len() / 2]), number(*first), number(*last)),
        ),
        [one] => {
            lang.of(format!("只有一次回答：{}{unit}", number(*one)), format!("One answer: {} {unit}", number(*one)))
        }
    };
    figure(
        lang,
        id,
        &title,
        &lang.of(format!("{}次回答", values.len()), format!("{} answers", values.len())),
        lang.of("从–到", "From–to"),
        &rows,
    )
}

#[cfg(test)]
mod tests {
    use super::{bins, label, number};
    use crate::lang::Lang;

    #[test]
    fn numbers_stand_in_few_bins_and_each_in_exactly_one() {
        let even: Vec<f64> = (0..100).map(f64::from).collect();
        let skewed = [1.0, 3.0, 5.0, 20.0, 80.0, 400.0, 90_000.0];
        for values in [even.as_slice(), &skewed, &[7.0], &[-5.0, 5.0], &[0.0, 0.0]] {
            let found = bins(values);
            assert!((1..=8).contains(&found.len()), "{found:?}");
            assert_eq!(found.iter().map(|it| it.count).sum::<i64>(), values.len() as i64, "{found:?}");
        }
        assert_eq!(number(1200.0), "1200");
        assert_eq!(label(Lang::Zh, 10.0, Some(100.0)), "10–100");
        assert_eq!(label(Lang::En, 10.0, None), "10 and more");
    }
}
