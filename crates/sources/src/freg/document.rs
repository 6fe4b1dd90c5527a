//! The person document (`Folkeregisterperson`): read with tolerance, mapped without gaps.

use std::cmp::Reverse;
use std::fmt;

use register::id::IdentityNumber;
use register::part::InformationPart;
use register::person::Person;
use serde::Deserialize;

use super::FormatError;
use super::adressebeskyttelse::Adressebeskyttelse;
use super::bibehold::Bibehold;
use super::bostedsadresse::Bostedsadresse;
use super::delt_bosted::DeltBosted;
use super::doedsfall::Doedsfall;
use super::falsk_identitet::FalskIdentitet;
use super::familierelasjon::Familierelasjon;
use super::field::many;
use super::foedsel::Foedsel;
use super::foedsel_i_norge::FoedselINorge;
use super::foreldreansvar::Foreldreansvar;
use super::identifikasjonsnummer::Identifikasjonsnummer;
use super::identitetsgrunnlag::Identitetsgrunnlag;
use super::innflytting::Innflytting;
use super::kjoenn::Kjoenn;
use super::kontaktinformasjon_for_doedsbo::KontaktinformasjonForDoedsbo;
use super::legitimasjonsdokument::Legitimasjonsdokument;
use super::mapping::each;
use super::navn::Navn;
use super::opphold::Opphold;
use super::opphold_paa_svalbard::OppholdPaaSvalbard;
use super::oppholdsadresse::Oppholdsadresse;
use super::personidentifikasjon::{
    UtenlandskPersonidentifikasjon, UtlendingsmyndighetenesIdentifikasjonsnummer,
};
use super::postadresse::Postadresse;
use super::postadresse_i_utlandet::PostadresseIUtlandet;
use super::preferert_kontaktadresse::PreferertKontaktadresse;
use super::rettslig_handleevne::{FratattRettsligHandleevne, RettsligHandleevne};
use super::samisk::{SametingetsValgmanntall, SamiskSpraak};
use super::sivilstand::Sivilstand;
use super::statsborgerskap::Statsborgerskap;
use super::status::Status;
use super::utflytting::Utflytting;
use super::vergemaal_eller_fremtidsfullmakt::VergemaalEllerFremtidsfullmakt;

/// Ties the elements to the parts. Mapping one more element is one more row; the row
///
/// ```text
/// "kjoenn" kjoenn: Kjoenn => gender;
/// ```
///
/// reads: the element in FREG's spelling (and a second one after `|`), its field here, its struct,
/// and the part it becomes. For a part that is a single object, how to tell whether an item is
/// current follows. It becomes
///
/// ```text
/// "kjoenn",                                                        // in ELEMENTS
/// "kjoenn" => stringify!(gender),                                  // in part_of
/// #[serde(rename = "kjoenn", deserialize_with = "many")]
/// kjoenn: Vec<Kjoenn>,                                             // in Document
/// gender: each("kjoenn", kjoenn, unknown, Kjoenn::into_part),      // in Document::into_person
/// ```
macro_rules! elements {
    ($($name:literal $(| $alias:literal)? $field:ident: $element:ident
        => $part:ident $(, $is_valid:expr)?;)+) => {
        /// Every element of `Folkeregisterperson` that we know of, in FREG's spelling. A name that
        /// is not here is new to us: FREG adds elements without a new version.
        pub const ELEMENTS: &[&str] = &[$($name),+];

        /// The part that an element becomes; none for a name that is not in [`ELEMENTS`].
        pub fn part_of(element: &str) -> Option<InformationPart> {
            let field = match element {
                $($name => stringify!($part),)+
                _ => return None,
            };
            // Ours are written `address_protection` as a field and `AddressProtection` as a name.
            InformationPart::from_name(&field.replace('_', ""))
        }

        /// What FREG knows about one person, by element. Elements that are new to us are passed
        /// over in reading; they stay in the stored source document.
        #[derive(Deserialize, Default)]
        #[serde(default)]
        pub struct Document {
            // What FREG describes as one object is read as a list too, should it change its mind.
            $(#[serde(rename = $name, $(alias = $alias,)? deserialize_with = "many")]
            $field: Vec<$element>,)+
        }

        impl Document {
            /// Maps the document. Items keep FREG's order, which means nothing.
            pub fn into_person(self) -> Mapped {
                let Document { $($field,)+ } = self;
                let mut list = Vec::new();
                let unknown = &mut list;
                let person = Person {
                    $($part: elements!(
                        @part each($name, $field, unknown, $element::into_part) $(, $is_valid)?
                    ),)+
                    // Of another source (KRR): the enrichment fills it after the mapping.
                    common_contact_register_information: None,
                };
                Mapped { person, unknown: list }
            }
        }
    };
    (@part $items:expr) => { $items };
    (@part $items:expr, $is_valid:expr) => { only($items, $is_valid) };
}

