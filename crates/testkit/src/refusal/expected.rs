//! What a refused caller gets.

use helseid::{ProofFault, TokenFault};

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The access token does not hold.
    Token(TokenFault),
    /// The access token holds, but is bound to no key.
    Unbound,
    /// The access token holds, but names no parent organisation.
    Organisation,
    /// The access token holds, but not for this scope.
    Scope,
    /// The proof does not hold.
    Proof(ProofFault),
}

/// The answer that a refused caller gets over HTTP, and what stands in our log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The end of the problem's `type`.
    pub problem: &'static str,
    /// The `error` in the challenge (RFC 6750 §3.1, RFC 9449 §7.1); none where the caller did not
    /// try to authenticate in a way that counts.
    pub error: Option<&'static str>,
    /// The name of the check that failed, in our log and metrics only.
    pub fault: &'static str,
}

impl Answer {
    /// A token that is not accepted.
    pub const fn token(fault: &'static str) -> Self {
        Self { status: 401, problem: "token-invalid", error: Some("invalid_token"), fault }
    }

    /// A proof that is not accepted.
    pub const fn proof(fault: &'static str) -> Self {
        Self { status: 401, problem: "proof-invalid", error: Some("invalid_dpop_proof"), fault }
    }

    /// A token that is accepted, and does not suffice.
    pub const fn rights(problem: &'static str, fault: &'static str) -> Self {
        Self { status: 403, problem, error: Some("insufficient_scope"), fault }
    }

    /// Nothing that counts as a token.
    pub const fn nothing(problem: &'static str, fault: &'static str) -> Self {
        Self { status: 401, problem, error: None, fault }
    }
}

impl Refusal {
    /// The answer that this refusal must become.
    pub fn answer(self) -> Answer {
        match self {
            Self::Token(fault) => Answer::token(fault.code()),
            Self::Unbound => Answer::token("token_unbound"),
            Self::Organisation => Answer::rights("organisation-missing", "organisation_missing"),
            Self::Scope => Answer::rights("scope-missing", "scope_missing"),
            Self::Proof(fault) => Answer::proof(fault.code()),
        }
    }
}
