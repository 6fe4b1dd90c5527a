//! A register with the publishers of geography, and short ways to load it.

use ingest::config::GeographyConfig;
use ingest::geography::{
    GeographyError, GeographyProgress, GeographyReport, Outcome, UpdateOptions, update,
};
use register::time::Day;
use store::Store;
use testkit::database::TestDatabase;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::made::{Fault, Publishers, State, World};
use crate::support::{keys, store};

/// Everything that a test is about.
pub struct Setting {
    pub database: TestDatabase,
    pub store: Store,
    pub publishers: Publishers,
    pub config: GeographyConfig,
    pub options: UpdateOptions,
}

impl Setting {
    pub async fn new() -> Setting {
        let database = TestDatabase::create().await;
        let store = store(&database).await;
        let publishers = Publishers::start(World::new()).await;
        let config = GeographyConfig {
            klass_url: format!("{}/klass", publishers.address),
            address_url: format!("{}/addresses.zip", publishers.address),
            retry_pause_max_ms: 20,
            attempts: 3,
            ..GeographyConfig::default()
        };
        let options = UpdateOptions {
            report_only: false,
            force: false,
            klass_dir: None,
            addresses: None,
            today: Day::parse("2026-06-01").unwrap(),
        };
        Setting { database, store, publishers, config, options }
    }

    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.publishers.state.lock().unwrap());
    }

    pub fn world(&self, change: impl FnOnce(&mut World)) {
        self.change(|state| change(&mut state.world));
    }

    /// The next call of what ends so gets this.
    pub fn fault(&self, path: &'static str, status: u16, body: impl Into<Vec<u8>>) {
        let body = body.into();
        let length = body.len();
        self.change(|state| state.faults.push_back(Fault { path, status, body, length }));
    }

    pub async fn try_load(&self) -> Result<GeographyReport, GeographyError> {
        self.load_with(&self.options).await
    }

    pub async fn load_with(
        &self,
        options: &UpdateOptions,
    ) -> Result<GeographyReport, GeographyError> {
        let (sender, _receiver) = watch::channel(GeographyProgress::default());
        let shutdown = CancellationToken::new();
        update(&self.config, &self.store, &keys(), options, &sender, &shutdown).await
    }

    /// Loads, and it becomes current.
    pub async fn load(&self) -> GeographyReport {
        let report = self.try_load().await.unwrap();
        assert_eq!(report.outcome, Outcome::Loaded, "{report}");
        report
    }

    /// Is refused for the one reason whose text begins so, and changes nothing; then is forced.
    pub async fn is_refused_unless_forced(&self, because: &str) {
        let before = self.current().await;
        let report = self.try_load().await.unwrap();
        assert_eq!(report.outcome, Outcome::Refused, "{report}");
        assert_eq!(report.persons, None, "nobody is looked at in vain");
        let [refusal] = report.refusals.as_slice() else { panic!("{report}") };
        assert!(refusal.starts_with(because), "{refusal}");
        assert_eq!(self.current().await, before);
        let forced = UpdateOptions { force: true, ..self.options.clone() };
        let report = self.load_with(&forced).await.unwrap();
        assert_eq!((report.outcome, report.refusals.len()), (Outcome::Loaded, 1), "{report}");
        assert_eq!(self.current().await, report.version);
    }

    pub async fn current(&self) -> Option<i64> {
        self.store.current_geography().await.unwrap().map(|current| current.id)
    }
}
