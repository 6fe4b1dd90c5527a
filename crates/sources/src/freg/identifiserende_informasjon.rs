//! Who somebody is, told without a number; part of several elements.

use register::part::{Gender, IdentifyingInformation};
use register::time::Day;
use serde::Deserialize;

use super::field::{Field, many};
use super::mapping::Taker;
use super::navn::Personnavn;

/// A person described (FREG: IdentifiserendeInformasjon).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct IdentifiserendeInformasjon {
    personnavn: Option<Personnavn>,
    foedselsdato: Field<Day>,
    #[serde(deserialize_with = "many")]
    statsborgerskap: Vec<Field<String>>,
    kjoenn: Field<Gender>,
}

impl IdentifiserendeInformasjon {
    pub(super) fn into_information(self, take: &mut Taker) -> IdentifyingInformation {
        let IdentifiserendeInformasjon { personnavn, foedselsdato, statsborgerskap, kjoenn } = self;
        IdentifyingInformation {
            person_name: personnavn.map(|navn| navn.into_name(take)),
            birth_date: take.value(foedselsdato),
            citizenship: take.values(statsborgerskap),
            gender: take.value(kjoenn),
        }
    }
}
