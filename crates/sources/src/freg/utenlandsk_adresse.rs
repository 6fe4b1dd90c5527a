//! `utenlandskAdresse`, field by field and in free format: the kinds of address outside Norway.

use register::part::{FreeFormInternationalAddress, InternationalAddress};
use serde::Deserialize;

use super::field::{Field, many};
use super::mapping::Taker;

/// An address outside Norway (FREG: InternasjonalAdresse).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UtenlandskAdresse {
    co_adressenavn: Field<String>,
    adressenavn: Field<String>,
    bygning: Field<String>,
    etasjenummer: Field<String>,
    boenhet: Field<String>,
    postboks: Field<String>,
    postkode: Field<String>,
    by_eller_stedsnavn: Field<String>,
    distriktsnavn: Field<String>,
    region: Field<String>,
    /// Kept as it is written. YY stands for an unknown country, and so does the older XX; XK is
    /// Kosovo. None of them is in the standard, so a check against it would lose them.
    landkode: Field<String>,
}

impl UtenlandskAdresse {
    pub(super) fn into_international_address(self, take: &mut Taker) -> InternationalAddress {
        let UtenlandskAdresse {
            co_adressenavn,
            adressenavn,
            bygning,
            etasjenummer,
            boenhet,
            postboks,
            postkode,
            by_eller_stedsnavn,
            distriktsnavn,
            region,
            landkode,
        } = self;
        InternationalAddress {
            co_address_name: take.value(co_adressenavn),
            address_name: take.value(adressenavn),
            building: take.value(bygning),
            floor_number: take.value(etasjenummer),
            housing_unit: take.value(boenhet),
            post_box: take.value(postboks),
            post_code: take.value(postkode),
            city_or_place_name: take.value(by_eller_stedsnavn),
            district_name: take.value(distriktsnavn),
            region: take.value(region),
            country_code: take.value(landkode),
        }
    }
}

/// A foreign address as it stands on an envelope (FREG: InternasjonalAdresseIFrittFormat).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UtenlandskAdresseIFrittFormat {
    #[serde(deserialize_with = "many")]
    adresselinje: Vec<Field<String>>,
    postkode: Field<String>,
    by_eller_stedsnavn: Field<String>,
    landkode: Field<String>,
}

impl UtenlandskAdresseIFrittFormat {
    pub(super) fn into_free_form(self, take: &mut Taker) -> FreeFormInternationalAddress {
        let UtenlandskAdresseIFrittFormat { adresselinje, postkode, by_eller_stedsnavn, landkode } =
            self;
        FreeFormInternationalAddress {
            address_line: take.values(adresselinje),
            post_code: take.value(postkode),
            city_or_place_name: take.value(by_eller_stedsnavn),
            country_code: take.value(landkode),
        }
    }
}
