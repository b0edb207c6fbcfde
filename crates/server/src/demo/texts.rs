//! The invented texts: templates of problems, reporters, people, and what people say at each step.

use super::dice::Dice;

const TEXTS: &str = include_str!("../../demo/texts.txt");
const REPORTERS: &str = include_str!("../../demo/reporters.txt");
const PEOPLE: &str = include_str!("../../demo/people.txt");

pub struct Text {
    pub category: &'static str,
    pub lead: &'static str,
    pub support: &'static str,
    title: &'static str,
    detail: &'static str,
    answer: &'static str,
}

pub struct Who {
    pub unit: &'static str,
    pub unit_en: &'static str,
    pub key: &'static str,
    pub officer: &'static str,
    pub clerk: &'static str,
    pub head: &'static str,
}

pub struct Texts {
    pub texts: Vec<Text>,
    /// Name and place.
    pub reporters: Vec<(&'static str, &'static str)>,
    pub people: Vec<Who>,
}

impl Texts {
    pub fn read() -> Texts {
        let text = |it: [&'static str; 6]| {
            let [category, lead, support, title, detail, answer] = it;
            Text { category, lead, support, title, detail, answer }
        };
        let who = |it: [&'static str; 6]| {
            let [unit, unit_en, key, officer, clerk, head] = it;
            Who { unit, unit_en, key, officer, clerk, head }
        };
        Texts {
            texts: rows(TEXTS).map(text).collect(),
            reporters: rows(REPORTERS).map(|[name, place]: [&str; 2]| (name, place)).collect(),
            people: rows(PEOPLE).map(who).collect(),
        }
    }
}

fn rows<const N: usize>(file: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split('|').collect::<Vec<_>>().try_into().ok())
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

    pub fn fill(&self, reporter: (&str, &str), dice: &Dice) -> Filled {
        let number = dice.between(2, 9).to_string();
        let (name, place) = reporter;
        let fill = |text: &str| text.replace("{e}", name).replace("{p}", place).replace("{n}", &number);
        Filled {
            title: fill(self.title),
            detail: fill(self.detail),
            answer: fill(self.answer),
            place: place.to_owned(),
        }
    }
}

pub const NOTES: [&str; 8] = [
    "已电话联系反映人核实情况，约定现场查看时间。",
    "今日到现场查看，情况属实，已拍照留存。",
    "召集相关科室碰头，形成初步办理意见。",
    "已发函有关单位征求意见，三日内回复。",
    "方案已报分管领导审阅。",
    "施工队已进场，预计本周完成主要工序。",
    "已与反映人沟通进展，对方表示理解。",
    "资金渠道已落实，进入采购流程。",
];
pub const SUPPORTS: [&str; 4] = [
    "我单位负责部分已办理完毕，材料附后。",
    "已现场核查并提供数据，供主办单位答复使用。",
    "同意主办单位方案，我单位按分工落实。",
    "有关政策依据已整理提供。",
];
pub const EXPLAINED: &str = "经研究，现行规定和条件下暂不能满足，已当面说明依据，并告知可替代的途径。";
pub const PARTLY: &str = "主要诉求已解决，其余部分需分期实施。";
pub const REST: &str = "剩余部分受资金和工期限制，列入下一批实施，先行采取临时措施。";
pub const PLANNED: &str = "条件暂不具备，已列入计划，到期自动恢复办理。";
pub const DISPUTES: [&str; 3] = [
    "经核，该事项审批权限不在我单位，建议改派。",
    "该地块属另一单位管理，我单位无处置权。",
    "诉求主要涉及资金安排，建议由有关单位主办。",
];
pub const REFUSALS: [&str; 4] = [
    "反映的是已进入诉讼程序的劳动争议，依法由法院处理，已告知反映人。",
    "反映内容为商业合同纠纷，不属行政受理范围，已说明可走的途径。",
    "诉求缺少具体时间地点，三次联系未能补充，暂不受理。",
    "同一事项已由上级巡查组受理，不重复受理。",
];
pub const WITHDRAWALS: [&str; 3] =
    ["问题已自行解决，撤回。", "与对方已协商一致，不再反映。", "情况有变，暂不需要处理。"];
pub const DISPATCHES: [&str; 3] =
    ["请按期办理并反馈。", "企业反映强烈，请优先办理。", "请主动与反映人联系，先答复再办理。"];
pub const INSTRUCTIONS: [&str; 3] =
    ["请主办单位尽快拿出方案，一周内见效。", "举一反三，同类问题一并解决。", "请督查室跟踪，办结前每周报一次进展。"];
