//! Whether a register came out of its troubles as if there had been none.
//!
//! The model is computed from FREG itself: what its feed tells and which document each person has,
//! rendered here without any register. Findings name sequences, numbers of events and counts, never
//! a person's number.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_lc_rs::digest::{SHA256, digest};
use ingest::apply::document::prepare;
use ingest::config::{FregConfig, MaskinportenConfig};
use ingest::freg_client::{FeedAnswer, FregClient};
use register::event::EventType;
use register::geography::{Builder, enrich};
use register::id::IdentityNumber;
use register::package::Package;
use register::render::{Circumstances, render};
use register::time::Instant;
use serde_json::Value;
use sources::freg::event::{carries_document, public_type};
use sources::freg::feed::FeedEntry;
use testkit::database::TestDatabase;
use tokio_util::sync::CancellationToken;

use crate::register::{Register, RunningSandbox, get};

/// What FREG says that there must be.
pub struct Model {
    /// Everybody alive in FREG, by the number in use.
    persons: BTreeMap<String, Expected>,
    /// From where the register was loaded on.
    events: Vec<FeedEntry>,
    /// What is told of sequences before this one is not looked at.
    from: i64,
}

/// A person as it must stand.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    /// Hashes of what both packages are served.
    served: [String; 2],
    /// Every number that leads to the person.
    numbers: BTreeSet<String>,
}

/// Waits until what the sandbox has told is applied, and checks; `after` says what has happened.
pub async fn check(register: &Register, sandbox: &RunningSandbox, after: &str) {
    register.await_sequence(sandbox.last_sequence().await).await;
    let model = Model::of(sandbox, &register.database).await;
    model.check(&register.database).await.must_be_clean(after);
}

/// What a check has looked at, and what it found.
#[derive(Debug, Default)]
pub struct Verdict {
    pub persons: usize,
    pub events: usize,
    pub findings: Vec<String>,
}

impl Verdict {
    /// Fails when anything was found.
    pub fn must_be_clean(&self, after: &str) {
        let shown = &self.findings[..self.findings.len().min(10)];
        assert!(shown.is_empty(), "after {after}: {} findings: {shown:#?}", self.findings.len());
        assert!(self.persons > 0 && self.events > 0, "after {after}: nothing was checked");
        println!(
            "after {after}: {} persons and {} events as they must be",
            self.persons, self.events
        );
    }

    fn find(&mut self, what: impl Into<String>) {
        self.findings.push(what.into());
    }
}

impl Model {
    /// Asks FREG for everything that a register must have told since it was loaded.
    pub async fn of(sandbox: &RunningSandbox, database: &TestDatabase) -> Model {
        let loaded_from = "select min(from_sequence)::text from bulk_load";
        let from = database.fetch_text(loaded_from).await[0].parse().unwrap();
        // Sequences before it are none of FREG's.
        Model { from: i64::MIN, ..Model::since(sandbox, from).await }
    }

    /// The same from a later sequence on: FREG may have forgotten those before it.
    pub async fn since(sandbox: &RunningSandbox, from: i64) -> Model {
        let client = freg_client(sandbox);
        let events = feed(&client, from).await;
        let numbers = living(sandbox).await;
        let mut persons = BTreeMap::new();
        for answer in client.by_number(&numbers).await.unwrap() {
            let json = answer.outcome.expect("FREG knows its own");
            persons.insert(answer.key, expected(json.get()));
        }
        assert_eq!(persons.len(), numbers.len());
        Model { persons, events, from }
    }

    /// Compares a register with the model.
    pub async fn check(&self, database: &TestDatabase) -> Verdict {
        let mut verdict = Verdict::default();
        self.check_persons(database, &mut verdict).await;
        self.check_events(database, &mut verdict).await;
        check_inside(database, &mut verdict).await;
        verdict
    }

