//! The headers of one call to the Person API, for a caller that cannot make them: the developer's
//! page. Token and proof are those that the ready-made client with both packages would get and
//! make.

use helseid::{Algorithm, KeyFault, SigningKey, make_proof};
use serde_json::{Value, json};
use uuid::Uuid;

use super::HelseIdSimulator;
use super::clients::{FULL_ACCESS, RESTRICTED_ACCESS};

/// The client that the page calls as.
const CLIENT: &str = "sandbox-both";

impl HelseIdSimulator {
    /// `authorization` and `dpop` for a call with one package's scope, with keys of their own. None
    /// for a package that there is not.
    ///
    /// # Errors
    /// [`KeyFault`] if a key cannot be made or used.
    pub(crate) fn call_headers(
        &self,
        package: &str,
        method: &str,
        url: &str,
        now_s: i64,
    ) -> Result<Option<Value>, KeyFault> {
        let scope = match package {
            "full-access" => FULL_ACCESS,
            "restricted-access" => RESTRICTED_ACCESS,
            _ => return Ok(None),
        };
        let Some(client) = self.clients.iter().find(|client| client.client_id == CLIENT) else {
            return Ok(None);
        };
        let key = SigningKey::generate(Algorithm::Es256)?;
        let claims = self.claims(client, &[scope], Some(key.thumbprint()), now_s);
        let token = self.keys.sign(&claims)?;
        let id = Uuid::new_v4().to_string();
        let proof = make_proof(&key, method, url, Some(&token), None, &id, now_s)?;
        Ok(Some(json!({ "authorization": format!("DPoP {token}"), "dpop": proof })))
    }
}
