//! `ingest status`: what ingest is doing, as a table to be read at three in the morning.

use std::io::Write;
use std::time::{Duration, Instant};

use ::ingest::collect::SOURCE;
use ::ingest::config::KafkaConfig;
use ::ingest::contacts::FEED;
use ::ingest::freg_client::FregClient;
use ::ingest::kafka::inspect as kafka;
use ::ingest::stopped::Reason;
use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};
use store::WriterLock;
use store::inspect::{Applied, Holder, LastRun, ParkKind, Server, StoppedWork, Work};
use tokio_util::sync::CancellationToken;

use super::parked::age;
use crate::config::Config;

/// How long FREG may take to say how far it is.
const FREG_LIMIT: Duration = Duration::from_secs(5);
/// Between the two looks that tell how fast the work goes.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Whoever has been at it for so long has not just been tried again.
const STANDING: Duration = Duration::from_secs(40);

/// How it is shown.
#[derive(Args)]
pub struct StatusArguments {
    /// Write one line of JSON.
    #[arg(long)]
    json: bool,
}

/// Shows what ingest is doing. Whoever does not answer has a line that says so.
///
/// # Errors
/// When the database cannot be asked: then nothing can be said.
pub async fn run(arguments: StatusArguments, config: Config) -> anyhow::Result<()> {
    let first = look(&config).await?;
    let started = Instant::now();
    tokio::time::sleep(LOOK_AGAIN).await;
    let second = look(&config).await?;
    let pace = Pace::between(&first, &second, started.elapsed());
    let freg = newest_of_freg(&config).await;
    let lines = lines(&second, &pace, freg, &config);
    if arguments.json {
        let lines: Vec<Value> = lines.iter().map(Line::as_json).collect();
        println!("{}", json!({ "status": lines }));
        return Ok(());
    }
    // Whoever reads no more of it has seen enough.
    let _ = std::io::stdout().write_all(table(&lines).as_bytes());
    Ok(())
}

/// What there is to do comes first; its lines are marked.
fn table(lines: &[Line]) -> String {
    let needed = lines.iter().filter(|line| line.needed).count();
    let mut table = match needed {
        0 => "nothing needs to be done\n".to_owned(),
        1 => "1 thing needs somebody: it is marked with !\n".to_owned(),
        _ => format!("{needed} things need somebody: they are marked with !\n"),
    };
    let width = |of: fn(&Line) -> &str| {
        lines.iter().map(|line| of(line).chars().count()).max().unwrap_or_default()
    };
    let (what_width, state_width) = (width(|line| &line.what), width(|line| &line.state));
    let mut row = |mark: &str, what: &str, state: &str, to_do: &str| {
        let row = format!("{mark:1} {what:what_width$}  {state:state_width$}  {to_do}");
        table += row.trim_end();
        table.push('\n');
    };
    row("", "WHAT", "STATE", "WHAT TO DO");
    for Line { what, state, to_do, needed } in lines {
        row(if *needed { "!" } else { "" }, what, state, to_do);
    }
    table
}

/// One line of the table.
struct Line {
    what: String,
    state: String,
    to_do: String,
    /// Somebody has to do it.
    needed: bool,
}

impl Line {
    fn new(what: impl Into<String>, state: impl Into<String>) -> Self {
        Self { what: what.into(), state: state.into(), to_do: String::new(), needed: false }
    }

    fn todo_if(mut self, needed: bool, to_do: &str) -> Self {
        if needed {
            self.to_do = to_do.to_owned();
            self.needed = !to_do.is_empty();
        }
        self
    }

    /// Something to think of, should it stay so.
    fn hint_if(self, due: bool, hint: &str) -> Self {
        Self { needed: false, ..self.todo_if(due, hint) }
    }

    fn as_json(&self) -> Value {
        json!({ "what": self.what, "state": self.state, "to_do": self.to_do })
    }
}

/// What was seen at one time.
struct Seen {
    holders: Vec<Holder>,
    stopped: Vec<StoppedWork>,
    work: Work,
    park: Vec<ParkKind>,
    /// The last comparison with each source.
    compared: Vec<LastRun>,
    /// What comes next in FREG's feed, and how old our reading of KRR's is.
    next_sequence: Option<i64>,
    krr_read_s: Option<f64>,
    bulk_finished: Option<bool>,
    /// The records that wait, by topic; none where Kafka does not say.
    waiting: Vec<(String, Option<Waiting>)>,
}

