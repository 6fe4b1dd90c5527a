//! The check of the sources: a token from Maskinporten, FREG's newest sequence, and ours.

use std::time::Duration;

use ingest::freg_client::FregClient;
use ingest::maskinporten::{KeyError, Maskinporten, TokenError};
use store::inspect::Server;
use tokio_util::sync::CancellationToken;

use super::finding::{Finding, chain};
use super::patient::Patient;

/// How long FREG may take; its client tries again and again, which is not for a look.
const LIMIT: Duration = Duration::from_secs(5);

/// Maskinporten first: without a token FREG need not be asked.
pub async fn look(patient: &Patient) -> Vec<Finding> {
    let token = match token(patient).await {
        Ok(finding) => finding,
        Err(finding) => return vec![finding],
    };
    vec![token, freg(patient).await]
}

async fn token(patient: &Patient) -> Result<Finding, Finding> {
    let config = &patient.config.ingest.freg.maskinporten;
    if config.token_url.is_empty() {
        return Err(Finding::failure(
            "no source is configured",
            "set [ingest.freg] and [ingest.freg.maskinporten]",
        ));
    }
    let http = patient.http().map_err(|error| {
        Finding::failure(chain(&error), "no HTTP client can be made on this machine")
    })?;
    let tokens =
        Maskinporten::new(http, config.clone()).map_err(|error| no_key(&error, patient))?;
    match tokens.bearer().await {
        Ok(_) => Ok(Finding::ok("Maskinporten gives a token")),
        Err(error @ TokenError::Refused { .. }) => Err(Finding::failure(
            chain(&error),
            "check client_id, scope, audience and key in [ingest.freg.maskinporten], and the clock",
        )),
        Err(error) => Err(Finding::failure(
            format!("{}: {}", config.token_url, chain(&error)),
            "is ingest.freg.maskinporten.token_url right, and is there a way to it?",
        )),
    }
}

fn no_key(error: &KeyError, patient: &Patient) -> Finding {
    let file = patient.config.ingest.freg.maskinporten.key_file.display();
    let to_do = format!("ingest.freg.maskinporten.key_file is \"{file}\"");
    Finding::failure(chain(error), to_do)
}

async fn freg(patient: &Patient) -> Finding {
    let to_do = "is ingest.freg.base_url right, and does the token's scope fit it?";
    let client = match FregClient::new(&patient.config.ingest.freg, CancellationToken::new()) {
        Ok(client) => client,
        Err(error) => return Finding::failure(chain(&error), to_do),
    };
    let newest = match tokio::time::timeout(LIMIT, client.last_sequence()).await {
        Ok(Ok(newest)) => newest,
        Ok(Err(error)) => return Finding::failure(format!("FREG: {}", chain(&error)), to_do),
        Err(_) => {
            let what = format!("FREG gives no answer within {} s", LIMIT.as_secs());
            return Finding::failure(what, to_do);
        }
    };
    match collected(patient).await {
        Some(next) => judge(newest, next),
        None => Finding::ok(format!("FREG is at {newest}; nothing is collected yet")),
    }
}

async fn collected(patient: &Patient) -> Option<i64> {
    let mut server = Server::connect(&patient.config.store.url).await.ok()?;
    let next = server.collected(ingest::collect::SOURCE).await.ok().flatten();
    server.close().await;
    next
}

/// FREG's newest sequence against the one that we want next.
fn judge(newest: i64, next: i64) -> Finding {
    match newest + 1 - next {
        0 => Finding::ok(format!("FREG is at {newest}, and all of it is collected")),
        behind @ 1.. => {
            Finding::ok(format!("FREG is at {newest}, {behind} events are not collected yet"))
        }
        _ => Finding::failure(
            format!("FREG is at {newest}, and we have collected up to {}", next - 1),
            "this is another FREG than the register was loaded from: check ingest.freg.base_url",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Severity;
    use super::*;

    #[test]
    fn a_feed_that_is_behind_its_reader_is_another_feed() {
        assert_eq!(judge(10, 11).severity, Severity::Ok);
        assert_eq!(judge(10, 5).severity, Severity::Ok);
        assert!(judge(10, 5).what.contains("6 events"));
        assert_eq!(judge(10, 12).severity, Severity::Failure);
    }
}
