//! The statements of the searches. Their plans are the same whatever is asked: `range` picks the
//! rarest keys, `found` reads them (words by the dictionary, beginnings of keys, and single keys),
//! and what follows looks at the rows.
//!
//! The tests of the same criteria stand in three statements, because a checked statement is one
//! text. The long ones lie in files beside this one.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Question;

/// The ids of the best matches, the best first.
pub(super) async fn best(
    connection: &mut PgConnection,
    q: &Question,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_file_scalar!(
        "src/search/best.sql",
        &q.lows,
        &q.highs,
        &q.kinds,
        &q.groups,
        q.group as Option<i32>,
        q.days.first,
        q.days.last,
        q.by_words,
        q.include_alternate,
        q.area as Option<i16>,
        q.gender as Option<i16>,
        q.statuses as Option<i32>,
        q.status_shift,
        q.birth.first,
        q.birth.last,
        q.death.first,
        q.death.last,
        &q.must,
        &q.may,
        q.places.as_deref() as Option<&[String]>,
        q.full,
        &q.city,
        &q.exact,
        &q.prefix,
        limit
    )
    .fetch_all(connection)
    .await
}

/// The ids of a page of those who match.
pub(super) async fn page(
    connection: &mut PgConnection,
    q: &Question,
    offset: i64,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_file_scalar!(
        "src/search/page.sql",
        &q.lows,
        &q.highs,
        &q.kinds,
        &q.groups,
        q.group as Option<i32>,
        q.days.first,
        q.days.last,
        q.by_words,
        q.include_alternate,
        q.area as Option<i16>,
        q.gender as Option<i16>,
        q.statuses as Option<i32>,
        q.status_shift,
        q.birth.first,
        q.birth.last,
        q.death.first,
        q.death.last,
        &q.must,
        &q.may,
        q.places.as_deref() as Option<&[String]>,
        q.full,
        &q.city,
        q.complete,
        offset,
        limit
    )
    .fetch_all(connection)
    .await
}

/// How many match.
pub(super) async fn count(connection: &mut PgConnection, q: &Question) -> Result<i64, sqlx::Error> {
    sqlx::query_file_scalar!(
        "src/search/count.sql",
        &q.lows,
        &q.highs,
        &q.kinds,
        &q.groups,
        q.group as Option<i32>,
        q.days.first,
        q.days.last,
        q.by_words,
        q.include_alternate,
        q.area as Option<i16>,
        q.gender as Option<i16>,
        q.statuses as Option<i32>,
        q.status_shift,
        q.birth.first,
        q.birth.last,
        q.death.first,
        q.death.last,
        &q.must,
        &q.may,
        q.places.as_deref() as Option<&[String]>,
        q.full,
        &q.city,
        q.complete
    )
    .fetch_one(connection)
    .await
}

/// The ids of a page of those whom a place's key leads to.
pub(super) async fn page_of_place(
    connection: &mut PgConnection,
    key: &str,
    q: &Question,
    offset: i64,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "with matching as materialized (
            select ordinal from search_key
            where key = $1 and day = 0 and area = 0 and kinds & $2 <> 0
                and (kinds & 8 = 0 or $3)
            order by ordinal
            offset $4 limit $5
        )
        select s.id from matching join search_person s on s.ordinal = matching.ordinal
        order by s.ordinal",
        key,
        q.package_bit(),
        q.include_alternate,
        offset,
        limit
    )
    .fetch_all(connection)
    .await
}

/// How many a place's key leads to.
pub(super) async fn count_of_place(
    connection: &mut PgConnection,
    key: &str,
    q: &Question,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from search_key
        where key = $1 and day = 0 and area = 0 and kinds & $2 <> 0 and (kinds & 8 = 0 or $3)"#,
        key,
        q.package_bit(),
        q.include_alternate
    )
    .fetch_one(connection)
    .await
}

/// The ids of a page of those who match by gender and status alone. Everybody is looked at, in the
/// index.
pub(super) async fn page_of_all(
    connection: &mut PgConnection,
    q: &Question,
    offset: i64,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "with matching as materialized (
            select ordinal from search_person s
            where ($1 or s.facets & 1024 = 0)
                and ($2::smallint is null or s.facets & 3 = $2)
                and ($3::integer is null or (1 << ((s.facets >> $4) & 15)) & $3 <> 0)
            order by ordinal
            offset $5 limit $6
        )
        select s.id from matching join search_person s on s.ordinal = matching.ordinal
        order by s.ordinal",
        q.include_alternate,
        q.gender as Option<i16>,
        q.statuses as Option<i32>,
        q.status_shift,
        offset,
        limit
    )
    .fetch_all(connection)
    .await
}

/// How many match by gender and status alone.
pub(super) async fn count_of_all(
    connection: &mut PgConnection,
    q: &Question,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from search_person s
        where ($1 or s.facets & 1024 = 0)
            and ($2::smallint is null or s.facets & 3 = $2)
            and ($3::integer is null or (1 << ((s.facets >> $4) & 15)) & $3 <> 0)"#,
        q.include_alternate,
        q.gender as Option<i16>,
        q.statuses as Option<i32>,
        q.status_shift
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
    let page = if include_alternate {
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
    };
    page
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
