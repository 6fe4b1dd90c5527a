//! The check of KRR: a token from Maskinporten, its newest change, and how old our reading is.

use std::time::Duration;

use ingest::contacts::FEED;
use ingest::krr_client::KrrClient;
use store::inspect::Server;
use tokio_util::sync::CancellationToken;

use super::finding::{Finding, chain};
use super::patient::Patient;
use super::sources::token;

/// How long KRR may take; its client tries again and again, which is not for a look.
const LIMIT: Duration = Duration::from_secs(5);
/// KRR demands that a copy is brought up to date at least this often.
const AGE_MAX_S: f64 = 24.0 * 60.0 * 60.0;

/// Maskinporten first: without a token KRR need not be asked. The age of our reading is told either
/// way, because that is what persons are served with.
pub async fn look(patient: &Patient) -> Vec<Finding> {
    let config = &patient.config.ingest.krr;
    if !config.is_used() {
        return vec![Finding::ok("no KRR is configured: contact details are not collected")];
    }
    let read = read(patient).await;
    let mut findings = Vec::new();
    match token(patient, &config.maskinporten, "ingest.krr").await {
        Ok(finding) => findings.extend([finding, newest(patient, read).await]),
        Err(finding) => findings.push(finding),
    }
    findings.extend(read.and_then(|(_, age_s)| old(age_s, config.poll_interval())));
    findings
}

/// The last change that is collected, and how many seconds ago KRR was asked for the next.
async fn read(patient: &Patient) -> Option<(i64, f64)> {
    let mut server = Server::connect(&patient.config.store.url).await.ok()?;
    let change = server.collected(FEED).await.ok().flatten();
    let age_s = server.read_age_s(FEED).await.ok().flatten();
    server.close().await;
    change.zip(age_s)
}

async fn newest(patient: &Patient, read: Option<(i64, f64)>) -> Finding {
    let to_do = "is ingest.krr.base_url right, and do the token's scopes fit it?";
    let client = match KrrClient::new(&patient.config.ingest.krr, CancellationToken::new()) {
        Ok(client) => client,
        Err(error) => return Finding::failure(chain(&error), to_do),
    };
    let after = read.map_or(0, |(change, _)| change);
    match tokio::time::timeout(LIMIT, client.changes(after)).await {
        Ok(Ok(page)) => judge(page.last, read),
        Ok(Err(error)) => Finding::failure(format!("KRR: {}", chain(&error)), to_do),
        Err(_) => {
            let what = format!("KRR gives no answer that can be used within {} s", LIMIT.as_secs());
            Finding::failure(what, to_do)
        }
    }
}

/// KRR's newest change against the last one that we have.
fn judge(newest: i64, read: Option<(i64, f64)>) -> Finding {
    match read {
        None => Finding::ok(format!("KRR is at change {newest}; nothing is collected yet")),
        Some((change, age_s)) => Finding::ok(format!(
            "KRR is at change {newest}, and we at {change}, last read {} ago",
            readable(age_s)
        )),
    }
}

/// A reading that is older than it should be.
fn old(age_s: f64, poll_interval: Duration) -> Option<Finding> {
    let wanted_s = (10.0 * poll_interval.as_secs_f64()).clamp(60.0, AGE_MAX_S);
    let what = format!("KRR was last read {} ago: that old are contact details", readable(age_s));
    let to_do = "does `persontjenesten ingest` run, and does it say that KRR cannot be used?";
    match age_s {
        age_s if age_s > AGE_MAX_S => Some(Finding::failure(what, to_do)),
        age_s if age_s > wanted_s => Some(Finding::warning(what, to_do)),
        _ => None,
    }
}

fn readable(age_s: f64) -> String {
    let age_s = age_s.max(0.0);
    match age_s {
        _ if age_s < 120.0 => format!("{age_s:.0} s"),
        _ if age_s < 7_200.0 => format!("{:.0} min", age_s / 60.0),
        _ => format!("{:.0} h", age_s / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Severity;
    use super::*;

    #[test]
    fn an_old_reading_is_a_warning_and_one_of_yesterday_a_failure() {
        let judged = |age_s, poll_s| {
            old(age_s, Duration::from_secs(poll_s)).map(|finding| (finding.severity, finding.what))
        };
        assert_eq!(judged(59.0, 1), None);
        assert_eq!(judged(500.0, 60), None);
        let (severity, what) = judged(5.0 * 3_600.0, 60).unwrap();
        assert_eq!(severity, Severity::Warning);
        assert!(what.contains("5 h ago"), "{what}");
        assert_eq!(judged(90_000.0, 60).unwrap().0, Severity::Failure);
        assert_eq!(judged(90_000.0, 1_000_000).unwrap().0, Severity::Failure);
    }

    #[test]
    fn both_ends_of_the_way_are_told() {
        let what = judge(5_000_000_009, Some((5_000_000_002, 61.0))).what;
        for part in ["5000000009", "5000000002", "61 s ago"] {
            assert!(what.contains(part), "{what}");
        }
        assert!(judge(7, None).what.contains("nothing is collected yet"));
        assert_eq!(readable(-1.0), "0 s");
        assert_eq!(readable(600.0), "10 min");
    }
}