elements! {
    "adressebeskyttelse" adressebeskyttelse: Adressebeskyttelse => address_protection;
    "bibehold" bibehold: Bibehold => citizenship_retention;
    "bostedsadresse" bostedsadresse: Bostedsadresse => residential_address;
    "brukAvSamiskSpraak" bruk_av_samisk_spraak: SamiskSpraak => use_of_sami_language;
    "deltBosted" delt_bosted: DeltBosted => shared_residence;
    "doedsfall" doedsfall: Doedsfall => death, |death| death.is_valid;
    "falskIdentitet" falsk_identitet: FalskIdentitet
        => false_identity, |identity| identity.is_valid;
    "familierelasjon" familierelasjon: Familierelasjon => family_relation;
    "foedsel" foedsel: Foedsel => birth;
    "foedselINorge" foedsel_i_norge: FoedselINorge => birth_in_norway;
    "foreldreansvar" foreldreansvar: Foreldreansvar => parental_responsibility;
    "forholdTilSametingetsValgmanntall"
        forhold_til_sametingets_valgmanntall: SametingetsValgmanntall
        => sami_parliament_electoral_registry_status;
    "fratattRettsligHandleevne" fratatt_rettslig_handleevne: FratattRettsligHandleevne
        => deprived_legal_authority;
    "identifikasjonsnummer" identifikasjonsnummer: Identifikasjonsnummer
        => norwegian_identification_number;
    "identitetsgrunnlag" identitetsgrunnlag: Identitetsgrunnlag => identity_verification;
    "innflytting" innflytting: Innflytting => immigration_to_norway;
    "kjoenn" kjoenn: Kjoenn => gender;
    "kontaktinformasjonForDoedsbo" kontaktinformasjon_for_doedsbo: KontaktinformasjonForDoedsbo
        => residuary_estate_contact_information;
    "legitimasjonsdokument" legitimasjonsdokument: Legitimasjonsdokument => identification_document;
    "navn" navn: Navn => name;
    "opphold" opphold: Opphold => residence_permit;
    "oppholdPaaSvalbard" opphold_paa_svalbard: OppholdPaaSvalbard => stay_on_svalbard;
    "oppholdsadresse" oppholdsadresse: Oppholdsadresse => present_address;
    "postadresse" postadresse: Postadresse => postal_address;
    "postadresseIUtlandet" postadresse_i_utlandet: PostadresseIUtlandet => foreign_postal_address;
    "preferertKontaktadresse" preferert_kontaktadresse: PreferertKontaktadresse
        => preferred_contact_address;
    "rettsligHandleevne" | "RettsligHandleevne" rettslig_handleevne: RettsligHandleevne
        => legal_authority;
    "sivilstand" sivilstand: Sivilstand => marital_status;
    "statsborgerskap" statsborgerskap: Statsborgerskap => citizenship;
    "status" status: Status => status;
    "utenlandskPersonidentifikasjon"
        utenlandsk_personidentifikasjon: UtenlandskPersonidentifikasjon
        => foreign_person_identification_number;
    "utflytting" utflytting: Utflytting => emigration_from_norway;
    "utlendingsmyndighetenesIdentifikasjonsnummer"
        utlendingsmyndighetenes_identifikasjonsnummer: UtlendingsmyndighetenesIdentifikasjonsnummer
        => immigration_authorities_identification_number;
    "vergemaalEllerFremtidsfullmakt"
        vergemaal_eller_fremtidsfullmakt: VergemaalEllerFremtidsfullmakt
        => guardianship_or_future_power_of_attorney;
}

/// One of the numbers that a document lists for its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedNumber {
    /// The number.
    pub number: IdentityNumber,
    /// FREG says that the number is in use (`iBruk`), and says so now.
    pub in_use: bool,
    /// The entry is current (`erGjeldende`). The last number of a discontinued person may be
    /// current and yet not in use.
    pub current: bool,
}

/// A document in the register's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The person, with nothing that cannot be read.
    pub person: Person,
    /// The element of each value that was left out because it cannot be read, once for each value.
    /// A grade is never left out: an unreadable one is the strictest that it can stand for.
    pub unknown: Vec<&'static str>,
}

impl Document {
    /// Reads a person document, as a lookup answers it or as it lies in a bulk answer.
    ///
    /// Elements, fields and values that we do not know are passed over, because FREG adds them
    /// without a new version.
    ///
    /// # Errors
    /// [`FormatError`] if this is not a JSON object with elements of FREG's shape, and
    /// [`FormatError::NoNumber`] if it lists no identity number.
    pub fn read(json: &[u8]) -> Result<Document, FormatError> {
        Document::with_number(serde_json::from_slice(json)?)
    }

    /// As [`Document::read`], of what is known to be text: that need not be looked into again.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub fn read_text(json: &str) -> Result<Document, FormatError> {
        Document::with_number(serde_json::from_str(json)?)
    }

    fn with_number(document: Document) -> Result<Document, FormatError> {
        if document.identifikasjonsnummer.iter().all(|entry| entry.number().is_none()) {
            return Err(FormatError::NoNumber);
        }
        Ok(document)
    }

    /// Every number of the person, each once: those in use first, then current ones, then the
    /// newest. So the first is the person's primary number, as far as this document tells.
    pub fn numbers(&self) -> Vec<ListedNumber> {
        let mut entries: Vec<&Identifikasjonsnummer> = self.identifikasjonsnummer.iter().collect();
        entries.sort_by_key(|entry| {
            Reverse((entry.is_in_use(), entry.is_current(), entry.valid_from()))
        });
        let mut numbers: Vec<ListedNumber> = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(number) = entry.number() else {
                continue;
            };
            if numbers.iter().all(|listed| listed.number != *number) {
                numbers.push(ListedNumber {
                    number: number.clone(),
                    in_use: entry.is_in_use(),
                    current: entry.is_current(),
                });
            }
        }
        numbers
    }
}

/// The one item that counts, should a document hold several of what is one object in the answer:
/// the current one, else the first.
fn only<Part>(items: Vec<Part>, is_valid: fn(&Part) -> Option<bool>) -> Option<Part> {
    let place = items.iter().position(|item| is_valid(item) == Some(true)).unwrap_or(0);
    items.into_iter().nth(place)
}

impl fmt::Debug for Document {
    /// Shows nothing of the person.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Document").finish_non_exhaustive()
    }
}
