use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub struct Input {
    pub pool: PathBuf,
    pub messages: usize,
    /// What was answered in real life.
    pub replies: Arc<Vec<String>>,
}

impl Input {
    /// Title and text of every message, as a problem can hold them.
    pub fn texts(&self) -> Vec<(String, String)> {
        let reader = sheet::open(&self.pool).unwrap();
        let column = |name: &str| reader.heads().iter().position(|head| head == name).unwrap();
        let (title, detail) = (column("title"), column("detail"));
        let cut = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
        reader
            .map(|row| row.unwrap().cells)
            .map(|cells| (cut(&cells[title], 200), cut(&cells[detail], 20_000)))
            .collect()
    }
}

/// The folder of real input, or a generated register of the same shape, said loudly.
pub fn find(folder: &Path) -> Input {
    let named = std::env::var_os("ZOUFANG_DATA").map(PathBuf::from);
    let data = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let (pool, replied) = (data.join("messages/pool.csv"), data.join("messages/replied.csv"));
    if pool.exists() && replied.exists() {
        let messages = sheet::open(&pool).unwrap().count();
        assert_eq!(messages, 4326, "pool.csv is another than the one described");
        let reader = sheet::open(&replied).unwrap();
        let column = reader.heads().iter().position(|head| head == "reply").unwrap();
        let replies = reader.map(|row| row.unwrap().cells[column].trim().chars().take(2000).collect()).collect();
        return Input { pool, messages, replies: Arc::new(replies) };
    }
    eprintln!(
        "NO REAL INPUT: {} is absent (set ZOUFANG_DATA); a generated register of the same shape runs instead",
        data.display()
    );
    generated(folder)
}

fn generated(folder: &Path) -> Input {
    let words = ["停电", "道路", "噪声", "用地", "招工", "公交", "污水", "审批", "税费", "路灯", "油烟", "停车"];
    let pool = folder.join("pool.csv");
    let mut file = std::fs::File::create(&pool).unwrap();
    writeln!(file, "id,reporter,reported_at,title,detail,dislikes,likes").unwrap();
    for i in 0..4326usize {
        let word = words[i % words.len()];
        let detail =
            format!("\"\n\t\t\t第{i}件：{word}问题，{}路{}号，希望尽快解决。\u{3000}\u{a0}\n\t\"", i % 97, i % 311);
        let day = format!("2019/{}/{} 9:17:{:02}", i % 12 + 1, i % 28 + 1, i % 60);
        writeln!(file, "m{i:04},u{:04},{day},关于{word}的来信{i},{detail},0,{}", i % 900, i % 40).unwrap();
    }
    let replies =
        (0..2233).map(|i| format!("您好！第{i}号答复：经核实，已安排{}处理。", words[i % words.len()])).collect();
    Input { pool, messages: 4326, replies: Arc::new(replies) }
}

pub struct Register {
    pub file: PathBuf,
    pub rows: usize,
}

/// The companies of the zone as Chinese Excel saved them, or invented ones of the same shape, said loudly.
pub fn register(folder: &Path) -> Register {
    let named = std::env::var_os("ZOUFANG_DATA").map(PathBuf::from);
    let data = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let file = data.join("enterprises/zone_gb18030.csv");
    if file.exists() {
        return Register { file, rows: 572 };
    }
    eprintln!(
        "NO REAL REGISTER: {} is absent (set ZOUFANG_DATA); invented companies of the same shape are visited instead",
        file.display()
    );
    let file = folder.join("zone.csv");
    let mut out = std::fs::File::create(&file).unwrap();
    writeln!(out, "企业名称,统一社会信用代码,注册日期,企业类型,注册资金,经营范围,所在省份,地区,注册地址").unwrap();
    for i in 0..572usize {
        let code = domain::credit_code::complete(&format!("91330101MA2X{i:05}")).unwrap();
        let street = if i % 5 < 3 { "白杨街道" } else { "下沙街道" };
        let day = format!("20{:02}-{:02}-{:02}", i % 18, i % 12 + 1, i % 28 + 1);
        writeln!(out, "虚构第{i}号机械有限公司,{code},{day},,100万,制造：机械,浙江,杭州,{street}{i}号").unwrap();
    }
    Register { file, rows: 572 }
}
