//! The official words with what they mean, side by side in both languages: the glossary page and the pop-over at a word.

use crate::lang::Lang;
use maud::{Markup, html};

/// One official word. `code` is the English noun of `docs/words.md`, which is also its anchor on the glossary page.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub code: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub says_zh: &'static str,
    pub says_en: &'static str,
}

macro_rules! terms {
    ($($code:literal $zh:literal $en:literal $says_zh:literal $says_en:literal;)*) => {
        pub const TERMS: &[Term] =
            &[$(Term { code: $code, zh: $zh, en: $en, says_zh: $says_zh, says_en: $says_en }),*];
    };
}

terms! {
    "campaign" "行动" "Campaign" "一年的走访活动，下分若干轮次，可以自定办理时限。" "A year's activity of visits, in rounds; it may set its own deadlines.";
    "round" "轮次" "Round" "一批走访对象和分工，例如走访160家重点企业。" "One list of subjects with its teams, such as the visits to 160 key enterprises.";
    "team" "走访组" "Team" "一起去走访的人，属于一个单位，负责分给它的走访对象。" "People of one unit who visit together and look after the subjects assigned to them.";
    "subject" "走访对象" "Subject" "企业、工地、社区、高校或住户，走访和问题都记在它名下。" "An enterprise, site, community, university or household: visits and problems are kept under it.";
    "assignment" "包联" "Assignment" "走访对象分给走访组，由这个组联系到底。" "A subject is given to a team, which stays in touch with it.";
    "coverage" "覆盖" "Coverage" "已走访的对象占分配对象的多少。" "How many of the assigned subjects were visited.";
    "questionnaire" "问卷" "Questionnaire" "走访时要问的问题，分版本保存；改动只影响以后的走访。" "What is asked on a visit. It has versions; a change counts for later visits only.";
    "minutes" "纪要" "Minutes" "走访谈了什么、答应了什么，可以打印交企业。" "What was said and promised on a visit, to be printed for the enterprise.";
    "promise" "承诺" "Promise" "走访时答应的事：谁办、何时前办。到期要说明是否兑现。" "What was promised on a visit: by whom and by when. On its day somebody says whether it was kept.";
    "finding" "见闻" "Finding" "听到的意见、建议和情况，不需要交办。" "An opinion, suggestion or story that was heard and needs no dispatch.";
    "problem" "问题" "Problem" "要有人解决的事，登记一次，办到销号为止。" "What must be settled: written down once and followed until it is struck off.";
    "ledger" "台账" "Ledger" "您看得到的全部问题，可以筛选、导出、打印。" "All problems that you may see; filter, export or print it.";
    "triage" "梳理" "Triage" "走访办定类别、层级和紧急程度，再交办。" "The office sets category, tier and urgency, then dispatches.";
    "category" "类别" "Category" "问题的种类，决定办理时限和要交的办理依据。" "The kind of problem; it decides the deadline and the evidence that is asked for.";
    "tier" "办理层级" "Tier" "在哪一级解决：当场、单位、管委会、上级。" "Where it is settled: on the spot, by a unit, by the committee, above.";
    "urgency" "紧急程度" "Urgency" "紧急的问题时限更短。" "What is urgent has a shorter deadline.";
    "dispatch" "交办" "Dispatch" "把问题交给主办单位，办理时限从这一刻起算，谁也不能停。" "A problem is given to its lead unit; from that moment the clock runs and nobody can stop it.";
    "recall" "收回" "Recall" "交办后60秒内、签收前可以收回，等于没有交办过。" "Within 60 seconds of dispatch and before receipt it can be taken back as if it had never been sent.";
    "lead" "主办" "Lead" "对整件问题负责并答复的单位。" "The unit that answers for the whole problem.";
    "support" "协办" "Support" "办理其中一部分、按时回给主办的单位。" "A unit that does its part and returns it to the lead in time.";
    "receive" "签收" "Receive" "单位确认收到，一般在交办后1个工作日内。" "The unit confirms that it has it, usually within one workday.";
    "dispute" "退单" "Dispute" "单位负责人认为不属本单位，在1个工作日内写明理由退回，由走访办裁定。" "The head of a unit says within one workday, with a reason, that it is not theirs; the office rules.";
    "ruling" "裁定" "Ruling" "走访办对退单作的决定，是终局，不能再退。" "What the office decides on a dispute. It is final.";
    "extension" "延期" "Extension" "单位负责人在到期前1个工作日申请，走访办批准；首次到期照样显示。" "Asked by the head one workday before the due date, granted by the office; the first due date stays visible.";
    "pause" "暂停" "Pause" "只有列明的情形才能暂停计时，例如等反映人补材料；超时后不能申请。" "The clock may pause only for listed reasons, such as papers awaited from the reporter; never once overdue.";
    "answer" "反馈" "Answer" "主办单位的办理结果，带办理依据。" "What the lead unit did, with evidence.";
    "outcome" "结果" "Outcome" "七种之一：已解决、部分解决、解释说明、列入计划、不属职责、重复、撤回。" "One of seven: solved, partly, explained, planned, not ours, duplicate, withdrawn.";
    "evidence" "办理依据" "Evidence" "证明办了的照片、文件、记录。" "Photos, papers or notes that show what was done.";
    "apply" "申请销号" "Apply" "主办单位认为办完了，请别人来核验。" "The lead unit says that it is done and asks others to verify.";
    "verify" "核验" "Verify" "由承办单位以外的人核对是否属实。" "Somebody of another unit checks that it is true.";
    "contact" "回访" "Contact" "由不经办的人联系反映人，问是否解决。" "Somebody who did not handle it asks the reporter whether it is solved.";
    "rating" "评价" "Rating" "反映人说解决了没有、满意不满意。" "The reporter says whether it is solved and whether he is satisfied.";
    "sign" "签批" "Sign" "督查室对挂牌件和“不满意但办理合规”的问题签字。" "Supervision signs for what is on the board and for what is \"not satisfied, yet lawful\".";
    "close" "销号" "Strike off" "依据、申请、核验、反映人意见都齐了，才从台账上划掉。" "Only when evidence, application, verification and the reporter's word are all there is it struck off the ledger.";
    "reopen" "要求重办" "Reopen" "反映人在销号后30天内可以要求重办。" "Within 30 days of strike-off the reporter can ask for it to be done again.";
    "relapse" "反弹" "Relapse" "销号以后问题又出现，另行计数。" "The problem came back after it was struck off; counted apart.";
    "board" "挂牌" "Board" "重点问题公开挂出，由领导领衔，按节点推进。" "A key problem is put on the board: a leader takes it on, with milestones.";
    "milestone" "节点" "Milestone" "挂牌问题到哪天要做到哪一步。" "By which day a board item must have come how far.";
    "slip" "督查单" "Slip" "督查室发的蓝、黄、红单，要在限期内答复。" "A blue, yellow or red note of supervision that must be answered by a date.";
    "reminder" "催办" "Reminder" "提醒承办单位快到期或已超时。" "Tells the handling unit that something is nearly or already late.";
    "light" "红黄蓝" "Light" "由时限随时算出：未临期、蓝（三个工作日内）、黄（今日到期或有环节超时）、红（超时）。" "Computed from the clock at any moment: not near, blue (within three workdays), yellow (due today or a part late), red (overdue).";
    "first-due" "首次到期" "First due" "交办当天算定的到期日，无论延期、暂停多少次都照样显示。" "The due date set on the day of dispatch. However often it is moved, it stays visible.";
    "due" "现到期" "Due now" "算上延期和暂停以后的到期日。" "The due date after extensions and pauses.";
    "planned" "列入计划" "Planned" "现在办不了，写明日期；到那天自动恢复办理。" "It cannot be done yet; on the date given it wakes by itself.";
    "merge" "并入" "Merge" "同一件事并到先登记的那件，编号、反映人和评价各自保留。" "The same matter is joined to the earlier one; number, reporter and rating are kept.";
    "common" "共性问题" "Common problem" "许多企业都有的问题，一次答复，逐件评价。" "A problem that many have: answered once, rated one by one.";
    "follow-up" "后续跟踪" "Follow-up" "销号后30、90、365天再看一次。" "Looked at again 30, 90 and 365 days after strike-off.";
    "shielded" "保密反映人" "Shielded reporter" "反映人不愿让承办单位知道是谁，承办单位处处看不到。" "The reporter does not want the handling unit to know who he is; it is hidden from it everywhere.";
    "site" "工地" "Site" "一张施工许可证一个工地，有建设、施工、监理单位和现场管理人员。" "One construction permit, one site, with its owner, contractor, consultant and staff.";
    "stage-plan" "阶段名单" "Stage plan" "哪个阶段谁在哪些日子到岗：施工单位申报，建设单位确认，建设局批准；考勤只按它算。" "Who is to be there on which days of a stage: filed by the contractor, confirmed by the owner, approved by the bureau. Attendance is judged by it alone.";
    "punch" "打卡" "Punch" "到了工地留下的记录：扫码、刷身份证、考勤机、代证，算法一样。" "What shows that somebody was at the site: a code, a card, a terminal, an attestation; all count alike.";
    "attestation" "代证" "Attestation" "打不上卡时由别人证明到过岗，建设局另一人复核后算数。" "Somebody vouches for another who could not punch in; it counts once another person of the bureau has looked at it.";
    "leave" "请假" "Leave" "有关工地的建设单位都同意才算数，有每月、每年的天数限制。" "It counts once the owner of every site concerned has agreed; there are caps for a month and a year.";
    "substitute" "顶岗" "Substitute" "请假期间替人到岗，要有那个岗位的有效证书。" "Who stands in for somebody on leave, with a valid certificate for the post.";
    "key-period" "关键工序时段" "Key period" "建设局定的日子，这几天请假不能免考。" "Days set by the bureau in which leave does not excuse.";
    "verdict" "考勤结论" "Verdict" "某人某天在某工地算到岗、缺勤还是不用到，写明理由。" "Whether a person counts as there, missing or not wanted at a site on a day, with the reason.";
    "appeal" "申诉" "Appeal" "本人对某天的结论不服，由建设局没有经手的人决定；前后结论都留着。" "The person objects to a day's verdict; somebody of the bureau without a hand in it decides, and both verdicts stay.";
    "workday" "工作日" "Workday" "按放假安排计算，含调休上班的周末。" "Counted by the holiday notices, working weekends included.";
    "deputy" "代理" "Deputy" "在写明的时间内替别人办事。" "Stands in for somebody for a dated time.";
}

