//! Who stands how in the sandbox's register of contact details, for checks that need one of each.

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{ClientError, TIMEOUT, get_json, read_json};

/// How a number can stand in KRR. Every number stands in one of these ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactState {
    /// Registered, not refused, and fresh for at least another day.
    Active,
    /// The same, but too old for notices within a day.
    Expiring,
    /// Registered and not refused, but too old for notices, or without an address.
    Expired,
    /// Registered and refused.
    Reserved,
    /// Taken out.
    Deleted,
    /// Never registered.
    NotRegistered,
}

impl fmt::Display for ContactState {
    /// As the control interface spells it.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(match self {
            ContactState::Active => "active",
            ContactState::Expiring => "expiring",
            ContactState::Expired => "expired",
            ContactState::Reserved => "reserved",
            ContactState::Deleted => "deleted",
            ContactState::NotRegistered => "not-registered",
        })
    }
}

#[derive(Deserialize)]
struct Listed {
    numbers: Vec<String>,
}

/// Up to `limit` numbers in use of persons of the sandbox that stand so in KRR just now; fewer if
/// there are no more among the first hundred thousand.
///
/// # Errors
/// [`ClientError`] if the sandbox does not answer, or not with a list.
pub async fn contacts(
    sandbox_url: &str,
    state: ContactState,
    limit: u32,
) -> Result<Vec<String>, ClientError> {
    let http = reqwest::Client::builder().timeout(TIMEOUT).build()?;
    let base = sandbox_url.trim_end_matches('/');
    let url = format!("{base}/sandbox/contacts?state={state}&limit={limit}");
    Ok(get_json::<Listed>(&http, &url).await?.numbers)
}

/// The record of a number, as KRR's look-up answers it just now to one with every scope.
///
/// # Errors
/// [`ClientError`] if the sandbox does not answer, or not with JSON.
pub async fn contact_record(sandbox_url: &str, number: &str) -> Result<Value, ClientError> {
    let http = reqwest::Client::builder().timeout(TIMEOUT).build()?;
    let url = format!("{}/sandbox/contacts/record", sandbox_url.trim_end_matches('/'));
    let request = http.post(url).json(&json!({ "number": number }));
    read_json(request.send().await?.error_for_status()?).await
}
