//! The guard: cheap checks first, then the token, then the proof, then the rights.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::request::Parts;
use helseid::{
    AccessToken, AccessTokenRules, Algorithm, ExpectedProof, ProofRules, ReplayMemory, TokenFault,
    access_token_hash, verify_access_token, verify_proof,
};
use register::package::Package;
use register::version::Version;
use tokio_util::sync::CancellationToken;

use super::credentials::{Credentials, Fault, scheme};
use super::keys::Keys;
use super::tokens::TokenCache;
use crate::config::{ApiConfig, HelseIdConfig, ms};
use crate::metrics;
use crate::path::SentPath;
use crate::places::{Place, Places};
use crate::problem::{Code, Problem};
use crate::serve::ApiError;

/// Decides who comes in.
pub(crate) struct Guard {
    keys: Keys,
    tokens: TokenCache,
    proofs: ReplayMemory,
    clients: Arc<Places<String>>,
    token_rules: AccessTokenRules,
    proof_rules: ProofRules,
    public_base_url: String,
    scopes: Scopes,
}

/// The scope that opens each package in each version.
pub(crate) struct Scopes {
    full_access: String,
    restricted_access: String,
    legal_basis: String,
    no_legal_basis: String,
}

impl Scopes {
    pub(crate) fn new(config: &ApiConfig) -> Scopes {
        Scopes {
            full_access: config.helseid.full_access_scope.clone(),
            restricted_access: config.helseid.restricted_access_scope.clone(),
            legal_basis: config.version_2.legal_basis_scope.clone(),
            no_legal_basis: config.version_2.no_legal_basis_scope.clone(),
        }
    }

    pub(crate) fn of(&self, package: Package, version: Version) -> &str {
        match (version, package) {
            (Version::V3, Package::FullAccess) => &self.full_access,
            (Version::V3, Package::RestrictedAccess) => &self.restricted_access,
            (Version::V2, Package::FullAccess) => &self.legal_basis,
            (Version::V2, Package::RestrictedAccess) => &self.no_legal_basis,
        }
    }
}

impl Guard {
    pub(crate) fn new(config: &ApiConfig) -> Result<Guard, ApiError> {
        let helseid = &config.helseid;
        let keys = Keys::new(helseid.clone(), ms(config.timeouts.helseid_ms));
        Ok(Guard {
            keys: keys.map_err(ApiError::HttpClient)?,
            tokens: TokenCache::new(config.limits.cached_tokens_max),
            proofs: ReplayMemory::new(config.limits.remembered_proofs_max),
            clients: Places::new(config.limits.requests_per_client_max),
            token_rules: token_rules(helseid),
            proof_rules: ProofRules::default(),
            public_base_url: config.public_base_url.clone(),
            scopes: Scopes::new(config),
        })
    }

    /// Whether tokens can be verified now.
    pub(crate) fn has_keys(&self) -> bool {
        self.keys.usable().is_some()
    }

    /// Fetches HelseID's keys again and again until cancelled.
    pub(crate) async fn keep_keys_fresh(&self, stop: CancellationToken) {
        self.keys.keep_fresh(stop).await;
    }

    /// Sets the gauges that are only worth reading when somebody looks.
    pub(crate) fn record_gauges(&self) {
        metrics::remembered_proofs(self.proofs.held());
    }

    /// Verifies the token and, in version 3, the proof, which it uses up.
    pub(super) async fn authenticate(
        &self,
        parts: &Parts,
        version: Version,
    ) -> Result<Arc<AccessToken>, Problem> {
        let refused = |fault| refused(version, fault);
        let sent = Credentials::read(&parts.headers, version).map_err(refused)?;
        let now_s = now_s();
        let token = self.access_token(sent.token, now_s, version).await?;
        let Some(proof) = sent.proof else {
            // Whoever has stolen a bound token must not get in by leaving the proof out.
            return if token.jkt.is_none() { Ok(token) } else { Err(refused(BOUND)) };
        };
        let jkt = token.jkt.as_deref().ok_or_else(|| refused(UNBOUND))?;
        let expected = ExpectedProof {
            method: parts.method.as_str(),
            url: &self.called_url(parts),
            access_token: sent.token,
            jkt,
        };
        let proof = verify_proof(proof, &expected, &self.proof_rules, now_s)
            .map_err(|fault| refused((Code::ProofInvalid, fault.code())))?;
        if !self.proofs.remember_once(proof.jti_hash, now_s, proof.forget_after_s) {
            return Err(refused((Code::ProofInvalid, "proof_replayed")));
        }
        Ok(token)
    }

