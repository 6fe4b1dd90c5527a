//! A register with its topics, the process that fills it, and documents as FREG writes them.

use std::time::Duration;

use ingest::Keys;
use ingest::apply::{self, ApplyError};
use ingest::config::{ApplyConfig, IngestConfig};
use ingest::kafka::{self, Outgoing, Publisher};
use ingest::record::{
    AinRecord, Carried, ChangeRecord, ContactRecord, SnapshotRecord, seal_record,
};
use register::id::PersonId;
use register::package::Package;
use register::part::PartSet;
use register::render::ServedForm;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::{ServedRow, Store};
use testkit::database::TestDatabase;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{kafka_config, keys, store, until};

pub const ANNE: &str = "01819912345";
pub const BO: &str = "02819912345";
pub const CATO: &str = "03819912345";
/// A D-number, and the number that takes its place.
pub const D_NUMBER: &str = "44819912345";
pub const NEW_NUMBER: &str = "04819912345";

pub const CREATED: &str = "personErOpprettet";
pub const NAME: &str = "endringINavn";
pub const PROTECTION: &str = "endringIAdressebeskyttelse";
pub const SURVIVES: &str = "personErViderefoertSomGjeldendeVedSammenslaaing";
pub const DUPLICATE: &str = "personErOpphoertSomDublett";
pub const SPLIT: &str = "personErEndretVedSplitting";
pub const RESTORED: &str = "personErGjenopprettetVedSplitting";
pub const NUMBER: &str = "endringIIdentifikasjonsnummer";
pub const RESIDENT: &str = "personErBosatt";

/// Where everybody lives, and where everybody lived.
pub const STREET: &str = "Blåbærveien";
pub const OLD_STREET: &str = "Tyttebærstien";

pub const PACKAGES: [Package; 2] = [Package::FullAccess, Package::RestrictedAccess];

/// A person document: the numbers in use, those that have ceased, and a given name to tell one
/// version from another.
pub fn paper(in_use: &[&str], ceased: &[&str], given_name: &str) -> String {
    let listed = |number: &&str, status: &str| {
        json!({"status": status, "erGjeldende": status == "iBruk",
            "foedselsEllerDNummer": number, "identifikatortype": "foedselsnummer"})
    };
    let numbers: Vec<Value> = in_use
        .iter()
        .map(|number| listed(number, "iBruk"))
        .chain(ceased.iter().map(|number| listed(number, "opphoert")))
        .collect();
    let address = |street: &str, current: bool| {
        json!({"erGjeldende": current, "adressegradering": "ugradert", "vegadresse":
            {"kommunenummer": "0301", "adressenavn": street, "adressekode": "06001",
            "adressenummer": {"husnummer": "8"},
            "poststed": {"poststedsnavn": "OSLO", "postnummer": "0265"}}})
    };
    json!({"identifikasjonsnummer": numbers,
        "status": [{"erGjeldende": true, "status": "bosatt"}],
        "navn": [{"erGjeldende": true, "fornavn": given_name, "etternavn": "Østgård"}],
        "bostedsadresse": [address(STREET, true), address(OLD_STREET, false)]})
    .to_string()
}

/// A document that rides on a record.
pub fn with(as_of: i64, json: impl Into<String>) -> Carried {
    let json = RawValue::from_string(json.into()).unwrap();
    Carried::Document { as_of, json }
}

