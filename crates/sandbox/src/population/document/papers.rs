//! Identity documents, numbers from elsewhere, false identities, and the use of Sámi languages.

use crate::calendar::{Moment, Spelling};
use crate::freg::wire::{
    BrukAvSamiskSpraak, Dokumentkontroll, FalskIdentitet, IdentifiserendeInformasjon,
    Legitimasjonsdokument, Meta, Personidentifikasjon,
};
use crate::population::household::Standing;
use crate::population::layout::TODAY;
use crate::population::rates;

use super::{Sheet, names};

/// Kinds of documents, the commonest more than once; the register writes no ø, æ or å in them.
const DOCUMENTS: &[&str] = &[
    "pass",
    "pass",
    "pass",
    "pass",
    "nasjonaltIdentitetskort",
    "nasjonaltIdentitetskort",
    "reisebevisForFlyktninger",
    "utlendingspass",
    "foererkort",
    "foedselsattest",
    "helsetrygdekort",
    "noedpass",
    "schengenStandardisertOppholdskort",
    "tjenestepass",
    "diplomatpass",
    "annet",
];

impl Sheet<'_> {
    /// One or two documents: this element has no history.
    pub(super) fn documents(&mut self) -> Vec<Legitimasjonsdokument> {
        let often = match self.member.standing {
            Standing::Temporary { .. } => rates::DOCUMENT_D,
            Standing::Immigrant { .. } => rates::DOCUMENT_IMMIGRANT,
            _ => 0,
        };
        let Some(country) = self.member.country.filter(|_| self.stamps.dice.falls(often)) else {
            return Vec::new();
        };
        let count = if self.stamps.dice.chance(120) { 2 } else { 1 };
        (0..count).map(|_| self.document(country.alpha3)).collect()
    }

    fn document(&mut self, country: &'static str) -> Legitimasjonsdokument {
        let from = self.member.known_from();
        let issued = from.plus(-self.stamps.dice.between(20, 1500));
        let expires = issued.plus_years(10);
        let number = self.stamps.dice.between(1_000_000, 9_999_999);
        let kind = self.stamps.dice.pick(DOCUMENTS);
        let checked = Moment::at(from, 36_000, 0).write(Spelling::any(&mut self.stamps.dice));
        let control = if self.stamps.dice.chance(600) {
            "kontrollertIdentifikasjonsdokument"
        } else {
            "ikkeKontrollertIdentifikasjonsdokument"
        };
        let some = |sheet: &mut Self, often| sheet.stamps.dice.chance(often);
        Legitimasjonsdokument {
            meta: self.stamps.meta(from, true, self.entry_reason()),
            identifikasjonsdokumentnummer: some(self, 950).then(|| format!("C{number}").into()),
            identifikasjonsdokumenttype: kind.into(),
            utstederland: country.into(),
            utstedernavn: some(self, 400).then(|| "Ministry of Interior".into()),
            gyldig_fra: some(self, 800).then(|| issued.iso().into()),
            gyldig_til: some(self, 800).then(|| expires.iso().into()),
            dokumentkontroll: some(self, 700).then(|| Dokumentkontroll {
                dokumentkontrollstatus: control.into(),
                dokumentkontrolltidspunkt: Some(checked.into()),
            }),
        }
    }

    /// Numbers that other countries gave; a new D-number may bring three at once.
    pub(super) fn foreign_numbers(&mut self) -> Vec<Personidentifikasjon> {
        const KINDS: [&str; 3] =
            ["utenlandskIdentifikasjonsnummer", "taxIdentificationNumber", "socialSecurityNumber"];
        let often = match self.member.standing {
            Standing::Temporary { .. } => rates::FOREIGN_NUMBER_D,
            Standing::Immigrant { .. } => rates::FOREIGN_NUMBER_IMMIGRANT,
            _ => 0,
        };
        let Some(country) = self.member.country.filter(|_| self.stamps.dice.falls(often)) else {
            return Vec::new();
        };
        let all = self.member.is_temporary() && self.stamps.dice.chance(330);
        let first = self.stamps.dice.below(3) as usize;
        let kinds = if all { &KINDS[..] } else { &KINDS[first..=first] };
        let from = self.member.known_from();
        let number = |number: i32| format!("{}-{number}", country.alpha2);
        kinds
            .iter()
            .map(|kind| Personidentifikasjon {
                meta: self.stamps.meta(from, true, "Tildele d-nummer"),
                identifikasjonsnummer: number(self.stamps.dice.between(100_000, 99_999_999)).into(),
                identifikasjonsnummertype: (*kind).into(),
                utstederland: country.alpha3.into(),
            })
            .collect()
    }

    /// The number the immigration authorities gave: a year and eight digits.
    pub(super) fn immigration_number(&mut self) -> Vec<Personidentifikasjon> {
        let asked = self.member.country.is_some_and(|country| !country.is_nordic());
        if !asked || !self.stamps.dice.falls(rates::DUF) {
            return Vec::new();
        }
        let from = self.member.known_from();
        let year = from.plus(-100).year().max(1990);
        let digits = self.stamps.dice.between(1_000_000, 99_999_999);
        vec![Personidentifikasjon {
            meta: self.stamps.meta(from, true, "Innvandring"),
            identifikasjonsnummer: format!("{year}{digits:08}").into(),
            identifikasjonsnummertype: "utlendingsmyndighetenesIdentifikasjonsnummer".into(),
            utstederland: "NOR".into(),
        }]
    }

    /// Why a D-number ceased: the holder was somebody else, known or not.
    pub(super) fn false_identity(&mut self) -> Option<FalskIdentitet> {
        let Standing::Temporary { since, status: "opphoert" } = self.member.standing else {
            return None;
        };
        if !self.stamps.dice.falls(rates::FALSE_IDENTITY) {
            return None;
        }
        let mut item = FalskIdentitet {
            meta: self.stamps.meta(since.plus(29).min(TODAY), true, "Opphøre person"),
            er_falsk: true,
            ..FalskIdentitet::default()
        };
        let other = self.other_resident();
        match (self.stamps.dice.below(3), other) {
            (0, Some(other)) => {
                let number = self.family.number(other);
                item.rett_identitet_ved_identifikasjonsnummer = Some(number.into());
            }
            (1, _) => item.rett_identitet_ved_opplysninger = Some(self.true_identity()),
            _ => item.rett_identitet_er_ukjent = Some(true),
        }
        Some(item)
    }

    fn true_identity(&mut self) -> IdentifiserendeInformasjon {
        let country = names::destination(self.family, self.slot).alpha3;
        let second = self.stamps.dice.chance(200);
        let citizenships = [Some(country), second.then_some("XUK")];
        IdentifiserendeInformasjon {
            personnavn: names::stranger(&mut self.stamps.dice),
            foedselsdato: Some(self.member.lane.born.plus(-77).iso().into()),
            statsborgerskap: citizenships.into_iter().flatten().map(Into::into).collect(),
            kjoenn: self.stamps.dice.chance(700).then(|| "kvinne".into()),
        }
    }

    /// The Sámi languages somebody uses: most of them where the languages are official.
    pub(super) fn sami_languages(&mut self) -> Vec<BrukAvSamiskSpraak> {
        let home = self.residences.first().map(|residence| residence.home);
        let often = match home {
            Some(home) if home.is_sami_district() => rates::SAMI_DISTRICT,
            Some(_) => rates::SAMI_ELSEWHERE,
            None => 0,
        };
        if self.member.country.is_some() || !self.stamps.dice.falls(often) {
            return Vec::new();
        }
        let languages: &[&str] = match self.stamps.dice.below(20) {
            0..3 => &["soersamisk"],
            3..6 => &["lulesamisk"],
            6 => &["nordsamisk", "lulesamisk"],
            _ => &["nordsamisk"],
        };
        let from = self.member.lane.born.plus_years(10).min(TODAY);
        let meta: Meta = self.stamps.meta(from, true, "Patch");
        vec![BrukAvSamiskSpraak {
            meta,
            spraak: languages.iter().map(|word| (*word).into()).collect(),
        }]
    }
}
