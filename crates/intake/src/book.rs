//! The part of the register that a batch of rows is about: what each row makes of it, and then all of it written at once.

use crate::enterprise::Good;
use crate::people::People;
use domain::fault::Fault;
use domain::id::{ContactId, RunId, SubjectId};
use domain::subject::Card;
use domain::time::Millis;
use std::collections::{HashMap, HashSet};
use store::contact::{self, Contact};
use store::ids::fresh;
use store::import_change::{self, Change};
use store::subject::{self, Subject, differences};
use store::terms::Failure;
use store::words::sha256;
use store::{Tx, subject_bulk, subject_words};

/// What a row would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    New,
    /// Field, before, after.
    Changed(Vec<(String, String, String)>),
    Same,
}

/// One subject as it stands now and as it will stand.
struct Entry {
    id: SubjectId,
    before: Option<Subject>,
    card: Card,
    /// Made from this very card already.
    words: Option<String>,
}

/// A contact as it stands now, if it does, and as it will stand.
struct Person {
    before: Option<Contact>,
    after: Contact,
}

pub(crate) struct Book {
    entries: Vec<Entry>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    /// Without a code, and made or changed by this very run: another row's code does not pass to them.
    own: HashSet<SubjectId>,
    contacts: HashMap<SubjectId, Vec<Person>>,
    people: People,
}

impl Book {
    pub fn load(tx: &mut dyn Tx, goods: &[&Good], run: Option<RunId>) -> Result<Book, Failure> {
        let (mut codes, mut names) = (Vec::new(), Vec::new());
        for good in goods {
            let (code, name) = good.code_and_name();
            names.push(name.to_owned());
            if !code.is_empty() {
                codes.push(code.to_owned());
            }
        }
        let people = if goods.iter().any(|it| !it.officer.is_empty()) { People::load(tx)? } else { People::default() };
        let mut book = Book {
            entries: vec![],
            by_code: HashMap::new(),
            by_name: HashMap::new(),
            own: HashSet::new(),
            contacts: HashMap::new(),
            people,
        };
        let mut seen = HashSet::new();
        let mut known = subject_bulk::find_by_codes(tx, &codes)?;
        known.extend(subject_bulk::find_by_names(tx, &names)?);
        for it in known.into_iter().filter(|it| seen.insert(it.id)) {
            if let Some(run) = run.filter(|_| it.card.code.is_empty())
                && import_change::is_of(tx, run, &format!("subject/{}", it.id))?
            {
                book.own.insert(it.id);
            }
            book.add(Entry { id: it.id, card: it.card.clone(), before: Some(it), words: None });
        }
        if goods.iter().any(|it| it.contact.is_some()) {
            let ids: Vec<SubjectId> = book.entries.iter().map(|it| it.id).collect();
            for it in subject_bulk::contacts_of(tx, &ids)? {
                book.contacts.entry(it.subject).or_default().push(Person { before: Some(it.clone()), after: it });
            }
        }
        Ok(book)
    }

    fn add(&mut self, entry: Entry) -> usize {
        let at = self.entries.len();
        if !entry.card.code.is_empty() {
            self.by_code.insert(entry.card.code.clone(), at);
        }
        self.by_name.entry(entry.card.name.clone()).or_default().push(at);
        self.entries.push(entry);
        at
    }

    /// What a row makes of the register; rows after it see that.
    pub fn take(&mut self, good: &Good, now: Millis) -> Result<Verdict, Vec<Fault>> {
        let officer = match good.officer.as_str() {
            "" => None,
            text => Some(self.people.find("officer", text, None).map_err(|fault| vec![fault])?.id),
        };
        let Some(at) = self.find(good)? else {
            let card = Card { officer, ..good.card().clone() };
            let id = SubjectId(fresh(now));
            if card.code.is_empty() {
                self.own.insert(id);
            }
            self.add(Entry { id, before: None, card, words: Some(good.words.clone()) });
            self.meet(id, good, now);
            return Ok(Verdict::New);
        };
        let entry = &self.entries[at];
        let mut card = good.merged(&entry.card);
        card.officer = officer.or(card.officer);
        let id = entry.id;
        let mut told = Vec::new();
        if card != entry.card {
            let card = card.checked()?;
            told.extend(differences(&entry.card, &card).into_iter().map(|it| (it.0.to_owned(), it.1, it.2)));
            self.change(at, card);
        }
        told.extend(self.meet(id, good, now));
        Ok(if told.is_empty() { Verdict::Same } else { Verdict::Changed(told) })
    }

