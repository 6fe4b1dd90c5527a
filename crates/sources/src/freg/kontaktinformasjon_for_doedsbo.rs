//! `kontaktinformasjonForDoedsbo`: whom to write to about a dead person's estate.

use register::id::IdentityNumber;
use register::part::{
    ContactAddressForResiduaryEstate, LawyerAsContact, OrganizationAsContact, PersonAsContact,
    ProbateCertificateType, ResiduaryEstateContactInformation,
};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::{Field, Scalar, many};
use super::mapping::Taker;
use super::navn::Personnavn;

/// A contact for an estate (FREG: KontaktinformasjonForDoedsbo): a person, a lawyer or an
/// organization.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct KontaktinformasjonForDoedsbo {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    skifteform: Field<ProbateCertificateType>,
    attestutstedelsesdato: Field<Day>,
    adresse: Option<KontaktadresseForDoedsbo>,
    person: Option<PersonSomKontakt>,
    advokat: Option<AdvokatSomKontakt>,
    organisasjon: Option<OrganisasjonSomKontakt>,
}

impl KontaktinformasjonForDoedsbo {
    pub(super) fn into_part(self, take: &mut Taker) -> ResiduaryEstateContactInformation {
        let KontaktinformasjonForDoedsbo {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            skifteform,
            attestutstedelsesdato,
            adresse,
            person,
            advokat,
            organisasjon,
        } = self;
        ResiduaryEstateContactInformation {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            person: person.map(|person| person.into_contact(take)),
            lawyer: advokat.map(|advokat| advokat.into_contact(take)),
            organization: organisasjon.map(|organisasjon| organisasjon.into_contact(take)),
            probate_certificate_type: take.value(skifteform),
            probate_certificate_issue_date: take.value(attestutstedelsesdato),
            contact_address: adresse.map(|adresse| adresse.into_address(take)),
        }
    }
}

/// An address to write to (FREG: KontaktadresseForDoedsbo).
#[derive(Deserialize, Default)]
#[serde(default)]
struct KontaktadresseForDoedsbo {
    #[serde(deserialize_with = "many")]
    adresselinje: Vec<Field<String>>,
    poststedsnavn: Field<String>,
    postnummer: Field<String>,
    landkode: Field<String>,
}

impl KontaktadresseForDoedsbo {
    fn into_address(self, take: &mut Taker) -> ContactAddressForResiduaryEstate {
        let KontaktadresseForDoedsbo { adresselinje, poststedsnavn, postnummer, landkode } = self;
        ContactAddressForResiduaryEstate {
            address_line: take.values(adresselinje),
            city: take.value(poststedsnavn),
            postal_code: take.value(postnummer),
            country_code: take.value(landkode),
        }
    }
}

/// A person to write to (FREG: PersonSomKontakt).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PersonSomKontakt {
    foedsels_eller_d_nummer: Field<IdentityNumber>,
    foedselsdato: Field<Day>,
    personnavn: Option<Personnavn>,
}

impl PersonSomKontakt {
    fn into_contact(self, take: &mut Taker) -> PersonAsContact {
        let PersonSomKontakt { foedsels_eller_d_nummer, foedselsdato, personnavn } = self;
        PersonAsContact {
            birth_date: take.value(foedselsdato),
            person_name: personnavn.map(|navn| navn.into_name(take)),
            norwegian_identification_number: take.value(foedsels_eller_d_nummer),
        }
    }
}

/// A lawyer to write to (FREG: AdvokatSomKontakt).
#[derive(Deserialize, Default)]
#[serde(default)]
struct AdvokatSomKontakt {
    personnavn: Option<Personnavn>,
    organisasjonsnavn: Field<String>,
    organisasjonsnummer: Field<String>,
}

impl AdvokatSomKontakt {
    fn into_contact(self, take: &mut Taker) -> LawyerAsContact {
        let AdvokatSomKontakt { personnavn, organisasjonsnavn, organisasjonsnummer } = self;
        LawyerAsContact {
            person_name: personnavn.map(|navn| navn.into_name(take)),
            organization_name: take.value(organisasjonsnavn),
            organization_number: take.value(organisasjonsnummer),
        }
    }
}

/// An organization to write to (FREG: OrganisasjonSomKontakt).
#[derive(Deserialize, Default)]
#[serde(default)]
struct OrganisasjonSomKontakt {
    organisasjonsnavn: Field<String>,
    organisasjonsnummer: Field<String>,
    kontaktpersonnavn: Option<Personnavn>,
}

impl OrganisasjonSomKontakt {
    fn into_contact(self, take: &mut Taker) -> OrganizationAsContact {
        let OrganisasjonSomKontakt { organisasjonsnavn, organisasjonsnummer, kontaktpersonnavn } =
            self;
        OrganizationAsContact {
            organization_name: take.value(organisasjonsnavn),
            organization_number: take.value(organisasjonsnummer),
            contact_person_name: kontaktpersonnavn.map(|navn| navn.into_name(take)),
        }
    }
}

impl Scalar for ProbateCertificateType {
    fn from_text(text: &str) -> Option<ProbateCertificateType> {
        Some(match text {
            "offentlig" => ProbateCertificateType::Public,
            "annet" => ProbateCertificateType::Other,
            _ => return None,
        })
    }
}
