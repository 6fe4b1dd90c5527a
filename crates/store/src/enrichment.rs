//! How far the persons' forms agree with geography and the calendar, and what a sweep reads.

use register::id::PersonId;
use register::time::Day;

use crate::error::StoreError;
use crate::state::StoredSource;
use crate::store::Store;

/// What persons are enriched with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnrichedWith {
    /// The version of the geography; none where none was loaded.
    pub version: Option<i64>,
    /// The day in Oslo on which what holds now was looked up.
    pub day: Day,
}

/// How far the persons' forms agree with geography and the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrichment {
    /// What everybody has been enriched with; none while nothing is known of what is stored. While
    /// a sweep is under way: what those have been that it has not come to, or its target.
    pub done: Option<EnrichedWith>,
    /// What the sweep under way enriches with.
    pub target: Option<EnrichedWith>,
    /// The ordinal of the person that the sweep looks at next.
    pub next_ordinal: i64,
}

struct Row {
    done_version: Option<i64>,
    done_day: Option<String>,
    target_version: Option<i64>,
    target_day: Option<String>,
    next_ordinal: i64,
}

fn read(version: Option<i64>, day: Option<String>) -> Result<Option<EnrichedWith>, StoreError> {
    let day = day.map(|day| Day::parse(&day)).transpose();
    let day = day.map_err(|_| StoreError::Unknown("day of enrichment"))?;
    Ok(day.map(|day| EnrichedWith { version, day }))
}

impl Store {
    /// How far enrichment is. From the primary.
    pub async fn enrichment(&self) -> Result<Enrichment, StoreError> {
        let row = self
            .on_primary(async |connection| {
                sqlx::query_as!(
                    Row,
                    "select done_version, done_day::text, target_version, target_day::text,
                        next_ordinal from enrichment"
                )
                .fetch_one(connection)
                .await
            })
            .await?;
        Ok(Enrichment {
            done: read(row.done_version, row.done_day)?,
            target: read(row.target_version, row.target_day)?,
            next_ordinal: row.next_ordinal,
        })
    }

    /// The source documents of the persons with an ordinal from `first` to below `end`, in that
    /// order. Stubs have none. From the primary.
    pub async fn sources(&self, first: i64, end: i64) -> Result<Vec<StoredSource>, StoreError> {
        let rows = self
            .on_primary(async |connection| {
                sqlx::query!(
                    r#"select s.person_id, s.sealed, p.freg_ordinal is null as "alternate!"
                    from person p join source_document s on s.person_id = p.id
                    where p.ordinal >= $1 and p.ordinal < $2 order by p.ordinal"#,
                    first,
                    end
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        let sources = rows.into_iter().map(|row| StoredSource {
            person: PersonId(row.person_id),
            alternate: row.alternate,
            sealed: row.sealed,
        });
        Ok(sources.collect())
    }
}
