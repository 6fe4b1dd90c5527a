//! `identitetsgrunnlag`: how well the person's identity has been checked.

use register::part::{IdentityVerification, IdentityVerificationStatus};
use register::time::Instant;
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// The outcome of a check (FREG: Identitetsgrunnlag).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Identitetsgrunnlag {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    identitetsgrunnlagstatus: Field<IdentityVerificationStatus>,
    /// Not sent yet. FREG has described in two ways what it will say from February 2027: with this
    /// field, or with a fourth status.
    unikhet: Field<Unikhet>,
}

impl Identitetsgrunnlag {
    pub(super) fn into_part(self, take: &mut Taker) -> IdentityVerification {
        let Identitetsgrunnlag {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            identitetsgrunnlagstatus,
            unikhet,
        } = self;
        IdentityVerification {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            identity_verification_status: status(identitetsgrunnlagstatus, unikhet, take),
        }
    }
}

/// An identity that has one number only has been checked, and more; the contract knows no more.
fn status(
    identitetsgrunnlagstatus: Field<IdentityVerificationStatus>,
    unikhet: Field<Unikhet>,
    take: &mut Taker,
) -> Option<IdentityVerificationStatus> {
    let status = take.value(identitetsgrunnlagstatus);
    match take.value(unikhet) {
        Some(Unikhet::Unik) => Some(IdentityVerificationStatus::Verified),
        Some(Unikhet::IkkeUnik) | None => status,
    }
}

/// Whether the identity is known to have one number only.
enum Unikhet {
    IkkeUnik,
    Unik,
}

impl Scalar for Unikhet {
    fn from_text(text: &str) -> Option<Unikhet> {
        Some(match text {
            "ikkeUnik" => Unikhet::IkkeUnik,
            "unik" => Unikhet::Unik,
            _ => return None,
        })
    }
}

impl Scalar for IdentityVerificationStatus {
    fn from_text(text: &str) -> Option<IdentityVerificationStatus> {
        Some(match text {
            "ingenStatus" => IdentityVerificationStatus::None,
            "ikkeKontrollert" => IdentityVerificationStatus::NotVerified,
            "kontrollert" | "unik" => IdentityVerificationStatus::Verified,
            _ => return None,
        })
    }
}
