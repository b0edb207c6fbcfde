//! The tour's sentences. A step is a numbered line; in it, `code` is typed, **bold** is clicked, 「」 names a field, “” is
//! seen. Lines that are not numbered are for people only.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Do {
    SignIn(String),
    SignOut,
    Open(String),
    Click(String),
    /// Within the row or card in which this text stands.
    ClickAt(String, String),
    Fill(String, String),
    Choose(String, String),
    Tick(String),
    See(String),
    /// What the camera of a telephone reads on the screen.
    Scan,
    OpenScanned,
    /// Another window: a telephone's or a desk's.
    Window(bool),
}

#[derive(Clone, Debug)]
pub struct Step {
    /// Of docs/tour.md, from 1.
    pub line: usize,
    pub text: String,
    pub acts: Vec<Do>,
}

/// The day named by `demo --as-of`.
pub fn as_of(tour: &'static str) -> &'static str {
    tour.split("--as-of ").nth(1).and_then(|rest| rest.get(..10)).expect("the tour names its day")
}

pub fn read(tour: &str) -> Vec<Step> {
    let numbered = |line: &str| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok());
    let steps: Vec<Step> = tour
        .lines()
        .enumerate()
        .filter(|(_, line)| numbered(line))
        .map(|(at, line)| Step { line: at + 1, text: line.to_owned(), acts: acts(line) })
        .collect();
    assert!(steps.len() >= 20, "only {} steps were read", steps.len());
    if let Some(empty) = steps.iter().find(|it| it.acts.is_empty()) {
        panic!("docs/tour.md:{}: a step that does nothing: {}", empty.line, empty.text);
    }
    steps
}

/// What the clauses of a line ask for, in their order. Clauses end with ，；。 or a colon.
fn acts(line: &str) -> Vec<Do> {
    let mut acts = Vec::new();
    for clause in clauses(line) {
        let (code, bold) = (between(&clause, '`', '`'), strong(&clause));
        let (field, seen) = (between(&clause, '「', '」'), between(&clause, '“', '”'));
        if clause.contains("登录")
            && let Some(login) = code.first()
        {
            acts.push(Do::SignIn(login.clone()));
        } else if clause.contains("退出登录") {
            acts.push(Do::SignOut);
        } else if clause.contains("换成") {
            acts.push(Do::Window(clause.contains("手机")));
        } else if clause.contains("扫屏幕上的码") {
            acts.push(Do::Scan);
        } else if clause.contains("打开扫到的地址") {
            acts.push(Do::OpenScanned);
        } else if clause.contains("打开")
            && let Some(path) = code.first()
        {
            acts.push(Do::Open(path.clone()));
        } else if let (Some(field), Some(text)) = (field.first(), code.first()) {
            acts.push(Do::Fill(field.clone(), text.clone()));
        } else if let (Some(field), Some(option)) = (field.first(), bold.first()) {
            acts.push(Do::Choose(field.clone(), option.clone()));
        } else if clause.contains("勾选")
            && let Some(label) = bold.first()
        {
            acts.push(Do::Tick(label.clone()));
        } else if let Some(text) = bold.first() {
            match seen.first() {
                Some(at) if clause.contains("一行") => acts.push(Do::ClickAt(at.clone(), text.clone())),
                _ => acts.push(Do::Click(text.clone())),
            }
        } else {
            acts.extend(seen.into_iter().map(Do::See));
        }
    }
    acts
}

/// Cut where a clause ends, but not inside quotation marks, code or a field's name.
fn clauses(line: &str) -> Vec<String> {
    let (mut found, mut open, mut text) = (Vec::new(), None, String::new());
    for c in line.chars() {
        match (open, c) {
            (None, '“') => open = Some('”'),
            (None, '「') => open = Some('」'),
            (None, '`') => open = Some('`'),
            (Some(end), c) if c == end => open = None,
            _ => {}
        }
        if open.is_none() && matches!(c, '，' | '；' | '。' | '：') {
            found.push(std::mem::take(&mut text));
        } else {
            text.push(c);
        }
    }
    found.push(text);
    found
}

fn between(text: &str, from: char, to: char) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(from) {
        let Some((inside, more)) = after.split_once(to) else { break };
        found.push(inside.to_owned());
        rest = more;
    }
    found
}

fn strong(text: &str) -> Vec<String> {
    text.split("**").skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn sentences_are_read_as_they_are_meant() {
    let read = |line: &str| acts(line);
    assert_eq!(read("1. 用 `officer` 登录。"), [Do::SignIn("officer".into())]);
    assert_eq!(read("2. 点 **走访**，看到“今天，1家”。"), [Do::Click("走访".into()), Do::See("今天，1家".into())]);
    assert_eq!(
        read("3. 在「标题」填 `路灯不亮`，「类别」选 **用电用水**，勾选 **保密**。"),
        [
            Do::Fill("标题".into(), "路灯不亮".into()),
            Do::Choose("类别".into(), "用电用水".into()),
            Do::Tick("保密".into())
        ]
    );
    assert_eq!(read("5. 扫屏幕上的码，打开扫到的地址。"), [Do::Scan, Do::OpenScanned]);
    assert_eq!(read("4. 在“泰和电子”一行点 **填写**。"), [Do::ClickAt("泰和电子".into(), "填写".into())]);
}