/// The records of a topic that are not applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Waiting {
    records: i64,
    /// So many were removed before they were applied, or are missing at the end of the topic.
    gone: i64,
}

async fn look(config: &Config) -> anyhow::Result<Seen> {
    let mut server = Server::connect(&config.store.url).await;
    let server = server.as_mut().map_err(|error| anyhow::anyhow!("{error}"));
    let server = server.context(
        "the database does not answer, so nothing is applied and nothing can be said of it: \
         `persontjenesten doctor` looks at everything else",
    )?;
    let kafka = &config.ingest.kafka;
    let applied = server.applied().await?;
    let mut waiting = Vec::new();
    let KafkaConfig { changes_topic, snapshot_topic, contacts_topic, ain_topic, .. } = kafka;
    for topic in [changes_topic, snapshot_topic, contacts_topic, ain_topic] {
        let found = kafka::topic(kafka, topic).await;
        let count = found.ok().map(|found| found.map(|found| behind(topic, &found, &applied)));
        let count = count.map(Option::unwrap_or_default);
        waiting.push((topic.clone(), count));
    }
    Ok(Seen {
        holders: server.holders().await?,
        stopped: server.stopped().await?,
        work: server.work(&kafka.changes_topic).await?,
        park: server.park().await?,
        compared: server.compared().await?,
        next_sequence: server.collected(SOURCE).await?,
        krr_read_s: server.read_age_s(FEED).await?,
        bulk_finished: server.contents().await?.bulk_finished,
        waiting,
    })
}

fn behind(name: &str, topic: &kafka::Topic, applied: &[Applied]) -> Waiting {
    let mut waiting = Waiting::default();
    for ((low, high), partition) in topic.offsets.iter().zip(0..) {
        let row = applied.iter().find(|row| row.topic == name && row.partition == partition);
        let next = row.map_or(*low, |row| row.next_offset);
        waiting.records += (high - next.max(*low)).max(0);
        waiting.gone += (low - next).max(next - high).max(0);
    }
    waiting
}

/// How fast it went between two looks, by the second.
struct Pace {
    /// Events of FREG that were collected.
    collected: f64,
    /// Records that were applied, by topic.
    applied: Vec<f64>,
}

impl Pace {
    fn between(first: &Seen, second: &Seen, elapsed: Duration) -> Self {
        let pairs = first.waiting.iter().zip(&second.waiting);
        let next = |seen: &Seen| seen.next_sequence.unwrap_or_default();
        Self {
            collected: (next(second) - next(first)) as f64 / elapsed.as_secs_f64(),
            applied: pairs
                .map(|((_, before), (_, after))| match (before, after) {
                    (Some(before), Some(after)) => {
                        (before.records - after.records) as f64 / elapsed.as_secs_f64()
                    }
                    _ => 0.0,
                })
                .collect(),
        }
    }
}

async fn newest_of_freg(config: &Config) -> Result<i64, String> {
    let client = FregClient::new(&config.ingest.freg, CancellationToken::new());
    let client = client.map_err(|error| error.to_string())?;
    match tokio::time::timeout(FREG_LIMIT, client.last_sequence()).await {
        Ok(Ok(newest)) => Ok(newest),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", FREG_LIMIT.as_secs())),
    }
}

fn lines(seen: &Seen, pace: &Pace, freg: Result<i64, String>, config: &Config) -> Vec<Line> {
    let mut lines = vec![register(&seen.work), load(seen), collected(seen, freg, pace.collected)];
    lines.extend(
        seen.waiting.iter().zip(&pace.applied).map(|(waiting, pace)| topic(waiting, *pace)),
    );
    let is_compared = config.ingest.reconcile.interval().is_some();
    let locks = WriterLock::ALL.into_iter();
    let locks = locks.filter(|lock| is_compared || *lock != WriterLock::Reconcile);
    lines.extend(locks.filter_map(|lock| holder(lock, seen)));
    lines.extend(park(&seen.park));
    lines.push(krr(seen, config));
    lines.extend(seen.compared.iter().map(compared));
    lines.extend(background(&seen.work));
    lines
}

fn register(work: &Work) -> Line {
    let newest = work.last_event_age_s.map_or_else(
        || "no event yet".to_owned(),
        |s| format!("newest event {} {} ago", work.last_event, age(seconds(s))),
    );
    Line::new("register", format!("{} persons, {newest}", work.persons))
}

fn load(seen: &Seen) -> Line {
    let (state, to_do) = match seen.bulk_finished {
        None => ("never loaded", "run `persontjenesten bulk`"),
        Some(false) => ("under way, or broken off", "run `persontjenesten bulk` to go on"),
        Some(true) => ("loaded", ""),
    };
    Line::new("bulk load", state).todo_if(true, to_do)
}

