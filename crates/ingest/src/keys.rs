//! The keys that records are sealed with, and that numbers are hashed with.

use std::sync::Arc;

use store::seal::{NumberHash, SealError, Sealer};

/// The keys of an ingest process. Cheap to clone; `Debug` shows nothing of them.
#[derive(Clone)]
pub struct Keys {
    /// Seals Kafka values, source documents and parked records.
    pub sealer: Arc<Sealer>,
    number_hash: NumberHash,
}

impl Keys {
    /// Takes the key that new values are sealed with, its id (1 to 255), and the key for numbers.
    ///
    /// # Errors
    /// When the id is not usable.
    pub fn new(
        sealing_key_id: u8,
        sealing_key: [u8; 32],
        number_hash: [u8; 32],
    ) -> Result<Self, SealError> {
        let sealer = Arc::new(Sealer::new(sealing_key_id, sealing_key)?);
        Ok(Self { sealer, number_hash: NumberHash::new(&number_hash) })
    }

    /// The Kafka key of a number: the same for ever under one key, and no way back.
    pub fn record_key(&self, number: &str) -> String {
        self.number_hash.of(number)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}
