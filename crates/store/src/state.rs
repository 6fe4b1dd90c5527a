//! What the writer reads before it writes: persons as they stand, and their source documents.

use std::collections::HashMap;

use register::id::{IdentityNumber, PersonId};
use register::part::PartSet;
use uuid::Uuid;

use crate::error::StoreError;
use crate::store::Store;

/// A person as the last commit left it, without its served forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonState {
    /// The person's id for ever.
    pub id: PersonId,
    /// Dense, append-only, never reused; from 1.
    pub ordinal: i64,
    /// True for somebody known by a felles hjelpenummer alone; never changes.
    pub alternate: bool,
    /// The number in use, else the last one in use.
    pub primary_number: IdentityNumber,
    /// True when the person has been merged into another.
    pub stub: bool,
    /// The source's sequence that the person's document stands for.
    pub as_of: i64,
    /// The hash of the content; none before the first document that could be read.
    pub content_hash: Option<[u8; 32]>,
    /// The address parts that restricted access does not see.
    pub masked_parts: PartSet,
    /// Those that it did not see before the document that `as_of` is the age of: what an event up
    /// to that age is measured against, whenever it is told.
    pub masked_before: PartSet,
    /// True while something newer about the person lies in the park.
    pub parked: bool,
    /// True while what is parked may be an address protection.
    pub protection_uncertain: bool,
    /// A digest of the contact details that are served; none when there are none.
    pub contact_digest: Option<i64>,
    /// Every number that leads to the person.
    pub numbers: Vec<MappedNumber>,
}

impl PersonState {
    /// Somebody of whom nothing is known yet but a number. The ordinal is later than any that the
    /// store has given.
    pub fn new(id: PersonId, primary_number: IdentityNumber, as_of: i64) -> PersonState {
        PersonState {
            id,
            ordinal: i64::MAX,
            alternate: false,
            primary_number,
            stub: false,
            as_of,
            content_hash: None,
            masked_parts: PartSet::EMPTY,
            masked_before: PartSet::EMPTY,
            parked: false,
            protection_uncertain: false,
            contact_digest: None,
            numbers: Vec::new(),
        }
    }
}

/// A number that leads to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedNumber {
    /// The number.
    pub number: IdentityNumber,
    /// The source's sequence at which it was mapped.
    pub as_of: i64,
}

/// The source's own document of a person, as it was sealed, by whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSource {
    /// The person.
    pub person: PersonId,
    /// True when it is of somebody known by a felles hjelpenummer alone.
    pub alternate: bool,
    /// The sealed bytes that [`crate::SourceWrite::Replace`] stored.
    pub sealed: Vec<u8>,
}

/// A person with all that is stored of it, to be rendered anew.
pub struct StoredPerson {
    /// The person as it stands. Its `numbers` are not read: none of them moves.
    pub state: PersonState,
    /// What full access is served, compressed.
    pub full: Vec<u8>,
    /// What restricted access is served, compressed.
    pub restricted: Vec<u8>,
    /// The sealed source document; a stub has none.
    pub source: Option<Vec<u8>>,
}

/// The source's own document of a person, as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceDocument {
    /// The source's sequence that the document stands for.
    pub as_of: i64,
    /// The sealed bytes that [`crate::SourceWrite::Replace`] stored; `seal::Sealer` opens them.
    pub sealed: Vec<u8>,
}

struct Row {
    id: Uuid,
    ordinal: i64,
    alternate: bool,
    primary_number: String,
    stub: bool,
    as_of: i64,
    content_hash: Option<Vec<u8>>,
    masked_parts: i64,
    masked_before: i64,
    parked: bool,
    protection_uncertain: bool,
    contact_digest: Option<i64>,
}

struct FormsRow {
    served_full: Vec<u8>,
    served_restricted: Vec<u8>,
    sealed: Option<Vec<u8>>,
}

impl Row {
    fn read(self, numbers: Vec<MappedNumber>) -> Result<PersonState, StoreError> {
        let content_hash = self
            .content_hash
            .map(|hash| hash.try_into().map_err(|_| StoreError::Unknown("content hash")))
            .transpose()?;
        Ok(PersonState {
            id: PersonId(self.id),
            ordinal: self.ordinal,
            alternate: self.alternate,
            primary_number: IdentityNumber::new(self.primary_number),
            stub: self.stub,
            as_of: self.as_of,
            content_hash,
            masked_parts: PartSet::from_bits(self.masked_parts.cast_unsigned()),
            masked_before: PartSet::from_bits(self.masked_before.cast_unsigned()),
            parked: self.parked,
            protection_uncertain: self.protection_uncertain,
            contact_digest: self.contact_digest,
            numbers,
        })
    }
}

