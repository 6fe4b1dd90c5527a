//! What rendering a plan takes besides the plan: what is stored, where things lie, and what time it is.

use std::collections::HashMap;
use std::sync::Arc;

use register::geography::Geography;
use register::id::IdentityNumber;
use register::time::{Day, Instant};
use store::{PositionMove, Store, StoredContact, WriteBatch};

use super::ApplyError;
use super::plan::{Parked, Place, Plan};
use super::read::{self, RawRecord};
use super::render::{self, Surroundings};
use crate::Keys;

/// Renders with what held when it was made.
pub struct Renderer {
    /// Where contact details and stored forms are.
    pub store: Store,
    /// What sealed values are opened and sealed with.
    pub keys: Keys,
    /// The topic whose records are events.
    pub changes_topic: String,
    /// Where things lie.
    pub geography: Arc<Geography>,
    /// The day on which what holds now is looked up there.
    pub today: Day,
    /// The instant at which notices may be sent or not.
    pub now: Instant,
}

impl Renderer {
    /// The stored contact details of these numbers.
    pub async fn contacts(
        &self,
        numbers: &[&str],
    ) -> Result<HashMap<IdentityNumber, StoredContact>, ApplyError> {
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let stored = self.store.contacts(numbers).await?;
        Ok(stored.into_iter().map(|contact| (contact.number.clone(), contact)).collect())
    }

    /// What a person is rendered with, for those who have these contact details.
    pub fn around(&self, contacts: HashMap<IdentityNumber, StoredContact>) -> Surroundings {
        Surroundings {
            geography: Arc::clone(&self.geography),
            today: self.today,
            now: self.now,
            contacts,
            keys: self.keys.clone(),
        }
    }

    /// Renders a plan of these records.
    pub async fn render(
        self,
        plan: Plan,
        raw: Vec<RawRecord>,
        positions: Vec<PositionMove>,
    ) -> Result<WriteBatch, ApplyError> {
        let contacts = self.contacts(&render::contact_numbers(&plan)).await?;
        let from_stored = render::from_stored(&plan);
        let stored = match from_stored.is_empty() {
            true => Vec::new(),
            false => self.store.stored_persons(&from_stored).await?,
        };
        let stored = stored.into_iter().map(|person| (person.state.id, person)).collect();
        let around = self.around(contacts);
        let rendered = tokio::task::spawn_blocking(move || {
            let mut plan = plan;
            let parked = std::mem::take(&mut plan.parked);
            let parked = with_payloads(parked, &raw, &self.changes_topic, &around.keys)?;
            render::write_batch(plan, &stored, parked, positions, &around)
        });
        rendered.await?
    }
}

/// Opens what is to be parked, so that it can be sealed to its place in the park. Of an event that
/// is not to be told there is only the document.
fn with_payloads(
    parked: Vec<Parked>,
    raw: &[RawRecord],
    changes_topic: &str,
    keys: &Keys,
) -> Result<Vec<(Parked, Vec<u8>)>, ApplyError> {
    let by_place: HashMap<&Place, &RawRecord> = raw.iter().map(|raw| (&raw.place, raw)).collect();
    let payloads = parked.into_iter().map(|record| {
        let raw = by_place[&record.place];
        let payload = read::plain(raw, keys)?;
        let is_event = raw.place.topic.as_ref() == changes_topic;
        Ok(match record.sequence {
            None if is_event => {
                let payload = read::document_alone(&record.place, &payload)?;
                (record, payload)
            }
            _ => (record, payload),
        })
    });
    payloads.collect()
}