    fn change(&mut self, at: usize, card: Card) {
        let entry = &mut self.entries[at];
        if !card.code.is_empty() {
            self.by_code.insert(card.code.clone(), at);
        }
        if card.name != entry.card.name {
            self.by_name.entry(card.name.clone()).or_default().push(at);
        }
        (entry.card, entry.words) = (card, None);
    }

    /// By credit code; without one by the whole name, and by the address where several bear it.
    fn find(&self, good: &Good) -> Result<Option<usize>, Vec<Fault>> {
        let (code, name) = good.code_and_name();
        if let Some(at) = self.by_code.get(code) {
            return Ok(Some(*at));
        }
        let named = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let named: Vec<usize> = named.iter().copied().filter(|at| self.entries[*at].card.name == name).collect();
        let (bare, coded): (Vec<usize>, Vec<usize>) =
            named.into_iter().partition(|at| self.entries[*at].card.code.is_empty());
        if !code.is_empty() {
            // One that was entered before its code was known.
            let free: Vec<usize> = bare.into_iter().filter(|at| !self.own.contains(&self.entries[*at].id)).collect();
            return Ok(if let [one] = free.as_slice() { Some(*one) } else { None });
        }
        let candidates = if bare.is_empty() { coded } else { bare };
        let address = &good.card().address;
        let there: Vec<usize> =
            candidates.iter().copied().filter(|at| self.entries[*at].card.address == *address).collect();
        match (candidates.as_slice(), there.as_slice()) {
            ([], _) => Ok(None),
            ([one], _) | (_, [one]) => Ok(Some(*one)),
            (all, _) => Err(vec![Fault::new(
                "code",
                format!("名称相同的有{}家，地址也分不出是哪一家；请补上统一社会信用代码。", all.len()),
                format!("{} bear this name, and the address does not tell which; add the credit code.", all.len()),
            )]),
        }
    }

    /// The contact of the row, new or changed.
    fn meet(&mut self, subject: SubjectId, good: &Good, now: Millis) -> Option<(String, String, String)> {
        let new = good.contact.as_ref()?;
        let known = self.contacts.entry(subject).or_default();
        let say = |it: &Contact| format!("{} {} {}", it.name, it.post, it.phone).trim().to_owned();
        let Some(person) = known.iter_mut().find(|it| it.after.name == new.name) else {
            let after = Contact { id: ContactId(fresh(now)), subject, ..new.clone() };
            known.push(Person { before: None, after });
            return Some(("contact".into(), String::new(), say(new)));
        };
        let before = person.after.clone();
        for (new, old) in [(&new.post, &mut person.after.post), (&new.phone, &mut person.after.phone)] {
            if !new.is_empty() {
                old.clone_from(new);
            }
        }
        (before != person.after).then(|| ("contact".into(), say(&before), say(&person.after)))
    }

    pub fn write(self, tx: &mut dyn Tx, now: Millis, changes: &mut Vec<Change>) -> Result<(), Failure> {
        let mut new = Vec::new();
        for Entry { id, before, card, words } in self.entries {
            let after = || subject::digest(&card);
            match before {
                Some(before) if before.card == card => {}
                Some(before) => {
                    let was = serde_json::to_string(&before.card).unwrap_or_default();
                    changes.push(Change::changed("subject", id, was, after()));
                    subject_bulk::put(tx, &before, &card, &subject_words::words(&card), now)?;
                }
                None => {
                    changes.push(Change::made("subject", id, after()));
                    let words = words.unwrap_or_else(|| subject_words::words(&card));
                    new.push(subject_bulk::New { id, card, words });
                }
            }
        }
        subject_bulk::insert_many(tx, &new, now)?;
        write_contacts(tx, self.contacts.into_values().flatten(), now, changes)
    }
}

fn write_contacts(
    tx: &mut dyn Tx,
    all: impl Iterator<Item = Person>,
    now: Millis,
    changes: &mut Vec<Change>,
) -> Result<(), Failure> {
    let mut new = Vec::new();
    for Person { before, after } in all {
        match before {
            Some(before) if before == after => {}
            Some(before) => {
                let was = serde_json::to_string(&before).unwrap_or_default();
                changes.push(Change::changed("contact", after.id, was, digest(&after)));
                contact::put(tx, &after, now)?;
            }
            None => {
                changes.push(Change::made("contact", after.id, digest(&after)));
                new.push(after);
            }
        }
    }
    subject_bulk::insert_contacts(tx, &new, now)?;
    Ok(())
}

pub(crate) fn digest(it: &Contact) -> String {
    sha256(&[format!("{it:?}").as_bytes()])
}
