//! One person in KRR: read with tolerance, mapped without gaps.

use std::fmt;

use register::id::IdentityNumber;
use register::part::{
    CommonContactRegisterInformation, ContactInformationResource, ContactRegisterStatus,
    DigitalPostResource, Duplicated, NotificationStatus, Reservation,
};
use register::time::Instant;
use serde::Deserialize;

use super::FormatError;
use super::field::{Field, Object, Text};

const RESERVASJON: &[(&str, Reservation)] = &[("JA", Reservation::Yes), ("NEI", Reservation::No)];

const STATUS: &[(&str, ContactRegisterStatus)] = &[
    ("AKTIV", ContactRegisterStatus::Active),
    ("SLETTET", ContactRegisterStatus::Deleted),
    ("IKKE_REGISTRERT", ContactRegisterStatus::NotRegistered),
];

const DUPLISERT: &[(&str, Duplicated)] = &[("JA", Duplicated::Yes), ("NEI", Duplicated::No)];

/// KRR's own `varslingsstatus` is not among the fields: it held when KRR was asked, and ours is
/// worked out for the instant at which it is served.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Person {
    personidentifikator: Text,
    reservasjon: Text,
    reservasjonstidspunkt: Text,
    reservasjon_oppdatert: Text,
    status: Text,
    kontaktinformasjon: Object<Kontaktinformasjon>,
    digital_post: Object<DigitalPost>,
    sertifikat: Text,
    sertifikat_utloeper: Text,
    spraak: Text,
    spraak_oppdatert: Text,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Kontaktinformasjon {
    epostadresse: Text,
    epostadresse_oppdatert: Text,
    epostadresse_duplisert: Text,
    epostadresse_sist_verifisert: Text,
    epostadresse_sist_validert: Text,
    mobiltelefonnummer: Text,
    mobiltelefonnummer_oppdatert: Text,
    mobiltelefonnummer_duplisert: Text,
    mobiltelefonnummer_sist_verifisert: Text,
    mobiltelefonnummer_sist_validert: Text,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DigitalPost {
    postkasseadresse: Text,
    postkasseleverandoeradresse: Text,
    navn: Text,
}

/// What KRR knows about one person.
pub struct Record {
    number: IdentityNumber,
    person: Box<Person>,
}

/// A record in the register's own words.
#[derive(Clone, PartialEq, Eq)]
pub struct Mapped {
    /// What is served, with nothing that cannot be read, but for dates: they are texts there.
    pub information: CommonContactRegisterInformation,
    /// KRR's name of each field with a value that was not understood. Such a value is left out; a
    /// date that is none stays as the text that it is, and makes nothing fresh.
    pub unknown: Vec<&'static str>,
}

impl Record {
    /// Reads a person, as it stands in the list of an answer.
    ///
    /// Fields that we do not know are passed over. A field of another kind than KRR describes is
    /// left out and counted in the mapping.
    ///
    /// # Errors
    /// [`FormatError`] if this is not a JSON object, or names nobody.
    pub fn read(json: &[u8]) -> Result<Record, FormatError> {
        let Field::Read(person) = serde_json::from_slice::<Object<Person>>(json)? else {
            return Err(FormatError::NoPerson);
        };
        let number = person.personidentifikator.value().ok_or(FormatError::NoNumber)?;
        Ok(Record { number: IdentityNumber::new(number.trim()), person })
    }

    /// Whom the record is about (`personidentifikator`): a fødselsnummer or a D-number.
    pub fn number(&self) -> &IdentityNumber {
        &self.number
    }

    /// The latest of the times at which something about the person was written down, if any can be
    /// read. The end of the certificate is none of them.
    pub fn newest_date(&self) -> Option<Instant> {
        let person = &self.person;
        let own = [
            &person.reservasjonstidspunkt,
            &person.reservasjon_oppdatert,
            &person.spraak_oppdatert,
        ];
        let contact = person.kontaktinformasjon.value().map(|contact| contact.dates());
        let texts = own.into_iter().chain(contact.into_iter().flatten());
        texts.filter_map(|text| Instant::parse(text.value()?).ok()).max()
    }

    /// Maps the record, with the status of notices that holds now.
    pub fn into_information(self, now: Instant) -> Mapped {
        let mut take = Taker { unknown: Some(Vec::new()) };
        let information = self.map(&mut take).at(now);
        Mapped { information, unknown: take.unknown.unwrap_or_default() }
    }

    /// Maps a record that was looked into before, with a status of notices that is known. No date
    /// is read: this is done for every person that is rendered.
    pub fn into_served(self, status: NotificationStatus) -> CommonContactRegisterInformation {
        let information = self.map(&mut Taker { unknown: None });
        CommonContactRegisterInformation { notification_status: Some(status), ..information }
    }

    fn map(self, take: &mut Taker) -> CommonContactRegisterInformation {
        let Person {
            personidentifikator: _,
            reservasjon,
            reservasjonstidspunkt,
            reservasjon_oppdatert,
            status,
            kontaktinformasjon,
            digital_post,
            sertifikat,
            sertifikat_utloeper,
            spraak,
            spraak_oppdatert,
        } = *self.person;
        let contact = take.value("kontaktinformasjon", kontaktinformasjon);
        let post = take.value("digital_post", digital_post);
        CommonContactRegisterInformation {
            reservation: take.word("reservasjon", reservasjon, RESERVASJON),
            status: take.word("status", status, STATUS),
            reservation_time: take.date("reservasjonstidspunkt", reservasjonstidspunkt),
            reservation_updated: take.date("reservasjon_oppdatert", reservasjon_oppdatert),
            notification_status: None,
            contact_information: contact.map(|contact| contact.into_resource(take)),
            digital_post: post.map(|post| post.into_resource(take)),
            certificate: take.value("sertifikat", sertifikat),
            certificate_expire_date: take.date("sertifikat_utloeper", sertifikat_utloeper),
            language: take.value("spraak", spraak),
            language_last_updated: take.date("spraak_oppdatert", spraak_oppdatert),
        }
    }
}

impl Kontaktinformasjon {
    fn dates(&self) -> [&Text; 6] {
        [
            &self.epostadresse_oppdatert,
            &self.epostadresse_sist_verifisert,
            &self.epostadresse_sist_validert,
            &self.mobiltelefonnummer_oppdatert,
            &self.mobiltelefonnummer_sist_verifisert,
            &self.mobiltelefonnummer_sist_validert,
        ]
    }

    fn into_resource(self, take: &mut Taker) -> ContactInformationResource {
        let Kontaktinformasjon {
            epostadresse,
            epostadresse_oppdatert,
            epostadresse_duplisert,
            epostadresse_sist_verifisert,
            epostadresse_sist_validert,
            mobiltelefonnummer: phone,
            mobiltelefonnummer_oppdatert: phone_updated,
            mobiltelefonnummer_duplisert: phone_duplicated,
            mobiltelefonnummer_sist_verifisert: phone_verified,
            mobiltelefonnummer_sist_validert: phone_validated,
        } = self;
        ContactInformationResource {
            email: take.value("epostadresse", epostadresse),
            email_last_updated: take.date("epostadresse_oppdatert", epostadresse_oppdatert),
            email_duplicated: take.word(
                "epostadresse_duplisert",
                epostadresse_duplisert,
                DUPLISERT,
            ),
            email_last_verified: take
                .date("epostadresse_sist_verifisert", epostadresse_sist_verifisert),
            email_last_validated: take
                .date("epostadresse_sist_validert", epostadresse_sist_validert),
            phone_number: take.value("mobiltelefonnummer", phone),
            phone_number_last_updated: take.date("mobiltelefonnummer_oppdatert", phone_updated),
            phone_number_duplicated: take.word(
                "mobiltelefonnummer_duplisert",
                phone_duplicated,
                DUPLISERT,
            ),
            phone_number_last_verified: take
                .date("mobiltelefonnummer_sist_verifisert", phone_verified),
            phone_number_last_validated: take
                .date("mobiltelefonnummer_sist_validert", phone_validated),
        }
    }
}

impl DigitalPost {
    fn into_resource(self, take: &mut Taker) -> DigitalPostResource {
        let DigitalPost { postkasseadresse, postkasseleverandoeradresse, navn } = self;
        DigitalPostResource {
            digital_post_address: take.value("postkasseadresse", postkasseadresse),
            digital_post_vendor_address: take
                .value("postkasseleverandoeradresse", postkasseleverandoeradresse),
            digital_post_vendor_name: take.value("navn", navn),
        }
    }
}

/// Takes the values out of a record's fields and notes each one that was not understood, if anybody
/// wants to know.
struct Taker {
    unknown: Option<Vec<&'static str>>,
}

impl Taker {
    fn note(&mut self, name: &'static str) {
        if let Some(unknown) = &mut self.unknown {
            unknown.push(name);
        }
    }

    /// The value of a field; what is of another kind is left out and noted.
    fn value<T>(&mut self, name: &'static str, field: Field<T>) -> Option<T> {
        match field {
            Field::Read(value) => Some(value),
            Field::Absent => None,
            Field::Unreadable => {
                self.note(name);
                None
            }
        }
    }

    /// The text of a date. One that is none is noted and kept.
    fn date(&mut self, name: &'static str, field: Text) -> Option<String> {
        let text = self.value(name, field)?;
        if self.unknown.is_some() && Instant::parse(&text).is_err() {
            self.note(name);
        }
        Some(text)
    }

    /// What a word of the wire stands for; a word that is not in the table is left out and noted.
    fn word<T: Copy>(&mut self, name: &'static str, field: Text, table: &[(&str, T)]) -> Option<T> {
        let text = self.value(name, field)?;
        let row = table.iter().find(|(word, _)| *word == text.trim());
        if row.is_none() {
            self.note(name);
        }
        row.map(|(_, value)| *value)
    }
}

impl fmt::Debug for Record {
    /// Shows nothing of the person.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Record").finish_non_exhaustive()
    }
}

impl fmt::Debug for Mapped {
    /// Shows which fields were not understood, and nothing of the person.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Mapped").field("unknown", &self.unknown).finish_non_exhaustive()
    }
}
