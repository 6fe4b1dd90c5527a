//! `foedsel`: when and where the person was born.

use register::part::Birth;
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A birth (FREG: Foedsel). The date may be missing: of some only the year is known.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Foedsel {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    foedselsdato: Field<Day>,
    foedselsaar: Field<Aar>,
    foedested: Field<String>,
    #[serde(rename = "foedekommuneINorge")]
    foedekommune_i_norge: Field<String>,
    foedeland: Field<String>,
}

impl Foedsel {
    pub(super) fn into_part(self, take: &mut Taker) -> Birth {
        let Foedsel {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            foedselsdato,
            foedselsaar,
            foedested,
            foedekommune_i_norge,
            foedeland,
        } = self;
        Birth {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            birth_date: take.value(foedselsdato),
            birth_year: take.value(foedselsaar).map(|Aar(year)| year),
            birth_place: take.value(foedested),
            birth_municipality_number: take.value(foedekommune_i_norge),
            birth_municipality_name: None,
            birth_county_number: None,
            birth_county_name: None,
            birth_country: take.value(foedeland),
        }
    }
}

/// A year: text in FREG's JSON, a number in its XML and in what was made from it.
struct Aar(String);

impl Scalar for Aar {
    fn from_text(text: &str) -> Option<Aar> {
        Some(Aar(text.to_owned()))
    }

    fn from_whole(number: i64) -> Option<Aar> {
        (1..=9999).contains(&number).then(|| Aar(number.to_string()))
    }
}
