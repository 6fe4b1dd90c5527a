//! Marital status: whether, when, where and to whom the person is married.

use super::sample;
use super::shape::shape;
use crate::id::IdentityNumber;
use crate::time::Day;

shape! {
    /// Whether the person is married, and how that came about (FREG: Sivilstand).
    part MaritalStatus {
        /// The status (FREG: Sivilstand).
        status: MaritalStatusType,
        /// The day it came about (FREG: SivilstandDato).
        #[schema(value_type = Option<String>, format = DateTime)]
        status_date: Day,
        /// The authority that brought it about, in the source's own words (FREG: Myndighet).
        authority: String,
        /// Municipality where it came about, four digits (FREG: Kommune).
        municipality_number: String,
        /// Name of the municipality (SSB: Kommunenavn).
        municipality_name: String,
        /// County, two digits (SSB: Fylkesnummer).
        county_number: String,
        /// Name of the county (SSB: Fylkesnavn).
        county_name: String,
        /// Place, in the source's own words (FREG: Sted).
        place: String,
        /// Country where it came about, when not in Norway (FREG: Utland).
        abroad: String,
        /// The spouse's or partner's number; not for restricted access
        /// (FREG: RelatertVedSivilstand).
        #[schema(value_type = Option<String>)]
        related_by_marital_status: IdentityNumber,
    }
}

shape! {
    /// The ways of being married or not.
    values MaritalStatusType {
        /// Not stated (FREG: Uoppgitt).
        Unspecified,
        /// Never married (FREG: Ugift).
        Unmarried,
        /// Married (FREG: Gift).
        Married,
        /// The spouse has died (FREG: EnkeEllerEnkemann).
        WidowOrWidower,
        /// Divorced (FREG: Skilt).
        Divorced,
        /// Separated (FREG: Separert).
        Separated,
        /// In a registered partnership (FREG: RegistrertPartner).
        RegisteredPartner,
        /// Separated from a registered partner (FREG: SeparertPartner).
        SeparatedPartner,
        /// The registered partnership has been dissolved (FREG: SkiltPartner).
        DivorcedPartner,
        /// The registered partner has died (FREG: GjenlevendePartner).
        SurvivingPartner,
    }
}

impl MaritalStatus {
    /// Takes the spouse away. Every item counts as masked: were the reason kept where there is no
    /// spouse to hide, its absence would tell where there is one.
    pub(crate) fn mask(&mut self) -> bool {
        self.related_by_marital_status = None;
        true
    }

    /// A second marriage, and the end of the first.
    pub fn sample() -> Vec<Self> {
        let married = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2015-06-20T09:15:30+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Vigsel"),
            valid_from: sample::instant("2015-06-20T00:00:00+02:00"),
            valid_to: None,
            status: Some(MaritalStatusType::Married),
            status_date: sample::day("2015-06-20"),
            authority: sample::text("DEN_NORSKE_KIRKE"),
            municipality_number: sample::text("4647"),
            municipality_name: sample::text("Sunnfjord"),
            county_number: sample::text("46"),
            county_name: sample::text("Vestland"),
            place: sample::text("Førde kyrkje"),
            abroad: sample::text("SWE"),
            related_by_marital_status: Some("12888098765".into()),
        };
        let divorced = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2010-10-10T00:00:00+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Skilsmisse"),
            valid_from: sample::instant("2010-10-10T00:00:00+02:00"),
            valid_to: sample::instant("2015-06-20T00:00:00+02:00"),
            status: Some(MaritalStatusType::Divorced),
            status_date: sample::day("2010-10-10"),
            related_by_marital_status: Some("05858054321".into()),
            ..Self::default()
        };
        vec![married, divorced]
    }
}
