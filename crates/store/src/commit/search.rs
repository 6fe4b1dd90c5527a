//! The search rows of a batch, and the keys that lead to them.
//!
//! Most changes of a person change nothing that is searched, so what is stored is compared first.
//! The keys to take away follow from the stored row, which saves an index that would find them by
//! person.
//!
//! A first load writes rows alone; what follows from them is built at its end ([`build`]).

mod build;

pub use build::SearchBuild;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use register::id::PersonId;
use register::search::{EVERYBODY, Facets, Key, SearchRows, block, facts_of, keys, shortened};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Taken;
use crate::batch::{PersonWrite, WriteBatch};
use crate::error::StoreError;

/// One person in so many is counted for the words of their name.
const SAMPLE: i32 = 64;

/// Whom the rows are of, and what there was before.
struct Changed<'a> {
    ordinal: i32,
    id: PersonId,
    rows: &'a SearchRows,
    before: Option<SearchRows>,
}

/// Writes what has changed. New persons have the ordinals from the first on, in their order.
pub(super) async fn write(
    connection: &mut PgConnection,
    batch: &WriteBatch,
    taken: &Taken,
) -> Result<(), StoreError> {
    let mut changed = changed_persons(connection, batch).await?;
    let ordinals = taken.first_ordinal..;
    for (ordinal, person) in ordinals.zip(batch.persons.iter().filter(|person| person.new)) {
        let ordinal = narrow(ordinal)?;
        let rows = person.search.as_ref();
        changed.extend(rows.map(|rows| Changed { ordinal, id: person.id, rows, before: None }));
    }
    if changed.is_empty() {
        return Ok(());
    }
    write_rows(connection, &changed).await?;
    if taken.search_deferred {
        return Ok(());
    }
    let (known, new): (Vec<_>, Vec<_>) = changed.iter().partition(|person| person.before.is_some());
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for person in known {
        let now: BTreeSet<Key> = keys(person.rows).into_iter().collect();
        let before: BTreeSet<Key> = person.before.iter().flat_map(keys).collect();
        gone.extend(before.difference(&now).map(|key| (key.clone(), person.ordinal)));
        come.extend(now.difference(&before).map(|key| (key.clone(), person.ordinal)));
    }
    let mut first = keys_of(&new);
    // In the order of the index: each of its pages is then written once for each batch.
    come.sort_unstable();
    first.sort_unstable();
    remove_keys(connection, &gone).await?;
    replace_keys(connection, &come).await?;
    insert_keys(connection, &first).await?;
    come.append(&mut first);
    write_what_follows(connection, &changed, &come, &gone).await
}

/// The keys of persons who had none.
fn keys_of(new: &[&Changed<'_>]) -> Vec<(Key, i32)> {
    let each = new
        .iter()
        .flat_map(|person| keys(person.rows).into_iter().map(|key| (key, person.ordinal)));
    each.collect()
}

/// Writes what is counted and collected from keys.
async fn write_what_follows(
    connection: &mut PgConnection,
    changed: &[Changed<'_>],
    come: &[(Key, i32)],
    gone: &[(Key, i32)],
) -> Result<(), StoreError> {
    write_tallies(connection, tallies(changed, come, gone)).await?;
    write_words(connection, come).await?;
    count_words(connection, come, gone).await
}

/// Persons that were there before, of whom something that is searched has changed.
async fn changed_persons<'a>(
    connection: &mut PgConnection,
    batch: &'a WriteBatch,
) -> Result<Vec<Changed<'a>>, StoreError> {
    let known: HashMap<Uuid, (&PersonWrite, &SearchRows)> = batch
        .persons
        .iter()
        .filter(|person| !person.new)
        .filter_map(|person| Some((person.id.0, (person, person.search.as_ref()?))))
        .collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = known.keys().copied().collect();
    let stored = sqlx::query!(
        r#"select p.id as "id!", p.ordinal as "ordinal!", s.facets as "facets?", s.birth as "birth?", s.death as "death?",
            s.names as "names?", s.places_full as "places_full?", s.places_restricted
        from person p left join search_person s on s.ordinal = p.ordinal
        where p.id = any($1)"#,
        &ids
    )
    .fetch_all(connection)
    .await?;
    let mut changed = Vec::new();
    for row in stored {
        let Some((person, rows)) = known.get(&row.id) else { continue };
        let before = row.facets.map(|facets| {
            let full_places = row.places_full.unwrap_or_default();
            SearchRows {
                names: row.names.unwrap_or_default(),
                birth: row.birth.unwrap_or_default(),
                death: row.death.unwrap_or_default(),
                facets: Facets::from_number(facets),
                restricted_places: row.places_restricted.unwrap_or_else(|| full_places.clone()),
                full_places,
            }
        });
        if before.as_ref() != Some(*rows) {
            changed.push(Changed { ordinal: narrow(row.ordinal)?, id: person.id, rows, before });
        }
    }
    Ok(changed)
}

