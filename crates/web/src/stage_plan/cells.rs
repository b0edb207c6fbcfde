//! One row of a table as people write it: a stage, a line, or both; everything that is wrong with it at once.

use super::desk::Desk;
use super::sentence::WEEKDAYS;
use super::when;
use domain::attendance::plan::{Shift, StageKind};
use domain::id::PersonId;
use domain::time::Day;
use std::collections::BTreeMap;

/// The cells of a row by the names of their fields.
pub type Cells<'c> = BTreeMap<&'static str, &'c str>;

/// Fields of the form without the place of their row.
pub type Fields = Vec<(&'static str, String)>;

/// What a row gives.
#[derive(Default)]
pub struct Given {
    pub stage: Option<Fields>,
    pub line: Option<Fields>,
    /// Why the row is not taken: Chinese and English, a sentence each.
    pub wrong: Vec<(String, String)>,
}

/// Stages that rows above have named, with their days.
pub type Stages = BTreeMap<String, (Option<Day>, Option<Day>)>;

/// `begin` gives the year of dates that name none.
pub fn read(desk: &Desk, cells: &Cells, stages: &mut Stages, begin: Option<Day>) -> Given {
    let mut given = Given::default();
    let get = |field: &str| cells.get(field).map_or("", |it| it.trim());
    let named = get("stage");
    if !named.is_empty() || !get("stage_from").is_empty() || !get("stage_to").is_empty() {
        stage(&mut given, &get, stages);
    }
    if !get("name").is_empty() || !get("post").is_empty() {
        let begin = begin.or(stages.values().filter_map(|it| it.0).min());
        line(&mut given, desk, &get, stages.get(named).copied(), begin);
    }
    given
}

impl Given {
    fn no(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.wrong.push((zh.into(), en.into()));
    }

    fn day(&mut self, head: &str, text: &str) -> Option<Day> {
        // A workbook may hold a day with its midnight.
        let day = Day::read(text).or_else(|| Day::read(text.split_whitespace().next()?));
        if day.is_none() && !text.is_empty() {
            self.no(
                format!("“{head}”看不懂：{text}，请写成2018-05-14的样子。"),
                format!("{head} {text:?} is no date; write it like 2018-05-14."),
            );
        }
        day
    }
}

fn stage<'c>(given: &mut Given, get: &dyn Fn(&str) -> &'c str, stages: &mut Stages) {
    let name = get("stage").to_owned();
    if name.is_empty() {
        return given
            .no("有阶段日期，没有阶段名称；请填写“阶段”。", "There are days of a stage and no name; fill in 阶段.");
    }
    let (from, to) = (given.day("阶段起", get("stage_from")), given.day("阶段止", get("stage_to")));
    let kind = get("stage_kind");
    let parsed = StageKind::parse(kind);
    if parsed.is_none() && !kind.is_empty() {
        let all: Vec<&str> = StageKind::ALL.iter().map(|it| it.zh()).collect();
        given.no(
            format!("没有“{kind}”这种阶段类型；可写{}。", all.join("、")),
            format!("{kind:?} is no kind of stage."),
        );
    }
    match stages.get(&name) {
        // Named again, to say to which stage the row belongs.
        Some(known) => {
            let other = |a: Option<Day>, b: Option<Day>| a.is_some() && a != b;
            if other(from, known.0) || other(to, known.1) {
                given.no(
                    format!("阶段“{name}”在上面写的是另外的起止日期。"),
                    format!("Stage {name:?} has other days in a row above."),
                );
            }
        }
        None if given.wrong.is_empty() => {
            stages.insert(name.clone(), (from, to));
            let text = |day: Option<Day>| day.map_or(String::new(), |it| it.to_string());
            let kind = parsed.unwrap_or(StageKind::Other).code().to_owned();
            given.stage = Some(vec![("name", name), ("kind", kind), ("from", text(from)), ("to", text(to))]);
        }
        None => {}
    }
}