    /// The token's content, remembered from before or verified now.
    async fn access_token(
        &self,
        sent: &str,
        now_s: i64,
        version: Version,
    ) -> Result<Arc<AccessToken>, Problem> {
        // Remembered tokens need keys that are young enough, too: a key that HelseID has
        // withdrawn while we could not ask must not open the door for ever.
        let mut keys = self.keys.usable().ok_or(Code::KeysUnavailable)?;
        let hash = access_token_hash(sent);
        if let Some(token) = self.tokens.get(&hash, &keys, now_s) {
            return Ok(token);
        }
        let verify = |keys: &_| verify_access_token(sent, keys, &self.token_rules, now_s);
        let mut verified = verify(&keys);
        if verified == Err(TokenFault::UnknownKey)
            && let Some(newer) = self.keys.newer_than(&keys).await
        {
            verified = verify(&newer);
            keys = newer;
        }
        let token = verified
            .map_err(|fault| refused(version, (Code::TokenInvalid, fault.code())))
            .map(Arc::new)?;
        self.tokens.insert(hash, token.clone(), keys);
        Ok(token)
    }

    /// Checks organisation and scope, and takes one of the client's places. Version 2 never asked
    /// for the organisation; the request log has it where there is one.
    pub(super) fn authorise(
        &self,
        token: &AccessToken,
        package: Package,
        version: Version,
    ) -> Result<Place<String>, Problem> {
        if version == Version::V3 && token.orgnr_parent.is_none() {
            return Err(refused(version, (Code::OrganisationMissing, "organisation_missing")));
        }
        let scope = self.scopes.of(package, version);
        if !token.scopes.iter().any(|held| held == scope) {
            let error = format!("error=\"insufficient_scope\", scope=\"{scope}\"");
            let missing = refused(version, (Code::ScopeMissing, "scope_missing"));
            return Err(missing.challenge(&challenge(version, &error)));
        }
        self.clients.enter(token.client_id.clone()).ok_or_else(|| Code::TooManyRequests.into())
    }

    /// The address as the client called it: our configured name and the path as it was sent. The
    /// `Host` header has no say, since anybody can write anything there.
    fn called_url(&self, parts: &Parts) -> String {
        let sent = parts.extensions.get::<SentPath>().map(|path| path.0.as_str());
        format!("{}{}", self.public_base_url, sent.unwrap_or_else(|| parts.uri.path()))
    }
}

const UNBOUND: Fault = (Code::TokenInvalid, "token_unbound");
const BOUND: Fault = (Code::TokenInvalid, "token_bound");

/// The settings were checked before: every name in them is an algorithm.
fn token_rules(helseid: &HelseIdConfig) -> AccessTokenRules {
    let named = helseid.token_algorithms.iter();
    AccessTokenRules {
        leeway_s: helseid.leeway_s,
        algorithms: named.filter_map(|name| Algorithm::from_name(name)).collect(),
        ..AccessTokenRules::new(&helseid.issuer, &helseid.audience)
    }
}

/// Counts and logs which check failed; the caller learns the kind of problem only.
fn refused(version: Version, (code, fault): Fault) -> Problem {
    metrics::auth_fault(fault);
    tracing::info!(fault, "a caller was refused");
    let error = match code {
        Code::TokenInvalid => "error=\"invalid_token\"",
        Code::ProofInvalid => "error=\"invalid_dpop_proof\"",
        Code::OrganisationMissing => "error=\"insufficient_scope\"",
        // Who has sent no token is not told of an error (RFC 6750 §3.1).
        _ => "",
    };
    Problem::new(code).challenge(&challenge(version, error))
}

/// The challenge: the version's one scheme, and after the error, if there is one, what the scheme
/// wants to be said. For DPoP that is the algorithms that a proof may have (RFC 9449 §7.1); a
/// bearer challenge must not be empty (RFC 6750 §3).
pub(crate) fn challenge(version: Version, error: &str) -> String {
    let (name, separator) = (scheme(version), if error.is_empty() { "" } else { ", " });
    match version {
        Version::V2 => format!("{name} {error}{separator}realm=\"persontjenesten\""),
        Version::V3 => {
            let algorithms = Algorithm::ALL.map(Algorithm::name).join(" ");
            format!("{name} {error}{separator}algs=\"{algorithms}\"")
        }
    }
}

fn now_s() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}
