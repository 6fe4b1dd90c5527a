//! Tokens and proofs as a client, an attacker and HelseID would make them.

mod access_token;
mod client_assertion;
mod known_vectors;
mod proof;
mod refused;
mod replay;
mod rubbish;
mod signing_key;
mod support;
