//! Guardianship, or a power of attorney for the future: who acts for the person.

use super::sample;
use super::shape::shape;
use super::{Gender, IdentifyingInformation, Name};
use crate::id::IdentityNumber;
use crate::time::Day;

shape! {
    /// That somebody acts for the person, and in what. A person may have several that hold now
    /// (FREG: VergemaalRepresentasjonEllerFremtidsfullmakt).
    part GuardianshipOrFuturePowerOfAttorney {
        /// What kind of arrangement it is (FREG: Vergemaaltype).
        guardianship_type: GuardianshipType,
        /// The county governor's office behind it, as the source spells it, which varies
        /// (FREG: Embete).
        office: String,
        /// The one who acts, and in what (FREG: Verge).
        guardian: GuardianOrProxy,
    }
}

shape! {
    /// The kinds of arrangement.
    values GuardianshipType {
        /// A representative for a child who has come alone to seek asylum
        /// (FREG: EnsligMindreaarigAsylsoeker).
        SingleMinorAsylumSeeker,
        /// For a child who has come alone as a refugee (FREG: EnsligMindreaarigFlyktning).
        SingleMinorRefugee,
        /// For an adult (FREG: Voksen).
        Adult,
        /// For an adult, for a limited time (FREG: MidlertidigForVoksen).
        TemporaryForAdult,
        /// For somebody under age (FREG: Mindreaarig).
        Minor,
        /// For somebody under age, for a limited time (FREG: MidlertidigForMindreaarig).
        TemporaryForMinor,
        /// Means that are managed for somebody without a guardian
        /// (FREG: ForvaltningUtenforVergemaal).
        ManagementOutsideGuardianship,
        /// A power of attorney that the person once gave and the authorities have confirmed
        /// (FREG: StadfestetFremtidsfullmakt).
        ConfirmedFuturePowerOfAttorney,
    }
}

shape! {
    /// The one who acts for the person. Registrations from before November 2023 have `name` and
    /// `guardianshipScope`; later ones have `guardianInformation` and `guardianServiceArea` in
    /// their place. One who is in the register may have nothing but the number
    /// (FREG: VergeRepresentantEllerFullmektig).
    object GuardianOrProxy {
        /// The name, in older registrations (FREG: Navn).
        name: Name,
        /// The number, of one who is in the register (FREG: FoedselsEllerDNummer).
        #[schema(value_type = Option<String>)]
        identification_number: IdentityNumber,
        /// What the mandate covers, in older registrations (FREG: Vergemaalsomfang).
        guardianship_scope: GuardianshipScope,
        /// Whether the mandate covers personal matters (FREG: OmfangetErInnenPersonligOmraade).
        is_guardianship_in_personal_scope: bool,
        /// The same as `guardianInformation`, with one citizenship only
        /// (FREG: PersonNavnFoedselsdato).
        name_birth_date: PersonNameBirthDate,
        /// Who it is, told without a number (FREG: PersonNavnFoedselsdato).
        guardian_information: IdentifyingInformation,
        /// In what the guardian may act (FREG: VergeTjenesteomraade).
        guardian_service_area: Vec<GuardianServiceArea>,
    }
}

shape! {
    /// What a mandate may cover.
    values GuardianshipScope {
        /// Immigration cases, personal interests and finances
        /// (FREG: UtlendingssakerPersonligeOgOekonomiskeInteresser).
        ImmigrationPersonalAndFinancialInterests,
        /// Personal interests and finances (FREG: PersonligeOgOekonomiskeInteresser).
        PersonalAndFinancialInterests,
        /// Finances (FREG: OekonomiskeInteresser).
        FinancialInterests,
        /// Personal interests (FREG: PersonligeInteresser).
        PersonalInterests,
    }
}

shape! {
    /// Who somebody is, told without a number (FREG: PersonNavnFoedselsdato).
    // Marked here because utoipa cannot mark a field that refers to an object.
    #[schema(deprecated)]
    object PersonNameBirthDate {
        /// The name (FREG: PersonName).
        name: Name,
        /// Day of birth (FREG: Foedselsdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        birth_date: Day,
        /// The first citizenship, three letters (FREG: Statsborgerskap).
        citizenship: String,
        /// The sex (FREG: Kjoenn).
        gender: Gender,
    }
}

