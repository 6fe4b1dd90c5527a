//! The check of the clock. Proofs are good for seconds, so a clock that is off refuses everybody.

use std::time::{Duration, SystemTime};

use reqwest::header::DATE;
use store::inspect::{Server, now_s};

use super::finding::{Finding, chain};
use super::issuer::fetch_metadata;
use super::patient::Patient;

/// More than this is worth a look, in seconds. A `Date` header has whole seconds.
const NOTABLE_S: f64 = 2.0;
/// More than this and tokens and proofs are refused, in seconds: the leeway on both.
const TOO_MUCH_S: f64 = 5.0;

/// Our clock against HelseID's and the database's.
pub async fn look(patient: &Patient) -> Vec<Finding> {
    let (issuer, database) = tokio::join!(against_issuer(patient), against_database(patient));
    vec![issuer, database]
}

fn not_compared(whom: &str, why: &str) -> Finding {
    Finding::warning(format!("not compared with {whom}: {why}"), "see the check of it")
}

async fn against_issuer(patient: &Patient) -> Finding {
    let before = now_s();
    let response = match fetch_metadata(patient).await {
        Ok((response, _)) => response,
        Err(finding) => return not_compared("HelseID", &finding.what),
    };
    let half_way = before.midpoint(now_s());
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    match date.and_then(seconds) {
        // The header leaves out the fraction: on average half a second.
        Some(theirs) => judge("HelseID", half_way - (theirs as f64 + 0.5)),
        None => not_compared("HelseID", "its answer has no date"),
    }
}

async fn against_database(patient: &Patient) -> Finding {
    let clocks = async {
        let mut server = Server::connect(&patient.config.store.url).await?;
        let clocks = server.clocks().await;
        server.close().await;
        clocks
    };
    match clocks.await {
        Ok((theirs, ours)) => judge("the database", ours - theirs),
        Err(trouble) => not_compared("the database", &chain(&trouble)),
    }
}

fn judge(whom: &str, ahead_s: f64) -> Finding {
    let side = if ahead_s < 0.0 { "behind" } else { "ahead of" };
    let what = format!("{:.1} s {side} {whom}", ahead_s.abs());
    let to_do = "synchronise the clocks (chrony, systemd-timesyncd); find out whose is wrong";
    match ahead_s.abs() {
        off if off > TOO_MUCH_S => Finding::failure(what, to_do),
        off if off > NOTABLE_S => Finding::warning(what, to_do),
        _ => Finding::ok(what),
    }
}

/// The seconds since 1970 of a `Date` header.
fn seconds(date: &str) -> Option<u64> {
    let time = httpdate::parse_http_date(date).ok()?;
    time.duration_since(SystemTime::UNIX_EPOCH).ok().as_ref().map(Duration::as_secs)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Severity;
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_told_with_its_side() {
        for (ahead_s, expected) in [
            (0.4, Severity::Ok),
            (-1.9, Severity::Ok),
            (3.0, Severity::Warning),
            (-6.0, Severity::Failure),
        ] {
            assert_eq!(judge("x", ahead_s).severity, expected, "{ahead_s}");
        }
        assert_eq!(judge("x", -6.0).what, "6.0 s behind x");
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds("yesterday"), None);
    }
}
