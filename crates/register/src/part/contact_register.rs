//! What the register of contact details and reservations (KRR) knows of a person.
//!
//! The part comes from another source than the others and has none of their six shared fields: it
//! has no history, and holds as long as it is there.

mod notification;

use super::sample;
use super::shape::{Metadata, shape};

shape! {
    /// How the person can be reached digitally, and whether they have said no to it. Times stand as
    /// the contact register writes them.
    object CommonContactRegisterInformation {
        /// Whether the person refuses digital communication (KRR: reservasjon).
        reservation: Reservation,
        /// How the person stands in the contact register (KRR: status).
        status: ContactRegisterStatus,
        /// When the person refused (KRR: reservasjonstidspunkt).
        reservation_time: String,
        /// When the answer was last changed (KRR: reservasjon_oppdatert).
        reservation_updated: String,
        /// Whether notices may be sent (KRR: varslingsstatus).
        notification_status: NotificationStatus,
        /// E-mail address and telephone number (KRR: kontaktinformasjon).
        contact_information: ContactInformationResource,
        /// The digital mailbox (KRR: digital_post).
        digital_post: DigitalPostResource,
        /// The certificate to encrypt for the mailbox with (KRR: sertifikat).
        certificate: String,
        /// When the certificate expires (KRR: sertifikat_utloeper).
        certificate_expire_date: String,
        /// The language the person prefers: nb, nn, se or en (KRR: spraak).
        language: String,
        /// When the language was last chosen (KRR: spraak_oppdatert).
        language_last_updated: String,
    }
}

shape! {
    /// An e-mail address and a telephone number (KRR: kontaktinformasjon).
    object ContactInformationResource {
        /// The e-mail address (KRR: epostadresse).
        email: String,
        /// When the address was last changed (KRR: epostadresse_oppdatert).
        email_last_updated: String,
        /// Whether others have the same address (KRR: epostadresse_duplisert).
        email_duplicated: Duplicated,
        /// When the person last said that the address is right (KRR: epostadresse_sist_verifisert).
        email_last_verified: String,
        /// When a code sent to the address last came back (KRR: epostadresse_sist_validert).
        email_last_validated: String,
        /// The mobile telephone number (KRR: mobiltelefonnummer).
        phone_number: String,
        /// When the number was last changed (KRR: mobiltelefonnummer_oppdatert).
        phone_number_last_updated: String,
        /// Whether others have the same number (KRR: mobiltelefonnummer_duplisert).
        phone_number_duplicated: Duplicated,
        /// When the person last said that the number is right
        /// (KRR: mobiltelefonnummer_sist_verifisert).
        phone_number_last_verified: String,
        /// When a code sent to the number last came back (KRR: mobiltelefonnummer_sist_validert).
        phone_number_last_validated: String,
    }
}

shape! {
    /// A digital mailbox (KRR: digital_post).
    object DigitalPostResource {
        /// The mailbox (KRR: postkasseadresse).
        digital_post_address: String,
        /// The organisation number of the mailbox's supplier (KRR: postkasseleverandoeradresse).
        digital_post_vendor_address: String,
        /// The supplier's name (KRR: navn).
        digital_post_vendor_name: String,
    }
}

shape! {
    /// Whether digital communication is refused.
    values Reservation {
        /// It is (KRR: JA).
        Yes,
        /// It is not (KRR: NEI).
        No,
    }
}

shape! {
    /// The ways a person can stand in the contact register.
    #[schema(as = Status)]
    values ContactRegisterStatus {
        /// Registered (KRR: AKTIV).
        Active,
        /// Taken out (KRR: SLETTET).
        Deleted,
        /// Never registered (KRR: IKKE_REGISTRERT).
        NotRegistered,
    }
}

shape! {
    /// Whether notices may be sent.
    values NotificationStatus {
        /// They may not: refused, too old, or nothing to send to (KRR: KAN_IKKE_VARSLES).
        CanNotBeNotified,
        /// They may (KRR: KAN_VARSLES).
        CanBeNotified,
    }
}

shape! {
    /// Whether several persons have the same address or number.
    values Duplicated {
        /// Several have it (KRR: JA).
        Yes,
        /// Nobody else has it (KRR: NEI).
        No,
    }
}

impl Metadata for CommonContactRegisterInformation {}

impl CommonContactRegisterInformation {
    /// Somebody who can be reached in every way, and once could not.
    pub fn sample() -> Self {
        let contact = ContactInformationResource {
            email: sample::text("ase.saether@eksempel.example"),
            email_last_updated: sample::text("2023-02-01T21:00:01+01"),
            email_duplicated: Some(Duplicated::Yes),
            email_last_verified: sample::text("2024-02-29T10:45:15.768Z"),
            email_last_validated: sample::text("2023-02-01T21:03:00+01"),
            phone_number: sample::text("+4799999999"),
            phone_number_last_updated: sample::text("2022-06-30T08:00:00+02"),
            phone_number_duplicated: Some(Duplicated::No),
            phone_number_last_verified: sample::text("2024-02-29T10:45:16.001Z"),
            phone_number_last_validated: sample::text("2022-06-30T08:01:30+02"),
        };
        Self {
            reservation: Some(Reservation::No),
            status: Some(ContactRegisterStatus::Active),
            reservation_time: sample::text("2019-01-02T03:04:05+01"),
            reservation_updated: sample::text("2020-01-02T03:04:05+01"),
            notification_status: Some(NotificationStatus::CanBeNotified),
            contact_information: Some(contact),
            digital_post: Some(DigitalPostResource {
                digital_post_address: sample::text("ase.saether#0K5X"),
                digital_post_vendor_address: sample::text("984661185"),
                digital_post_vendor_name: sample::text("Digipost"),
            }),
            certificate: sample::text("MIIE7jCCA9agAwIBAgIKGBZrmEgzTHzeJjANBgkqhkiG9w0BAQsFADBR"),
            certificate_expire_date: sample::text("2027-05-04T23:59:00+02"),
            language: sample::text("nn"),
            language_last_updated: sample::text("2021-12-24T17:00:00+01"),
        }
    }
}