fn line<'c>(
    given: &mut Given,
    desk: &Desk,
    get: &dyn Fn(&str) -> &'c str,
    stage: Option<(Option<Day>, Option<Day>)>,
    begin: Option<Day>,
) {
    let mut fields: Fields = Vec::new();
    let person = person(given, desk, get("name"), get("post"));
    let post = match (get("post"), person.and_then(|id| only_post(desk, id))) {
        ("", Some(only)) => only,
        ("", None) => {
            given.no("没有写岗位。", "The post is missing.");
            String::new()
        }
        (text, _) => text.to_owned(),
    };
    let of_stage = stage.unwrap_or_default();
    let from = given.day("起", get("from")).or(of_stage.0);
    let to = given.day("止", get("to")).or(of_stage.1);
    let text = |day: Option<Day>| day.map_or(String::new(), |it| it.to_string());
    fields.extend([("post", post), ("from", text(from)), ("to", text(to))]);
    fields.extend(person.map(|id| ("person", id.to_string())));
    how(given, get("how"), from.or(begin), &mut fields);
    days(given, get("days"), &mut fields);
    presence(given, get, &mut fields);
    for (field, head) in [("covers", "代谁的班"), ("replaces", "接替谁")] {
        if !get(field).is_empty() {
            match desk.staff_named(get(field)).as_slice() {
                [one] => fields.push((field, one.person.to_string())),
                _ => given.no(
                    format!("“{head}”写的{}不在本工地人员名单中，或有几个同名。", get(field)),
                    format!("{}: not on the staff of this site, or several of that name.", get(field)),
                ),
            }
        }
    }
    if let Some(id) = person {
        elsewhere(given, desk, id, get("excused_by"), &mut fields);
    }
    match get("delegate") {
        "" => {}
        "是" | "须有" | "需要" | "yes" => fields.push(("delegate", "yes".into())),
        "否" | "不须" | "不需要" | "no" => fields.push(("delegate", "no".into())),
        other => given.no(format!("“请假须顶岗”请写是或否，不是“{other}”。"), format!("{other:?}: write yes or no.")),
    }
    if given.wrong.is_empty() {
        given.line = Some(fields);
    }
}

fn person(given: &mut Given, desk: &Desk, name: &str, post: &str) -> Option<PersonId> {
    if name.is_empty() {
        given.no("没有写姓名。", "The name is missing.");
        return None;
    }
    let all = desk.staff_named(name);
    // Two of one name are told apart by the post.
    let of_post: Vec<_> = all.iter().filter(|it| it.posts.iter().any(|held| held.0 == post)).collect();
    match (all.as_slice(), of_post.as_slice()) {
        ([one], _) => Some(one.person),
        ([], _) => {
            given.no(
                format!("本工地人员名单里没有{name}；请先登记人员，或改正姓名。"),
                format!("{name} is not on the staff of this site; enter the person first, or correct the name."),
            );
            None
        }
        (_, [one]) => Some(one.person),
        _ => {
            given.no(
                format!("本工地有几个{name}，按岗位也分不开；请在表单里选。"),
                format!("There are several {name}; choose in the form."),
            );
            None
        }
    }
}

fn only_post(desk: &Desk, id: PersonId) -> Option<String> {
    let held = &desk.staff.iter().find(|it| it.person == id)?.posts;
    if let [only] = held.as_slice() { Some(only.0.clone()) } else { None }
}

