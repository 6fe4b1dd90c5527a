//! Every way to be refused, from the table that the HTTP tests use too: each row bends a good token
//! or proof in one place, and must get its own fault.

use std::collections::HashSet;

use helseid::{
    AccessToken, AccessTokenRules, ExpectedProof, KeySet, ProofFault, ProofRules, TokenFault,
    VerifiedProof, verify_access_token, verify_proof,
};
use testkit::refusal::{
    Bend, CLIENT_KEY, Refusal, Variant, World, accepted_proofs, accepted_tokens, refused_proofs,
    refused_tokens,
};

use crate::support::{AUDIENCE, ISSUER, NOW, URL};

/// Rows may be added; none may get lost without somebody noticing.
const TOKENS_AT_LEAST: usize = 180;
const PROOFS_AT_LEAST: usize = 150;

fn world() -> World {
    World {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        scope: format!("{AUDIENCE}/full-access"),
        other_scope: format!("{AUDIENCE}/restricted-access"),
        method: "GET".to_owned(),
        url: URL.to_owned(),
        now_s: NOW,
    }
}

fn check_token(token: &str) -> Result<AccessToken, TokenFault> {
    let world = world();
    let keys = KeySet::read(world.jwks().to_string().as_bytes()).expect("a key set");
    verify_access_token(token, &keys, &AccessTokenRules::new(ISSUER, AUDIENCE), NOW)
}

fn check_proof(proof: &str, token: &str) -> Result<VerifiedProof, ProofFault> {
    let world = world();
    let jkt = CLIENT_KEY.thumbprint();
    let expected =
        ExpectedProof { method: &world.method, url: &world.url, access_token: token, jkt };
    verify_proof(proof, &expected, &ProofRules::default(), NOW)
}

fn assert_each_once(variants: &[Variant]) {
    let mut names = HashSet::new();
    for variant in variants {
        assert!(names.insert(&variant.name), "{} stands twice", variant.name);
    }
}

#[test]
fn every_bent_token_is_refused_for_its_own_fault() {
    let world = world();
    assert!(check_token(&world.token()).is_ok());
    let variants = refused_tokens(&world);
    assert_each_once(&variants);
    let mut refused = 0;
    for variant in &variants {
        let verified = check_token(&world.bent_token(variant));
        let name = &variant.name;
        match variant.refusal {
            Refusal::Token(fault) => {
                assert_eq!(verified, Err(fault), "{name}");
                refused += 1;
            }
            // These hold; what they say is for the caller of this crate to refuse.
            Refusal::Unbound => assert_eq!(verified.expect(name).jkt, None),
            Refusal::Organisation => assert_eq!(verified.expect(name).orgnr_parent, None),
            Refusal::Scope => assert!(!verified.expect(name).scopes.contains(&world.scope)),
            Refusal::Proof(_) => panic!("{name} is no proof"),
        }
    }
    println!("{refused} tokens refused, {} that open nothing", variants.len() - refused);
    assert!(variants.len() >= TOKENS_AT_LEAST, "{} rows", variants.len());
}

#[test]
fn every_bent_proof_is_refused_for_its_own_fault() {
    let world = world();
    let token = world.token();
    assert!(check_proof(&world.proof(&token, "j-1"), &token).is_ok());
    let variants = refused_proofs(&world, &token);
    assert_each_once(&variants);
    for variant in &variants {
        let Refusal::Proof(fault) = variant.refusal else {
            panic!("{} is no proof", variant.name);
        };
        let verified = check_proof(&world.bent_proof(variant, &token, "j-1"), &token);
        assert_eq!(verified, Err(fault), "{}", variant.name);
    }
    println!("{} proofs refused", variants.len());
    assert!(variants.len() >= PROOFS_AT_LEAST, "{} rows", variants.len());
}

/// Whoever sends rubbish must not choose what it costs us: with a signature that cannot hold, every
/// row still gets its own fault, so no signature was looked at.
#[test]
fn no_signature_is_checked_before_everything_else_is_right() {
    let world = world();
    let token = world.token();
    let spoil = |variant: &Variant| {
        let mut spoilt = variant.clone();
        spoilt.bends.push(Bend::Signature(vec![0x55; 64]));
        spoilt
    };
    let mut checked = 0;
    for variant in refused_tokens(&world).iter().filter(|variant| variant.is_readable()) {
        let expected = match variant.refusal {
            Refusal::Token(fault) => fault,
            _ => TokenFault::Signature,
        };
        let refused = check_token(&world.bent_token(&spoil(variant)));
        assert_eq!(refused, Err(expected), "token: {}", variant.name);
        checked += 1;
    }
    for variant in refused_proofs(&world, &token).iter().filter(|variant| variant.is_readable()) {
        let refused = check_proof(&world.bent_proof(&spoil(variant), &token, "j-1"), &token);
        assert_eq!(refused.map_err(Refusal::Proof), Err(variant.refusal), "{}", variant.name);
        checked += 1;
    }
    assert!(checked >= 250, "{checked} rows");
}

/// The texts of the faults go to logs and metrics.
#[test]
fn no_fault_shows_a_piece_of_what_it_refuses() {
    let world = world();
    for variant in refused_tokens(&world) {
        if let Err(fault) = check_token(&world.bent_token(&variant)) {
            let shown = format!("{fault} {fault:?} {}", fault.code());
            assert!(!shown.to_lowercase().contains("leaking"), "{}: {shown}", variant.name);
            assert!(!shown.chars().any(|letter| letter.is_ascii_digit()), "{shown}");
        }
    }
}

#[test]
fn what_looks_odd_and_is_right_is_accepted() {
    let world = world();
    let token = world.token();
    let variant = |name: &str, bend| Variant {
        name: name.to_owned(),
        bends: vec![bend],
        refusal: Refusal::Scope,
    };
    for (name, bend) in accepted_tokens(&world) {
        let verified = check_token(&world.bent_token(&variant(name, bend)));
        let verified = verified.unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(verified.scopes.contains(&world.scope), "{name}");
    }
    for (name, bend) in accepted_proofs(&world) {
        let verified = check_proof(&world.bent_proof(&variant(name, bend), &token, "j"), &token);
        assert!(verified.is_ok(), "{name}: {verified:?}");
    }
}
