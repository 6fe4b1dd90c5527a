//! The check of geography: that it is loaded, how old it is, and whom nobody serves.

use std::time::SystemTime;

use store::GeographyVersion;
use store::inspect::Server;

use super::finding::Finding;
use super::patient::Patient;

/// How to load it.
const LOAD: &str = "persontjenesten ingest geography";

const DAY_S: u64 = 24 * 60 * 60;

/// Looks at the current version.
pub async fn look(patient: &Patient) -> Vec<Finding> {
    let asked = async {
        let mut server = Server::connect(&patient.config.store.url).await?;
        let current = server.geography().await;
        server.close().await;
        current
    };
    match asked.await {
        Ok(current) => {
            let limit_days = patient.config.ingest.geography.warn_after_days;
            judge(current.as_ref(), limit_days.into(), SystemTime::now())
        }
        Err(trouble) => vec![Finding::failure(
            format!("it cannot be asked for: {trouble}"),
            "see the findings of database and migrations",
        )],
    }
}

fn judge(current: Option<&GeographyVersion>, limit_days: u64, now: SystemTime) -> Vec<Finding> {
    let Some(current) = current else {
        return vec![Finding::warning(
            "none is loaded: nobody has an urban district, nor a municipality's name",
            LOAD,
        )];
    };
    let GeographyVersion { id, addresses, unserved_units, checked_at, .. } = current;
    let age_days = now.duration_since(*checked_at).unwrap_or_default().as_secs() / DAY_S;
    let what = format!("version {id}, {addresses} addresses, {age_days} days old");
    let mut findings =
        vec![if age_days > limit_days { Finding::warning(what, LOAD) } else { Finding::ok(what) }];
    if *unserved_units > 0 {
        findings.push(Finding::warning(
            format!("{unserved_units} units lie in a district that nobody is said to serve"),
            "add them to exceptions in [ingest.geography]; `ingest geography --report-only` names \
             them",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::finding::{Severity, worst};
    use super::*;

    #[test]
    fn it_is_told_when_it_is_missing_old_or_has_gaps() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000 * DAY_S);
        let version = |age_days, unserved_units| GeographyVersion {
            id: 7,
            digest: String::new(),
            loaded_at: SystemTime::UNIX_EPOCH,
            checked_at: now - Duration::from_secs(age_days * DAY_S),
            addresses: 2_600_000,
            unserved_units,
        };
        let judged = |current: Option<&GeographyVersion>| worst(&judge(current, 400, now));
        assert_eq!(judged(None), Severity::Warning);
        assert_eq!(judged(Some(&version(400, 0))), Severity::Ok);
        assert_eq!(judged(Some(&version(401, 0))), Severity::Warning);
        let gaps = judge(Some(&version(1, 17)), 400, now);
        assert_eq!(worst(&gaps), Severity::Warning);
        assert!(gaps[1].what.starts_with("17 units"), "{}", gaps[1].what);
    }
}