/// 全勤, 每周2天, 每月四天, 指定日期:5月14日、16日, 通知到岗.
fn how(given: &mut Given, text: &str, from: Option<Day>, fields: &mut Fields) {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let count =
        |start: &str| plain.strip_prefix(start).map(|rest| rest.trim_end_matches(['天', '日', '次']).to_owned());
    let mut quota = |kind: &str, number: String| match when::number(&number) {
        Some(n) => fields.extend([("kind", kind.to_owned()), ("n", n.to_string())]),
        None => given.no(
            format!("“方式”里的天数看不懂：{text}，请写成每周2天的样子。"),
            format!("{text:?}: write it like 每周2天."),
        ),
    };
    if let Some(number) = count("每周").or_else(|| count("一周")) {
        return quota("per_week", number);
    }
    if let Some(number) = count("每月").or_else(|| count("一月")) {
        return quota("per_month", number);
    }
    if let Some(rest) = text.strip_prefix("指定日期").or_else(|| text.strip_prefix("指定")) {
        let rest = rest.trim_start_matches([':', '：', ' ', '为']);
        return match when::dates(rest, from) {
            Ok(dates) if !dates.is_empty() => {
                fields.extend([("kind", "named".to_owned()), ("dates", super::fill::dates_text(&dates))]);
            }
            Ok(_) => given.no("指定日期后面没有日期。", "No dates follow 指定日期."),
            Err(piece) => given.no(
                format!("指定日期里的“{piece}”看不懂，请写成5月14日的样子。"),
                format!("{piece:?} is no date; write it like 2018-05-14."),
            ),
        };
    }
    match plain.as_str() {
        "" | "全勤" | "每天到岗" | "全日" => fields.push(("kind", "full_time".into())),
        "通知到岗" | "通知" | "随叫随到" => fields.push(("kind", "on_call".into())),
        _ => given.no(
            format!("“方式”看不懂：{text}；可写全勤、每周2天、每月4天、指定日期：5月14日、16日，或通知到岗。"),
            format!("{text:?} is not known; write 全勤, 每周2天, 每月4天, 指定日期：… or 通知到岗."),
        ),
    }
}

/// 工作日, 每天, 周二、周四.
fn days(given: &mut Given, text: &str, fields: &mut Fields) {
    match text {
        "" | "工作日" => return fields.push(("days", "workdays".into())),
        "每天" | "每日" | "全部" => return fields.push(("days", "all".into())),
        _ => {}
    }
    let mut names = Vec::new();
    for c in text.chars() {
        let c = if c == '天' { '日' } else { c };
        match WEEKDAYS.iter().find(|it| it.1.starts_with(c)) {
            Some(day) => names.push(day.0),
            None if "周星期、，,和及 礼拜".contains(c) => {}
            None => {
                return given.no(
                    format!("“日子”看不懂：{text}；可写工作日、每天，或周二、周四。"),
                    format!("{text:?} is not known; write 工作日, 每天, or 周二、周四."),
                );
            }
        }
    }
    fields.push(("days", "some".into()));
    fields.extend(names.into_iter().map(|name| ("weekday", name.to_owned())));
}

fn presence<'c>(given: &mut Given, get: &dyn Fn(&str) -> &'c str, fields: &mut Fields) {
    let shift = get("shift").replace('：', ":").replace(['–', '—', '~', '～', '至', '到', '－'], "-");
    if !shift.is_empty() {
        match shift.parse::<Shift>() {
            Ok(it) => fields.push(("shift", it.to_string())),
            Err(_) => given.no(
                format!("班次看不懂：{}，请写成22:00-06:00的样子。", get("shift")),
                format!("{:?}: write the shift like 22:00-06:00.", get("shift")),
            ),
        }
    }
    let minutes = get("min_minutes").trim_end_matches("分钟");
    if !minutes.is_empty() {
        match minutes.parse::<u32>() {
            Ok(n) if (1..=1440).contains(&n) => fields.push(("min_minutes", n.to_string())),
            _ => given.no(
                format!("最短分钟请写1到1440的整数，不是“{minutes}”。"),
                format!("{minutes:?}: minutes are a number from 1 to 1440."),
            ),
        }
    }
    let mode = get("mode");
    let is = |words: &[&str]| words.iter().any(|it| mode.contains(it));
    match mode {
        "" => fields.push(("mode", if minutes.is_empty() { "once" } else { "span" }.into())),
        _ if is(&["一次", "单次", "once"]) => fields.push(("mode", "once".into())),
        _ if is(&["首末", "时长", "间隔", "span"]) => fields.push(("mode", "span".into())),
        _ => given.no(
            format!("“在岗方式”看不懂：{mode}；可写打一次卡，或首末打卡。"),
            format!("{mode:?} is not known; write 打一次卡 or 首末打卡."),
        ),
    }
}

