//! The ready-made clients of the sandbox: one for each way of calling the Person API.

use helseid::{Algorithm, KeyFault, SigningKey};
use serde_json::{Value, json};

/// Everything, for those who have a legal basis.
pub(super) const FULL_ACCESS: &str = "nhn:hgd-persontjenesten-api/full-access";
/// What everybody in the health sector may see.
pub(super) const RESTRICTED_ACCESS: &str = "nhn:hgd-persontjenesten-api/restricted-access";
/// Version 2's name of full access.
const LEGAL_BASIS: &str = "nhn:hgd-persontjenesten-api/read-with-legal-basis";
/// Version 2's name of restricted access.
const NO_LEGAL_BASIS: &str = "nhn:hgd-persontjenesten-api/read-no-legal-basis";

/// The scopes that may be had as plain bearer tokens, as in version 2 of the API.
pub(super) const BEARER_SCOPES: [&str; 2] = [LEGAL_BASIS, NO_LEGAL_BASIS];

/// A registered client.
pub(super) struct Client {
    pub client_id: &'static str,
    pub name: &'static str,
    /// The organisation that answers for the client's calls; synthetic numbers. HelseID gives one to
    /// every client; a client without lets an API show that it asks for one.
    pub orgnr_parent: Option<&'static str>,
    pub scopes: &'static [&'static str],
    pub key: SigningKey,
}

struct Row {
    client_id: &'static str,
    name: &'static str,
    orgnr_parent: Option<&'static str>,
    scopes: &'static [&'static str],
    algorithm: Algorithm,
}

const ROWS: [Row; 4] = [
    Row {
        client_id: "sandbox-full-access",
        name: "Sandbox hospital in Tromsø",
        orgnr_parent: Some("310000000"),
        scopes: &[FULL_ACCESS, LEGAL_BASIS],
        algorithm: Algorithm::Es256,
    },
    Row {
        client_id: "sandbox-restricted-access",
        name: "Sandbox medical laboratory",
        orgnr_parent: Some("310000019"),
        scopes: &[RESTRICTED_ACCESS, NO_LEGAL_BASIS],
        algorithm: Algorithm::Rs256,
    },
    Row {
        client_id: "sandbox-both",
        name: "Sandbox system supplier",
        orgnr_parent: Some("310000027"),
        scopes: &[FULL_ACCESS, RESTRICTED_ACCESS, LEGAL_BASIS, NO_LEGAL_BASIS],
        algorithm: Algorithm::Es384,
    },
    Row {
        client_id: "sandbox-without-organisation",
        name: "Sandbox client without organisation",
        orgnr_parent: None,
        scopes: &[FULL_ACCESS, RESTRICTED_ACCESS, LEGAL_BASIS, NO_LEGAL_BASIS],
        algorithm: Algorithm::Es256,
    },
];

/// The clients with new keys.
pub(super) fn ready_made() -> Result<Vec<Client>, KeyFault> {
    let make = |row: Row| {
        let Row { client_id, name, orgnr_parent, scopes, algorithm } = row;
        let key = SigningKey::generate(algorithm)?;
        Ok(Client { client_id, name, orgnr_parent, scopes, key })
    };
    ROWS.into_iter().map(make).collect()
}

impl Client {
    /// Everything one needs to act as the client.
    pub fn describe(&self) -> Result<Value, KeyFault> {
        let mut jwk = self.key.to_private_jwk()?;
        jwk["kid"] = json!(self.key.thumbprint());
        Ok(json!({
            "client_id": self.client_id,
            "client_name": self.name,
            "orgnr_parent": self.orgnr_parent,
            "scopes": self.scopes,
            "private_jwk": jwk,
        }))
    }
}
