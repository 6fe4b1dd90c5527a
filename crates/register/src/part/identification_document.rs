//! Identification document: a passport or the like that was shown.

use super::sample;
use super::shape::shape;
use crate::time::{Day, Instant};

shape! {
    /// A document by which the person has proved who they are (FREG: Identifikasjonsdokument).
    part IdentificationDocument {
        /// The document's number (FREG: Identifikasjonsdokumentnummer).
        document_number: String,
        /// What kind of document it is, in the source's own words
        /// (FREG: Identifikasjonsdokumenttype).
        document_type: String,
        /// The country that issued it, three letters (FREG: Utstederland).
        issuer_country: String,
        /// The authority that issued it, in the source's own words (FREG: Utstedernavn).
        issuer_name: String,
        /// The first day it is good for (FREG: GyldigFra).
        #[schema(value_type = Option<String>, format = DateTime)]
        document_valid_from: Day,
        /// The last day it is good for (FREG: GyldigTil).
        #[schema(value_type = Option<String>, format = DateTime)]
        document_valid_to: Day,
        /// Whether and when the document itself was examined (FREG: Dokumentkontroll).
        document_verification: DocumentVerification,
    }
}

shape! {
    /// An examination of a document (FREG: TekniskDokumentkontroll).
    object DocumentVerification {
        /// The outcome, in the source's own words (FREG: Dokumentkontrollstatus).
        verification_status: String,
        /// When it was examined (FREG: Dokumentkontrolltidspunkt).
        #[schema(value_type = Option<String>, format = DateTime)]
        verified_at: Instant,
    }
}

impl IdentificationDocument {
    /// A passport that was examined, and one that ran out.
    pub fn sample() -> Vec<Self> {
        let passport = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2022-10-30T02:30:00+01:00"),
            source: sample::text("folkeregistermyndigheten"),
            reason: sample::text("Legitimasjonskontroll"),
            valid_from: sample::instant("2022-10-30T00:00:00+02:00"),
            valid_to: None,
            document_number: sample::text("AA0123456"),
            document_type: sample::text("pass"),
            issuer_country: sample::text("SWE"),
            issuer_name: sample::text("Polismyndigheten i Örebro"),
            document_valid_from: sample::day("2020-02-29"),
            document_valid_to: sample::day("2025-02-28"),
            document_verification: Some(DocumentVerification {
                verification_status: sample::text("kontrollertIdentifikasjonsdokument"),
                verified_at: sample::instant("2022-10-30T00:59:59.9999999Z"),
            }),
        };
        let run_out = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2011-01-10T09:00:00+01:00"),
            valid_to: sample::instant("2015-01-09T00:00:00+01:00"),
            document_type: sample::text("passerbrev"),
            issuer_country: sample::text("XXX"),
            ..Self::default()
        };
        vec![passport, run_out]
    }
}
