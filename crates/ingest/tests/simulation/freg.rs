//! The population register of the simulation: persons, what happens to them, and the feed of it.

use std::collections::HashMap;
use std::rc::Rc;

use register::id::IdentityNumber;
use serde_json::json;
use serde_json::value::RawValue;
use sources::freg::bulk::BulkAnswer;
use sources::freg::feed::FeedEntry;
use testkit::dice::Dice;

const CREATED: &str = "personErOpprettet";
const NAME: &str = "endringINavn";
const MARRIED: &str = "endringISivilstand";
const UPDATED: &str = "personErOppdatert";
const NUMBER: &str = "endringIIdentifikasjonsnummer";
const RESIDENT: &str = "personErBosatt";
const SURVIVES: &str = "personErViderefoertSomGjeldendeVedSammenslaaing";
/// The event without a document.
pub const DUPLICATE: &str = "personErOpphoertSomDublett";
const SPLIT: &str = "personErEndretVedSplitting";
const RESTORED: &str = "personErGjenopprettetVedSplitting";

/// Somebody in the register.
#[derive(Clone)]
pub struct Entity {
    /// The number in use.
    pub number: String,
    /// Numbers that have ceased, those of persons merged into this one among them.
    pub ceased: Vec<String>,
    /// Whom it was merged into.
    pub merged_into: Option<usize>,
    version: usize,
    /// The document of today cannot be read.
    broken: bool,
    /// Something has changed, and no event has told it.
    silent: bool,
}

/// The register and its feed.
#[derive(Default)]
pub struct Freg {
    pub entities: Vec<Entity>,
    pub feed: Vec<FeedEntry>,
    documents: HashMap<String, Rc<str>>,
    numbers: usize,
    last_sequence: i64,
}

impl Freg {
    /// Some persons, of whom the feed tells nothing any more.
    pub fn new(persons: usize) -> Self {
        let mut freg = Self { last_sequence: 100, ..Self::default() };
        (0..persons).for_each(|_| {
            freg.add();
        });
        freg
    }

    /// One thing that happens.
    pub fn happen(&mut self, dice: &mut Dice) {
        if dice.percent(10) {
            self.last_sequence += 1 + dice.below(3) as i64;
        }
        let living: Vec<usize> = self.living().collect();
        let (one, other) = (dice.pick(&living).unwrap(), dice.pick(&living).unwrap());
        match dice.below(12) {
            0 => {
                let new = self.add();
                self.tell(new, CREATED);
            }
            1..4 => self.change(one, &[NAME]),
            4 => self.change(one, &[NAME, MARRIED]),
            5 => self.change_number(one),
            6 if one != other => self.merge(one, other),
            7 => self.split(dice),
            8 => self.change(one, &[UPDATED]),
            9 => self.change(one, &["nyHendelsetype"]),
            10 => {
                self.entities[one].version += 1;
                self.entities[one].silent = true;
            }
            _ => {
                self.entities[one].broken = true;
                self.change(one, &[NAME]);
                // Mended without a word, as a rule.
                let mended = dice.percent(70);
                self.entities[one].broken = !mended;
                self.entities[one].silent = mended;
            }
        }
    }

    /// What is wrong is put right, and what was not told is told.
    pub fn mend(&mut self) {
        for one in self.living().collect::<Vec<_>>() {
            let entity = &mut self.entities[one];
            if std::mem::take(&mut entity.broken) | entity.silent {
                self.change(one, &[UPDATED]);
            }
        }
    }

    fn living(&self) -> impl Iterator<Item = usize> {
        (0..self.entities.len()).filter(|one| self.entities[*one].merged_into.is_none())
    }

    fn add(&mut self) -> usize {
        let number = self.new_number();
        self.entities.push(Entity {
            number,
            ceased: Vec::new(),
            merged_into: None,
            version: 0,
            broken: false,
            silent: false,
        });
        self.entities.len() - 1
    }

    fn new_number(&mut self) -> String {
        self.numbers += 1;
        format!("018190{:05}", self.numbers)
    }

    fn change(&mut self, one: usize, events: &[&str]) {
        self.entities[one].version += 1;
        self.entities[one].silent = false;
        events.iter().for_each(|event| self.tell(one, event));
    }

    /// Two events, and half a person between them.
    fn change_number(&mut self, one: usize) {
        self.change(one, &[NUMBER]);
        let new = self.new_number();
        let old = std::mem::replace(&mut self.entities[one].number, new);
        self.entities[one].ceased.push(old);
        self.change(one, &[RESIDENT]);
    }