fn elsewhere(given: &mut Given, desk: &Desk, person: PersonId, text: &str, fields: &mut Fields) {
    let sites = desk.elsewhere.get(&person).map_or(&[][..], Vec::as_slice);
    for name in text.split(['、', '，', ',', ';', '；']).map(str::trim).filter(|it| !it.is_empty()) {
        match sites.iter().find(|it| it.1 == name) {
            Some(site) => fields.push(("excused_by", site.0.to_string())),
            None => given.no(
                format!("此人不在“{name}”的人员名单中，不能写作可顶替工地。"),
                format!("The person is not on the staff of {name:?}."),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::attendance::filing::Names;
    use domain::attendance::plan::Post;
    use domain::id::UnitId;
    use store::staff::Staff;
    use uuid::Uuid;

    fn desk() -> Desk {
        let staff = |n: u128, name: &str, posts: &[&str]| Staff {
            person: PersonId(Uuid::from_u128(n)),
            name: name.into(),
            phone: String::new(),
            firm: UnitId(Uuid::from_u128(1)),
            posts: posts.iter().map(|it| Post((*it).into())).collect(),
            attests: false,
            identity: String::new(),
        };
        let staff = vec![
            staff(1, "吕工", &["技术负责人"]),
            staff(2, "张伟", &["安全员"]),
            staff(3, "张伟", &["资料员", "质量员"]),
        ];
        Desk { staff, elsewhere: BTreeMap::new(), posts: vec![], pending: None, names: Names::default() }
    }

    fn of(cells: &[(&'static str, &str)]) -> Given {
        read(&desk(), &cells.iter().copied().collect(), &mut Stages::new(), None)
    }

    fn get(given: &Given, field: &str) -> String {
        let fields = given.line.as_ref().expect("a line");
        fields.iter().filter(|it| it.0 == field).map(|it| it.1.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_row_is_read_as_people_write_it() {
        let given = of(&[
            ("stage", "收尾"),
            ("stage_kind", "收尾"),
            ("stage_from", "2018/5/14"),
            ("stage_to", "2018年6月30日"),
            ("name", "吕工"),
            ("how", "每周两天"),
            ("days", "周二、四"),
            ("shift", "22：00～6:00"),
            ("min_minutes", "240"),
        ]);
        assert!(given.wrong.is_empty(), "{:?}", given.wrong);
        assert_eq!(
            ["post", "from", "to", "kind", "n", "days", "weekday", "shift", "mode"].map(|it| get(&given, it)),
            ["技术负责人", "2018-05-14", "2018-06-30", "per_week", "2", "some", "tue thu", "22:00-06:00", "span"]
        );
        let given =
            of(&[("name", "张伟"), ("post", "资料员"), ("from", "2018-05-01"), ("how", "指定日期:5月14日、16日")]);
        assert_eq!(
            (get(&given, "person"), get(&given, "dates")),
            (PersonId(Uuid::from_u128(3)).to_string(), "2018-05-14、2018-05-16".to_owned())
        );
    }

    #[test]
    fn all_that_is_wrong_with_a_row_is_said() {
        let given = of(&[
            ("name", "王五"),
            ("post", "安全员"),
            ("from", "五月"),
            ("how", "有空就来"),
            ("days", "天天"),
            ("shift", "晚上"),
            ("min_minutes", "很久"),
        ]);
        assert!(given.line.is_none());
        assert_eq!(given.wrong.len(), 5, "{:?}", given.wrong);
        assert!(of(&[("name", "张伟"), ("post", "施工员")]).wrong[0].0.contains("几个"));
        assert!(of(&[("stage_from", "2018-05-01")]).wrong[0].0.contains("没有阶段名称"));
    }
}