    async fn check_persons(&self, database: &TestDatabase, verdict: &mut Verdict) {
        let rows = "select concat_ws(' ', primary_number, encode(sha256(served_full), 'hex'),
                encode(sha256(served_restricted), 'hex'),
                coalesce((select string_agg(n.number, ',') from person_number n
                    where n.person_id = p.id), '-'))
            from person p where not stub";
        let mut found = BTreeMap::new();
        for row in database.fetch_text(rows).await {
            let words: Vec<&str> = row.split(' ').collect();
            let [number, full, restricted, numbers] = words[..] else { panic!("four words") };
            let person = Expected {
                served: [full, restricted].map(str::to_owned),
                numbers: numbers.split(',').map(str::to_owned).collect(),
            };
            if found.insert(number.to_owned(), person).is_some() {
                verdict.find("two persons with the same number in use");
            }
        }
        verdict.persons = found.len();
        for (place, (number, expected)) in self.persons.iter().enumerate() {
            match found.remove(number) {
                None => verdict.find(format!("person {place} is missing")),
                Some(person) if person.served != expected.served => {
                    verdict.find(format!("person {place} is served otherwise"));
                }
                Some(person) if person.numbers != expected.numbers => {
                    verdict.find(format!("person {place} has other numbers"));
                }
                Some(_) => {}
            }
        }
        if !found.is_empty() {
            verdict.find(format!("{} persons whom FREG does not know", found.len()));
        }
    }

    /// Each event of FREG's from the extract on is told once, of its number, and in FREG's order.
    async fn check_events(&self, database: &TestDatabase, verdict: &mut Verdict) {
        let mut told: HashMap<i64, Vec<Told>> = HashMap::new();
        let mut before = i64::MIN;
        for event in events(database).await {
            let Some(sequence) = event.source_sequence.filter(|at| *at >= self.from) else {
                continue;
            };
            if sequence < before {
                let number = event.number;
                verdict.find(format!("event {number} tells {sequence} after {before}"));
            }
            before = sequence;
            told.entry(sequence).or_default().push(event);
        }
        for entry in &self.events {
            verdict.events += 1;
            let told = told.remove(&entry.sequence).unwrap_or_default();
            check_event(entry, &told, verdict);
        }
        if !told.is_empty() {
            verdict.find(format!("{} sequences told that FREG does not have", told.len()));
        }
    }
}

/// An event as it is stored.
struct Told {
    number: i64,
    event_type: EventType,
    nin: String,
    source_sequence: Option<i64>,
}

async fn events(database: &TestDatabase) -> Vec<Told> {
    let rows = "select concat_ws(' ', sequence_number, event_type, coalesce(nin, '-'),
            coalesce(source_sequence::text, '-'))
        from event where visible_full order by sequence_number";
    let rows = database.fetch_text(rows).await;
    let told = rows.iter().map(|row| {
        let words: Vec<&str> = row.split(' ').collect();
        let [number, code, nin, sequence] = words[..] else { panic!("four words") };
        Told {
            number: number.parse().unwrap(),
            event_type: EventType::from_code(code.parse().unwrap()).unwrap(),
            nin: nin.to_owned(),
            source_sequence: sequence.parse().ok(),
        }
    });
    told.collect()
}

fn check_event(entry: &FeedEntry, told: &[Told], verdict: &mut Verdict) {
    use EventType::{PersonIsDiscontinuedAsDuplicate, PersonPopulated};
    let sequence = entry.sequence;
    let event_type = public_type(&entry.event_type);
    let times = told.iter().filter(|told| told.event_type == event_type).count();
    // The end of a duplicate is told with the merge, if it was anybody here.
    let least = usize::from(carries_document(&entry.event_type));
    if times < least {
        verdict.find(format!("{sequence} is lost: {}", entry.event_type));
    }
    if times > 1 {
        verdict.find(format!("{sequence} is told {times} times"));
    }
    for other in told {
        if other.event_type == event_type {
            if other.nin != entry.number.as_str() {
                verdict.find(format!("{sequence} is told of another number"));
            }
        } else if ![PersonPopulated, PersonIsDiscontinuedAsDuplicate].contains(&other.event_type) {
            verdict.find(format!("{sequence} is told as {:?}", other.event_type));
        }
    }
}

