//! What is gained by compressing before Postgres gets it: COPY of served forms as they are stored,
//! against COPY of the same as JSON that Postgres compresses itself. In interleaved pairs, in a
//! register that has been filled. Compressing in advance is not in the time: it runs beside.
//!
//! `cargo run --release -p store --example copy_bench`, with the database's address in
//! `PERSONTJENESTEN_TEST_DATABASE_URL`. The last line is JSON.

use std::time::Instant;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use store::blob::decompress;
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const PERSONS: i64 = 20_000;
const PAIRS: usize = 5;

/// Nobody else has a schema of this name.
const BEFORE: &str = "
    drop schema if exists copy_bench cascade;
    create schema copy_bench;
    create table copy_bench.stored (id uuid primary key, complete bytea, restricted bytea);
    alter table copy_bench.stored set (toast_tuple_target = 4080);
    alter table copy_bench.stored alter complete set storage external;
    alter table copy_bench.stored alter restricted set storage external;
    create table copy_bench.json (id uuid primary key, complete text compression lz4,
        restricted text compression lz4)";
const AFTER: &str = "drop schema copy_bench cascade";

#[tokio::main]
async fn main() -> Result<()> {
    let url = std::env::var("PERSONTJENESTEN_TEST_DATABASE_URL")?;
    let mut connection = PgConnection::connect(&url).await?;
    let (stored, json) = rows(&mut connection).await?;
    connection.execute(BEFORE).await?;
    let (mut ratios, mut best) = (Vec::new(), (f64::MAX, f64::MAX));
    for _ in 0..PAIRS {
        let times = (
            copy(&mut connection, "stored", &stored).await?,
            copy(&mut connection, "json", &json).await?,
        );
        eprintln!("stored {:.2} s, JSON {:.2} s: {:.2}", times.0, times.1, times.1 / times.0);
        ratios.push(times.1 / times.0);
        best = (best.0.min(times.0), best.1.min(times.1));
    }
    connection.execute(AFTER).await?;
    ratios.sort_by(f64::total_cmp);
    let per_second = |seconds: f64| (PERSONS as f64 / seconds).round();
    println!(
        r#"{{"copy_ratio":{:.2},"stored_rows_per_s":{},"json_rows_per_s":{}}}"#,
        ratios[PAIRS / 2],
        per_second(best.0),
        per_second(best.1)
    );
    Ok(())
}

/// The same persons as they are stored and as JSON, in Postgres's binary form for COPY.
async fn rows(connection: &mut PgConnection) -> Result<(Vec<u8>, Vec<u8>)> {
    let persons = sqlx::query(
        "select id, served_full, served_restricted from person order by ordinal limit $1",
    )
    .bind(PERSONS)
    .fetch_all(connection)
    .await?;
    if persons.len() as i64 != PERSONS {
        return Err("the register has too few persons".into());
    }
    let (mut stored, mut json) = (Copied::default(), Copied::default());
    for person in persons {
        let id: Uuid = person.try_get(0)?;
        let (full, restricted): (Vec<u8>, Vec<u8>) = (person.try_get(1)?, person.try_get(2)?);
        stored.row([id.as_bytes(), &full, &restricted]);
        json.row([id.as_bytes(), &text(&full)?, &text(&restricted)?]);
    }
    Ok((stored.end(), json.end()))
}

/// A served form begins with a small index of bytes, which text cannot hold.
fn text(blob: &[u8]) -> Result<Vec<u8>> {
    let form = decompress(blob)?;
    Ok(String::from_utf8_lossy(&form).replace('\0', " ").into_bytes())
}

struct Copied(Vec<u8>);

impl Default for Copied {
    fn default() -> Self {
        Self(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec())
    }
}

impl Copied {
    fn row(&mut self, values: [&[u8]; 3]) {
        self.0.extend(3_i16.to_be_bytes());
        for value in values {
            self.0.extend((value.len() as i32).to_be_bytes());
            self.0.extend(value);
        }
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend((-1_i16).to_be_bytes());
        self.0
    }
}

/// Seconds from the first byte until it is committed.
async fn copy(connection: &mut PgConnection, table: &str, rows: &[u8]) -> Result<f64> {
    connection.execute(AssertSqlSafe(format!("truncate copy_bench.{table}"))).await?;
    connection.execute("checkpoint").await?;
    let started = Instant::now();
    let statement = format!("copy copy_bench.{table} from stdin (format binary)");
    let mut into = connection.copy_in_raw(&statement).await?;
    into.send(rows).await?;
    into.finish().await?;
    Ok(started.elapsed().as_secs_f64())
}
