//! Residuary estate: whom to write to about what a dead person left.

use super::Name;
use super::sample;
use super::shape::shape;
use crate::id::IdentityNumber;
use crate::time::Day;

shape! {
    /// Whom to contact about a dead person's estate: a person, a lawyer or an organization
    /// (FREG: KontaktinformasjonForDoedsbo).
    part ResiduaryEstateContactInformation {
        /// A person to contact (FREG: Person).
        person: PersonAsContact,
        /// A lawyer to contact (FREG: Advokat).
        lawyer: LawyerAsContact,
        /// An organization to contact (FREG: Organisasjon).
        organization: OrganizationAsContact,
        /// How the estate is divided (FREG: Skifteform).
        probate_certificate_type: ProbateCertificateType,
        /// The day the probate certificate was issued (FREG: Attestutstedelsesdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        probate_certificate_issue_date: Day,
        /// Where to write (FREG: Adresse).
        contact_address: ContactAddressForResiduaryEstate,
    }
}

shape! {
    /// A person who answers for an estate (FREG: PersonSomKontakt).
    object PersonAsContact {
        /// Day of birth, where there is no number (FREG: Foedselsdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        birth_date: Day,
        /// The name (FREG: Personnavn).
        person_name: Name,
        /// The number (FREG: FoedselsEllerDNummer).
        #[schema(value_type = Option<String>)]
        norwegian_identification_number: IdentityNumber,
    }
}

shape! {
    /// A lawyer who answers for an estate (FREG: AdvokatSomKontakt).
    object LawyerAsContact {
        /// The lawyer's name (FREG: Personnavn).
        person_name: Name,
        /// The lawyer's firm (FREG: Organisasjonsnavn).
        organization_name: String,
        /// The firm's number, nine digits (FREG: Organisasjonsnummer).
        organization_number: String,
    }
}

shape! {
    /// An organization that answers for an estate (FREG: OrganisasjonSomKontakt).
    object OrganizationAsContact {
        /// The organization's name (FREG: Organisasjonsnavn).
        organization_name: String,
        /// The organization's number, nine digits (FREG: Organisasjonsnummer).
        organization_number: String,
        /// Whom to ask for there (FREG: Kontaktpersonnavn).
        contact_person_name: Name,
    }
}

shape! {
    /// An address of a contact; it is not the dead person's own
    /// (FREG: KontaktadresseForDoedsbo).
    object ContactAddressForResiduaryEstate {
        /// The lines of the address, from the top (FREG: Adresselinje).
        address_line: Vec<String>,
        /// Postal place (FREG: Poststedsnavn).
        city: String,
        /// Postal code (FREG: Postnummer).
        postal_code: String,
        /// Country, where it is not Norway (FREG: Landkode).
        country_code: String,
    }
}

shape! {
    /// The ways of dividing an estate.
    values ProbateCertificateType {
        /// By the court (FREG: Offentlig).
        Public,
        /// By the heirs, or not at all (FREG: Annet).
        Other,
    }
}

impl ResiduaryEstateContactInformation {
    /// An estate that went from a daughter to the court's lawyer, with a bank for the accounts.
    pub fn sample() -> Vec<Self> {
        let lawyer = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2024-06-03T10:15:00.5+02:00"),
            source: sample::text("Tingretten"),
            reason: sample::text("Dødsfall"),
            valid_from: sample::instant("2024-06-01T00:00:00+02:00"),
            lawyer: Some(LawyerAsContact {
                person_name: Some(name("Øystein", "Aas", "Næss")),
                organization_name: sample::text("Næss & Ødegård ANS"),
                organization_number: sample::text("311333444"),
            }),
            probate_certificate_type: Some(ProbateCertificateType::Public),
            probate_certificate_issue_date: sample::day("2024-05-31"),
            contact_address: Some(ContactAddressForResiduaryEstate {
                address_line: Some(vec!["Postboks 17".to_owned(), "Sentrum".to_owned()]),
                city: sample::text("ÅLESUND"),
                postal_code: sample::text("6001"),
                country_code: sample::text("NO"),
            }),
            ..Self::default()
        };
        let bank = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2024-05-02T00:00:00+02:00"),
            source: sample::text("folkeregistermyndigheten"),
            reason: sample::text("Patch"),
            organization: Some(OrganizationAsContact {
                organization_name: sample::text("Sparebanken Sør-Øst"),
                organization_number: sample::text("312555666"),
                contact_person_name: Some(name("Kåre", "I", "Li")),
            }),
            ..Self::default()
        };
        let daughter = Self {
            is_valid: Some(false),
            valid_from: sample::instant("2024-03-15T00:00:00+01:00"),
            valid_to: sample::instant("2024-06-01T00:00:00+02:00"),
            person: Some(PersonAsContact {
                birth_date: sample::day("1975-08-09"),
                person_name: Some(name("Åshild", "Moe", "Bjørk")),
                norwegian_identification_number: Some("09887554321".into()),
            }),
            probate_certificate_type: Some(ProbateCertificateType::Other),
            ..Self::default()
        };
        vec![lawyer, bank, daughter]
    }
}

fn name(given: &str, middle: &str, family: &str) -> Name {
    Name {
        given_name: sample::text(given),
        middle_name: sample::text(middle),
        family_name: sample::text(family),
    }
}
