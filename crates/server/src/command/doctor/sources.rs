//! The check of the sources: tokens from Maskinporten, FREG's newest sequence and ours, and KRR.

use std::time::Duration;

use ingest::config::MaskinportenConfig;
use ingest::freg_client::FregClient;
use ingest::maskinporten::{KeyError, Maskinporten, TokenError};
use store::inspect::Server;
use tokio_util::sync::CancellationToken;

use super::finding::{Finding, chain};
use super::krr;
use super::patient::Patient;

/// How long FREG may take; its client tries again and again, which is not for a look.
const LIMIT: Duration = Duration::from_secs(5);

/// Every source, side by side.
pub async fn look(patient: &Patient) -> Vec<Finding> {
    let (mut findings, contacts) = tokio::join!(population(patient), krr::look(patient));
    findings.extend(contacts);
    findings
}

/// Maskinporten first: without a token FREG need not be asked.
async fn population(patient: &Patient) -> Vec<Finding> {
    match token(patient, &patient.config.ingest.freg.maskinporten, "ingest.freg").await {
        Ok(token) => vec![token, freg(patient).await],
        Err(finding) => vec![finding],
    }
}

/// A token for the source of a section, or why there is none.
pub(super) async fn token(
    patient: &Patient,
    config: &MaskinportenConfig,
    section: &str,
) -> Result<Finding, Finding> {
    if config.token_url.is_empty() {
        return Err(Finding::failure(
            format!("{section}: no source is configured"),
            format!("set [{section}] and [{section}.maskinporten]"),
        ));
    }
    let http = patient.http().map_err(|error| {
        Finding::failure(chain(&error), "no HTTP client can be made on this machine")
    })?;
    let tokens = Maskinporten::new(http, config.clone());
    let tokens = tokens.map_err(|error| no_key(&error, config, section))?;
    match tokens.bearer().await {
        Ok(_) => Ok(Finding::ok(format!("Maskinporten gives a token for {section}"))),
        Err(error @ TokenError::Refused { .. }) => Err(Finding::failure(
            chain(&error),
            format!(
                "check client_id, scope, audience and key in [{section}.maskinporten], and the clock"
            ),
        )),
        Err(error) => Err(Finding::failure(
            format!("{}: {}", config.token_url, chain(&error)),
            format!("is {section}.maskinporten.token_url right, and is there a way to it?"),
        )),
    }
}

fn no_key(error: &KeyError, config: &MaskinportenConfig, section: &str) -> Finding {
    let file = config.key_file.display();
    let to_do = format!("{section}.maskinporten.key_file is \"{file}\"");
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