fn collected(seen: &Seen, freg: Result<i64, String>, pace: f64) -> Line {
    let next = seen.next_sequence;
    let applied = seen.work.applied_sequence.map(|at| format!(", applied to {at}"));
    let applied = applied.unwrap_or_default();
    let state = match (&freg, next) {
        (Ok(newest), Some(next)) => {
            let behind = (newest - next + 1).max(0);
            let to_go = until_none(behind, pace);
            format!("collected to {}{applied}, {behind} behind FREG{to_go}", next - 1)
        }
        (Ok(newest), None) => format!("not begun; FREG is at {newest}"),
        (Err(error), Some(next)) => format!("collected to {}{applied}; FREG: {error}", next - 1),
        (Err(error), None) => format!("not begun; FREG: {error}"),
    };
    let line = Line::new("change feed", state);
    line.todo_if(freg.is_err(), "`persontjenesten doctor` says why")
}

fn topic((name, waiting): &(String, Option<Waiting>), pace: f64) -> Line {
    let Some(Waiting { records: waiting, gone }) = *waiting else {
        let line = Line::new(name, "Kafka does not answer");
        return line.todo_if(true, "`persontjenesten doctor` says why");
    };
    if gone > 0 {
        let line = Line::new(name, format!("{gone} records are GONE that were not applied"));
        return line.todo_if(true, "applying has stopped: docs/ingest.md, Records that are gone");
    }
    let line = Line::new(name, format!("{waiting} records wait{}", until_none(waiting, pace)));
    line.hint_if(waiting > 0 && pace <= 0.0, "if it stays so: does `persontjenesten ingest` run?")
}

/// How long it takes until none is left, if it goes on like this.
fn until_none(left: i64, pace: f64) -> String {
    if left == 0 || pace <= 0.0 {
        return String::new();
    }
    let to_go = age(Duration::from_secs_f64(left as f64 / pace));
    format!(", {pace:.0} a second, {to_go} to go")
}

/// Geography is loaded now and then; that nobody does is no news.
fn holder(lock: WriterLock, seen: &Seen) -> Option<Line> {
    let (what, task) = match lock {
        WriterLock::Apply => ("applying", "apply"),
        WriterLock::Collect => ("collecting", "collect"),
        WriterLock::Contacts => ("collecting from KRR", "contacts"),
        WriterLock::Geography => ("loading geography", "geography"),
        WriterLock::Reconcile => ("comparing", "reconcile"),
    };
    let holder = seen.holders.iter().find(|holder| holder.lock == lock);
    let stopped = seen.stopped.iter().find(|stopped| stopped.task == task);
    // A half that has stopped is tried again now and then, and held for a moment.
    let goes_on = holder.is_some_and(|holder| seconds(holder.since_s) > STANDING);
    if let Some(StoppedWork { reason, since_s, .. }) = stopped.filter(|_| !goes_on) {
        let again = holder.map(|holder| age(seconds(holder.since_s)));
        let again = again.map(|since| format!("; tried again {since} ago")).unwrap_or_default();
        let state = format!("STOPPED for {}: {reason}{again}", age(seconds(*since_s)));
        let to_do = Reason::named(reason).map_or("`persontjenesten doctor`", |known| known.to_do);
        return Some(Line::new(what, state).todo_if(true, to_do));
    }
    match holder {
        Some(holder) => {
            let from = holder.address.as_deref().unwrap_or("this machine");
            let since = age(seconds(holder.since_s));
            Some(Line::new(what, format!("by a process at {from} for {since}")))
        }
        None if lock == WriterLock::Geography => None,
        None => {
            let line = Line::new(what, "nobody");
            Some(line.todo_if(true, "start `persontjenesten ingest`"))
        }
    }
}

fn park(kinds: &[ParkKind]) -> Vec<Line> {
    if kinds.is_empty() {
        return vec![Line::new("park", "empty")];
    }
    let lines = kinds.iter().map(|kind| {
        let ParkKind { reason, records, oldest_s } = kind;
        let oldest = age(seconds(*oldest_s));
        let line = Line::new("park", format!("{records} {reason:?}, the oldest for {oldest}"));
        line.todo_if(true, "`persontjenesten ingest parked`")
    });
    lines.collect()
}

