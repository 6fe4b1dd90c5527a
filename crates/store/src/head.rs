//! The confirmed head: up to which event every server that answers lookups has the data behind the
//! event.
//!
//! A client reads event N and then looks its person up, maybe on another replica or another node.
//! So an event is shown only when the primary has committed it and each serving replica has
//! replayed it. Every poll reads the counter rows; a replica that is silent or too far behind stops
//! serving at once, but holds the head back a moment longer, so that other nodes, which judge by
//! themselves, have stopped reading from it too.

mod watch;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::PgPool;
use tokio::task::JoinSet;

use crate::config::{Secret, StoreConfig};
use crate::error::StoreError;
use crate::metrics;
use crate::pool::{Purpose, pool, within};
use crate::store::Store;
use watch::{Watch, WatchRules};

/// A poll that takes longer counts as silence.
const LONGEST_POLL: Duration = Duration::from_secs(1);

/// How much longer than our own poll takes other nodes may need to see what we see.
const GRACE: Duration = Duration::from_secs(2);

pub(crate) struct Heads {
    confirmed: AtomicI64,
    /// The head has been found: a 0 means an empty register, not that nobody has looked yet.
    found: AtomicBool,
    /// A server that answers has nobody searchable yet; true before the first judgement.
    search_deferred: AtomicBool,
    primary: Counter,
    replicas: Vec<Replica>,
    turn: AtomicUsize,
    watch: Mutex<Watch>,
    poll_every: Duration,
}

struct Replica {
    reads: PgPool,
    serving: AtomicBool,
    counter: Counter,
}

/// The counter row of one server, read through a connection of its own: a busy pool is not a silent
/// server.
struct Counter {
    pool: PgPool,
    last: Mutex<Option<Seen>>,
}

/// The counter row as it was read.
#[derive(Clone, Copy)]
struct Seen {
    last_sequence: i64,
    search_deferred: bool,
    read_at: Instant,
}

impl Counter {
    fn new(config: &StoreConfig, url: &Secret, purpose: Purpose) -> Result<Counter, StoreError> {
        let config = StoreConfig {
            connect_timeout_ms: config.connect_timeout_ms.min(LONGEST_POLL.as_millis() as u64),
            ..config.clone()
        };
        Ok(Counter { pool: pool(&config, url, purpose, 1)?, last: Mutex::new(None) })
    }

    async fn poll(&self) {
        let answer = within(&self.pool, LONGEST_POLL, async |connection| {
            sqlx::query!("select last_sequence, search_deferred from event_counter")
                .fetch_one(connection)
                .await
        })
        .await;
        match answer {
            Ok(row) => {
                *lock(&self.last) = Some(Seen {
                    last_sequence: row.last_sequence,
                    search_deferred: row.search_deferred,
                    read_at: Instant::now(),
                });
            }
            Err(error) => {
                *lock(&self.last) = None;
                tracing::debug!(%error, "a counter row could not be read");
            }
        }
    }

    /// The row, unless it was read too long ago to stand for the server.
    fn fresh(&self, now: Instant, limit: Duration) -> Option<Seen> {
        let seen = (*lock(&self.last))?;
        (now.saturating_duration_since(seen.read_at) <= limit).then_some(seen)
    }
}

impl Heads {
    pub(crate) fn new(config: &StoreConfig) -> Result<Heads, StoreError> {
        let replica = |url| {
            Ok(Replica {
                reads: pool(config, url, Purpose::Read, config.read_connections)?,
                serving: AtomicBool::new(false),
                counter: Counter::new(config, url, Purpose::Read)?,
            })
        };
        let replicas: Vec<Replica> =
            config.read_urls.iter().map(replica).collect::<Result<_, StoreError>>()?;
        let rules = WatchRules { max_lag: config.max_replica_lag(), grace: GRACE };
        Ok(Heads {
            confirmed: AtomicI64::new(0),
            found: AtomicBool::new(false),
            search_deferred: AtomicBool::new(true),
            primary: Counter::new(config, &config.url, Purpose::Write)?,
            turn: AtomicUsize::new(0),
            watch: Mutex::new(Watch::new(rules, replicas.len(), Instant::now())),
            replicas,
            poll_every: config.head_poll(),
        })
    }

