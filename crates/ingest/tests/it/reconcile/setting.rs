//! A register that is loaded, a FREG that may know better, and what is compared.

use ingest::IngestError;
use ingest::collect::SOURCE;
use ingest::reconcile::{self, Options, Whom};
use store::{ComparedWith, ComparisonCounts, Cursor};
use tokio_util::sync::CancellationToken;

use crate::apply::setting::{ANNE, NAME, Running, Setting, paper, told};
use crate::support::freg::{Event, FakeFreg, State};
use crate::support::{KeyFile, freg_config, keys};

/// Everybody, at once, and what differs is put right.
pub const EVERYBODY: Options =
    Options { whom: Whom::Everybody, persons_per_minute: None, repair: true };

/// A register and its FREG, which are one to begin with.
pub struct World {
    pub freg: FakeFreg,
    pub register: Setting,
    applying: Running,
    _key: KeyFile,
}

impl World {
    /// Persons with these numbers; the first has changed since the load, so that the register is at
    /// FREG's newest event.
    pub async fn with(numbers: &[&str]) -> World {
        let freg = FakeFreg::start(State::default()).await;
        let key = KeyFile::create();
        let (mut register, applying) = Setting::loaded(numbers).await;
        register.config.freg = freg_config(&freg.address, &key);
        register.change(&[told(101, numbers[0], NAME, paper(&[numbers[0]], &[], "Ærlige"))]).await;
        let at = Cursor { next_sequence: 102, by_number_until: 0 };
        register.store.start_cursor(SOURCE, at).await.unwrap();
        let world = World { freg, register, applying, _key: key };
        for number in numbers {
            let name = if *number == numbers[0] { "Ærlige" } else { "Ærlig" };
            world.freg_has(number, paper(&[number], &[], name));
        }
        world.freg_is_at(101);
        world
    }

    /// What FREG answers to a number from now on.
    pub fn freg_has(&self, number: &str, json: String) {
        self.freg.state().persons.insert(number.to_owned(), json);
    }

    /// The sequence of FREG's newest event.
    pub fn freg_is_at(&self, sequence: i64) {
        let (number, event_type, document) = (ANNE.to_owned(), NAME, None);
        self.freg.state().events.push(Event { sequence, number, event_type, document });
    }

    pub async fn compare(&self, options: Options) -> ComparisonCounts {
        self.try_to_compare(ComparedWith::Freg, options).await.unwrap().unwrap()
    }

    pub async fn try_to_compare(
        &self,
        with: ComparedWith,
        options: Options,
    ) -> Result<Option<ComparisonCounts>, IngestError> {
        let Setting { config, store, .. } = &self.register;
        let stop = CancellationToken::new();
        reconcile::by_number(config, store, &keys(), with, options, &stop).await
    }

    pub async fn end(self) {
        self.applying.stop().await;
    }
}

/// How many persons are not as the source has them.
pub fn wrong(counts: &ComparisonCounts) -> i64 {
    counts.missing + counts.extra + counts.differing
}

pub fn elements(counts: &ComparisonCounts) -> Vec<(&str, i64)> {
    counts.by_element.iter().map(|(element, persons)| (element.as_str(), *persons)).collect()
}
