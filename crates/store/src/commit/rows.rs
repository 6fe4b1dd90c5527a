//! The statements of a batch: each writes all its rows at once, from arrays.

use std::collections::{HashMap, HashSet};

use register::event::RENDERED_CODE;
use register::id::{IdentityNumber, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Taken;
use crate::batch::{
    EventWrite, Numbered, ParkedWrite, PersonWrite, PositionMove, SourceWrite, WriteBatch,
};
use crate::enrichment::{EnrichedWith, Enrichment};
use crate::error::StoreError;

/// Moves the positions, or finds that another writer has.
pub(super) async fn fence(
    connection: &mut PgConnection,
    moves: &[PositionMove],
) -> Result<(), StoreError> {
    if moves.is_empty() {
        return Ok(());
    }
    let topics: Vec<&str> = moves.iter().map(|to| to.topic.as_str()).collect();
    let partitions: Vec<i32> = moves.iter().map(|to| to.partition).collect();
    let expected: Vec<i64> = moves.iter().map(|to| to.expected).collect();
    let next: Vec<i64> = moves.iter().map(|to| to.next).collect();
    let last: Vec<Option<i64>> = moves.iter().map(|to| to.last_sequence).collect();
    let moved = sqlx::query!(
        "update position p
        set next_offset = m.next, last_sequence = coalesce(m.last, p.last_sequence)
        from unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[])
            as m(topic, partition, expected, next, last)
        where p.topic = m.topic and p.partition = m.partition and p.next_offset = m.expected",
        &topics as &[&str],
        &partitions,
        &expected,
        &next,
        &last as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    if moved.rows_affected() == moves.len() as u64 { Ok(()) } else { Err(StoreError::Fenced) }
}

/// Takes the numbers of all events and new persons. The row is locked until the transaction ends.
pub(super) async fn take_numbers(
    connection: &mut PgConnection,
    batch: &WriteBatch,
) -> Result<Taken, StoreError> {
    let events = batch.events.len() as i64;
    let new = || batch.persons.iter().filter(|person| person.new);
    let persons = new().count() as i64;
    let from_freg = new().filter(|person| !person.alternate).count() as i64;
    let last = sqlx::query!(
        "update event_counter
        set last_sequence = last_sequence + $1, last_ordinal = last_ordinal + $2,
            last_freg_ordinal = last_freg_ordinal + $3
        returning last_sequence, last_ordinal, last_freg_ordinal, search_deferred",
        events,
        persons,
        from_freg
    )
    .fetch_one(connection)
    .await?;
    Ok(Taken {
        first_sequence: last.last_sequence - events + 1,
        first_ordinal: last.last_ordinal - persons + 1,
        first_freg_ordinal: last.last_freg_ordinal - from_freg + 1,
        search_deferred: last.search_deferred,
    })
}

/// The columns that an insert and an update of persons share.
#[derive(Default)]
struct PersonColumns<'a> {
    ids: Vec<Uuid>,
    primary_numbers: Vec<&'a str>,
    stubs: Vec<bool>,
    as_of: Vec<i64>,
    content_hashes: Vec<Option<&'a [u8]>>,
    masked_parts: Vec<i64>,
    masked_before: Vec<i64>,
    parked: Vec<bool>,
    protection_uncertain: Vec<bool>,
    contact_digests: Vec<Option<i64>>,
    sequence_full: Vec<i64>,
    sequence_restricted: Vec<Option<i64>>,
    rendered_by: Vec<Option<i32>>,
    served_full: Vec<Option<&'a [u8]>>,
    served_restricted: Vec<Option<&'a [u8]>>,
}

impl<'a> PersonColumns<'a> {
    fn of(
        persons: impl Iterator<Item = &'a PersonWrite>,
        numbered: &HashMap<PersonId, Numbered>,
    ) -> PersonColumns<'a> {
        let mut columns = PersonColumns::default();
        for person in persons {
            columns.push(person, numbered.get(&person.id).copied().unwrap_or_default());
        }
        columns
    }

    fn push(&mut self, person: &'a PersonWrite, numbered: Numbered) {
        self.ids.push(person.id.0);
        self.primary_numbers.push(person.primary_number.as_str());
        self.stubs.push(person.stub);
        self.as_of.push(person.as_of);
        self.content_hashes.push(person.content_hash.as_ref().map(|hash| hash.as_slice()));
        self.masked_parts.push(person.masked_parts.bits().cast_signed());
        self.masked_before.push(person.masked_before.bits().cast_signed());
        self.parked.push(person.parked);
        self.protection_uncertain.push(person.protection_uncertain);
        self.contact_digests.push(person.contact_digest);
        self.sequence_full.push(numbered.full);
        self.sequence_restricted.push(numbered.restricted);
        let served = person.served.as_ref();
        self.rendered_by.push(served.map(|served| served.rendered_by));
        self.served_full.push(served.map(|served| served.full.as_slice()));
        self.served_restricted.push(served.map(|served| served.restricted.as_slice()));
    }
}

