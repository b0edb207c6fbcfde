//! Cell values of a workbook as the text a person sees.

use calamine::{Data, DataRef, ExcelDateTime, ExcelDateTimeType};

const DAY: f64 = 86_400.0;
/// The first serial after 9999-12-31.
const END: f64 = 2_958_466.0;

/// The text of a cell; empty when nothing stands there.
pub fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => number(*n),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(when) => date(when),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// The value of an old workbook in the form of a new one.
pub fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(n) => DataRef::Int(*n),
        Data::Float(n) => DataRef::Float(*n),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(when) => DataRef::DateTime(*when),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// A number with the 15 digits Excel keeps, without exponent and without ".0".
fn number(n: f64) -> String {
    if n == 0.0 {
        return "0".to_owned();
    }
    format!("{n:.14e}").parse::<f64>().unwrap_or(n).to_string()
}

fn date(when: &ExcelDateTime) -> String {
    let value = when.as_f64();
    if !(0.0..END).contains(&value) {
        return number(value);
    }
    let seconds = (value * DAY).round();
    if when.is_duration() || seconds < DAY {
        let all = seconds as u64;
        let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
        return format!("{hours:02}:{minutes:02}:{seconds:02}");
    }
    // The epoch is not told, but shows; half a millisecond keeps the whole second whole.
    let serial = |is_1904| ExcelDateTime::new((seconds + 0.0005) / DAY, ExcelDateTimeType::DateTime, is_1904);
    let plain = ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false);
    let is_1904 = plain.to_ymd_hms_milli() != when.to_ymd_hms_milli();
    let (year, month, day, hour, minute, second, _) = serial(is_1904).to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

fn iso(text: &str) -> String {
    let Some((day, time)) = text.split_once('T') else {
        return text.to_owned();
    };
    let time = time.trim_end_matches('Z');
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    if time == "00:00:00" { day.to_owned() } else { format!("{day} {time}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_in_the_sheet() {
        assert_eq!(number(3.0), "3");
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(13_800_001_111.0), "13800001111");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(1e20), "100000000000000000000");
        assert_eq!(number(-1234.5), "-1234.5");
        assert_eq!(number(f64::NAN), "NaN");
    }

    #[test]
    fn every_second_of_a_day_is_itself() {
        for serial in [45_292.0_f64, 61.0, 2_958_465.0] {
            for second in 0..86_400_u32 {
                let when = ExcelDateTime::new(serial + f64::from(second) / DAY, ExcelDateTimeType::DateTime, false);
                let (h, m, s) = (second / 3600, second / 60 % 60, second % 60);
                let text = date(&when);
                let time = text.split_once(' ').map_or("00:00:00", |(_, time)| time);
                assert_eq!(time, format!("{h:02}:{m:02}:{s:02}"), "{serial} {second}");
            }
        }
    }

    #[test]
    fn both_epochs_durations_and_oddities() {
        let at = |value, kind, is_1904| date(&ExcelDateTime::new(value, kind, is_1904));
        assert_eq!(at(45_292.0, ExcelDateTimeType::DateTime, false), "2024-01-01");
        assert_eq!(at(43_830.5, ExcelDateTimeType::DateTime, true), "2024-01-01 12:00:00");
        assert_eq!(at(0.395_833_333, ExcelDateTimeType::DateTime, false), "09:30:00");
        assert_eq!(at(1.5, ExcelDateTimeType::TimeDelta, false), "36:00:00");
        assert_eq!(at(-1.0, ExcelDateTimeType::DateTime, false), "-1");
        assert_eq!(at(f64::INFINITY, ExcelDateTimeType::DateTime, false), "inf");
        assert_eq!(iso("2024-01-05T09:30:00"), "2024-01-05 09:30:00");
        assert_eq!(iso("2024-01-05T00:00:00.000Z"), "2024-01-05");
    }
}
