//! The checks of Postgres: what is right for the primary, the replicas, the schema and the rows.

use store::Secret;
use store::blob::{BlobError, decompress};
use store::inspect::{About, Server, Trouble, is_local, name_of};

use super::finding::Finding;
use super::patient::Patient;

/// Versions that the queries are checked against.
const VERSIONS: std::ops::RangeInclusive<u32> = 15..=18;

/// What to do when the server cannot be asked.
fn cannot_ask(trouble: &Trouble, setting: &str, url: &Secret) -> Finding {
    let to_do = match trouble {
        Trouble::NoAddress => format!("set {setting}: postgres://user:password@host:port/database"),
        Trouble::Address => format!("{setting} must begin with postgres://"),
        Trouble::Silent | Trouble::Refused(_) => {
            format!("is Postgres up, and is {setting} right? Does the user have its rights?")
        }
    };
    let what = match trouble {
        Trouble::NoAddress | Trouble::Address => trouble.to_string(),
        Trouble::Silent | Trouble::Refused(_) => format!("{}: {trouble}", name_of(url)),
    };
    Finding::failure(what, to_do)
}

/// Asks the primary; what goes wrong is a finding.
async fn ask<T>(
    patient: &Patient,
    question: impl AsyncFnOnce(&mut Server) -> Result<T, Trouble>,
) -> Result<T, Vec<Finding>> {
    let url = &patient.config.store.url;
    let answer = async {
        let mut server = Server::connect(url).await?;
        let answer = question(&mut server).await;
        server.close().await;
        answer
    };
    answer.await.map_err(|trouble| vec![cannot_ask(&trouble, "store.url", url)])
}

/// The primary: reached, of a version that we know, taking writes.
pub async fn primary(patient: &Patient) -> Vec<Finding> {
    match ask(patient, Server::about).await {
        Ok(about) => judge_primary(&about, &name_of(&patient.config.store.url)),
        Err(findings) => findings,
    }
}

fn judge_primary(about: &About, name: &str) -> Vec<Finding> {
    let (major, minor) = (about.version / 10_000, about.version % 10_000);
    let size = super::disk::readable(about.size.unsigned_abs());
    let version = format!("Postgres {major}.{minor} at {name}, {size} in our database");
    let mut findings = vec![if VERSIONS.contains(&major) {
        Finding::ok(version)
    } else {
        Finding::failure(version, "versions 15 to 18 are known to work: move to one of them")
    }];
    if about.in_recovery {
        findings.push(Finding::failure(
            "the server is a replica, and store.url must lead to the primary",
            "correct store.url, or look at the balancer in front of Postgres",
        ));
    } else if about.read_only {
        findings.push(Finding::failure(
            "the server refuses writes",
            "look at default_transaction_read_only of the server, the database and the user",
        ));
    }
    if !["on", "remote_apply"].contains(&about.synchronous_commit.as_str()) {
        findings.push(Finding::failure(
            format!(
                "synchronous_commit is {}: what is committed could be lost, so nobody writes",
                about.synchronous_commit
            ),
            "set synchronous_commit to on for the user or the database",
        ));
    }
    findings
}

/// Each replica: reached, a replica, not too far behind.
pub async fn replicas(patient: &Patient) -> Vec<Finding> {
    let config = &patient.config.store;
    if config.read_urls.is_empty() {
        return vec![Finding::ok("none are configured: the primary answers lookups")];
    }
    let head = ask(patient, Server::last_sequence).await.ok();
    let limit_s = config.max_replica_lag_ms as f64 / 1000.0;
    let looks = config.read_urls.iter().map(|url| async move {
        let answer = async {
            let mut server = Server::connect(url).await?;
            let about = server.about().await?;
            let lag_s = if about.in_recovery { server.replay_lag_s().await? } else { None };
            let last = server.last_sequence().await?;
            server.close().await;
            Ok((about.in_recovery, lag_s, head.map(|head| head - last)))
        };
        match answer.await {
            Ok(seen) => judge_replica(&name_of(url), seen, limit_s),
            Err(trouble) => cannot_ask(&trouble, "store.read_urls", url),
        }
    });
    futures_util::future::join_all(looks).await
}

