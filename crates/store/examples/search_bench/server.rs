//! What the server says about the time it has spent.

use std::time::Duration;

use sqlx::{Connection, PgConnection};

/// A server that is watched from a connection of its own.
pub struct Server {
    url: String,
    /// None when it does not count.
    connection: Option<PgConnection>,
    /// The process behind that connection, which is no part of what is measured.
    own: i32,
    counted: Duration,
    ran: Duration,
}

impl Server {
    /// Begins to count.
    pub async fn watch(url: &str) -> Self {
        let (mut connection, mut own) = (PgConnection::connect(url).await.ok(), 0);
        if let Some(open) = &mut connection {
            let pid = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *open).await;
            own = pid.expect("a server tells its process");
            let counter = sqlx::raw_sql("create extension if not exists pg_stat_statements");
            if counter.execute(open).await.is_err() {
                connection = None;
            }
        }
        let (counted, ran) = (Duration::ZERO, Duration::ZERO);
        let mut server = Self { url: url.to_owned(), connection, own, counted, ran };
        server.statements().await;
        server.processor();
        server
    }

    /// How long statements have taken since this was last asked: planned, begun, read and closed,
    /// and nothing of the way there and back. None of a server that does not count it.
    pub async fn statements(&mut self) -> Option<Duration> {
        let total = sqlx::query_scalar::<_, f64>(
            "select coalesce(sum(total_plan_time + total_exec_time), 0)
            from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database())
                and query not like '%pg_stat_statements%'",
        );
        let total_ms = total.fetch_one(self.connection.as_mut()?).await.ok()?;
        let total = Duration::from_secs_f64(total_ms / 1000.0);
        let before = std::mem::replace(&mut self.counted, total);
        Some(total.saturating_sub(before))
    }

    /// How long the server's processes for this database have run since this was last asked, with
    /// the protocol and without waiting: the measure that holds on a machine with other work.
    /// Nothing when the server is elsewhere.
    pub fn processor(&mut self) -> Duration {
        let now = processor_time(&self.url, self.own);
        now.saturating_sub(std::mem::replace(&mut self.ran, now))
    }
}

fn processor_time(url: &str, except: i32) -> Duration {
    let name = url.rsplit('/').next().and_then(|rest| rest.split('?').next()).unwrap_or(url);
    let of_process = |process: std::fs::DirEntry| {
        let title = std::fs::read(process.path().join("cmdline")).ok()?;
        let title = String::from_utf8_lossy(&title).into_owned();
        let is_other = process.file_name().to_str() != Some(&except.to_string());
        let ours = is_other && title.starts_with("postgres:") && title.contains(name);
        let ran =
            ours.then(|| std::fs::read_to_string(process.path().join("schedstat")).ok())??;
        Some(Duration::from_nanos(ran.split(' ').next()?.parse().ok()?))
    };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(of_process).sum()
}
