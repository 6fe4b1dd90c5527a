//! Postgres: the only crate with SQL.
//!
//! What is stored is what is served: [`Store`] reads ready answers by number or id, pages of events
//! up to the confirmed head, and writes whole batches in one transaction. Queries are checked when
//! the crate is compiled.

mod batch;
pub mod blob;
mod commit;
mod compression;
mod config;
mod contact;
mod contact_lookup;
mod cursor;
mod election;
mod enrichment;
mod error;
mod event;
mod geography;
mod head;
pub mod inspect;
mod metrics;
mod park;
mod person;
mod pool;
mod progress;
mod reconciliation;
mod rerender;
pub mod seal;
mod search;
mod state;
mod stopped;
mod store;

pub use batch::{
    Committed, ContactWrite, EventWrite, NumberWrite, ParkReason, ParkedWrite, PersonWrite,
    PositionMove, ServedBlobs, SourceWrite, StillParked, Unparked, WriteBatch,
};
pub use commit::SearchBuild;
pub use compression::train;
pub use config::{Secret, StoreConfig};
pub use contact::StoredContact;
pub use contact_lookup::ContactGaps;
pub use cursor::{BulkLoad, Cursor};
pub use election::{Election, WriterLock};
pub use enrichment::{EnrichedWith, Enrichment};
pub use error::{Fault, StoreError};
pub use event::EventRow;
pub use geography::{GeographyRows, GeographyStage, GeographyVersion, NewGeography};
pub use park::{ParkDecision, ParkSelection, ParkedEntry, ParkedRecord};
pub use person::ServedRow;
pub use progress::{Position, Totals};
pub use reconciliation::{
    Candidate, Candidates, ComparedWith, ComparisonCounts, ComparisonMode, LastComparison,
    Reconciliation,
};
pub use rerender::{Breadth, Rerender, RerenderMove, RerenderRound};
pub use search::{Search, TOP};
pub use state::{MappedNumber, PersonState, SourceDocument, StoredPerson, StoredSource};
pub use stopped::{PassedPartition, Passing};
pub use store::{MIGRATOR, Store};
