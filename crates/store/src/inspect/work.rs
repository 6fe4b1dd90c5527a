//! What is being done, what waits, and who does it: the questions of an operator at night.

use crate::batch::ParkReason;
use crate::election::{LOCK_SPACE, WriterLock};
use crate::inspect::{Server, Trouble};

/// Who holds one of the locks that one process at a time holds.
#[derive(Debug)]
pub struct Holder {
    /// For which work.
    pub lock: WriterLock,
    /// The address that it is connected from; none on a socket.
    pub address: Option<String>,
    /// For how long it has been connected, in seconds.
    pub since_s: f64,
}

/// What the tables say of what is being done and what waits.
#[derive(Debug)]
pub struct Work {
    /// Persons, stubs included.
    pub persons: i64,
    /// The number of the newest event.
    pub last_event: i64,
    /// How old the newest event is, in seconds; none before the first.
    pub last_event_age_s: Option<f64>,
    /// The source's sequence of the last change that has been applied.
    pub applied_sequence: Option<i64>,
    /// Numbers whose leave to send notices has ended and is still served as given.
    pub flips_due: i64,
    /// The ordinal that the sweep of the enrichment has come to; none when there is none.
    pub sweep_at: Option<i64>,
    /// The ordinal that rendering everybody anew has come to; none when it is not under way.
    pub rerender_at: Option<i64>,
    /// An operator asks for rendering anew, and it has not begun.
    pub rerender_asked: bool,
    /// The version of the code that everybody was last rendered anew with.
    pub rerendered_by: Option<i32>,
    /// Nobody can be searched for before a first load has come to its end.
    pub search_deferred: bool,
}

/// The last run that compared the register with a source.
#[derive(Debug)]
pub struct LastRun {
    /// The source's name.
    pub source: String,
    /// How long ago it last got anywhere, in seconds.
    pub updated_s: f64,
    /// Whether it came to its end.
    pub finished: bool,
    /// Persons who were compared.
    pub compared: i64,
    /// Persons who are not as the source has them.
    pub wrong: i64,
    /// What was published to put it right.
    pub repaired: i64,
}

/// A half of ingest that has ended for good, the last time that it was known to go.
#[derive(Debug)]
pub struct StoppedWork {
    /// The half.
    pub task: String,
    /// The kind of fault.
    pub reason: String,
    /// What is wrong.
    pub message: String,
    /// For how long, in seconds.
    pub since_s: f64,
}

/// A kind of records in the park.
#[derive(Debug)]
pub struct ParkKind {
    /// Why they are there.
    pub reason: ParkReason,
    /// How many.
    pub records: i64,
    /// How old the oldest is, in seconds.
    pub oldest_s: f64,
}

impl Server {
    /// Who holds the locks.
    pub async fn holders(&mut self) -> Result<Vec<Holder>, Trouble> {
        let rows = sqlx::query!(
            r#"select l.objid::integer as "lock!", host(a.client_addr) as address,
                extract(epoch from clock_timestamp() - a.backend_start)::float8 as "since_s!"
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.classid::integer = $1
                and l.database = (select oid from pg_database where datname = current_database())
            order by 1"#,
            LOCK_SPACE
        )
        .fetch_all(&mut self.connection)
        .await?;
        let holders = rows.into_iter().filter_map(|row| {
            let lock = WriterLock::ALL.into_iter().find(|lock| *lock as i32 == row.lock)?;
            Some(Holder { lock, address: row.address, since_s: row.since_s })
        });
        Ok(holders.collect())
    }

    /// What is being done and what waits; `changes_topic` is the topic of the change feed.
    pub async fn work(&mut self, changes_topic: &str) -> Result<Work, Trouble> {
        let work = sqlx::query_as!(
            Work,
            r#"select c.last_ordinal as persons, c.last_sequence as last_event,
                (select extract(epoch from clock_timestamp() - registered_at)::float8 from event
                    order by sequence_number desc limit 1) as last_event_age_s,
                (select last_sequence from position where topic = $1 and partition = 0)
                    as applied_sequence,
                (select count(*) from contact where flips_at <= now()) as "flips_due!",
                case when e.target_day is not null then e.next_ordinal end as sweep_at,
                case when r.target is not null then r.next_ordinal end as rerender_at,
                r.asked as rerender_asked, r.done_by as rerendered_by, c.search_deferred
            from event_counter c, enrichment e, rerender r"#,
            changes_topic
        );
        Ok(work.fetch_one(&mut self.connection).await?)
    }

    /// What lies in the park, by reason, the most numerous first.
    pub async fn park(&mut self) -> Result<Vec<ParkKind>, Trouble> {
        let rows = sqlx::query!(
            r#"select reason, count(*) as "records!",
                extract(epoch from clock_timestamp() - min(parked_at))::float8 as "oldest_s!"
            from parked group by reason order by 2 desc, 1"#
        )
        .fetch_all(&mut self.connection)
        .await?;
        let kinds = rows.into_iter().filter_map(|row| {
            let reason = ParkReason::from_code(row.reason)?;
            Some(ParkKind { reason, records: row.records, oldest_s: row.oldest_s })
        });
        Ok(kinds.collect())
    }

    /// What has ended for good.
    pub async fn stopped(&mut self) -> Result<Vec<StoppedWork>, Trouble> {
        let stopped = sqlx::query_as!(
            StoppedWork,
            r#"select task, reason, message,
                extract(epoch from clock_timestamp() - since)::float8 as "since_s!"
            from stopped_work order by task"#
        );
        Ok(stopped.fetch_all(&mut self.connection).await?)
    }

    /// The last comparison with each source.
    pub async fn compared(&mut self) -> Result<Vec<LastRun>, Trouble> {
        let runs = sqlx::query_as!(
            LastRun,
            r#"select distinct on (source) source, finished_at is not null as "finished!",
                extract(epoch from clock_timestamp() - updated_at)::float8 as "updated_s!",
                compared, missing + extra + differing as "wrong!", repaired
            from reconciliation order by source, started_at desc, id desc"#
        );
        Ok(runs.fetch_all(&mut self.connection).await?)
    }
}