shape! {
    /// One task that a guardian may do. Both names are the source's own words, and new ones come
    /// (FREG: VergeTjenesteOmraade).
    object GuardianServiceArea {
        /// Where it is done, such as `helfo` or `kommune` (FREG: VergeTjenesteVirksomhet).
        guardian_service_establishment: String,
        /// What is done there, such as `fastlege` (FREG: VergeTjenesteoppgave).
        guardian_service_task: String,
    }
}

impl PersonNameBirthDate {
    /// The deprecated form of the same information.
    pub fn of(information: &IdentifyingInformation) -> Self {
        let IdentifyingInformation { person_name, birth_date, citizenship, gender } = information;
        Self {
            name: person_name.clone(),
            birth_date: *birth_date,
            citizenship: citizenship.as_ref().and_then(|all| all.first().cloned()),
            gender: *gender,
        }
    }
}

impl GuardianshipOrFuturePowerOfAttorney {
    /// A guardian by number, one without a number, and the first of them in the older form.
    pub fn sample() -> Vec<Self> {
        let held = |registered, from| Self {
            is_valid: Some(true),
            registered_at: sample::instant(registered),
            source: sample::text("Statens Sivilrettsforvaltning"),
            reason: sample::text("Vergemål"),
            valid_from: sample::instant(from),
            ..Self::default()
        };
        let by_number = Self {
            guardianship_type: Some(GuardianshipType::Adult),
            office: sample::text("statsforvalterenITromsOgFinnmark"),
            guardian: Some(GuardianOrProxy {
                identification_number: Some("17875098164".into()),
                guardian_service_area: Some(vec![
                    task("helfo", "fastlege"),
                    task("kommune", "helseOgOmsorg"),
                ]),
                ..GuardianOrProxy::default()
            }),
            ..held("2023-11-20T13:56:45.876468+01:00", "2021-03-01T00:00:00+01:00")
        };
        let described = described();
        let without_number = Self {
            guardianship_type: Some(GuardianshipType::ConfirmedFuturePowerOfAttorney),
            office: sample::text("statsforvaltarenIVestland"),
            guardian: Some(GuardianOrProxy {
                is_guardianship_in_personal_scope: Some(true),
                name_birth_date: Some(PersonNameBirthDate::of(&described)),
                guardian_information: Some(described),
                ..GuardianOrProxy::default()
            }),
            ..held("2024-02-29T08:00:00+01:00", "2020-06-01T00:00:00+02:00")
        };
        let before = Self {
            is_valid: Some(false),
            valid_to: sample::instant("2023-11-01T00:00:00+01:00"),
            guardianship_type: Some(GuardianshipType::TemporaryForAdult),
            office: sample::text("fylkesmannenITromsOgFinnmark"),
            guardian: Some(GuardianOrProxy {
                name: Some(name("Øyvind", "Nilsen", "Ås")),
                identification_number: Some("17875098164".into()),
                guardianship_scope: Some(GuardianshipScope::PersonalAndFinancialInterests),
                is_guardianship_in_personal_scope: Some(true),
                ..GuardianOrProxy::default()
            }),
            ..held("2021-03-02T07:18:13+01:00", "2021-03-01T00:00:00+01:00")
        };
        vec![by_number, without_number, before]
    }
}

fn task(establishment: &str, task: &str) -> GuardianServiceArea {
    GuardianServiceArea {
        guardian_service_establishment: sample::text(establishment),
        guardian_service_task: sample::text(task),
    }
}

fn name(given: &str, middle: &str, family: &str) -> Name {
    Name {
        given_name: sample::text(given),
        middle_name: sample::text(middle),
        family_name: sample::text(family),
    }
}

fn described() -> IdentifyingInformation {
    IdentifyingInformation {
        person_name: Some(name("Márjá", "Sunna", "Næss")),
        birth_date: sample::day("1964-02-29"),
        citizenship: Some(vec!["FIN".to_owned(), "SWE".to_owned()]),
        gender: Some(Gender::Female),
    }
}
