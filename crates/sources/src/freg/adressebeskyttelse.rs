//! `adressebeskyttelse`: how secret a person's addresses are, and how grades are read at all.
//!
//! Grades fail closed: one that is missing or new to us must never open an address.

use register::part::{AddressConfidentiality, AddressProtection};
use register::time::Instant;
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A protection of all of a person's addresses (FREG: GraderingAvAdresse).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Adressebeskyttelse {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    graderingsnivaa: Field<AddressConfidentiality>,
}

impl Adressebeskyttelse {
    pub(super) fn into_part(self, take: &mut Taker) -> AddressProtection {
        let Adressebeskyttelse {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            graderingsnivaa,
        } = self;
        AddressProtection {
            // Unless FREG says that it is history it is in force, even when it names an end.
            is_valid: Some(take.value(er_gjeldende).unwrap_or(true)),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            protection_level: Some(person_grade(graderingsnivaa, take)),
        }
    }
}

/// The grade of a person; a missing or unreadable one is taken for the strictest.
///
/// `klientadresse` is a grade of one address. FREG's type allows it for a person and its model
/// says never, so we do not know what it would mean here.
fn person_grade(grade: Field<AddressConfidentiality>, take: &mut Taker) -> AddressConfidentiality {
    let grade = match grade {
        Field::Read(AddressConfidentiality::ClientAddress) => Field::Unreadable,
        grade => grade,
    };
    take.required(grade).unwrap_or(AddressConfidentiality::StrictlyConfidential)
}

/// The grade of one address (`adressegradering`); a missing or unreadable one is confidential.
/// So is `klientadresseOgFortrolig`, which stands in FREG's model and in none of its schemas.
pub(super) fn address_grade(
    grade: Field<AddressConfidentiality>,
    take: &mut Taker,
) -> AddressConfidentiality {
    take.required(grade).unwrap_or(AddressConfidentiality::Confidential)
}

impl Scalar for AddressConfidentiality {
    fn from_text(text: &str) -> Option<AddressConfidentiality> {
        Some(match text {
            "ugradert" => AddressConfidentiality::Unclassified,
            "klientadresse" => AddressConfidentiality::ClientAddress,
            "fortrolig" => AddressConfidentiality::Confidential,
            "strengtFortrolig" => AddressConfidentiality::StrictlyConfidential,
            _ => return None,
        })
    }
}
