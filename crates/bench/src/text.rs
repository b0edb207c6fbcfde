//! Chinese texts from a seeded generator: frequent words of such reports, with a long tail of rare pairs.

/// SplitMix64: small, seeded, the same on every machine.
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// True in `percent` of a hundred cases.
    pub fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// From the most frequent to the rarest.
const WORDS: [&str; 120] = [
    "企业", "反映", "希望", "部门", "尽快", "解决", "问题", "道路", "施工", "小区", "噪声", "夜间", "影响", "居民",
    "园区", "停车", "用电", "排水", "电力", "不足", "生产", "车辆", "路灯", "损坏", "维修", "物业", "管理", "申请",
    "审批", "资金", "贷款", "补贴", "政策", "落实", "人才", "招工", "公交", "线路", "站点", "污水", "管网", "堵塞",
    "积水", "扬尘", "垃圾", "清运", "绿化", "围挡", "占道", "学校", "入学", "医保", "社保", "缴费", "拖欠", "工资",
    "合同", "验收", "消防", "通道", "电梯", "故障", "供水", "停水", "水压", "燃气", "管道", "安全", "隐患", "排查",
    "整改", "监控", "照明", "信号", "宽带", "网络", "快递", "物流", "仓库", "厂房", "租金", "税费", "退税", "发票",
    "出口", "报关", "订单", "市场", "原料", "涨价", "环评", "检测", "设备", "更新", "技改", "专利", "土地", "规划",
    "证照", "变更", "注册", "公章", "开户", "征收", "补偿", "拆迁", "安置", "噪音", "油烟", "餐饮", "摊贩", "井盖",
    "塌陷", "护栏", "斑马", "限高", "桥梁", "涵洞", "河道", "驿站",
];

/// For the query of an address.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|it| if it.is_ascii_alphanumeric() { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect()
}

/// `length` Chinese characters with a comma or full stop now and then, which do not count.
pub fn text(chance: &mut Chance, length: usize) -> String {
    let mut text = String::with_capacity(length * 4);
    let (mut count, mut clause) = (0, 0);
    while count < length {
        if clause >= 9 && chance.is(40) {
            text.push(if chance.is(70) { '，' } else { '。' });
            clause = 0;
        }
        let left = length - count;
        if left >= 2 && chance.is(75) {
            // A square makes the first words frequent and the last rare.
            let at = chance.unit() * chance.unit() * WORDS.len() as f64;
            text.push_str(WORDS[(at as usize).min(WORDS.len() - 1)]);
            (count, clause) = (count + 2, clause + 2);
        } else {
            // The plain block from 一 on, thinned to some three thousand characters.
            let code = 0x4e00 + chance.below(3_000) as u32 * 6;
            text.extend(char::from_u32(code));
            (count, clause) = (count + 1, clause + 1);
        }
    }
    text
}

/// Words to look for, from frequent to rare, and one that two rare characters make.
pub const SOUGHT: [&str; 8] = ["企业", "施工", "停车", "积水", "电梯", "报关", "河道", "驿站"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_as_many_characters_as_asked_and_is_the_same_again() {
        let once = text(&mut Chance::new(7), 100);
        assert_eq!(once.chars().filter(|it| !"，。".contains(*it)).count(), 100);
        assert_eq!(once, text(&mut Chance::new(7), 100));
    }
}