/// Valid JSON, and no person.
pub fn unreadable(as_of: i64) -> Carried {
    with(as_of, r#"["ingen person"]"#)
}

/// An event right behind the one before it.
pub fn change(sequence: i64, number: &str, event_type: &str, document: Carried) -> ChangeRecord {
    ChangeRecord {
        sequence,
        previous_sequence: Some(sequence - 1),
        number: number.to_owned(),
        event_type: event_type.to_owned(),
        document,
    }
}

/// An event with a document of its own.
pub fn told(sequence: i64, number: &str, event_type: &str, json: String) -> ChangeRecord {
    change(sequence, number, event_type, with(sequence, json))
}

/// Everything that applying processes need, and what they leave.
pub struct Setting {
    pub config: IngestConfig,
    pub store: Store,
    publisher: Publisher,
    // Dropped last: the database goes when the store no longer uses it.
    pub database: TestDatabase,
}

/// One applying process.
pub struct Running {
    shutdown: CancellationToken,
    outcome: JoinHandle<Result<(), ApplyError>>,
}

impl Running {
    /// Starts a process that has its own store and keys.
    pub fn start(config: &IngestConfig, store: &Store, keys: Keys) -> Running {
        let shutdown = CancellationToken::new();
        let (config, store, stop) = (config.clone(), store.clone(), shutdown.clone());
        let run = async move { apply::run(&config, &store, &keys, &stop).await };
        Running { shutdown, outcome: tokio::spawn(run) }
    }

    /// Ends it as `kill -9` does: whatever it is doing stays undone.
    pub async fn kill(self) {
        self.outcome.abort();
        assert!(self.outcome.await.unwrap_err().is_cancelled());
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        let outcome = tokio::time::timeout(Duration::from_secs(20), self.outcome).await;
        outcome.expect("it stops when asked to").unwrap().unwrap();
    }

    /// Waits until it stops by itself.
    pub async fn failure(self) -> ApplyError {
        let outcome = tokio::time::timeout(Duration::from_secs(30), self.outcome).await;
        let outcome = outcome.expect("it stops by itself").unwrap();
        outcome.expect_err("it stops with an error")
    }
}

impl Setting {
    /// An empty register with topics that nobody else uses. The snapshot has one partition, so
    /// that persons come in the order in which they are published.
    pub async fn new() -> Setting {
        let database = TestDatabase::create().await;
        let store = store(&database).await;
        let mut kafka = kafka_config();
        kafka.snapshot_partitions = 1;
        kafka.contacts_partitions = 1;
        kafka::ensure_topics(&kafka).await.unwrap();
        let publisher = Publisher::new(&kafka);
        let apply = ApplyConfig { batch_wait_ms: 20, ..ApplyConfig::default() };
        let config = IngestConfig { kafka, apply, ..IngestConfig::default() };
        Setting { config, store, publisher, database }
    }

    /// A register whose extract at sequence 100 held a document for each of these numbers.
    pub async fn loaded(numbers: &[&str]) -> (Setting, Running) {
        let setting = Setting::new().await;
        let running = setting.start();
        let papers = numbers.iter().map(|number| paper(&[number], &[], "Ærlig"));
        setting.publish_snapshot(papers.collect()).await;
        setting.applied().await;
        (setting, running)
    }

    pub fn start(&self) -> Running {
        Running::start(&self.config, &self.store, keys())
    }

    pub async fn publish_changes(&self, records: &[ChangeRecord]) {
        self.publish_sealed(records, &keys()).await;
    }

    /// Publishes changes that are sealed with other keys than ours.
    pub async fn publish_sealed(&self, records: &[ChangeRecord], keys: &Keys) {
        let topic = &self.config.kafka.changes_topic;
        let sealed = records.iter().map(|record| outgoing(keys, topic, &record.number, record));
        let sealed: Vec<Outgoing> = sealed.collect();
        self.publisher.publish(topic, &sealed).await.unwrap();
    }

    /// Publishes what an extract at sequence 100 gave.
    pub async fn publish_snapshot(&self, papers: Vec<String>) {
        self.publish_snapshot_of(100, papers).await;
    }

    /// Publishes what an extract at a sequence gave.
    pub async fn publish_snapshot_of(&self, as_of: i64, papers: Vec<String>) {
        let topic = &self.config.kafka.snapshot_topic;
        let sealed = papers.into_iter().map(|json| {
            let document = with(as_of, json);
            let record = SnapshotRecord { document_id: "d".to_owned(), document };
            outgoing(&keys(), topic, &record.document_id, &record)
        });
        let sealed: Vec<Outgoing> = sealed.collect();
        self.publisher.publish(topic, &sealed).await.unwrap();
    }

    /// Publishes what KRR says.
    pub async fn publish_contacts(&self, records: &[ContactRecord]) {
        let topic = &self.config.kafka.contacts_topic;
        let sealed = records.iter().map(|record| outgoing(&keys(), topic, &record.number, record));
        let sealed: Vec<Outgoing> = sealed.collect();
        self.publisher.publish(topic, &sealed).await.unwrap();
    }

    /// Publishes what KRR says, and waits until it is applied.
    pub async fn contact(&self, records: &[ContactRecord]) {
        self.publish_contacts(records).await;
        self.applied().await;
    }

    /// Publishes states of felles hjelpenummer, and waits until they are applied.
    pub async fn ain(&self, records: &[AinRecord]) {
        let topic = &self.config.kafka.ain_topic;
        let sealed = records.iter().map(|record| outgoing(&keys(), topic, &record.number, record));
        let sealed: Vec<Outgoing> = sealed.collect();
        self.publisher.publish(topic, &sealed).await.unwrap();
        self.applied().await;
    }

    /// The same for what is no such state.
    pub async fn ain_rubbish(&self, rubbish: &Value) {
        let topic = &self.config.kafka.ain_topic;
        let sealed = outgoing(&keys(), topic, "rubbish", rubbish);
        self.publisher.publish(topic, &[sealed]).await.unwrap();
        self.applied().await;
    }

    /// Publishes changes and waits until they are applied.
    pub async fn change(&self, records: &[ChangeRecord]) {
        self.publish_changes(records).await;
        self.applied().await;
    }

    /// Waits until every record that has been published is applied.
    pub async fn applied(&self) {
        let kafka = &self.config.kafka;
        let topics =
            [&kafka.snapshot_topic, &kafka.changes_topic, &kafka.ain_topic, &kafka.contacts_topic];
        for topic in topics {
            let end = kafka::end_offsets(kafka, topic).await.unwrap()[0];
            let what = format!("offset {end} of {topic}");
            until(&what, async || self.next_offset(topic).await == Some(end)).await;
        }
    }

    async fn next_offset(&self, topic: &str) -> Option<i64> {
        let positions = self.store.positions().await.unwrap();
        let at = positions.into_iter().find(|at| at.topic == topic);
        at.map(|at| at.next_offset)
    }

    /// What a lookup by number gives: the row, and the answer with history.
    pub async fn by_number(&self, number: &str, package: Package) -> Option<(ServedRow, Value)> {
        let row = self.store.person_by_number(number, package).await.unwrap();
        row.map(shown)
    }

    /// What a lookup by id gives.
    pub async fn by_id(&self, id: PersonId, package: Package) -> (ServedRow, Value) {
        shown(self.store.person_by_id(id, package).await.unwrap().unwrap())
    }

    /// Whom a number leads to; the same in both packages.
    pub async fn id(&self, number: &str) -> Option<PersonId> {
        let [full, restricted] =
            [self.by_number(number, PACKAGES[0]).await, self.by_number(number, PACKAGES[1]).await]
                .map(|found| found.map(|(row, _)| row.id));
        assert_eq!(full, restricted);
        full
    }

    /// The given name that a number leads to.
    pub async fn name(&self, number: &str) -> String {
        let (_, person) = self.by_number(number, PACKAGES[0]).await.unwrap();
        person["name"][0]["givenName"].as_str().unwrap().to_owned()
    }

    /// The public events in order, as `Type person`, the person by the place of its first event.
    pub async fn events(&self, package: Package) -> Vec<String> {
        let head = self.store.refresh_head().await;
        let events = self.store.events(1, &[], 1_000, package).await.unwrap();
        assert!(events.iter().all(|event| event.sequence <= head));
        let mut persons: Vec<PersonId> = Vec::new();
        let mut show = |person: PersonId, name: &str| {
            let place = persons.iter().position(|known| *known == person);
            let place = place.unwrap_or_else(|| {
                persons.push(person);
                persons.len() - 1
            });
            format!("{name} {place}")
        };
        let shown = events.iter().map(|event| show(event.person_id, event.event_type.name()));
        shown.collect()
    }

    /// Every row that replaying must not change, ids apart.
    pub async fn rows(&self) -> Vec<String> {
        let persons = "select concat_ws(' ', 'person', ordinal, primary_number, stub, p.as_of,
                encode(content_hash, 'hex'), masked_parts, masked_before, parked,
                protection_uncertain, md5(served_full), md5(served_restricted), (s.person_id is not null), s.as_of)
            from person p left join source_document s on s.person_id = id order by ordinal";
        let numbers = "select concat_ws(' ', number, p.ordinal, n.as_of, n.continued_as)
            from person_number n left join person p on p.id = n.person_id order by number";
        let events = "select concat_ws(' ', event_type, p.ordinal, nin, source_sequence,
                visible_restricted)
            from event e join person p on p.id = e.person_id
            where visible_full order by sequence_number";
        let mut rows = Vec::new();
        for sql in [persons, numbers, events] {
            rows.extend(self.database.fetch_text(sql).await);
        }
        rows
    }
}

fn outgoing(keys: &Keys, topic: &str, number: &str, record: &impl Serialize) -> Outgoing {
    let key = keys.record_key(number);
    let value = seal_record(&keys.sealer, topic, key.as_bytes(), record);
    Outgoing { value: value.unwrap(), key }
}

fn shown(row: ServedRow) -> (ServedRow, Value) {
    let mut json = Vec::new();
    let form = ServedForm::read(&row.served).unwrap();
    form.write_json(&mut json, row.id, row.sequence, PartSet::ALL, true);
    let json = serde_json::from_slice(&json).unwrap();
    (row, json)
}