/// Whether it is a replica, how many seconds it is behind, and how many events.
type Seen = (bool, Option<f64>, Option<i64>);

fn judge_replica(name: &str, (is_replica, lag_s, events): Seen, limit_s: f64) -> Finding {
    if !is_replica {
        let what = format!("{name} is no replica");
        return Finding::warning(what, "store.read_urls should name replicas alone");
    }
    let lag_s = lag_s.unwrap_or_default();
    let behind = match events {
        Some(events) => format!("{lag_s:.1} s and {} events behind", events.max(0)),
        None => format!("{lag_s:.1} s behind"),
    };
    if lag_s > limit_s {
        let to_do = format!(
            "it answers no lookups while it is more than {limit_s} s behind: look at its load and \
             its network"
        );
        return Finding::warning(format!("{name} is {behind}"), to_do);
    }
    Finding::ok(format!("{name} is {behind}"))
}

/// The schema: every migration run, none that we do not know, none changed or broken off.
pub async fn migrations(patient: &Patient) -> Vec<Finding> {
    match ask(patient, Server::migrations).await {
        Ok((applied, dirty)) => judge_migrations(&applied, dirty),
        Err(findings) => findings,
    }
}

fn judge_migrations(applied: &[(i64, Vec<u8>)], dirty: Option<i64>) -> Vec<Finding> {
    let ours =
        || store::MIGRATOR.iter().filter(|migration| !migration.migration_type.is_down_migration());
    let run = |version: i64| applied.iter().find(|(applied, _)| *applied == version);
    let mut findings = Vec::new();
    let pending: Vec<i64> = ours()
        .map(|migration| migration.version)
        .filter(|version| run(*version).is_none())
        .collect();
    if !pending.is_empty() {
        let what = format!("{} of {} migrations are pending", pending.len(), ours().count());
        findings.push(Finding::failure(what, "persontjenesten migrate"));
    }
    let known = |version: i64| ours().any(|migration| migration.version == version);
    let unknown: Vec<String> = applied
        .iter()
        .filter(|(version, _)| !known(*version))
        .map(|(version, _)| version.to_string())
        .collect();
    if !unknown.is_empty() {
        let what = format!("the database is ahead of this binary: {}", unknown.join(", "));
        findings.push(Finding::failure(what, "run the version of the server that made the schema"));
    }
    let differs = |(version, checksum): &&(i64, Vec<u8>)| {
        ours().any(|migration| migration.version == *version && *migration.checksum != **checksum)
    };
    for (version, _) in applied.iter().filter(differs) {
        let what = format!("migration {version} was another when it was run");
        findings.push(Finding::failure(what, "a migration that was run must never be changed"));
    }
    if let Some(version) = dirty {
        let what = format!("migration {version} broke off half-way");
        findings.push(Finding::failure(what, "mend the schema by hand, then migrate again"));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(format!("all {} migrations are run", ours().count())));
    }
    findings
}

/// The served forms: each dictionary that one was made with is in this binary.
pub async fn dictionaries(patient: &Patient) -> Vec<Finding> {
    let (forms, looked_at) = match ask(patient, Server::forms).await {
        Ok(seen) => seen,
        Err(findings) => return findings,
    };
    let faults: Vec<BlobError> = forms.iter().filter_map(|form| decompress(form).err()).collect();
    let is_unknown = faults.contains(&BlobError::Dictionary);
    match (faults.is_empty(), is_unknown) {
        (true, _) if forms.is_empty() => vec![Finding::ok("nothing is stored yet")],
        (true, _) => {
            vec![Finding::ok(format!("all known, among about {looked_at} persons looked at"))]
        }
        (false, true) => vec![Finding::failure(
            "persons are stored with a dictionary that this binary does not have",
            "run a version of the server that has it: dictionaries are only ever added",
        )],
        (false, false) => vec![Finding::failure(
            "a stored form cannot be opened",
            "is this the right database? A form that is damaged needs a bulk load",
        )],
    }
}