struct NumberRow {
    number: String,
    person_id: Uuid,
    as_of: i64,
}

impl Store {
    /// Every person whose primary number is among `numbers` or that one of them leads to, each
    /// once, with all its numbers. From the primary.
    pub async fn load_states(&self, numbers: &[&str]) -> Result<Vec<PersonState>, StoreError> {
        let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
        let (rows, mapped) = self
            .on_primary(async |connection| {
                let rows = sqlx::query_as!(
                    Row,
                    r#"with wanted as (
                        select person_id as id from person_number
                        where number = any($1) and person_id is not null
                        union select id from person where not stub and primary_number = any($1)
                        union select id from person where stub and primary_number = any($1)
                    )
                    select p.id, ordinal, freg_ordinal is null as "alternate!", primary_number, stub,
                        as_of, content_hash, masked_parts, masked_before, parked,
                        protection_uncertain, contact_digest
                    from wanted join person p on p.id = wanted.id"#,
                    &numbers
                )
                .fetch_all(&mut *connection)
                .await?;
                let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
                let mapped = sqlx::query_as!(
                    NumberRow,
                    r#"select number, person_id as "person_id!", as_of from person_number
                    where person_id = any($1) order by number"#,
                    &ids
                )
                .fetch_all(connection)
                .await?;
                Ok((rows, mapped))
            })
            .await?;
        join(rows, mapped)
    }

    /// Which of `numbers` lead nowhere any more, and the source's sequence that said so. From the
    /// primary.
    pub async fn retired_numbers(&self, numbers: &[&str]) -> Result<Vec<MappedNumber>, StoreError> {
        let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
        let rows = self
            .on_primary(async |connection| {
                sqlx::query!(
                    "select number, as_of from person_number
                    where number = any($1) and person_id is null",
                    &numbers
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        let retired = rows
            .into_iter()
            .map(|row| MappedNumber { number: IdentityNumber::new(row.number), as_of: row.as_of });
        Ok(retired.collect())
    }

    /// The persons with these ids and all that is stored of them, in the order of their ordinals.
    /// From the primary.
    pub async fn stored_persons(&self, ids: &[PersonId]) -> Result<Vec<StoredPerson>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let (rows, forms) = self
            .on_primary(async |connection| {
                let rows = sqlx::query_as!(
                    Row,
                    r#"select id, ordinal, freg_ordinal is null as "alternate!", primary_number, stub,
                        as_of, content_hash, masked_parts, masked_before, parked,
                        protection_uncertain, contact_digest
                    from person where id = any($1) order by ordinal"#,
                    &ids
                )
                .fetch_all(&mut *connection)
                .await?;
                let forms = sqlx::query_as!(
                    FormsRow,
                    r#"select served_full, served_restricted, sealed as "sealed?"
                    from person left join source_document on person_id = id
                    where id = any($1) order by ordinal"#,
                    &ids
                )
                .fetch_all(connection)
                .await?;
                Ok((rows, forms))
            })
            .await?;
        let persons = rows.into_iter().zip(forms).map(|(row, forms)| {
            Ok(StoredPerson {
                state: row.read(Vec::new())?,
                full: forms.served_full,
                restricted: forms.served_restricted,
                source: forms.sealed,
            })
        });
        persons.collect()
    }

    /// The sealed source document of a person. From the primary.
    pub async fn load_source(&self, id: PersonId) -> Result<Option<SourceDocument>, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_as!(
                SourceDocument,
                "select as_of, sealed from source_document where person_id = $1",
                id.0
            )
            .fetch_optional(connection)
            .await
        })
        .await
    }
}

fn join(rows: Vec<Row>, mapped: Vec<NumberRow>) -> Result<Vec<PersonState>, StoreError> {
    let mut numbers: HashMap<Uuid, Vec<MappedNumber>> = HashMap::with_capacity(rows.len());
    for row in mapped {
        let number = MappedNumber { number: IdentityNumber::new(row.number), as_of: row.as_of };
        numbers.entry(row.person_id).or_default().push(number);
    }
    rows.into_iter()
        .map(|row| {
            let own = numbers.remove(&row.id).unwrap_or_default();
            row.read(own)
        })
        .collect()
}
