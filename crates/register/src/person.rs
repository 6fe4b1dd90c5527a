//! A person, as the register knows them.

pub use crate::part::list::{Person, PersonDocument};
use crate::part::{PersonStatus, PersonStatusType};

impl Person {
    /// The entry that is left of a person who turned out to be another: discontinued, without a
    /// number or anything else. It keeps its id, so that a client who holds the id is told.
    pub fn stub() -> Self {
        let discontinued = PersonStatus {
            is_valid: Some(true),
            status: Some(PersonStatusType::Discontinued),
            ..PersonStatus::default()
        };
        Self { status: vec![discontinued], ..Self::default() }
    }
}