fn krr(seen: &Seen, config: &Config) -> Line {
    let krr = &config.ingest.krr;
    match seen.krr_read_s {
        _ if !krr.is_used() => Line::new("KRR", "not configured"),
        None => Line::new("KRR", "not begun"),
        Some(s) => {
            let late = seconds(s) > 10 * krr.poll_interval() + Duration::from_secs(60);
            let line = Line::new("KRR", format!("read {} ago", age(seconds(s))));
            line.todo_if(late, "`persontjenesten doctor` says why")
        }
    }
}

/// What the last comparison with a source came to.
fn compared(run: &LastRun) -> Line {
    let LastRun { source, updated_s, finished, compared, wrong, repaired } = run;
    let ago = age(seconds(*updated_s));
    let state = match finished {
        true => format!("{compared}, {wrong} wrong, {repaired} repaired, {ago} ago"),
        false => format!("{compared} so far, {wrong} wrong, {repaired} repaired, {ago} ago"),
    };
    let line = Line::new(format!("compared with {}", source.to_uppercase()), state);
    line.todo_if(wrong > repaired, "`persontjenesten reconcile report`")
}

/// What waits behind FREG's changes.
fn background(work: &Work) -> Vec<Line> {
    let of = |at: i64| format!("{} of {} persons", (at - 1).clamp(0, work.persons), work.persons);
    let mut lines = Vec::new();
    if work.search_deferred {
        lines.push(Line::new("searches", "refused until the first load has been applied"));
    }
    if work.flips_due > 0 {
        lines.push(Line::new("contacts too old", format!("{} to be told", work.flips_due)));
    }
    if let Some(at) = work.sweep_at {
        lines.push(Line::new("enriching anew", of(at)));
    }
    match work.rerender_at {
        Some(at) => lines.push(Line::new("rendering anew", of(at))),
        None if work.rerender_asked => lines.push(Line::new("rendering anew", "asked for")),
        None => {}
    }
    lines
}

fn seconds(s: f64) -> Duration {
    Duration::from_secs_f64(s.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind_at(offsets: &[(i64, i64)], next: &[i64]) -> Waiting {
        let topic =
            kafka::Topic { offsets: offsets.to_vec(), retention_ms: None, compression: None };
        let applied = next.iter().zip(0..).map(|(next, partition)| Applied {
            topic: "t".to_owned(),
            partition,
            next_offset: *next,
        });
        behind("t", &topic, &applied.collect::<Vec<_>>())
    }

    #[test]
    fn what_waits_is_told_from_what_is_gone() {
        let told = |offsets, next| {
            let Waiting { records, gone } = behind_at(offsets, next);
            (records, gone)
        };
        assert_eq!(told(&[(0, 9), (5, 7)], &[4, 6]), (6, 0));
        assert_eq!(told(&[(0, 9), (5, 7)], &[9]), (2, 0), "a partition that was never read");
        assert_eq!(told(&[(5, 9)], &[3]), (4, 2), "retention has removed two");
        assert_eq!(told(&[(0, 2)], &[7]), (0, 5), "the topic is shorter than what was applied");
    }

    #[test]
    fn what_there_is_to_do_comes_first_and_is_marked() {
        let calm = [Line::new("register", "2 persons"), Line::new("bulk load", "loaded")];
        assert!(table(&calm).starts_with("nothing needs to be done\n  WHAT "));
        let hint = Line::new("freg.changes-of-a-long-name", "1 records wait").hint_if(true, "wait");
        let gone =
            Line::new("applying", "STOPPED for 3 min: records_gone").todo_if(true, "read on");
        let told = table(&[Line::new("register", "2 persons"), hint, gone]);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[0], "1 thing needs somebody: it is marked with !");
        assert!(lines[2].starts_with("  register ") && lines[3].ends_with("  wait"), "{told}");
        assert!(lines[4].starts_with("! applying "), "{told}");
        let columns: Vec<_> = [1, 3, 4].map(|at| lines[at].rfind("  ").unwrap()).into();
        assert!(columns.iter().all(|column| *column == columns[0]), "{told}");
    }

    #[test]
    fn what_is_gone_is_shouted() {
        let line = topic(&("t".to_owned(), Some(Waiting { records: 4, gone: 2 })), 1.0);
        assert!(line.state.contains("2 records are GONE"), "{}", line.state);
        assert!(line.to_do.contains("docs/ingest.md"));
        let line = topic(&("t".to_owned(), Some(Waiting { records: 4, gone: 0 })), 1.0);
        assert!(line.state.starts_with("4 records wait"), "{}", line.state);
    }
}
