//! The checks of HelseID: its metadata, and the keys that access tokens are verified with.

use helseid::KeySet;
use reqwest::Response;
use serde_json::Value;

use super::finding::{Finding, chain};
use super::patient::Patient;

/// No metadata and no key set is near this.
const BYTES_MAX: usize = 1_000_000;

/// HelseID's metadata document, as it was answered.
pub async fn fetch_metadata(patient: &Patient) -> Result<(Response, String), Finding> {
    let url = patient.config.api.helseid.metadata_url();
    let response = get(patient, &url, "api.helseid.issuer").await?;
    Ok((response, url))
}

async fn get(patient: &Patient, url: &str, setting: &str) -> Result<Response, Finding> {
    let to_do =
        || format!("is {setting} right, and is there a way through the firewall and proxy?");
    let answer = async { patient.http()?.get(url).send().await };
    match answer.await {
        Ok(response) if response.status().is_success() => Ok(response),
        Ok(response) => {
            Err(Finding::failure(format!("{url} answered {}", response.status()), to_do()))
        }
        Err(error) => {
            let what = format!("no answer from {url}: {}", chain(&error.without_url()));
            Err(Finding::failure(what, to_do()))
        }
    }
}

async fn body(response: Response, url: &str) -> Result<Vec<u8>, Finding> {
    let to_do = "is it really HelseID that answers there?";
    let bytes = response.bytes().await.map_err(|error| {
        Finding::failure(format!("{url}: {}", chain(&error.without_url())), to_do)
    })?;
    if bytes.len() > BYTES_MAX {
        return Err(Finding::failure(format!("{url} answered {} bytes", bytes.len()), to_do));
    }
    Ok(bytes.into())
}

async fn read_metadata(patient: &Patient) -> Result<Value, Finding> {
    let (response, url) = fetch_metadata(patient).await?;
    let bytes = body(response, &url).await?;
    serde_json::from_slice(&bytes).map_err(|_| {
        Finding::failure(format!("{url} is no JSON"), "is it really HelseID that answers there?")
    })
}

/// The metadata are there and name the issuer exactly as the configuration does.
pub async fn metadata(patient: &Patient) -> Vec<Finding> {
    match read_metadata(patient).await {
        Ok(metadata) => vec![judge_metadata(&metadata, &patient.config.api.helseid.issuer)],
        Err(finding) => vec![finding],
    }
}

fn judge_metadata(metadata: &Value, issuer: &str) -> Finding {
    match metadata["issuer"].as_str() {
        Some(named) if named == issuer => Finding::ok(format!("{issuer} names itself so")),
        Some(named) => Finding::failure(
            format!(
                "it names itself {named}, and {issuer} is configured: no token will be accepted"
            ),
            "set api.helseid.issuer exactly as it names itself, with or without a last slash",
        ),
        None => Finding::failure("the metadata name no issuer", "is it really HelseID?"),
    }
}

/// The key set is there, can be read, and has a key for an algorithm that we accept.
pub async fn keys(patient: &Patient) -> Vec<Finding> {
    let looked = async {
        let helseid = &patient.config.api.helseid;
        let url = if helseid.jwks_url.is_empty() {
            let metadata = read_metadata(patient).await?;
            let named = metadata["jwks_uri"].as_str().map(str::to_owned);
            named.ok_or_else(|| {
                Finding::failure("the metadata name no jwks_uri", "set api.helseid.jwks_url")
            })?
        } else {
            helseid.jwks_url.clone()
        };
        let response = get(patient, &url, "api.helseid.jwks_url").await?;
        let jwks = body(response, &url).await?;
        Ok(judge_keys(&jwks, &helseid.token_algorithms))
    };
    let looked: Result<Finding, Finding> = looked.await;
    vec![looked.unwrap_or_else(|finding| finding)]
}

fn judge_keys(jwks: &[u8], accepted: &[String]) -> Finding {
    let set = match KeySet::read(jwks) {
        Ok(set) => set,
        Err(fault) => {
            return Finding::failure(
                fault.to_string(),
                "the API goes on with the keys it has; tell those who run HelseID",
            );
        }
    };
    let document: Value = serde_json::from_slice(jwks).unwrap_or_default();
    let keys = document["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
    // A key that names no algorithm is one for any that its kind can do.
    let kind = |algorithm: &str| if algorithm.starts_with("ES") { "EC" } else { "RSA" };
    let serves = |key: &Value| {
        accepted.iter().any(|accepted| match key["alg"].as_str() {
            Some(algorithm) => algorithm == accepted,
            None => key["kty"] == kind(accepted),
        })
    };
    if keys.iter().any(serves) {
        return Finding::ok(format!("{} usable, for {}", set.count(), accepted.join(", ")));
    }
    Finding::failure(
        format!("no key is for {}: no token will be accepted", accepted.join(", ")),
        "set api.helseid.token_algorithms to what HelseID signs with",
    )
}

#[cfg(test)]
mod tests {
    use helseid::{Algorithm, SigningKey, jwks_document};
    use serde_json::json;

    use super::super::finding::Severity;
    use super::*;

    #[test]
    fn an_issuer_must_name_itself_exactly_as_we_do() {
        let judged =
            |named: Value| judge_metadata(&json!({ "issuer": named }), "https://h").severity;
        assert_eq!(judged(json!("https://h")), Severity::Ok);
        assert_eq!(judged(json!("https://h/")), Severity::Failure);
        assert_eq!(judged(Value::Null), Severity::Failure);
    }

    #[test]
    fn a_key_set_must_have_a_key_for_what_we_accept() {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let jwks = jwks_document([("k", &key)]).to_string();
        let judged =
            |jwks: &str, accepted: &str| judge_keys(jwks.as_bytes(), &[accepted.to_owned()]);
        assert_eq!(judged(&jwks, "ES256").severity, Severity::Ok);
        assert_eq!(judged(&jwks, "RS256").severity, Severity::Failure);
        assert_eq!(judged(r#"{"keys":[]}"#, "RS256").severity, Severity::Failure);
        assert_eq!(judged("<html>", "RS256").severity, Severity::Failure);
    }
}