pub(super) async fn insert_persons(
    connection: &mut PgConnection,
    batch: &WriteBatch,
    numbered: &HashMap<PersonId, Numbered>,
    taken: &Taken,
) -> Result<(), StoreError> {
    let columns = PersonColumns::of(batch.persons.iter().filter(|person| person.new), numbered);
    if columns.ids.is_empty() {
        return Ok(());
    }
    let ordinals: Vec<i64> = (taken.first_ordinal..).take(columns.ids.len()).collect();
    let mut freg_ordinals = taken.first_freg_ordinal..;
    let new = batch.persons.iter().filter(|person| person.new);
    let freg_ordinals: Vec<Option<i64>> =
        new.map(|person| if person.alternate { None } else { freg_ordinals.next() }).collect();
    sqlx::query!(
        "insert into person (id, ordinal, primary_number, stub, as_of, content_hash, masked_parts,
            masked_before, parked, protection_uncertain, sequence_full, sequence_restricted,
            rendered_by, served_full, served_restricted, contact_digest, freg_ordinal)
        select id, ordinal, primary_number, stub, as_of, content_hash, masked_parts, masked_before,
            parked, protection_uncertain, sequence_full, coalesce(sequence_restricted, 0),
            rendered_by, served_full, served_restricted, contact_digest, freg_ordinal
        from unnest($1::uuid[], $2::bigint[], $3::text[], $4::boolean[], $5::bigint[], $6::bytea[],
            $7::bigint[], $8::bigint[], $9::boolean[], $10::boolean[], $11::bigint[],
            $12::bigint[], $13::integer[], $14::bytea[], $15::bytea[], $16::bigint[], $17::bigint[])
            as p(id, ordinal, primary_number, stub, as_of, content_hash, masked_parts,
            masked_before, parked, protection_uncertain, sequence_full, sequence_restricted,
            rendered_by, served_full, served_restricted, contact_digest, freg_ordinal)",
        &columns.ids,
        &ordinals,
        &columns.primary_numbers as &[&str],
        &columns.stubs,
        &columns.as_of,
        &columns.content_hashes as &[Option<&[u8]>],
        &columns.masked_parts,
        &columns.masked_before,
        &columns.parked,
        &columns.protection_uncertain,
        &columns.sequence_full,
        &columns.sequence_restricted as &[Option<i64>],
        &columns.rendered_by as &[Option<i32>],
        &columns.served_full as &[Option<&[u8]>],
        &columns.served_restricted as &[Option<&[u8]>],
        &columns.contact_digests as &[Option<i64>],
        &freg_ordinals as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update_persons(
    connection: &mut PgConnection,
    batch: &WriteBatch,
    numbered: &HashMap<PersonId, Numbered>,
) -> Result<(), StoreError> {
    let columns = PersonColumns::of(batch.persons.iter().filter(|person| !person.new), numbered);
    if columns.ids.is_empty() {
        return Ok(());
    }
    let written = sqlx::query!(
        "update person p set primary_number = u.primary_number, stub = u.stub, as_of = u.as_of,
            content_hash = u.content_hash, masked_parts = u.masked_parts,
            masked_before = u.masked_before, parked = u.parked,
            protection_uncertain = u.protection_uncertain, contact_digest = u.contact_digest,
            sequence_full = u.sequence_full,
            sequence_restricted = coalesce(u.sequence_restricted, p.sequence_restricted),
            rendered_by = coalesce(u.rendered_by, p.rendered_by),
            served_full = coalesce(u.served_full, p.served_full),
            served_restricted = coalesce(u.served_restricted, p.served_restricted)
        from unnest($1::uuid[], $2::text[], $3::boolean[], $4::bigint[], $5::bytea[],
            $6::bigint[], $7::bigint[], $8::boolean[], $9::boolean[], $10::bigint[],
            $11::bigint[], $12::integer[], $13::bytea[], $14::bytea[], $15::bigint[])
            as u(id, primary_number, stub, as_of, content_hash, masked_parts, masked_before,
            parked, protection_uncertain, sequence_full, sequence_restricted, rendered_by,
            served_full, served_restricted, contact_digest)
        where p.id = u.id",
        &columns.ids,
        &columns.primary_numbers as &[&str],
        &columns.stubs,
        &columns.as_of,
        &columns.content_hashes as &[Option<&[u8]>],
        &columns.masked_parts,
        &columns.masked_before,
        &columns.parked,
        &columns.protection_uncertain,
        &columns.sequence_full,
        &columns.sequence_restricted as &[Option<i64>],
        &columns.rendered_by as &[Option<i32>],
        &columns.served_full as &[Option<&[u8]>],
        &columns.served_restricted as &[Option<&[u8]>],
        &columns.contact_digests as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    all_found(written.rows_affected(), columns.ids.len())
}

/// Persons that have events in the batch and nothing else: only their numbers move.
pub(super) async fn touch_persons(
    connection: &mut PgConnection,
    batch: &WriteBatch,
    numbered: &HashMap<PersonId, Numbered>,
) -> Result<(), StoreError> {
    let written: HashSet<PersonId> = batch.persons.iter().map(|person| person.id).collect();
    let touched = numbered.iter().filter(|(id, _)| !written.contains(id));
    let (ids, numbers): (Vec<Uuid>, Vec<Numbered>) =
        touched.map(|(id, numbers)| (id.0, *numbers)).unzip();
    if ids.is_empty() {
        return Ok(());
    }
    let full: Vec<i64> = numbers.iter().map(|numbers| numbers.full).collect();
    let restricted: Vec<Option<i64>> = numbers.iter().map(|numbers| numbers.restricted).collect();
    let moved = sqlx::query!(
        "update person p set sequence_full = u.sequence_full,
            sequence_restricted = coalesce(u.sequence_restricted, p.sequence_restricted)
        from unnest($1::uuid[], $2::bigint[], $3::bigint[])
            as u(id, sequence_full, sequence_restricted)
        where p.id = u.id",
        &ids,
        &full,
        &restricted as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    all_found(moved.rows_affected(), ids.len())
}

fn all_found(rows: u64, expected: usize) -> Result<(), StoreError> {
    if rows == expected as u64 {
        Ok(())
    } else {
        Err(StoreError::Batch("it concerns a person that does not exist"))
    }
}

/// The writer has weighed what is newer. The same word again writes nothing.
pub(super) async fn map_numbers(
    connection: &mut PgConnection,
    batch: &WriteBatch,
) -> Result<(), StoreError> {
    let writes = batch.settled_numbers();
    if writes.is_empty() {
        return Ok(());
    }
    let numbers: Vec<&str> = writes.iter().map(|write| write.number.as_str()).collect();
    let persons: Vec<Option<Uuid>> =
        writes.iter().map(|write| write.person_id.map(|id| id.0)).collect();
    let as_of: Vec<i64> = writes.iter().map(|write| write.as_of).collect();
    let continued: Vec<Option<&str>> = writes
        .iter()
        .map(|write| write.continued_as.as_ref().map(IdentityNumber::as_str))
        .collect();
    sqlx::query!(
        "insert into person_number as n (number, person_id, as_of, continued_as)
        select * from unnest($1::text[], $2::uuid[], $3::bigint[], $4::text[])
        on conflict (number) do update set person_id = excluded.person_id, as_of = excluded.as_of,
            continued_as = excluded.continued_as
        where (n.person_id, n.as_of, n.continued_as)
            is distinct from (excluded.person_id, excluded.as_of, excluded.continued_as)",
        &numbers as &[&str],
        &persons as &[Option<Uuid>],
        &as_of,
        &continued as &[Option<&str>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn replace_sources(
    connection: &mut PgConnection,
    batch: &WriteBatch,
) -> Result<(), StoreError> {
    let mut ids: Vec<Uuid> = Vec::new();
    let mut as_of: Vec<i64> = Vec::new();
    let mut sealed: Vec<&[u8]> = Vec::new();
    for person in &batch.persons {
        if let SourceWrite::Replace(bytes) = &person.source {
            ids.push(person.id.0);
            as_of.push(person.as_of);
            sealed.push(bytes);
        }
    }
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into source_document (person_id, as_of, sealed)
        select * from unnest($1::uuid[], $2::bigint[], $3::bytea[])
        on conflict (person_id) do update set as_of = excluded.as_of, sealed = excluded.sealed",
        &ids,
        &as_of,
        &sealed as &[&[u8]]
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn remove_sources(
    connection: &mut PgConnection,
    batch: &WriteBatch,
) -> Result<(), StoreError> {
    let removed = batch.persons.iter().filter(|person| person.source == SourceWrite::Remove);
    let ids: Vec<Uuid> = removed.map(|person| person.id.0).collect();
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query!("delete from source_document where person_id = any($1)", &ids)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn park(
    connection: &mut PgConnection,
    parked: &[ParkedWrite],
) -> Result<(), StoreError> {
    if parked.is_empty() {
        return Ok(());
    }
    let persons: Vec<Option<Uuid>> =
        parked.iter().map(|record| record.person_id.map(|id| id.0)).collect();
    let numbers: Vec<Option<&str>> =
        parked.iter().map(|record| record.number.as_ref().map(IdentityNumber::as_str)).collect();
    let topics: Vec<&str> = parked.iter().map(|record| record.topic.as_str()).collect();
    let partitions: Vec<i32> = parked.iter().map(|record| record.partition).collect();
    let offsets: Vec<i64> = parked.iter().map(|record| record.record_offset).collect();
    let sequences: Vec<Option<i64>> = parked.iter().map(|record| record.source_sequence).collect();
    let reasons: Vec<i16> = parked.iter().map(|record| record.reason as i16).collect();
    let sealed: Vec<&[u8]> = parked.iter().map(|record| record.sealed.as_slice()).collect();
    sqlx::query!(
        "insert into parked
            (person_id, number, topic, partition, record_offset, source_sequence, reason, sealed)
        select * from unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::bigint[],
            $6::bigint[], $7::smallint[], $8::bytea[])",
        &persons as &[Option<Uuid>],
        &numbers as &[Option<&str>],
        &topics as &[&str],
        &partitions,
        &offsets,
        &sequences as &[Option<i64>],
        &reasons,
        &sealed as &[&[u8]]
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn append_events(
    connection: &mut PgConnection,
    events: &[EventWrite],
    first_sequence: i64,
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let sequences: Vec<i64> = (first_sequence..).take(events.len()).collect();
    let persons: Vec<Uuid> = events.iter().map(|event| event.person_id.0).collect();
    let types: Vec<i16> = events
        .iter()
        .map(|event| event.event_type.map_or(RENDERED_CODE, |event_type| event_type.code()))
        .collect();
    let visible: Vec<bool> = events.iter().map(|event| event.event_type.is_some()).collect();
    let restricted: Vec<bool> = events.iter().map(EventWrite::is_visible_restricted).collect();
    let numbers: Vec<Option<&str>> =
        events.iter().map(|event| event.nin.as_ref().map(IdentityNumber::as_str)).collect();
    let sources: Vec<Option<i64>> = events.iter().map(|event| event.source_sequence).collect();
    sqlx::query!(
        "insert into event (sequence_number, person_id, event_type, visible_full,
            visible_restricted, nin, source_sequence)
        select * from unnest($1::bigint[], $2::uuid[], $3::smallint[], $4::boolean[],
            $5::boolean[], $6::text[], $7::bigint[])",
        &sequences,
        &persons,
        &types,
        &visible,
        &restricted,
        &numbers as &[Option<&str>],
        &sources as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Says how far enrichment is.
pub(super) async fn move_enrichment(
    connection: &mut PgConnection,
    to: &Enrichment,
) -> Result<(), StoreError> {
    let day = |with: EnrichedWith| with.day.date().to_string();
    sqlx::query!(
        "update enrichment set done_version = $1, done_day = $2::text::date,
            target_version = $3, target_day = $4::text::date, next_ordinal = $5",
        to.done.and_then(|with| with.version),
        to.done.map(day),
        to.target.and_then(|with| with.version),
        to.target.map(day),
        to.next_ordinal
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lets the COMMIT take its time. The server's limit would cut short its wait for the synchronous
/// replicas and then report success: an event could be shown and be lost in the next failover. Our
/// own limit only makes us ask again how it went.
pub(super) async fn lift_time_limit(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!(r#"select set_config('statement_timeout', '0', true) as "value!""#)
        .fetch_one(connection)
        .await?;
    Ok(())
}
