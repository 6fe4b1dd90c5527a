//! `legitimasjonsdokument`: a passport or the like that was shown.

use register::part::{DocumentVerification, IdentificationDocument};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::Field;
use super::mapping::Taker;

/// A document of identity (FREG: Identifikasjonsdokument). FREG describes no history of them: what
/// is wrong is annulled.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Legitimasjonsdokument {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    identifikasjonsdokumentnummer: Field<String>,
    /// Text to us: the list of kinds is not closed, and neither is its spelling.
    identifikasjonsdokumenttype: Field<String>,
    utstederland: Field<String>,
    utstedernavn: Field<String>,
    gyldig_fra: Field<Day>,
    gyldig_til: Field<Day>,
    dokumentkontroll: Option<Dokumentkontroll>,
}

impl Legitimasjonsdokument {
    pub(super) fn into_part(self, take: &mut Taker) -> IdentificationDocument {
        let Legitimasjonsdokument {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            identifikasjonsdokumentnummer,
            identifikasjonsdokumenttype,
            utstederland,
            utstedernavn,
            gyldig_fra,
            gyldig_til,
            dokumentkontroll,
        } = self;
        IdentificationDocument {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            document_number: take.value(identifikasjonsdokumentnummer),
            document_type: take.value(identifikasjonsdokumenttype),
            issuer_country: take.value(utstederland),
            issuer_name: take.value(utstedernavn),
            document_valid_from: take.value(gyldig_fra),
            document_valid_to: take.value(gyldig_til),
            document_verification: dokumentkontroll
                .map(|kontroll| kontroll.into_verification(take)),
        }
    }
}

/// An examination of a document (FREG: TekniskDokumentkontroll).
#[derive(Deserialize, Default)]
#[serde(default)]
struct Dokumentkontroll {
    dokumentkontrollstatus: Field<String>,
    dokumentkontrolltidspunkt: Field<Instant>,
}

impl Dokumentkontroll {
    fn into_verification(self, take: &mut Taker) -> DocumentVerification {
        let Dokumentkontroll { dokumentkontrollstatus, dokumentkontrolltidspunkt } = self;
        DocumentVerification {
            verification_status: take.value(dokumentkontrollstatus),
            verified_at: take.value(dokumentkontrolltidspunkt),
        }
    }
}