/// The contents: loaded, and nobody parked.
pub async fn register(patient: &Patient) -> Vec<Finding> {
    let contents = match ask(patient, Server::contents).await {
        Ok(contents) => contents,
        Err(findings) => return findings,
    };
    let (persons, last) = (contents.persons, contents.last_sequence);
    let alternates = contents.alternates;
    let what = format!(
        "{persons} persons, {alternates} of them with a felles hjelpenummer, events up to {last}"
    );
    let mut findings = vec![Finding::ok(what)];
    match contents.bulk_finished {
        Some(true) => {}
        Some(false) => findings.push(Finding::warning(
            "a bulk load is not at its end",
            "if none is running, `persontjenesten bulk` goes on where it stopped",
        )),
        None => findings.push(Finding::warning(
            "there was no bulk load yet",
            "persontjenesten bulk, with `persontjenesten ingest` running beside it",
        )),
    }
    if contents.parked > 0 {
        findings.push(Finding::warning(
            format!("{} records are parked; their persons may be stale", contents.parked),
            "the log of ingest has a line for each, with the cause",
        ));
    }
    findings
}

/// Whether Postgres is on this machine, and where it keeps its files, if that can be seen.
pub async fn data_directory(patient: &Patient) -> Option<String> {
    let about = ask(patient, Server::about).await.ok()?;
    about.data_directory.filter(|_| is_local(&patient.config.store.url))
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Severity, worst};
    use super::*;

    fn ours() -> Vec<(i64, Vec<u8>)> {
        let ups = store::MIGRATOR.iter().filter(|row| !row.migration_type.is_down_migration());
        ups.map(|row| (row.version, row.checksum.to_vec())).collect()
    }

    #[test]
    fn a_schema_is_told_apart_from_an_older_a_newer_and_a_changed_one() {
        let judged = |applied: &[(i64, Vec<u8>)], dirty| {
            let findings = judge_migrations(applied, dirty);
            (worst(&findings), findings[0].what.clone())
        };
        assert_eq!(judged(&ours(), None).0, Severity::Ok);
        let (severity, what) = judged(&ours()[1..], None);
        assert!(severity == Severity::Failure && what.starts_with("1 of "), "{what}");
        let newer = [ours(), vec![(99_990_101_000_000, Vec::new())]].concat();
        assert!(judged(&newer, None).1.contains("99990101000000"));
        let mut changed = ours();
        changed[0].1[0] ^= 1;
        assert!(judged(&changed, None).1.contains("was another"));
        assert!(judged(&ours(), Some(7)).1.contains("broke off"));
    }

    #[test]
    fn a_primary_must_be_known_writable_and_safe() {
        let good = || About {
            version: 150_004,
            in_recovery: false,
            read_only: false,
            synchronous_commit: "on".to_owned(),
            size: 5_000_000,
            data_directory: None,
            now_s: 0.0,
        };
        let judged = |about: About| worst(&judge_primary(&about, "h:1"));
        assert_eq!(judged(good()), Severity::Ok);
        for bad in [
            About { version: 140_010, ..good() },
            About { version: 190_000, ..good() },
            About { in_recovery: true, ..good() },
            About { read_only: true, ..good() },
            About { synchronous_commit: "off".to_owned(), ..good() },
        ] {
            assert_eq!(judged(bad), Severity::Failure);
        }
    }

    #[test]
    fn a_replica_that_lags_is_told() {
        let judged = |seen| judge_replica("h:1", seen, 5.0).severity;
        assert_eq!(judged((true, None, Some(0))), Severity::Ok);
        assert_eq!(judged((true, Some(1.0), Some(3))), Severity::Ok);
        assert_eq!(judged((true, Some(6.0), None)), Severity::Warning);
        assert_eq!(judged((false, None, Some(0))), Severity::Warning);
    }
}
