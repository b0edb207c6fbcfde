//! Enterprises and other subjects: what a row says of one.

use crate::batch::{Outcome, Scene};
use crate::book::{Book, Verdict};
use crate::row::{Cells, wanted};
use domain::fault::Fault;
use domain::id::{ContactId, SubjectId};
use domain::subject::{Card, Kind, tags};
use sheet::{Columns, Row, Wanted};
use store::Tx;
use store::contact::Contact;
use store::import_change::Change;
use store::subject_words;
use store::terms::Failure;
use uuid::Uuid;

pub(crate) const WANTED: [Wanted; 16] = [
    wanted(
        "name",
        true,
        &["企业名称", "名称", "name", "单位名称", "公司名称", "对象名称", "走访对象", "enterprise", "company"],
    ),
    wanted("code", false, &["统一社会信用代码", "信用代码", "credit_code", "code", "社会信用代码", "税号"]),
    wanted("kind", false, &["对象类型", "kind", "类型", "对象类别"]),
    wanted("founded", false, &["注册日期", "成立日期", "founded", "成立时间", "注册时间", "registered_on"]),
    wanted("form", false, &["企业类型", "form", "企业性质", "公司类型", "经济类型"]),
    wanted("capital", false, &["注册资金", "注册资本", "capital"]),
    wanted("business", false, &["经营范围", "business", "主营业务", "主营产品", "scope"]),
    wanted("address", false, &["注册地址", "地址", "address", "企业地址", "经营地址", "住所", "详细地址"]),
    wanted("area", false, &["街道", "area", "片区", "所属街道", "所属片区", "区域", "社区"]),
    wanted("industry", false, &["行业", "industry", "所属行业", "行业类别", "产业"]),
    wanted("tags", false, &["标签", "tags", "标记"]),
    wanted("officer", false, &["包联干部", "officer", "包联人", "联系干部", "服务专员", "联络员"]),
    wanted("contact", false, &["联系人", "contact", "联系人姓名", "负责人", "企业联系人"]),
    wanted("post", false, &["职务", "post", "联系人职务"]),
    wanted("phone", false, &["联系电话", "电话", "phone", "手机", "联系方式", "tel"]),
    wanted("remark", false, &["备注", "remark", "说明", "note"]),
];

/// Before the kind of company in the remark: the register has no field of its own for it.
const FORM: &str = "企业类型：";

#[derive(Clone, Debug)]
pub(crate) struct Good {
    /// As if it were new; checked. Empty texts say nothing.
    card: Card,
    /// The kind of subject stands in the row.
    kind: bool,
    form: String,
    pub officer: String,
    /// Checked; its ids are made when it is saved.
    pub contact: Option<Contact>,
    /// Search words of `card`.
    pub words: String,
}

pub(crate) fn read(row: &Row, columns: &Columns) -> Result<Good, Vec<Fault>> {
    let mut cells = Cells::of(row, columns)?;
    let mut card = Card::named(Kind::Enterprise, &cells.needed("name", 100, "名称", "name"));
    let kind = cells.text("kind", 20);
    match Kind::parse(&kind) {
        Some(kind) => card.kind = kind,
        None if kind.is_empty() => {}
        None => {
            let all = Kind::ALL.iter().map(|it| it.zh()).collect::<Vec<_>>().join("、");
            cells.faults.push(Fault::new(
                "kind",
                format!("没有“{kind}”这种走访对象；可填：{all}。"),
                format!("There is no kind of subject \"{kind}\"; write one of: {all}."),
            ));
        }
    }
    card.code = cells.text("code", 60);
    card.founded = founded(&cells.text("founded", 40));
    card.capital = cells.text("capital", 60);
    card.business = cells.text("business", 5_000);
    card.address = cells.text("address", 200);
    card.area = cells.text("area", 50);
    card.industry = cells.text("industry", 50);
    card.tags = tags(&cells.text("tags", 200));
    let (form, officer) = (cells.text("form", 60), cells.text("officer", 100));
    card.remark = with_form(&cells.text("remark", 900), &form);
    let contact = read_contact(&mut cells);
    let words = if cells.faults.is_empty() { check(&mut card, &mut cells.faults) } else { String::new() };
    cells.ended(Good { card, kind: !kind.is_empty(), form, officer, contact, words })
}

fn check(card: &mut Card, faults: &mut Vec<Fault>) -> String {
    match card.clone().checked() {
        Ok(checked) => {
            *card = checked;
            subject_words::words(card)
        }
        Err(wrong) => {
            faults.extend(wrong);
            String::new()
        }
    }
}

/// A sheet gives a day with a time of midnight.
fn founded(text: &str) -> String {
    text.split([' ', 'T']).next().unwrap_or_default().to_owned()
}

fn read_contact(cells: &mut Cells) -> Option<Contact> {
    let (name, post, phone) = (cells.text("contact", 60), cells.text("post", 60), cells.text("phone", 60));
    if name.is_empty() && phone.is_empty() {
        return None;
    }
    let name = if name.is_empty() { "联系人".to_owned() } else { name };
    let (id, subject) = (ContactId(Uuid::nil()), SubjectId(Uuid::nil()));
    let contact = Contact { id, subject, name, post, phone, email: String::new(), note: String::new() };
    contact.checked().map_err(|faults| cells.faults.extend(faults)).ok()
}

/// The remark with the kind of company in a line of its own.
fn with_form(remark: &str, form: &str) -> String {
    if form.is_empty() {
        return remark.to_owned();
    }
    let mut lines: Vec<&str> = remark.lines().filter(|it| !it.starts_with(FORM)).collect();
    let line = format!("{FORM}{form}");
    lines.push(&line);
    lines.join("\n").trim().to_owned()
}

impl Good {
    pub fn code_and_name(&self) -> (&str, &str) {
        (&self.card.code, &self.card.name)
    }

    pub fn card(&self) -> &Card {
        &self.card
    }

    /// `before` with what the row says: an empty cell takes nothing away.
    pub fn merged(&self, before: &Card) -> Card {
        let mut after = before.clone();
        let texts = [
            (&self.card.name, &mut after.name),
            (&self.card.code, &mut after.code),
            (&self.card.address, &mut after.address),
            (&self.card.area, &mut after.area),
            (&self.card.industry, &mut after.industry),
            (&self.card.founded, &mut after.founded),
            (&self.card.capital, &mut after.capital),
            (&self.card.business, &mut after.business),
        ];
        for (new, old) in texts {
            if !new.is_empty() && new != old {
                old.clone_from(new);
            }
        }
        if self.kind {
            after.kind = self.card.kind;
        }
        if !self.card.tags.is_empty() {
            after.tags.clone_from(&self.card.tags);
        }
        let own = self.card.remark.lines().any(|it| !it.starts_with(FORM));
        after.remark = match own {
            true => self.card.remark.clone(),
            false => with_form(&after.remark, &self.form),
        };
        after
    }
}

pub(crate) fn save(
    tx: &mut dyn Tx,
    scene: &Scene,
    goods: &[&Good],
    changes: &mut Vec<Change>,
) -> Result<Vec<Outcome>, Failure> {
    let mut book = Book::load(tx, goods, Some(scene.run.id))?;
    let outcomes = goods.iter().map(|good| match book.take(good, scene.now) {
        Ok(Verdict::New) => Outcome::Imported,
        Ok(Verdict::Changed(_)) => Outcome::Updated,
        Ok(Verdict::Same) => Outcome::Unchanged,
        Err(faults) => Outcome::Rejected(faults),
    });
    let outcomes = outcomes.collect();
    book.write(tx, scene.now, changes)?;
    Ok(outcomes)
}