    /// The replicas that serve, in turn.
    pub(crate) fn next_serving(&self) -> Option<&PgPool> {
        let serving = |replica: &&Replica| replica.serving.load(Ordering::Acquire);
        let count = self.replicas.iter().filter(serving).count();
        if count == 0 {
            return None;
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % count;
        self.replicas.iter().filter(serving).nth(turn).map(|replica| &replica.reads)
    }

    /// Whether a server that lookups go to has just told its counter row.
    pub(crate) fn hears(&self) -> bool {
        let fresh = |at: &Counter| at.fresh(Instant::now(), self.row_lasts()).is_some();
        let serving = |replica: &&Replica| replica.serving.load(Ordering::Acquire);
        let mut replicas = self.replicas.iter().filter(serving).peekable();
        match replicas.peek() {
            None => fresh(&self.primary),
            Some(_) => replicas.any(|replica| fresh(&replica.counter)),
        }
    }

    /// A row stands for its server until the next poll has had its time.
    fn row_lasts(&self) -> Duration {
        LONGEST_POLL + self.poll_every
    }

    pub(crate) async fn close(&self) {
        self.primary.pool.close().await;
        for replica in &self.replicas {
            replica.counter.pool.close().await;
            replica.reads.close().await;
        }
    }

    /// Takes what the polls found: which replicas serve, and how far the head goes.
    fn judge(&self) {
        let now = Instant::now();
        let limit = self.row_lasts();
        let primary = self.primary.fresh(now, limit);
        let replicas: Vec<Option<Seen>> =
            self.replicas.iter().map(|replica| replica.counter.fresh(now, limit)).collect();
        let mut seen = replicas.iter().chain([&primary]).flatten().peekable();
        if seen.peek().is_some() {
            self.search_deferred.store(seen.any(|seen| seen.search_deferred), Ordering::Release);
        }
        let row = |seen: &Option<Seen>| seen.map(|seen| seen.last_sequence);
        let (primary, rows) = (row(&primary), replicas.iter().map(row).collect::<Vec<_>>());
        let mut watch = lock(&self.watch);
        let head = watch.judge(primary, &rows, now);
        for (index, replica) in self.replicas.iter().enumerate() {
            let serving = watch.serving(index);
            if replica.serving.swap(serving, Ordering::AcqRel) != serving {
                tracing::info!(replica = index, serving, "a replica changed its part");
            }
            metrics::replica(index, &replica.reads, serving, watch.lag(index, now));
        }
        self.confirmed.store(head, Ordering::Release);
        if head > 0 || primary == Some(0) {
            self.found.store(true, Ordering::Release);
        }
        metrics::confirmed_head(head);
    }
}

impl Store {
    /// The number up to which events may be shown. Stands still while the primary is away; 0 until
    /// [`Store::follow_head`] runs.
    pub fn confirmed_head(&self) -> i64 {
        self.inner.heads.confirmed.load(Ordering::Acquire)
    }

    /// Whether it is known how far events may be shown; until then reading the feed fails.
    pub fn head_is_found(&self) -> bool {
        self.inner.heads.found.load(Ordering::Acquire)
    }

    /// Whether everybody is known to be searchable, on every server that answers.
    pub(crate) fn is_search_built(&self) -> bool {
        !self.inner.heads.search_deferred.load(Ordering::Acquire)
    }

    /// Whether reading calls go to replicas. What one of them says of itself the next may not have
    /// replayed: only the polls know of all.
    pub(crate) fn reads_replicas(&self) -> bool {
        let mut replicas = self.inner.heads.replicas.iter();
        replicas.any(|replica| replica.serving.load(Ordering::Acquire))
    }

    /// The confirmed head for a reader of the feed. Before it has been found nothing is said: that
    /// there are no events would be a lie, and a reader at the newest one would believe it.
    pub(crate) fn head_to_show(&self) -> Result<i64, StoreError> {
        if self.head_is_found() { Ok(self.confirmed_head()) } else { Err(StoreError::HeadUnknown) }
    }

    /// Keeps the confirmed head and the set of serving replicas up to date until `shutdown` comes.
    pub async fn follow_head(&self, shutdown: impl Future<Output = ()>) {
        let mut polls = JoinSet::new();
        for index in 0..=self.inner.heads.replicas.len() {
            let store = self.clone();
            polls.spawn(async move { store.inner.heads.keep_polling(index).await });
        }
        let mut tick = tokio::time::interval(self.inner.heads.poll_every);
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                _ = tick.tick() => {
                    self.inner.heads.judge();
                    self.record_pools();
                }
            }
        }
    }

    /// Reads every counter row once and judges them: what [`Store::follow_head`] does all the time.
    pub async fn refresh_head(&self) -> i64 {
        let heads = &self.inner.heads;
        heads.primary.poll().await;
        for replica in &heads.replicas {
            replica.counter.poll().await;
        }
        heads.judge();
        self.confirmed_head()
    }
}

impl Heads {
    /// Polls one server for ever: the primary as 0, then the replicas. A silent one delays no
    /// other.
    async fn keep_polling(&self, index: usize) {
        let counter = match index.checked_sub(1) {
            None => &self.primary,
            Some(replica) => &self.replicas[replica].counter,
        };
        let mut tick = tokio::time::interval(self.poll_every);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            counter.poll().await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Every critical section here is a plain assignment: a panic in one cannot leave half a value.
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