fn find(code: &str) -> Option<&'static Term> {
    TERMS.iter().find(|it| it.code == code)
}

/// A word that leads to its entry in the glossary; with script its meaning stands beside it at once. A code that is in
/// no glossary is a slip of the program, found by the test below.
pub fn term(lang: Lang, code: &str) -> Markup {
    match find(code) {
        Some(it) => html! {
            a.term href={ "/help#" (it.code) } data-says=(lang.of(it.says_zh, it.says_en)) { (lang.of(it.zh, it.en)) }
        },
        None => html! { (code) },
    }
}

/// The whole glossary.
pub fn glossary(lang: Lang) -> Markup {
    html! {
        dl.glossary {
            @for it in TERMS {
                div id=(it.code) {
                    dt { (lang.of(it.zh, it.en)) }
                    dd { (lang.of(it.says_zh, it.says_en)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn codes_in(dir: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).expect("the sources are there") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                codes_in(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("ui/term.rs") {
                let text = std::fs::read_to_string(&path).expect("text");
                let calls = text.split("term(lang, \"").skip(1);
                found.extend(calls.filter_map(|it| it.split('"').next()).map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_word_that_a_page_explains_is_in_the_glossary_once() {
        let mut used = Vec::new();
        codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);
        assert!(!used.is_empty(), "pages explain their words");
        for code in used {
            assert!(find(&code).is_some(), "{code} is in no glossary");
        }
        for (i, it) in TERMS.iter().enumerate() {
            assert!(!TERMS[..i].iter().any(|other| other.code == it.code), "{} stands twice", it.code);
        }
    }
}
