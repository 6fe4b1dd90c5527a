//! Comparing the register with its sources: whom to compare, and what it came to.

use std::collections::BTreeMap;
use std::time::Duration;

use register::id::{IdentityNumber, PersonId};
use register::time::Instant;
use uuid::Uuid;

use crate::error::StoreError;
use crate::state::SourceDocument;
use crate::store::Store;

/// What the register is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ComparedWith {
    /// The population register.
    Freg,
    /// The register of contact details.
    Krr,
}

impl ComparedWith {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Freg, Self::Krr];

    /// The name in the table, in metrics and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Freg => "freg",
            Self::Krr => "krr",
        }
    }
}

/// How the register is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonMode {
    /// By number, some persons after the other.
    Sample,
    /// By an extract of everybody.
    Extract,
}

impl ComparisonMode {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Sample, Self::Extract];

    /// The name in the table and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Extract => "extract",
        }
    }
}

/// What comparing came to, in persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparisonCounts {
    /// Of whom it could be said whether they are right; the next three are among them.
    pub compared: i64,
    /// Whom the source has and the register has not.
    pub missing: i64,
    /// Whom the register has and the source has not.
    pub extra: i64,
    /// Whom both have, and of whom they do not say the same.
    pub differing: i64,
    /// Of whom it could not be said: something newer was there or waited, or there was no answer.
    pub undecided: i64,
    /// What was published to put it right.
    pub repaired: i64,
    /// How many persons differ, by the source's name of the element.
    pub by_element: BTreeMap<String, i64>,
}

/// A run of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Its number.
    pub id: i64,
    /// What the register was compared with.
    pub with: ComparedWith,
    /// How.
    pub mode: ComparisonMode,
    /// When it began.
    pub started_at: Instant,
    /// When it last got anywhere.
    pub updated_at: Instant,
    /// When it came to its end; none for one that is under way or was broken off.
    pub finished_at: Option<Instant>,
    /// What it came to so far.
    pub counts: ComparisonCounts,
}

/// The last run of a kind, by the database's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastComparison {
    /// How long ago it began.
    pub started: Duration,
    /// How long ago it last got anywhere.
    pub updated: Duration,
    /// Whether it came to its end.
    pub finished: bool,
}

/// Somebody to compare.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The person.
    pub id: PersonId,
    /// Its place among all.
    pub ordinal: i64,
    /// The number to ask by.
    pub number: IdentityNumber,
    /// True when the person has been merged into another.
    pub stub: bool,
}

impl std::fmt::Debug for Candidate {
    /// Shows nothing of the number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Candidate").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A step through the persons of the population register, in the order of their ordinals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates {
    /// Them.
    pub persons: Vec<Candidate>,
    /// Where the next step begins; where this one began when there is nobody further on.
    pub next_ordinal: i64,
}

struct Row {
    id: i64,
    source: String,
    mode: String,
    started_us: i64,
    updated_us: i64,
    finished_us: Option<i64>,
    compared: i64,
    missing: i64,
    extra: i64,
    differing: i64,
    undecided: i64,
    repaired: i64,
    elements: Vec<String>,
    persons: Vec<i64>,
}

impl Row {
    fn read(self) -> Result<Reconciliation, StoreError> {
        let unknown = StoreError::Unknown("reconciliation");
        let with = ComparedWith::ALL.into_iter().find(|with| with.name() == self.source);
        let mode = ComparisonMode::ALL.into_iter().find(|mode| mode.name() == self.mode);
        let started_at = Instant::from_microseconds(self.started_us);
        let updated_at = Instant::from_microseconds(self.updated_us);
        let (Some(with), Some(mode), Some(started_at), Some(updated_at)) =
            (with, mode, started_at, updated_at)
        else {
            return Err(unknown);
        };
        let counts = ComparisonCounts {
            compared: self.compared,
            missing: self.missing,
            extra: self.extra,
            differing: self.differing,
            undecided: self.undecided,
            repaired: self.repaired,
            by_element: self.elements.into_iter().zip(self.persons).collect(),
        };
        let finished_at = self.finished_us.and_then(Instant::from_microseconds);
        let id = self.id;
        Ok(Reconciliation { id, with, mode, started_at, updated_at, finished_at, counts })
    }
}

