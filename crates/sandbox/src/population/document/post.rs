//! Where a person stays besides the home, and where post goes.

use crate::calendar::Day;
use crate::freg::wire::{
    Meta, Oppholdsadresse, Postadresse, PostadresseIFrittFormat, PostadresseIUtlandet,
    Postboksadresse, Poststed, PreferertKontaktadresse, UtenlandskAdresse,
    UtenlandskAdresseIFrittFormat, Vegadresse,
};
use crate::population::address::{Home, grade};
use crate::population::household::Standing;
use crate::population::layout::TODAY;
use crate::population::name::Country;
use crate::population::rates;

use super::{Sheet, names};

const BOX_OWNERS: &[&str] = &["Trist Balsam", "Sør-Ås Verge AS", "v/ mor", ""];
const LINES: &[&[&str]] = &[
    &["Ås gård", "", "v/ bestyrer"],
    &["Poste restante"],
    &["M/S Nordlys", "c/o Hurtigruten"],
    &["Seterstua", "Øvre Åsen", "", ""],
];

impl Sheet<'_> {
    /// Where a person stays: of D-numbers the only address.
    pub(super) fn present_address(&mut self, grade: &'static str) -> Vec<Oppholdsadresse> {
        let temporary = self.member.is_temporary();
        let often = if temporary { rates::PRESENT_ADDRESS_D } else { rates::PRESENT_ADDRESS };
        let here = temporary || (self.member.is_resident() && self.member.age() >= 16);
        if !here || self.member.died.is_some() || !self.stamps.dice.falls(often) {
            return Vec::new();
        }
        let from = self.member.known_from().plus(30).min(TODAY.plus(-2));
        let now = self.stay(from, grade, true);
        if !temporary || !self.stamps.dice.chance(250) {
            return vec![now];
        }
        let mut items = vec![now, self.stay(from.plus(-90), grade, false)];
        self.stamps.disorder(&mut items);
        items
    }

    fn stay(&mut self, from: Day, grade: &'static str, current: bool) -> Oppholdsadresse {
        let temporary = self.member.is_temporary();
        let home = Home::new(&mut self.stamps.dice);
        let elsewhere = match self.stamps.dice.below(10) {
            _ if temporary => None,
            0..2 => Some("militaer"),
            2..4 => Some("utenriks"),
            4..6 => Some("paaSvalbard"),
            6..9 => Some("pendler"),
            _ => None,
        };
        let abroad = match elsewhere {
            Some("utenriks") => self.stamps.dice.chance(800),
            Some("militaer") => self.stamps.dice.chance(300),
            _ => false,
        };
        let country = names::destination(self.family, self.slot);
        let mut item = Oppholdsadresse {
            meta: self.stamps.meta(from, current, "Oppholdsadresse og opphold annet sted"),
            adressegradering: grade.into(),
            oppholdsadressedato: Some(from.iso().into()),
            opphold_annet_sted: elsewhere.map(Into::into),
            ..Oppholdsadresse::default()
        };
        if abroad {
            item.utenlandsk_adresse = Some(self.foreign_address(country));
        } else if elsewhere == Some("paaSvalbard") {
            item.vegadresse = Some(self.longyearbyen());
        } else if home.is_unknown() || elsewhere == Some("utenriks") || self.stamps.dice.chance(60)
        {
            item.adressen_er_ukjent = Some(true);
        } else {
            item.vegadresse = home.road(from);
            item.matrikkeladresse = home.cadastral(from);
            item.adresse_identifikator_fra_matrikkelen = home.cadastre_key();
        }
        item
    }

    fn longyearbyen(&mut self) -> Vegadresse {
        Vegadresse {
            kommunenummer: "2100".into(),
            adressenavn: format!("Vei {}", self.stamps.dice.between(200, 240)).into(),
            adressekode: Some(self.stamps.dice.between(1000, 1040).to_string().into()),
            poststed: Some(Poststed {
                poststedsnavn: Some("LONGYEARBYEN".into()),
                postnummer: Some("9170".into()),
            }),
            ..Vegadresse::default()
        }
    }

    /// A post box, a road, or lines as somebody wrote them.
    pub(super) fn postal_address(&mut self, grade: &'static str) -> Vec<Postadresse> {
        if !self.member.is_resident() || !self.stamps.dice.falls(rates::POSTAL_ADDRESS) {
            return Vec::new();
        }
        let from = self.member.known_from().plus(400).min(TODAY.plus(-2));
        let now = self.post(from, grade, true);
        let mut items = vec![now];
        if self.stamps.dice.chance(200) {
            items.push(self.post(from.plus(-200), grade, false));
        }
        self.stamps.disorder(&mut items);
        items
    }

    fn post(&mut self, from: Day, grade: &'static str, current: bool) -> Postadresse {
        let home = Home::new(&mut self.stamps.dice);
        let mut item = Postadresse {
            meta: self.stamps.meta(from, current, "Postadresse"),
            adressegradering: grade.into(),
            ..Postadresse::default()
        };
        match (self.stamps.dice.below(3), home.road(from)) {
            (0, _) => {
                let owner = self.stamps.dice.pick(BOX_OWNERS);
                item.postboksadresse = Some(Postboksadresse {
                    postbokseier: self.stamps.dice.chance(400).then(|| owner.into()),
                    postboks: format!("Postboks {}", self.stamps.dice.between(1, 4000)).into(),
                    poststed: Some(home.town()),
                });
            }
            (1, Some(road)) => {
                item.vegadresse = Some(road.for_post());
                item.adresse_identifikator_fra_matrikkelen = home.cadastre_key();
            }
            _ => {
                let lines = self.stamps.dice.pick(LINES);
                item.postadresse_i_fritt_format = Some(PostadresseIFrittFormat {
                    adresselinje: lines.iter().map(|line| (*line).into()).collect(),
                    poststed: Some(home.town()),
                });
            }
        }
        item
    }

    pub(super) fn foreign_post(&mut self, grade: &'static str) -> Vec<PostadresseIUtlandet> {
        let often = match self.member.standing {
            Standing::Emigrated { .. } => rates::FOREIGN_POST_EMIGRATED,
            Standing::Temporary { .. } => rates::FOREIGN_POST_D,
            _ => 0,
        };
        if self.member.died.is_some() || !self.stamps.dice.falls(often) {
            return Vec::new();
        }
        let from = self.member.known_from().max(self.member.until().min(TODAY.plus(-1)));
        let from = if self.member.is_temporary() { self.member.known_from() } else { from };
        let country = match self.member.standing {
            Standing::Temporary { .. } => self.member.country,
            _ => None,
        };
        let country = country.unwrap_or_else(|| names::destination(self.family, self.slot));
        let mut item = PostadresseIUtlandet {
            meta: self.stamps.meta(from, true, "Postadresse"),
            adressegradering: grade.into(),
            ..PostadresseIUtlandet::default()
        };
        if self.stamps.dice.chance(250) {
            let known = !self.stamps.dice.chance(100);
            item.utenlandsk_adresse_i_fritt_format = Some(UtenlandskAdresseIFrittFormat {
                adresselinje: vec!["Ul. Długa 7/3".into(), "".into(), country.city.into()],
                postkode: known.then(|| country.postcode.into()),
                by_eller_stedsnavn: known.then(|| country.city.into()),
                landkode: known.then(|| country.alpha2.into()),
            });
        } else {
            item.utenlandsk_adresse = Some(self.foreign_address(country));
        }
        vec![item]
    }

    /// A street, a box, or a flat high up; the country is not always known.
    fn foreign_address(&mut self, country: &'static Country) -> UtenlandskAdresse {
        let mut address = foreign(country);
        match self.stamps.dice.below(10) {
            0..2 => {
                address.adressenavn = None;
                address.postboks = Some(self.stamps.dice.between(1, 9999).to_string().into());
            }
            2..4 => {
                address.bygning = Some("Blok C".into());
                address.etasjenummer = Some(self.stamps.dice.between(0, 24).to_string().into());
                address.boenhet = Some("12 b".into());
                address.distriktsnavn = Some("Śródmieście".into());
                address.region = Some("Øvre Region".into());
            }
            4 => address.co_adressenavn = Some("c/o Müller".into()),
            5 => {
                let unknown = self.stamps.dice.pick(&["YY", "XX"]);
                address = UtenlandskAdresse { landkode: unknown.into(), ..Default::default() };
            }
            _ => {}
        }
        address
    }

    /// Given up in 2021: most that are left are empty.
    pub(super) fn preferred_contact(
        &mut self,
        grade: &'static str,
    ) -> Vec<PreferertKontaktadresse> {
        let grown = self.member.is_resident() && self.member.age() > 30;
        if !grown || !self.stamps.dice.falls(rates::PREFERRED_CONTACT) {
            return Vec::new();
        }
        let meta = self.stamps.meta(Day::of(2019, 3, 1), true, "Postadresse");
        let mut item = PreferertKontaktadresse { meta, ..PreferertKontaktadresse::default() };
        if self.stamps.dice.chance(300) {
            let choice = self.stamps.dice.pick(&["bostedsadresse", "postadresse"]);
            item.valg = Some(choice.into());
            item.adressegradering = Some(grade.into());
            item.kontaktadresse_i_fritt_format = Some(PostadresseIFrittFormat {
                adresselinje: vec!["Gamle Postvei 3".into()],
                poststed: None,
            });
        }
        vec![item]
    }
}

/// An address in another country.
pub(crate) fn foreign(country: &Country) -> UtenlandskAdresse {
    let code = country.postcode;
    UtenlandskAdresse {
        adressenavn: Some("Main street 4".into()),
        postkode: (!code.is_empty()).then_some(code.into()),
        by_eller_stedsnavn: Some(country.city.into()),
        landkode: country.alpha2.into(),
        ..UtenlandskAdresse::default()
    }
}

/// The one address a strictly confidential person has: a shared box, graded as open.
pub(crate) fn strict_post(meta: Meta) -> Postadresse {
    Postadresse {
        meta,
        postboksadresse: Some(Postboksadresse {
            postbokseier: Some("SOT 6".into()),
            postboks: "Postboks 2094 Vika".into(),
            poststed: Some(Poststed {
                poststedsnavn: Some("OSLO".into()),
                postnummer: Some("0125".into()),
            }),
        }),
        adressegradering: grade::OPEN.into(),
        ..Postadresse::default()
    }
}
