//! HelseID access tokens and DPoP proofs: made and verified, pure.
//!
//! Time and keys are arguments; nothing here reads a clock, a file or the network. Two rules hold
//! everywhere: cheap checks stand before the signature, and no fault carries a piece of a token.
//!
//! * [`verify_access_token`] and [`verify_proof`] are what an API calls for each request, with
//!   [`ReplayMemory`] behind them.
//! * [`SigningKey`], [`make_proof`] and [`make_client_assertion`] are the client's side.
//! * [`verify_token_request_proof`] and [`verify_client_assertion`] are HelseID's own side, which
//!   the simulator needs.

mod access_token;
mod algorithm;
mod client_assertion;
mod compact;
mod key_set;
mod making;
mod proof;
mod public_key;
mod replay;
mod signing_key;
mod strict_json;
mod target_uri;

pub use access_token::{
    AccessToken, AccessTokenRules, TokenFault, unverified_kid, verify_access_token,
};
pub use algorithm::Algorithm;
pub use client_assertion::{
    AssertionFault, ExpectedAssertion, VerifiedAssertion, unverified_issuer,
    verify_client_assertion,
};
pub use key_set::{KeySet, KeySetFault};
pub use making::{access_token_hash, jwks_document, make_client_assertion, make_proof};
pub use proof::{
    ExpectedProof, ProofFault, ProofRules, TokenRequestProof, VerifiedProof, verify_proof,
    verify_token_request_proof,
};
pub use public_key::{JwkFault, PublicKey};
pub use replay::ReplayMemory;
pub use signing_key::{KeyFault, SigningKey};
