//! The event feed as a client sees it: only what its package may know, and only up to the confirmed
//! head.

use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use uuid::Uuid;

use crate::error::StoreError;
use crate::store::Store;

/// Largest page of events.
const LARGEST_PAGE: i64 = 1000;

/// One event of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its number: dense over all events, so not consecutive over the visible ones.
    pub sequence: i64,
    /// The person it is about.
    pub person_id: PersonId,
    /// What happened.
    pub event_type: EventType,
    /// The number the source announced it with.
    pub nin: Option<IdentityNumber>,
    /// When it was written here, in microseconds since 1970.
    pub registered_at_us: i64,
}

struct Row {
    sequence_number: i64,
    person_id: Uuid,
    event_type: i16,
    nin: Option<String>,
    registered_at_us: i64,
}

impl Row {
    fn read(self) -> Result<EventRow, StoreError> {
        let event_type =
            EventType::from_code(self.event_type).ok_or(StoreError::Unknown("event type"))?;
        Ok(EventRow {
            sequence: self.sequence_number,
            person_id: PersonId(self.person_id),
            event_type,
            nin: self.nin.map(IdentityNumber::new),
            registered_at_us: self.registered_at_us,
        })
    }
}

impl Store {
    /// The newest visible event up to the confirmed head.
    ///
    /// # Errors
    /// [`StoreError::HeadUnknown`] until the head has been found, and what every reading call meets.
    pub async fn latest_event(&self, package: Package) -> Result<Option<EventRow>, StoreError> {
        let head = self.head_to_show()?;
        let row = self
            .read(async |connection| match package {
                Package::FullAccess => {
                    sqlx::query_as!(
                        Row,
                        r#"select sequence_number, person_id, event_type, nin,
                            (extract(epoch from registered_at) * 1000000)::bigint
                                as "registered_at_us!"
                        from event
                        where visible_full and sequence_number <= $1
                        order by sequence_number desc limit 1"#,
                        head
                    )
                    .fetch_optional(connection)
                    .await
                }
                Package::RestrictedAccess => {
                    sqlx::query_as!(
                        Row,
                        r#"select sequence_number, person_id, event_type, nin,
                            (extract(epoch from registered_at) * 1000000)::bigint
                                as "registered_at_us!"
                        from event
                        where visible_restricted and sequence_number <= $1
                        order by sequence_number desc limit 1"#,
                        head
                    )
                    .fetch_optional(connection)
                    .await
                }
            })
            .await?;
        row.map(Row::read).transpose()
    }

    /// Up to `limit` (at most 1000) visible events from number `from` (inclusive) to the confirmed
    /// head, in order; with `types`, only those. A short page means that the reader has caught up,
    /// whatever is hidden from it.
    ///
    /// # Errors
    /// As [`Store::latest_event`].
    pub async fn events(
        &self,
        from: i64,
        types: &[EventType],
        limit: i64,
        package: Package,
    ) -> Result<Vec<EventRow>, StoreError> {
        let range = Range { from, head: self.head_to_show()?, limit: limit.clamp(0, LARGEST_PAGE) };
        let rows = if types.is_empty() {
            self.events_of_all_types(range, package).await?
        } else {
            let mut codes: Vec<i16> = types.iter().map(|event_type| event_type.code()).collect();
            codes.sort_unstable();
            codes.dedup();
            self.events_of_types(range, &codes, package).await?
        };
        rows.into_iter().map(Row::read).collect()
    }

    async fn events_of_all_types(
        &self,
        range: Range,
        package: Package,
    ) -> Result<Vec<Row>, StoreError> {
        let Range { from, head, limit } = range;
        self.read(async |connection| match package {
            Package::FullAccess => {
                sqlx::query_as!(
                    Row,
                    r#"select sequence_number, person_id, event_type, nin,
                            (extract(epoch from registered_at) * 1000000)::bigint
                                as "registered_at_us!"
                        from event
                    where visible_full and sequence_number between $1 and $2
                    order by sequence_number limit $3"#,
                    from,
                    head,
                    limit
                )
                .fetch_all(connection)
                .await
            }
            Package::RestrictedAccess => {
                sqlx::query_as!(
                    Row,
                    r#"select sequence_number, person_id, event_type, nin,
                            (extract(epoch from registered_at) * 1000000)::bigint
                                as "registered_at_us!"
                        from event
                    where visible_restricted and sequence_number between $1 and $2
                    order by sequence_number limit $3"#,
                    from,
                    head,
                    limit
                )
                .fetch_all(connection)
                .await
            }
        })
        .await
    }

    /// One short index scan for each type: a rare type is found without reading past the common
    /// ones.
    async fn events_of_types(
        &self,
        range: Range,
        codes: &[i16],
        package: Package,
    ) -> Result<Vec<Row>, StoreError> {
        let Range { from, head, limit } = range;
        self.read(async |connection| match package {
            Package::FullAccess => {
                sqlx::query_as!(
                    Row,
                    r#"select e.sequence_number as "sequence_number!", e.person_id as "person_id!",
                        e.event_type as "event_type!", e.nin,
                        (extract(epoch from e.registered_at) * 1000000)::bigint
                            as "registered_at_us!"
                    from unnest($1::smallint[]) as wanted(code) cross join lateral (
                        select * from event
                        where visible_full and event_type = wanted.code
                            and sequence_number between $2 and $3
                        order by sequence_number limit $4
                    ) e order by e.sequence_number limit $4"#,
                    codes,
                    from,
                    head,
                    limit
                )
                .fetch_all(connection)
                .await
            }
            Package::RestrictedAccess => {
                sqlx::query_as!(
                    Row,
                    r#"select e.sequence_number as "sequence_number!", e.person_id as "person_id!",
                        e.event_type as "event_type!", e.nin,
                        (extract(epoch from e.registered_at) * 1000000)::bigint
                            as "registered_at_us!"
                    from unnest($1::smallint[]) as wanted(code) cross join lateral (
                        select * from event
                        where visible_restricted and event_type = wanted.code
                            and sequence_number between $2 and $3
                        order by sequence_number limit $4
                    ) e order by e.sequence_number limit $4"#,
                    codes,
                    from,
                    head,
                    limit
                )
                .fetch_all(connection)
                .await
            }
        })
        .await
    }
}

#[derive(Clone, Copy)]
struct Range {
    from: i64,
    head: i64,
    limit: i64,
}