/// The tables of the search have room for two thousand million persons, in half the bytes.
fn narrow(ordinal: i64) -> Result<i32, StoreError> {
    i32::try_from(ordinal).map_err(|_| StoreError::Unknown("an ordinal beyond 2^31"))
}

async fn write_rows(
    connection: &mut PgConnection,
    changed: &[Changed<'_>],
) -> Result<(), StoreError> {
    let ordinals: Vec<i32> = changed.iter().map(|person| person.ordinal).collect();
    let ids: Vec<Uuid> = changed.iter().map(|person| person.id.0).collect();
    let rows: Vec<&SearchRows> = changed.iter().map(|person| person.rows).collect();
    let facets: Vec<i16> = rows.iter().map(|rows| rows.facets.number()).collect();
    let births: Vec<i32> = rows.iter().map(|rows| rows.birth).collect();
    let deaths: Vec<i32> = rows.iter().map(|rows| rows.death).collect();
    let names: Vec<&str> = rows.iter().map(|rows| rows.names.as_str()).collect();
    let full: Vec<&str> = rows.iter().map(|rows| rows.full_places.as_str()).collect();
    let restricted: Vec<Option<&str>> = rows
        .iter()
        .map(|rows| {
            Some(&*rows.restricted_places).filter(|_| rows.restricted_places != rows.full_places)
        })
        .collect();
    sqlx::query!(
        "insert into search_person
            (ordinal, id, facets, birth, death, names, places_full, places_restricted)
        select * from unnest($1::integer[], $2::uuid[], $3::smallint[], $4::integer[],
            $5::integer[], $6::text[], $7::text[], $8::text[])
        on conflict (ordinal) do update set facets = excluded.facets, birth = excluded.birth,
            death = excluded.death, names = excluded.names, places_full = excluded.places_full,
            places_restricted = excluded.places_restricted",
        &ordinals,
        &ids,
        &facets,
        &births,
        &deaths,
        &names as &[&str],
        &full as &[&str],
        &restricted as &[Option<&str>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keys as the columns of their table.
struct Columns<'a> {
    keys: Vec<&'a str>,
    days: Vec<i32>,
    ordinals: Vec<i32>,
    areas: Vec<i16>,
    facts: Vec<i16>,
    initials: Vec<i32>,
}

impl<'a> Columns<'a> {
    fn of(keys: &'a [(Key, i32)]) -> Columns<'a> {
        Columns {
            keys: keys.iter().map(|(key, _)| key.key.as_str()).collect(),
            days: keys.iter().map(|(key, _)| key.day).collect(),
            ordinals: keys.iter().map(|(_, ordinal)| *ordinal).collect(),
            areas: keys.iter().map(|(key, _)| key.area).collect(),
            facts: keys.iter().map(|(key, _)| key.facts).collect(),
            initials: keys.iter().map(|(key, _)| key.initials).collect(),
        }
    }
}

async fn remove_keys(connection: &mut PgConnection, gone: &[(Key, i32)]) -> Result<(), StoreError> {
    if gone.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(gone);
    sqlx::query!(
        "delete from search_key k
        using unnest($1::text[], $2::integer[], $3::integer[]) as u(key, day, ordinal)
        where (k.key, k.day, k.ordinal) = (u.key, u.day, u.ordinal)",
        &columns.keys as &[&str],
        &columns.days,
        &columns.ordinals
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keys of persons who were there before: one that another version of the code left behind may be
/// there already.
async fn replace_keys(
    connection: &mut PgConnection,
    come: &[(Key, i32)],
) -> Result<(), StoreError> {
    if come.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(come);
    sqlx::query!(
        "insert into search_key (key, day, ordinal, area, facts, initials)
        select * from unnest($1::text[], $2::integer[], $3::integer[], $4::smallint[],
            $5::smallint[], $6::integer[])
        on conflict (key, day, ordinal) do update set area = excluded.area,
            facts = excluded.facts, initials = excluded.initials",
        &columns.keys as &[&str],
        &columns.days,
        &columns.ordinals,
        &columns.areas,
        &columns.facts,
        &columns.initials
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keys of persons who are new, whose ordinals nobody had before: without a look at what may be
/// there this takes two thirds of the time.
async fn insert_keys(connection: &mut PgConnection, come: &[(Key, i32)]) -> Result<(), StoreError> {
    if come.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(come);
    sqlx::query!(
        "insert into search_key (key, day, ordinal, area, facts, initials)
        select * from unnest($1::text[], $2::integer[], $3::integer[], $4::smallint[],
            $5::smallint[], $6::integer[])",
        &columns.keys as &[&str],
        &columns.days,
        &columns.ordinals,
        &columns.areas,
        &columns.facts,
        &columns.initials
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is added to each tally.
fn tallies<'a>(
    changed: &[Changed<'_>],
    come: &'a [(Key, i32)],
    gone: &'a [(Key, i32)],
) -> BTreeMap<(&'a str, i32, i16), i32> {
    let mut tallies: BTreeMap<(&str, i32, i16), i32> = BTreeMap::new();
    for (keys, step) in [(come, 1), (gone, -1)] {
        for (key, _) in keys {
            if let Some(day) = key.tallied_day() {
                *tallies.entry((&key.key, day, key.facts)).or_default() += step;
            }
        }
    }
    for person in changed {
        let facts = |rows: &SearchRows| facts_of(rows.facets);
        let mut add = |rows, step| {
            *tallies.entry((EVERYBODY, block(person.ordinal), facts(rows))).or_default() += step;
        };
        add(person.rows, 1);
        if let Some(before) = &person.before {
            add(before, -1);
        }
    }
    tallies.retain(|_, persons| *persons != 0);
    tallies
}

async fn write_tallies(
    connection: &mut PgConnection,
    tallies: BTreeMap<(&str, i32, i16), i32>,
) -> Result<(), StoreError> {
    if tallies.is_empty() {
        return Ok(());
    }
    let keys: Vec<&str> = tallies.keys().map(|(key, _, _)| *key).collect();
    let days: Vec<i32> = tallies.keys().map(|(_, day, _)| *day).collect();
    let facts: Vec<i16> = tallies.keys().map(|(_, _, facts)| *facts).collect();
    let persons: Vec<i32> = tallies.values().copied().collect();
    sqlx::query!(
        "insert into search_tally as t (key, day, facts, persons)
        select * from unnest($1::text[], $2::integer[], $3::smallint[], $4::integer[])
        on conflict (key, day, facts) do update set persons = t.persons + excluded.persons",
        &keys as &[&str],
        &days,
        &facts,
        &persons
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Words of names begin with a letter; the other keys with a sign.
fn words(keys: &[(Key, i32)]) -> impl Iterator<Item = (&str, i32)> {
    let words = keys.iter().map(|(key, ordinal)| (key.key.as_str(), *ordinal));
    words.filter(|(word, _)| word.chars().next().is_some_and(char::is_alphabetic))
}

/// Takes up the words that have not been seen before.
async fn write_words(connection: &mut PgConnection, come: &[(Key, i32)]) -> Result<(), StoreError> {
    let distinct: BTreeSet<&str> = words(come).map(|(word, _)| word).collect();
    let distinct: Vec<&str> = distinct.into_iter().collect();
    if distinct.is_empty() {
        return Ok(());
    }
    let new = sqlx::query_scalar!(
        "insert into search_word (word, uses) select word, 0 from unnest($1::text[]) as u(word)
        on conflict do nothing returning word",
        &distinct as &[&str]
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut forms: Vec<String> = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    for word in &new {
        let of_word = shortened(word);
        words.extend(of_word.iter().map(|_| word.as_str()));
        forms.extend(of_word);
    }
    if forms.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into search_spelling (form, word) select * from unnest($1::text[], $2::text[])
        on conflict do nothing",
        &forms,
        &words as &[&str]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts the words of one person in [`SAMPLE`] for all of them.
async fn count_words(
    connection: &mut PgConnection,
    come: &[(Key, i32)],
    gone: &[(Key, i32)],
) -> Result<(), StoreError> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for (keys, step) in [(come, i64::from(SAMPLE)), (gone, -i64::from(SAMPLE))] {
        for (word, _) in words(keys).filter(|(_, ordinal)| ordinal % SAMPLE == 0) {
            *counts.entry(word).or_default() += step;
        }
    }
    counts.retain(|_, count| *count != 0);
    if counts.is_empty() {
        return Ok(());
    }
    let (words, counts): (Vec<&str>, Vec<i64>) = counts.into_iter().unzip();
    sqlx::query!(
        "update search_word w set uses = w.uses + u.uses
        from unnest($1::text[], $2::bigint[]) as u(word, uses)
        where w.word = u.word",
        &words as &[&str],
        &counts
    )
    .execute(connection)
    .await?;
    Ok(())
}