/// What must hold whatever FREG says.
async fn check_inside(database: &TestDatabase, verdict: &mut Verdict) {
    let rules = [
        (
            "the numbers of events have holes",
            "select 'x' from event_counter c where last_sequence <> (select count(*) from event)
                + coalesce((select sum(last_sequence - first_sequence + 1) from event_gap), 0)",
        ),
        (
            "a number that is never given out was",
            "select 'x' from event_gap g join event e
                on e.sequence_number between g.first_sequence and g.last_sequence",
        ),
        (
            "a person is new twice",
            "select 'x' from event where event_type in (select event_type from event e
                where e.sequence_number = (select min(sequence_number) from event
                    where visible_full)) and visible_full
                group by person_id, event_type having count(*) > 1",
        ),
        (
            "a person was never told",
            "select 'x' from person p where not exists
                (select from event e where e.person_id = p.id and e.visible_full)",
        ),
        (
            "a person's number of its last event is another",
            "select 'x' from person p where sequence_full <> (select max(sequence_number)
                from event e where e.person_id = p.id)",
        ),
        (
            "something was parked",
            "select concat_ws(' ', 'reason', reason, 'sequence', source_sequence,
                split_part(topic, '-', 1), record_offset, 'person', person_id is not null)
                from parked order by id",
        ),
        ("somebody waits for nothing", "select 'x' from person where parked"),
    ];
    for (rule, sql) in rules {
        let broken = database.fetch_text(sql).await;
        if !broken.is_empty() {
            let shown = &broken[..broken.len().min(5)];
            verdict.find(format!("{rule}: {} times, as {shown:?}", broken.len()));
        }
    }
}

/// Everything in FREG's feed from a sequence on.
pub async fn feed(client: &FregClient, from: i64) -> Vec<FeedEntry> {
    let (mut events, mut next) = (Vec::new(), from);
    loop {
        let FeedAnswer::Events(page) = client.feed(next).await.unwrap() else {
            panic!("the sandbox has forgotten its feed")
        };
        let Some(last) = page.iter().map(|event| event.sequence).max() else { return events };
        next = last + 1;
        events.extend(page);
    }
}

/// The packages, in the order of the forms.
pub const PACKAGES: [Package; 2] = [Package::FullAccess, Package::RestrictedAccess];

/// What both packages are served of a document of FREG, and the numbers that lead to it.
pub fn forms(json: &str) -> ([Vec<u8>; 2], BTreeSet<String>) {
    let document = prepare(json).expect("FREG's documents can be read");
    let mut person = document.person;
    enrich(&mut person, &Builder::default().build().0, today());
    let circumstances = Circumstances { protection_uncertain: false };
    let numbers = document.numbers.iter().map(|listed| listed.number.as_str().to_owned());
    (PACKAGES.map(|package| render(&person, package, &circumstances)), numbers.collect())
}

fn expected(json: &str) -> Expected {
    let (forms, numbers) = forms(json);
    let compressed = PACKAGES.into_iter().zip(&forms);
    let mut hashes = compressed.map(|(package, form)| {
        let compressed = store::blob::compress(package, form).unwrap();
        let hash = digest(&SHA256, &compressed);
        hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    });
    let served = std::array::from_fn(|_| hashes.next().expect("one for each package"));
    Expected { served, numbers }
}

fn today() -> register::time::Day {
    Instant::parse("2026-11-22T12:00:00+01:00").expect("a time").day()
}

/// The numbers in use of everybody in FREG who was not merged into another.
pub async fn living(sandbox: &RunningSandbox) -> Vec<IdentityNumber> {
    let mut numbers = Vec::new();
    for offset in (0..).step_by(1000) {
        let url = format!("{}/sandbox/persons?offset={offset}&limit=1000", sandbox.url);
        let page: Value = get(&url).await;
        if page["total"].as_i64().unwrap() <= offset {
            break;
        }
        let persons = page["persons"].as_array().unwrap().iter();
        numbers.extend(
            persons
                .map(|person| IdentityNumber::new(person["number"].as_str().unwrap().to_owned())),
        );
    }
    numbers
}

/// FREG as ingest calls it.
pub fn freg_client(sandbox: &RunningSandbox) -> FregClient {
    let config = FregConfig {
        base_url: format!("{}/folkeregisteret/offentlig-med-hjemmel/api/v1", sandbox.url),
        retry_pause_max_ms: 1_000,
        maskinporten: MaskinportenConfig {
            token_url: format!("{}/maskinporten/token", sandbox.url),
            audience: format!("{}/maskinporten/", sandbox.url),
            client_id: "persontjenesten-demo".to_owned(),
            key_file: sandbox.key_file.clone(),
            ..MaskinportenConfig::default()
        },
        ..FregConfig::default()
    };
    FregClient::new(&config, CancellationToken::new()).unwrap()
}
