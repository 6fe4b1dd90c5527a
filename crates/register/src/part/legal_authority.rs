//! Legal authority: what the person has lost the right to decide.

use super::sample;
use super::shape::shape;

shape! {
    /// A limit to what the person may decide (FREG: RettsligHandleevne).
    part LegalAuthority {
        /// How far the person's own authority goes (FREG: RettsligHandleevneomfang).
        legal_authority_scope: LegalAuthorityScope,
    }
}

shape! {
    /// How far a person's own authority goes.
    values LegalAuthorityScope {
        /// It is limited by a court (FREG: Begrenset).
        Limited,
    }
}

shape! {
    /// A loss of legal authority. The source has never delivered one; `legalAuthority` has taken
    /// its place (FREG: FratattRettsligHandleevne).
    part DeprivedLegalAuthority {}
}

impl LegalAuthority {
    /// An authority that is limited again.
    pub fn sample() -> Vec<Self> {
        let again = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2024-10-27T02:30:00+01:00"),
            source: sample::text("Statens Sivilrettsforvaltning"),
            reason: sample::text("Vergemål"),
            valid_from: sample::instant("2024-10-01T00:00:00+02:00"),
            valid_to: None,
            legal_authority_scope: Some(LegalAuthorityScope::Limited),
        };
        let before = Self {
            is_valid: Some(false),
            valid_from: sample::instant("2023-11-01T00:00:00+01:00"),
            valid_to: sample::instant("2024-03-31T00:00:00+01:00"),
            ..again.clone()
        };
        vec![again, before]
    }
}

impl DeprivedLegalAuthority {
    /// What one would look like.
    pub fn sample() -> Vec<Self> {
        let now = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2023-04-04T10:00:00+02:00"),
            source: sample::text("Statens Sivilrettsforvaltning"),
            reason: sample::text("Vergemål"),
            valid_from: sample::instant("2023-04-01T00:00:00+02:00"),
            valid_to: None,
        };
        let before = Self {
            is_valid: Some(false),
            valid_from: sample::instant("2022-10-01T00:00:00+02:00"),
            valid_to: sample::instant("2023-01-01T00:00:00+01:00"),
            ..now.clone()
        };
        vec![now, before]
    }
}
