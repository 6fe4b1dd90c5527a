//! `navn`: what the person is called, and was.

use register::part::{Name, PersonName};
use register::time::Instant;
use serde::Deserialize;

use super::field::Field;
use super::mapping::Taker;

/// One name of a person (FREG: Folkeregisterpersonnavn).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Navn {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    fornavn: Field<String>,
    mellomnavn: Field<String>,
    etternavn: Field<String>,
    forkortet_navn: Field<String>,
    originalt_navn: Option<Personnavn>,
}

impl Navn {
    pub(super) fn into_part(self, take: &mut Taker) -> PersonName {
        let Navn {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            fornavn,
            mellomnavn,
            etternavn,
            forkortet_navn,
            originalt_navn,
        } = self;
        PersonName {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            given_name: take.value(fornavn),
            middle_name: take.value(mellomnavn),
            family_name: take.value(etternavn),
            short_name: take.value(forkortet_navn),
            original_name: originalt_navn.map(|navn| navn.into_name(take)),
        }
    }
}

/// A name without the metadata of an element (FREG: Personnavn).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Personnavn {
    fornavn: Field<String>,
    mellomnavn: Field<String>,
    etternavn: Field<String>,
}

impl Personnavn {
    pub(super) fn into_name(self, take: &mut Taker) -> Name {
        let Personnavn { fornavn, mellomnavn, etternavn } = self;
        Name {
            given_name: take.value(fornavn),
            middle_name: take.value(mellomnavn),
            family_name: take.value(etternavn),
        }
    }
}
