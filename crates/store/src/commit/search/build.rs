//! What a first load has left: the keys of everybody, and what follows from them, all at once.
//!
//! Rows that come one batch after another have each of their keys put in its place in two indexes.
//! At the end of a first load the keys are written as they come, and the indexes are sorted.

use std::time::{Duration, Instant};

use register::id::PersonId;
use register::search::{Facets, Key, SearchRows};
use sqlx::{Connection, PgConnection};

use super::{Changed, keys_of, narrow, write_what_follows};
use crate::batch::PositionMove;
use crate::commit::{finish, rows};
use crate::error::StoreError;
use crate::pool::Lease;
use crate::store::Store;

/// How many persons are read at a time.
const PERSONS: i64 = 20_000;

/// Nobody searches while this goes on, so nothing limits it but the commit that ends it. A vacuum that
/// Postgres has begun by itself makes way after a second.
const UNLIMITED: &str = "select set_config('statement_timeout', '0', true),
    set_config('lock_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('maintenance_work_mem', '256MB', true)";

/// Empties what is built, and takes away what would be kept in order row by row.
const BEGIN: &str = "truncate search_key, search_tally, search_word, search_spelling;
    alter table search_key drop constraint search_key_pkey;
    drop index search_key_by_area";

/// A table that was emptied in the same transaction takes rows that need no vacuum: an index is
/// enough from the first search on.
const COPY: &str = "copy search_key (key, day, ordinal, area, facts, initials)
    from stdin (format binary, freeze true)";

/// The indexes as the migrations make them.
const END: &str = "alter table search_key
        add primary key (key, day, ordinal) include (area, facts, initials);
    create index search_key_by_area on search_key (key, area, ordinal)
        include (facts, initials) where key >= 'a';
    analyze search_person, search_key, search_tally, search_word, search_spelling;
    update event_counter set search_deferred = false";

/// How far a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchBuild {
    /// Persons whose keys are written.
    pub done: i64,
    /// Persons in the register.
    pub total: i64,
    /// Since it began.
    pub elapsed: Duration,
}

impl Store {
    /// Makes everybody searchable whom a first load has brought, whole or not at all; false when
    /// that has been done. `tell` hears how far it is. Other writers wait. Fails as
    /// [`Store::commit`] does.
    pub async fn build_search(
        &self,
        positions: &[PositionMove],
        tell: impl FnMut(SearchBuild),
    ) -> Result<bool, StoreError> {
        let mut lease = Lease::take(&self.inner.primary).await?;
        let mut transaction = lease.connection().begin().await?;
        rows::fence(&mut transaction, positions).await?;
        let total = sqlx::query_scalar!(
            "select last_ordinal from event_counter where search_deferred for update"
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(total) = total {
            build(&mut transaction, total, tell).await?;
        }
        finish(self.commit_timeout(), transaction).await?;
        lease.give_back();
        Ok(total.is_some())
    }
}

async fn build(
    connection: &mut PgConnection,
    total: i64,
    mut tell: impl FnMut(SearchBuild),
) -> Result<(), StoreError> {
    let started = Instant::now();
    sqlx::raw_sql(UNLIMITED).execute(&mut *connection).await?;
    sqlx::raw_sql(BEGIN).execute(&mut *connection).await?;
    let mut done = 0;
    while done < total {
        let persons = read(connection, done + 1, done + PERSONS).await?;
        let changed: Vec<Changed<'_>> = persons.iter().map(Person::as_new).collect();
        let keys = keys_of(&changed.iter().collect::<Vec<_>>());
        let mut copy = connection.copy_in_raw(COPY).await?;
        copy.send(binary(&keys)).await?;
        copy.finish().await?;
        write_what_follows(connection, &changed, &keys, &[]).await?;
        done = total.min(done + PERSONS);
        tell(SearchBuild { done, total, elapsed: started.elapsed() });
    }
    sqlx::raw_sql(END).execute(connection).await?;
    Ok(())
}

struct Person {
    ordinal: i32,
    id: PersonId,
    rows: SearchRows,
}

impl Person {
    fn as_new(&self) -> Changed<'_> {
        Changed { ordinal: self.ordinal, id: self.id, rows: &self.rows, before: None }
    }
}

async fn read(
    connection: &mut PgConnection,
    first: i64,
    last: i64,
) -> Result<Vec<Person>, StoreError> {
    let stored = sqlx::query!(
        "select ordinal, id, facets, birth, death, names, places_full, places_restricted
        from search_person where ordinal between $1 and $2 order by ordinal",
        narrow(first)?,
        narrow(last)?
    )
    .fetch_all(connection)
    .await?;
    let persons = stored.into_iter().map(|row| Person {
        ordinal: row.ordinal,
        id: PersonId(row.id),
        rows: SearchRows {
            names: row.names,
            birth: row.birth,
            death: row.death,
            facets: Facets::from_number(row.facets),
            restricted_places: row.places_restricted.unwrap_or_else(|| row.places_full.clone()),
            full_places: row.places_full,
        },
    });
    Ok(persons.collect())
}

/// Signature, no flags, no extension; see "Binary Format" of COPY.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What stands where the next row would begin.
const TRAILER: i16 = -1;
/// Columns of a key.
const COLUMNS: i16 = 6;

/// Keys as COPY takes them: each row the number of its columns, each column its length and bytes.
fn binary(keys: &[(Key, i32)]) -> Vec<u8> {
    let mut bytes = HEADER.to_vec();
    for (key, ordinal) in keys {
        let Key { key, day, area, facts, initials } = key;
        bytes.extend(COLUMNS.to_be_bytes());
        let mut column = |value: &[u8]| {
            bytes.extend((value.len() as u32).to_be_bytes());
            bytes.extend(value);
        };
        column(key.as_bytes());
        column(&day.to_be_bytes());
        column(&ordinal.to_be_bytes());
        column(&area.to_be_bytes());
        column(&facts.to_be_bytes());
        column(&initials.to_be_bytes());
    }
    bytes.extend(TRAILER.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_laid_out_as_postgres_documents_it() {
        let key = Key { key: "ø".to_owned(), day: 7, area: -1, facts: 3, initials: 1 };
        let bytes = binary(&[(key, 9)]);
        let row = b"\0\x06\0\0\0\x02\xc3\xb8\0\0\0\x04\0\0\0\x07\0\0\0\x04\0\0\0\x09\
            \0\0\0\x02\xff\xff\0\0\0\x02\0\x03\0\0\0\x04\0\0\0\x01\xff\xff";
        assert_eq!(HEADER.len(), 11 + 4 + 4);
        assert_eq!(bytes[HEADER.len()..], row[..]);
    }
}
