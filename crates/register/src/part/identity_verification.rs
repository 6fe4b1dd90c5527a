//! Identity verification: how well the identity behind the number has been checked.

use super::sample;
use super::shape::shape;

shape! {
    /// How well the person's identity has been checked. Without any item nothing is known of it
    /// (FREG: Identitetsgrunnlag).
    part IdentityVerification {
        /// The outcome of the check (FREG: Identitetsgrunnlagstatus).
        identity_verification_status: IdentityVerificationStatus,
    }
}

shape! {
    /// The outcomes of checking an identity.
    values IdentityVerificationStatus {
        /// Nothing is recorded (FREG: IngenStatus).
        None,
        /// Not checked (FREG: IkkeKontrollert).
        NotVerified,
        /// Checked; also an identity that is known to have one number only
        /// (FREG: Kontrollert, Unik).
        Verified,
    }
}

impl IdentityVerification {
    /// An identity that was checked when a passport was shown.
    pub fn sample() -> Vec<Self> {
        let verified = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2022-10-30T00:30:00Z"),
            source: sample::text("folkeregistermyndigheten"),
            reason: sample::text("Legitimasjonskontroll hos utlendingsmyndigheten"),
            valid_from: sample::instant("2022-10-29T22:00:00Z"),
            valid_to: None,
            identity_verification_status: Some(IdentityVerificationStatus::Verified),
        };
        let not_verified = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2011-01-10T09:00:00+01:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Tildele d-nummer"),
            valid_from: sample::instant("2011-01-10T00:00:00+01:00"),
            valid_to: sample::instant("2022-10-29T22:00:00Z"),
            identity_verification_status: Some(IdentityVerificationStatus::NotVerified),
        };
        vec![verified, not_verified]
    }
}
