//! Every way to be refused, as data: access tokens and proofs that are bent in one place each, and
//! what the caller must get. The pure tests of `helseid` and the HTTP tests of `api` read one table.

mod bend;
mod expected;
mod proofs;
mod token_shapes;
mod tokens;
mod world;

pub use bend::{Bend, Change, Variant};
pub use expected::{Answer, Refusal};
pub use proofs::{accepted_proofs, refused_proofs};
pub use tokens::{accepted_tokens, refused_tokens};
pub use world::{
    CLIENT_KEY, CLIENT_RSA_KEY, ISSUER_KEY, KID, ORGNR_PARENT, OTHER_KID, SECOND_ISSUER_KEY,
    STRANGE_KEY, World,
};