    fn merge(&mut self, one: usize, other: usize) {
        let gone = self.entities[other].clone();
        self.entities[other].merged_into = Some(one);
        self.entities[one].ceased.extend(gone.ceased);
        self.entities[one].ceased.push(gone.number.clone());
        self.change(one, &[SURVIVES]);
        self.add_event(gone.number, DUPLICATE, None);
    }

    fn split(&mut self, dice: &mut Dice) {
        let merged: Vec<(usize, usize)> = (0..self.entities.len())
            .filter_map(|one| Some((one, self.entities[one].merged_into?)))
            .filter(|(_, into)| self.entities[*into].merged_into.is_none())
            .collect();
        let Some((one, from)) = dice.pick(&merged) else { return };
        let restored = self.entities[one].clone();
        self.entities[from]
            .ceased
            .retain(|number| *number != restored.number && !restored.ceased.contains(number));
        self.entities[one].merged_into = None;
        self.change(from, &[SPLIT]);
        self.change(one, &[RESTORED]);
    }

    fn tell(&mut self, one: usize, event: &str) {
        let id = format!("{one}/{}", self.last_sequence + 1);
        let json = Rc::from(self.document(one));
        self.documents.insert(id.clone(), json);
        let number = self.entities[one].number.clone();
        self.add_event(number, event, (event != UPDATED).then_some(id));
    }

    fn add_event(&mut self, number: String, event: &str, document: Option<String>) {
        self.last_sequence += 1;
        self.feed.push(FeedEntry {
            sequence: self.last_sequence,
            number: IdentityNumber::new(number),
            event_type: event.to_owned(),
            event_document: None,
            person_document: document,
            registered_at: None,
        });
    }

    /// The document of today.
    pub fn document(&self, one: usize) -> String {
        let Entity { number, ceased, version, broken, .. } = &self.entities[one];
        if *broken {
            return json!([one, version]).to_string();
        }
        let listed = |number: &String, status: &str| {
            json!({"status": status, "erGjeldende": status == "iBruk",
                "foedselsEllerDNummer": number, "identifikatortype": "foedselsnummer"})
        };
        let ceased = ceased.iter().map(|number| listed(number, "opphoert"));
        let numbers: Vec<_> = std::iter::once(listed(number, "iBruk")).chain(ceased).collect();
        let name = format!("Nr {one} {version}");
        json!({"identifikasjonsnummer": numbers,
            "navn": [{"erGjeldende": true, "fornavn": name, "etternavn": "Østgård"}]})
        .to_string()
    }

    /// `hendelser/siste/sekvensnummer`.
    pub fn last_sequence(&self) -> i64 {
        self.last_sequence
    }

    /// A page of the feed: shorter than real ones, now and then in disorder or with a repetition.
    pub fn page(&self, from: i64, dice: &mut Dice) -> Vec<FeedEntry> {
        let entries = self.feed.iter().filter(|entry| entry.sequence >= from);
        let mut page: Vec<FeedEntry> = entries.take(1 + dice.below(12)).cloned().collect();
        if page.len() > 1 && dice.percent(10) {
            page.swap(0, 1);
        }
        if !page.is_empty() && dice.percent(10) {
            page.push(page[0].clone());
        }
        page
    }

    /// `personer/bulkoppslag/arkiv`; some documents are no longer to be had.
    pub fn by_document(&self, ids: &[String], dice: &mut Dice) -> Vec<BulkAnswer> {
        let answers = ids.iter().map(|id| {
            let json = self.documents.get(id).filter(|_| !dice.percent(5));
            answer(id, json.map(|json| json.to_string()))
        });
        answers.collect()
    }

    /// `personer/bulkoppslag`: a number that has ceased is answered with its survivor.
    pub fn by_number(&self, numbers: &[IdentityNumber]) -> Vec<BulkAnswer> {
        let answers = numbers.iter().map(|number| {
            let holder = self.living().find(|one| {
                let Entity { number: own, ceased, .. } = &self.entities[*one];
                own == number.as_str() || ceased.iter().any(|ceased| ceased == number.as_str())
            });
            answer(number.as_str(), holder.map(|one| self.document(one)))
        });
        answers.collect()
    }

    /// Everybody, as an extract lists them.
    pub fn everybody(&self) -> Vec<usize> {
        self.living().collect()
    }
}

fn answer(key: &str, json: Option<String>) -> BulkAnswer {
    let outcome = match json {
        Some(json) => Ok(RawValue::from_string(json).expect("it is JSON")),
        None => Err("not found".to_owned()),
    };
    BulkAnswer { key: key.to_owned(), outcome }
}
