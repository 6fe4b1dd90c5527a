//! What the register knows of a person as one of the Sámi: languages used, and the electoral roll.

use super::sample;
use super::shape::shape;
use crate::time::Day;

shape! {
    /// Which Sámi languages the person uses (FREG: SamiskSpraak).
    part SamiLanguage {
        /// The languages (FREG: Spraak).
        language: Vec<SamiLanguageType>,
    }
}

shape! {
    /// The Sámi languages that the register tells apart.
    values SamiLanguageType {
        /// North Sámi (FREG: Nordsamisk).
        Nordsamisk,
        /// South Sámi (FREG: Soersamisk).
        Soersamisk,
        /// Lule Sámi (FREG: Lulesamisk).
        Lulesamisk,
    }
}

shape! {
    /// How the person stands to the electoral roll of the Sámi parliament. The source has not
    /// delivered it since April 2023 (FREG: SametingetsValgmanntall).
    part SamiParliamentElectoralRegistry {
        /// Whether the person is on the roll (FREG: Forhold).
        status: SamiParliamentElectoralRegistryStatus,
        /// Day of the decision (FREG: Vedtaksdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        resolution_date: Day,
    }
}

shape! {
    /// The ways a person can stand to the roll.
    values SamiParliamentElectoralRegistryStatus {
        /// On the roll (FREG: Innmeldt).
        Enrolled,
        /// No longer on it (FREG: Utmeldt).
        Unenrolled,
        /// Never was on it (FREG: AldriInnmeldt).
        NeverEnrolled,
    }
}

impl SamiLanguage {
    /// Two languages, and one before.
    pub fn sample() -> Vec<Self> {
        let two = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2022-02-06T11:00:00+01:00"),
            source: sample::text("skatteetaten"),
            reason: sample::text("Patch"),
            valid_from: sample::instant("2022-02-06T00:00:00+01:00"),
            valid_to: None,
            language: Some(vec![SamiLanguageType::Lulesamisk, SamiLanguageType::Nordsamisk]),
        };
        let one = Self {
            is_valid: Some(false),
            valid_from: sample::instant("2019-02-06T00:00:00+01:00"),
            valid_to: sample::instant("2022-02-06T00:00:00+01:00"),
            language: Some(vec![SamiLanguageType::Soersamisk]),
            ..two.clone()
        };
        vec![two, one]
    }
}

impl SamiParliamentElectoralRegistry {
    /// Somebody who is on the roll, and was not before.
    pub fn sample() -> Vec<Self> {
        let enrolled = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2021-05-10T11:00:00+02:00"),
            source: sample::text("skatteetaten"),
            reason: sample::text("Patch"),
            valid_from: sample::instant("2021-05-09T00:00:00+02:00"),
            valid_to: None,
            status: Some(SamiParliamentElectoralRegistryStatus::Enrolled),
            resolution_date: sample::day("2021-05-09"),
        };
        let never = Self {
            is_valid: Some(false),
            valid_from: None,
            valid_to: sample::instant("2021-05-09T00:00:00+02:00"),
            status: Some(SamiParliamentElectoralRegistryStatus::NeverEnrolled),
            resolution_date: sample::day("2004-02-29"),
            ..enrolled.clone()
        };
        vec![enrolled, never]
    }
}
