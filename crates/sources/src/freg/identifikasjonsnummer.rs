//! `identifikasjonsnummer`: every number the person has, or had.

use register::id::{IdentityNumber, NumberKind};
use register::part::{
    IdentificationStatus, NorwegianIdentificationNumber, NorwegianIdentificationNumberType,
};
use register::time::Instant;
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// One number of a person (FREG: Folkeregisteridentifikator).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Identifikasjonsnummer {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    status: Field<IdentificationStatus>,
    #[serde(rename = "foedselsEllerDNummer")]
    foedsels_eller_d_nummer: Field<IdentityNumber>,
    identifikatortype: Field<NorwegianIdentificationNumberType>,
}

impl Identifikasjonsnummer {
    /// The number, if the entry has one.
    pub(super) fn number(&self) -> Option<&IdentityNumber> {
        self.foedsels_eller_d_nummer.value()
    }

    /// Whether the entry holds now. One that does not say so does as long as its number has not
    /// ceased: a person must not be left without a number for want of a field.
    pub(super) fn is_current(&self) -> bool {
        let ceased = self.status.value() == Some(&IdentificationStatus::Discontinued)
            || self.opphoerstidspunkt.value().is_some();
        self.er_gjeldende.value().copied().unwrap_or(!ceased)
    }

    /// Whether the number is in use, and the entry that says so holds now.
    pub(super) fn is_in_use(&self) -> bool {
        self.is_current() && self.status.value() == Some(&IdentificationStatus::InUse)
    }

    /// From when the entry holds (`gyldighetstidspunkt`).
    pub(super) fn valid_from(&self) -> Option<Instant> {
        self.gyldighetstidspunkt.value().copied()
    }

    pub(super) fn into_part(self, take: &mut Taker) -> NorwegianIdentificationNumber {
        let is_current = self.is_current();
        // The source says what kind of number it is. Where it does not, in words we know, the
        // digits do.
        let told_by_digits = self.number().and_then(IdentityNumber::kind);
        let told_by_digits = told_by_digits.and_then(NumberKind::contract_type);
        let Identifikasjonsnummer {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            status,
            foedsels_eller_d_nummer,
            identifikatortype,
        } = self;
        NorwegianIdentificationNumber {
            is_valid: take.value(er_gjeldende).or(Some(is_current)),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            status: take.value(status),
            identification_number: take.value(foedsels_eller_d_nummer),
            identification_number_type: take.value(identifikatortype).or(told_by_digits),
        }
    }
}

impl Scalar for IdentificationStatus {
    fn from_text(text: &str) -> Option<IdentificationStatus> {
        Some(match text {
            "iBruk" => IdentificationStatus::InUse,
            "opphoert" => IdentificationStatus::Discontinued,
            _ => return None,
        })
    }
}

impl Scalar for NorwegianIdentificationNumberType {
    fn from_text(text: &str) -> Option<NorwegianIdentificationNumberType> {
        Some(match text {
            "foedselsnummer" => NorwegianIdentificationNumberType::NationalIdentityNumber,
            "dNummer" => NorwegianIdentificationNumberType::DNumber,
            _ => return None,
        })
    }
}
