//! A database for each test, cloned from a migrated template, dropped with the test.
//!
//! This crate may not see `store`, so it embeds the migrations itself. That and making databases is
//! all it does with SQL; queries on the tables belong to `store`, or to the test that checks them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;

use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use uuid::Uuid;

use crate::{said, services};

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// Guards the making of the template against other test processes.
const TEMPLATE_LOCK: i64 = 0x7465_6d70_6c61_7465;

/// A database left behind by a killed test is dropped when it is older than this.
const LEFTOVER_AFTER_S: i64 = 24 * 60 * 60;

/// A database of one test. Dropped with this value, whoever is still connected.
#[derive(Debug)]
pub struct TestDatabase {
    server: PgConnectOptions,
    name: String,
}

impl TestDatabase {
    /// A migrated database with nothing in it.
    pub async fn create() -> TestDatabase {
        let server = server();
        let mut connection = connect(&server).await;
        let template = template(&server, &mut connection).await;
        TestDatabase::make(server, connection, &template).await
    }

    /// The same on another server than that of the tests: one that a test has for itself.
    pub async fn create_at(url: &str) -> TestDatabase {
        let server = PgConnectOptions::from_str(url).expect("the server has a usable URL");
        let mut connection = connect(&server).await;
        let template = template(&server, &mut connection).await;
        TestDatabase::make(server, connection, &template).await
    }

    /// A copy: what a backup of now would be. Whoever is connected is thrown out.
    pub async fn copy(&self) -> TestDatabase {
        let mut connection = connect(&self.server).await;
        self.throw_out(&mut connection).await;
        TestDatabase::make(self.server.clone(), connection, &self.name).await
    }

    /// Puts the content of another database in the place of this one's: restores a backup.
    pub async fn restore(&self, backup: &TestDatabase) {
        let mut connection = connect(&self.server).await;
        backup.throw_out(&mut connection).await;
        let (name, from) = (&self.name, &backup.name);
        run(&mut connection, format!("drop database {name} with (force)")).await;
        run(&mut connection, format!("create database {name} template {from}")).await;
    }

    async fn throw_out(&self, connection: &mut PgConnection) {
        let name = &self.name;
        let others = format!(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{name}'"
        );
        run(connection, others).await;
    }

    /// A database without our schema.
    pub async fn create_empty() -> TestDatabase {
        let server = server();
        let connection = connect(&server).await;
        TestDatabase::make(server, connection, "template0").await
    }

    async fn make(
        server: PgConnectOptions,
        mut connection: PgConnection,
        template: &str,
    ) -> TestDatabase {
        said::keep();
        drop_leftovers(&mut connection).await;
        let now: i64 = sqlx::query_scalar("select extract(epoch from now())::bigint")
            .fetch_one(&mut connection)
            .await
            .expect("the server tells the time");
        let name = format!("test_{now}_{}", Uuid::new_v4().simple());
        run(&mut connection, format!("create database {name} template {template}")).await;
        TestDatabase { server, name }
    }

    /// The URL of the database.
    pub fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }

    /// Runs statements that a test needs around the store: to look behind it, or to break something
    /// on purpose.
    pub async fn execute(&self, sql: &'static str) {
        let mut connection = connect(&self.options()).await;
        run(&mut connection, sql.to_owned()).await;
    }

    /// The first column of each row, which the query gives as text; NULL is the empty text.
    pub async fn fetch_text(&self, sql: &'static str) -> Vec<String> {
        let mut connection = connect(&self.options()).await;
        let rows: Vec<Option<String>> = sqlx::query_scalar(sql)
            .fetch_all(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn options(&self) -> PgConnectOptions {
        self.server.clone().database(&self.name)
    }
}

impl Drop for TestDatabase {
    /// Best effort: what stays behind is dropped by a later run.
    fn drop(&mut self) {
        let server = self.server.clone();
        let sql = format!("drop database if exists {} with (force)", self.name);
        // A thread with a runtime of its own: the test's may be single-threaded, or about to end.
        let dropping = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let mut connection = server.connect().await.ok()?;
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.ok()
            })
        });
        // A panic of that thread has been reported by itself and must not hide the outcome of the
        // test.
        drop(dropping.join());
    }
}

fn server() -> PgConnectOptions {
    PgConnectOptions::from_str(&services::database_url()).expect("the test server has a usable URL")
}

async fn connect(options: &PgConnectOptions) -> PgConnection {
    options.connect().await.expect("the test server answers")
}

async fn run(connection: &mut PgConnection, sql: String) {
    let shown = sql.clone();
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{shown}: {error}"));
}

/// The template for these migrations, made by whoever comes first. It gets its name when it is
/// finished, so that nobody clones half of it.
async fn template(server: &PgConnectOptions, connection: &mut PgConnection) -> String {
    let name = format!("template_{:016x}", fingerprint());
    sqlx::query("select pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *connection)
        .await
        .expect("the template lock is had");
    let known: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut *connection)
            .await
            .expect("the server lists its databases");
    if !known {
        let draft = format!("{name}_draft");
        run(connection, format!("drop database if exists {draft} with (force)")).await;
        run(connection, format!("create database {draft} template template0")).await;
        let mut migrating = connect(&server.clone().database(&draft)).await;
        MIGRATOR.run(&mut migrating).await.expect("the migrations run");
        migrating.close().await.expect("the migrating session ends");
        run(connection, format!("alter database {draft} rename to {name}")).await;
    }
    sqlx::query("select pg_advisory_unlock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *connection)
        .await
        .expect("the template lock is given back");
    name
}

/// Tells one set of migrations from another.
fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    for migration in MIGRATOR.iter() {
        (migration.version, &migration.checksum).hash(&mut hasher);
    }
    hasher.finish()
}

async fn drop_leftovers(connection: &mut PgConnection) {
    let names: Vec<String> = sqlx::query_scalar(
        "select datname::text from pg_database where datname ~ '^test_[0-9]+_[0-9a-f]{32}$'
            and split_part(datname, '_', 2)::bigint < extract(epoch from now()) - $1",
    )
    .bind(LEFTOVER_AFTER_S)
    .fetch_all(&mut *connection)
    .await
    .expect("the server lists its databases");
    for name in names {
        run(connection, format!("drop database if exists {name} with (force)")).await;
    }
}
