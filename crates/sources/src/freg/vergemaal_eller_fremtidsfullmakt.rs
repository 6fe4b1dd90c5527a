//! `vergemaalEllerFremtidsfullmakt`: who acts for the person, in either of two shapes.
//!
//! Until November 2023 a guardian had a name and one word for the mandate (`navn`, `omfang`). Since
//! then a description (`navnFoedselsdato`) and a list of tasks (`tjenesteomraade`) stand in their
//! place. History keeps the old shape, so that both are found in one document.

use register::id::IdentityNumber;
use register::part::{
    GuardianOrProxy, GuardianServiceArea, GuardianshipOrFuturePowerOfAttorney, GuardianshipScope,
    GuardianshipType, PersonNameBirthDate,
};
use register::time::Instant;
use serde::Deserialize;

use super::field::{Field, Scalar, many};
use super::identifiserende_informasjon::IdentifiserendeInformasjon;
use super::mapping::Taker;
use super::navn::Personnavn;

/// One arrangement (FREG: VergemaalRepresentasjonEllerFremtidsfullmakt).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VergemaalEllerFremtidsfullmakt {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    vergemaaltype: Field<GuardianshipType>,
    embete: Field<String>,
    verge: Option<Verge>,
}

impl VergemaalEllerFremtidsfullmakt {
    pub(super) fn into_part(self, take: &mut Taker) -> GuardianshipOrFuturePowerOfAttorney {
        let VergemaalEllerFremtidsfullmakt {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            vergemaaltype,
            embete,
            verge,
        } = self;
        GuardianshipOrFuturePowerOfAttorney {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            guardianship_type: take.value(vergemaaltype),
            office: take.value(embete),
            guardian: verge.map(|verge| verge.into_guardian(take)),
        }
    }
}

/// The one who acts (FREG: VergeRepresentantEllerFullmektig).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Verge {
    navn: Option<Personnavn>,
    #[serde(rename = "foedselsEllerDNummer")]
    foedsels_eller_d_nummer: Field<IdentityNumber>,
    omfang: Field<GuardianshipScope>,
    omfanget_er_innen_personlig_omraade: Field<bool>,
    navn_foedselsdato: Option<IdentifiserendeInformasjon>,
    #[serde(deserialize_with = "many")]
    tjenesteomraade: Vec<VergeTjenesteOmraade>,
}

impl Verge {
    fn into_guardian(self, take: &mut Taker) -> GuardianOrProxy {
        let Verge {
            navn,
            foedsels_eller_d_nummer,
            omfang,
            omfanget_er_innen_personlig_omraade,
            navn_foedselsdato,
            tjenesteomraade,
        } = self;
        let information = navn_foedselsdato.map(|person| person.into_information(take));
        GuardianOrProxy {
            name: navn.map(|navn| navn.into_name(take)),
            identification_number: take.value(foedsels_eller_d_nummer),
            guardianship_scope: take.value(omfang),
            is_guardianship_in_personal_scope: take.value(omfanget_er_innen_personlig_omraade),
            name_birth_date: information.as_ref().map(PersonNameBirthDate::of),
            guardian_information: information,
            guardian_service_area: areas(tjenesteomraade, take),
        }
    }
}

/// The tasks in the source's order, each once: lists have been seen to hold the same one twice.
fn areas(
    tjenesteomraade: Vec<VergeTjenesteOmraade>,
    take: &mut Taker,
) -> Option<Vec<GuardianServiceArea>> {
    let mut areas = Vec::with_capacity(tjenesteomraade.len());
    for omraade in tjenesteomraade {
        let area = omraade.into_area(take);
        if area != GuardianServiceArea::default() && !areas.contains(&area) {
            areas.push(area);
        }
    }
    (!areas.is_empty()).then_some(areas)
}

/// One task, in words of which new ones come each year (FREG: VergeTjenesteOmraade).
#[derive(Deserialize, Default)]
#[serde(default)]
struct VergeTjenesteOmraade {
    #[serde(rename = "vergeTjenestevirksomhet")]
    virksomhet: Field<String>,
    #[serde(rename = "vergeTjenesteoppgave")]
    oppgave: Field<String>,
}

impl VergeTjenesteOmraade {
    fn into_area(self, take: &mut Taker) -> GuardianServiceArea {
        let VergeTjenesteOmraade { virksomhet, oppgave } = self;
        GuardianServiceArea {
            guardian_service_establishment: take.value(virksomhet),
            guardian_service_task: take.value(oppgave),
        }
    }
}

impl Scalar for GuardianshipType {
    fn from_text(text: &str) -> Option<GuardianshipType> {
        Some(match text {
            "ensligMindreaarigAsylsoeker" => GuardianshipType::SingleMinorAsylumSeeker,
            "ensligMindreaarigFlyktning" => GuardianshipType::SingleMinorRefugee,
            "voksen" => GuardianshipType::Adult,
            "midlertidigForVoksen" => GuardianshipType::TemporaryForAdult,
            "mindreaarig" => GuardianshipType::Minor,
            "midlertidigForMindreaarig" => GuardianshipType::TemporaryForMinor,
            "forvaltningUtenforVergemaal" => GuardianshipType::ManagementOutsideGuardianship,
            "stadfestetFremtidsfullmakt" => GuardianshipType::ConfirmedFuturePowerOfAttorney,
            _ => return None,
        })
    }
}

impl Scalar for GuardianshipScope {
    fn from_text(text: &str) -> Option<GuardianshipScope> {
        Some(match text {
            "utlendingssakerPersonligeOgOekonomiskeInteresser" => {
                GuardianshipScope::ImmigrationPersonalAndFinancialInterests
            }
            "personligeOgOekonomiskeInteresser" => GuardianshipScope::PersonalAndFinancialInterests,
            "oekonomiskeInteresser" => GuardianshipScope::FinancialInterests,
            "personligeInteresser" => GuardianshipScope::PersonalInterests,
            _ => return None,
        })
    }
}