impl Store {
    /// Notes that a run begins; its number.
    pub async fn begin_reconciliation(
        &self,
        with: ComparedWith,
        mode: ComparisonMode,
    ) -> Result<i64, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_scalar!(
                "insert into reconciliation (source, mode) values ($1, $2) returning id",
                with.name(),
                mode.name()
            )
            .fetch_one(connection)
            .await
        })
        .await
    }

    /// Notes what a run has come to so far, or at its end.
    pub async fn note_reconciliation(
        &self,
        id: i64,
        counts: &ComparisonCounts,
        finished: bool,
    ) -> Result<(), StoreError> {
        let elements: Vec<String> = counts.by_element.keys().cloned().collect();
        let persons: Vec<i64> = counts.by_element.values().copied().collect();
        self.on_primary(async |connection| {
            sqlx::query!(
                "update reconciliation set compared = $2, missing = $3, extra = $4, differing = $5,
                    undecided = $6, repaired = $7, updated_at = now(),
                    finished_at = case when $8 then now() end,
                    by_element = (select coalesce(jsonb_object_agg(element, persons), '{}')
                        from unnest($9::text[], $10::bigint[]) as t (element, persons))
                where id = $1",
                id,
                counts.compared,
                counts.missing,
                counts.extra,
                counts.differing,
                counts.undecided,
                counts.repaired,
                finished,
                &elements,
                &persons
            )
            .execute(connection)
            .await?;
            Ok(())
        })
        .await
    }

    /// The last run of a kind; none before the first. From the primary.
    pub async fn last_reconciliation(
        &self,
        with: ComparedWith,
        mode: ComparisonMode,
    ) -> Result<Option<LastComparison>, StoreError> {
        let row = self
            .on_primary(async |connection| {
                sqlx::query!(
                    r#"select extract(epoch from now() - started_at)::float8 as "started_s!",
                        extract(epoch from now() - updated_at)::float8 as "updated_s!",
                        finished_at is not null as "finished!"
                    from reconciliation where source = $1 and mode = $2
                    order by started_at desc, id desc limit 1"#,
                    with.name(),
                    mode.name()
                )
                .fetch_optional(connection)
                .await
            })
            .await?;
        let ago = |s: f64| Duration::from_secs_f64(s.max(0.0));
        Ok(row.map(|row| LastComparison {
            started: ago(row.started_s),
            updated: ago(row.updated_s),
            finished: row.finished,
        }))
    }

    /// The runs that began within so many days, the newest first. From the primary.
    pub async fn reconciliations(&self, days: u32) -> Result<Vec<Reconciliation>, StoreError> {
        let rows = self
            .on_primary(async |connection| {
                sqlx::query_as!(
                    Row,
                    r#"select id, source, mode, compared, missing, extra, differing, undecided,
                        repaired,
                        (extract(epoch from started_at) * 1000000)::bigint as "started_us!",
                        (extract(epoch from updated_at) * 1000000)::bigint as "updated_us!",
                        (extract(epoch from finished_at) * 1000000)::bigint as finished_us,
                        array(select e.key from jsonb_each_text(by_element) e order by e.key)
                            as "elements!",
                        array(select e.value::bigint from jsonb_each_text(by_element) e
                            order by e.key) as "persons!"
                    from reconciliation where started_at > now() - make_interval(days => $1)
                    order by started_at desc, id desc"#,
                    i32::try_from(days).unwrap_or(i32::MAX)
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        rows.into_iter().map(Row::read).collect()
    }

    /// The persons of the population register from an ordinal on, those merged away included: at
    /// most `persons_max`. From the primary.
    pub async fn candidates(
        &self,
        from_ordinal: i64,
        persons_max: i64,
    ) -> Result<Candidates, StoreError> {
        let rows = self
            .on_primary(async |connection| {
                sqlx::query!(
                    "select id, ordinal, primary_number, stub from person
                    where ordinal >= $1 and freg_ordinal is not null order by ordinal limit $2",
                    from_ordinal,
                    persons_max
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        let next_ordinal = rows.last().map_or(from_ordinal, |row| row.ordinal + 1);
        let persons = rows.into_iter().map(|row| Candidate {
            id: PersonId(row.id),
            ordinal: row.ordinal,
            number: IdentityNumber::new(row.primary_number),
            stub: row.stub,
        });
        Ok(Candidates { persons: persons.collect(), next_ordinal })
    }

    /// The sealed source documents of these persons; those who have none are absent. From the
    /// primary.
    pub async fn source_documents(
        &self,
        persons: &[PersonId],
    ) -> Result<Vec<(PersonId, SourceDocument)>, StoreError> {
        let ids: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
        let rows = self
            .on_primary(async |connection| {
                sqlx::query!(
                    "select person_id, as_of, sealed from source_document
                    where person_id = any($1)",
                    &ids
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        let sources = rows.into_iter().map(|row| {
            let document = SourceDocument { as_of: row.as_of, sealed: row.sealed };
            (PersonId(row.person_id), document)
        });
        Ok(sources.collect())
    }
}
