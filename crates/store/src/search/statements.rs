//! The statements of the searches, each with one plan whatever is asked.
//!
//! Searches by keys stand in files beside this one, a folder for each way to read the keys: `found`
//! is those whom the keys lead to and do not refuse, and what follows looks at the rows of those of
//! whom the keys do not tell enough. A checked statement is one text, so what they have in common
//! is written in each; the macros say their common arguments once.

use register::search::{Days, Reading, Tally};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Facts, Page, Question};

/// A statement in a file, with the arguments that all searches by keys begin with.
macro_rules! by_keys {
    ($file:tt, $q:ident, $($more:tt)*) => {
        sqlx::query_file_scalar!(
            $file,
            $q.facts.mask,
            $q.facts.value,
            $q.facts.status_shift,
            $q.facts.statuses,
            $q.initials,
            $q.area,
            $q.complete,
            $q.birth.first,
            $q.birth.last,
            $q.death.first,
            $q.death.last,
            &$q.must,
            &$q.may,
            $q.places.as_deref() as Option<&[String]>,
            $q.full,
            &$q.city,
            $($more)*
        )
    };
}

/// How many match.
pub(super) async fn count(connection: &mut PgConnection, q: &Question) -> Result<i64, sqlx::Error> {
    let (key, kinds) = q.key();
    let (lows, highs, all_kinds, groups) = (&q.lows, &q.highs, &q.kinds, &q.groups);
    let (group, Days { first, last }) = (q.group, q.days);
    match q.reading {
        Reading::OneKey => {
            by_keys!("src/search/one_key/count.sql", q, key, kinds, first, last)
                .fetch_one(connection)
                .await
        }
        Reading::Ranges => {
            by_keys!(
                "src/search/ranges/count.sql",
                q,
                lows,
                highs,
                all_kinds,
                groups,
                group as Option<i32>
            )
            .fetch_one(connection)
            .await
        }
        Reading::WordsByDay => {
            by_keys!(
                "src/search/words_by_day/count.sql",
                q,
                lows,
                highs,
                all_kinds,
                groups,
                group as Option<i32>,
                first,
                last
            )
            .fetch_one(connection)
            .await
        }
        Reading::WordsByArea => {
            by_keys!(
                "src/search/words_by_area/count.sql",
                q,
                lows,
                highs,
                all_kinds,
                groups,
                group as Option<i32>
            )
            .fetch_one(connection)
            .await
        }
    }
}

/// As [`by_keys`], with the arguments that all pages have.
macro_rules! page_by_keys {
    ($file:tt, $q:ident, $page:ident, $($more:tt)*) => {
        by_keys!(
            $file,
            $q,
            &$page.exact,
            &$page.prefix,
            $page.offset,
            $page.limit,
            $($more)*
        )
    };
}

/// The ids of a page of those who match.
pub(super) async fn page(
    connection: &mut PgConnection,
    q: &Question,
    page: &Page,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let (key, kinds) = q.key();
    let (lows, highs, all_kinds, groups) = (&q.lows, &q.highs, &q.kinds, &q.groups);
    let (group, Days { first, last }) = (q.group, q.days);
    match q.reading {
        Reading::OneKey if page.is_in_order() && (first, last) == (0, 0) => {
            by_keys!("src/search/one_key/page_in_order.sql", q, key, kinds, page.offset, page.limit)
                .fetch_all(connection)
                .await
        }
        Reading::OneKey => {
            page_by_keys!("src/search/one_key/page.sql", q, page, key, kinds, first, last)
                .fetch_all(connection)
                .await
        }
        Reading::Ranges => {
            page_by_keys!(
                "src/search/ranges/page.sql",
                q,
                page,
                lows,
                highs,
                all_kinds,
                groups,
                group as Option<i32>
            )
            .fetch_all(connection)
            .await
        }
        Reading::WordsByDay => {
            page_by_keys!(
                "src/search/words_by_day/page.sql",
                q,
                page,
                lows,
                highs,
                all_kinds,
                groups,
                group as Option<i32>,
                first,
                last
            )
            .fetch_all(connection)
            .await
        }
        Reading::WordsByArea => {
            page_by_keys!(
                "src/search/words_by_area/page.sql",
                q,
                page,
                lows,
                highs,
                all_kinds,
                groups,
                group as Option<i32>
            )
            .fetch_all(connection)
            .await
        }
    }
}

