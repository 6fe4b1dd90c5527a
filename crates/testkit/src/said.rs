//! What a test process says beside its results: log lines with their spans, names and labels of
//! metrics, error texts. `cargo xtask test` names a folder to keep it in, and searches all of it for
//! what may never be said.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tracing_subscriber::EnvFilter;

/// The folder; nothing is kept when it is not set.
const FOLDER: &str = "PERSONTJENESTEN_TEST_SAID";

/// Our own code to the last detail, the database driver's statements, and others' warnings.
const FILTER: &str = "warn,api=trace,helseid=trace,ingest=trace,persontjenesten=trace,\
                      register=trace,sandbox=trace,server=trace,sources=trace,sqlx=debug,store=trace";

/// From now on keeps what this process logs and measures. A test that has its own subscriber
/// passes its lines to [`append`].
pub fn keep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if file().is_none() {
            return;
        }
        let lines = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(FILTER));
        // Where there is another subscriber or recorder, it is the test's own.
        let _ = lines.with_ansi(false).with_writer(|| Said).try_init();
        let _ = metrics::set_global_recorder(Names::default());
    });
}

/// Keeps these bytes, which are a line or several.
pub fn append(bytes: &[u8]) {
    if let Some(file) = file() {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not fail a test that has nothing to do with it; the search would find
        // less, and fails when it finds nothing at all.
        let _ = file.write_all(bytes);
    }
}

fn file() -> Option<&'static Mutex<File>> {
    static FILE: OnceLock<Option<Mutex<File>>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let folder = PathBuf::from(std::env::var_os(FOLDER).filter(|name| !name.is_empty())?);
        let path = folder.join(format!("{}.log", std::process::id()));
        OpenOptions::new().create(true).append(true).open(path).ok().map(Mutex::new)
    });
    file.as_ref()
}

struct Said;

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        append(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes down each metric once with its labels: the values are numbers of things, never of people.
#[derive(Default)]
struct Names(Mutex<HashSet<String>>);

impl Names {
    fn saw(&self, key: &Key) {
        let line = format!("{key}\n");
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(line.clone()) {
            append(line.as_bytes());
        }
    }
}

impl Recorder for Names {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.saw(key);
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.saw(key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.saw(key);
        Histogram::noop()
    }
}