/// How many match, by tallies and the keys of the years that are not whole. `kinds` are those of a
/// municipality's key; 0 elsewhere.
pub(super) async fn count_by_tally(
    connection: &mut PgConnection,
    facts: &Facts,
    tally: &Tally,
    kinds: i16,
) -> Result<i64, sqlx::Error> {
    let [before, after] = tally.edges;
    sqlx::query_file_scalar!(
        "src/search/count_by_tally.sql",
        facts.mask,
        facts.value,
        facts.status_shift,
        facts.statuses,
        tally.key,
        tally.years.0,
        tally.years.1,
        kinds,
        before.first,
        before.last,
        after.first,
        after.last
    )
    .fetch_one(connection)
    .await
}

/// The ids of a page of those who match by gender and status alone. Only the blocks of ordinals
/// that the page lies in are read.
pub(super) async fn page_by_facts(
    connection: &mut PgConnection,
    facts: &Facts,
    page: &Page,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_file_scalar!(
        "src/search/page_by_facts.sql",
        facts.mask,
        facts.value,
        facts.status_shift,
        facts.statuses,
        page.offset,
        page.limit
    )
    .fetch_all(connection)
    .await
}

/// The ids of a page of those who match by days of birth and death, gender and status, of whom
/// there are many. The index of everybody is read up to the end of the page.
pub(super) async fn page_by_days(
    connection: &mut PgConnection,
    facts: &Facts,
    (birth, death): (Days, Days),
    page: &Page,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_file_scalar!(
        "src/search/page_by_days.sql",
        facts.mask,
        facts.value,
        facts.status_shift,
        facts.statuses,
        birth.first,
        birth.last,
        death.first,
        death.last,
        page.offset,
        page.limit
    )
    .fetch_all(connection)
    .await
}

/// How many match by the same.
pub(super) async fn count_by_days(
    connection: &mut PgConnection,
    facts: &Facts,
    (birth, death): (Days, Days),
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from search_person
        where birth between $5 and $6 and death between $7 and $8
            and (facets << 3) & $1 = $2
            and ($4 = 2147483647 or (1 << (((facets << 3) >> $3) & 15)) & $4 <> 0)"#,
        facts.mask,
        facts.value,
        facts.status_shift,
        facts.statuses,
        birth.first,
        birth.last,
        death.first,
        death.last
    )
    .fetch_one(connection)
    .await
}

/// The ids of a page of everybody, from an index alone: each list has a count of its own.
pub(super) async fn everybody(
    connection: &mut PgConnection,
    include_alternate: bool,
    offset: i64,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let end = offset.saturating_add(limit);
    if include_alternate {
        sqlx::query_scalar!(
            "select id from person where ordinal > $1 and ordinal <= $2 order by ordinal",
            offset,
            end
        )
        .fetch_all(connection)
        .await
    } else {
        sqlx::query_scalar!(
            "select id from person where freg_ordinal > $1 and freg_ordinal <= $2
            order by freg_ordinal",
            offset,
            end
        )
        .fetch_all(connection)
        .await
    }
}

/// Whether the keys are left for the end of a first load.
pub(super) async fn is_search_deferred(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!("select search_deferred from event_counter").fetch_one(connection).await
}

/// How many there are in all.
pub(super) async fn count_of_everybody(
    connection: &mut PgConnection,
    include_alternate: bool,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select case when $1 then last_ordinal else last_freg_ordinal end as "count!"
        from event_counter"#,
        include_alternate
    )
    .fetch_one(connection)
    .await
}

/// The words that have a shortened form, each with the place that was given with it.
pub(super) async fn spellings(
    connection: &mut PgConnection,
    forms: &[String],
    places: &[i32],
) -> Result<Vec<(i32, String)>, sqlx::Error> {
    let found = sqlx::query!(
        r#"select distinct f.place as "place!", s.word
        from unnest($1::text[], $2::integer[]) as f(form, place)
        join search_spelling s on s.form = f.form
        order by 1, 2"#,
        forms,
        places
    )
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().map(|row| (row.place, row.word)).collect())
}
