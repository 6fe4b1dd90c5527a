//! Where a person lives, lived and gets post, and who may know it.

use crate::calendar::Day;
use crate::freg::wire::{
    Adressebeskyttelse, Bostedsadresse, Folkeregisterperson, Oppholdsadresse, Postadresse,
    PostadresseIFrittFormat, PostadresseIUtlandet, Postboksadresse, Poststed, UtenlandskAdresse,
};
use crate::population::address::{Home, REFORMS, grade};
use crate::population::history::{Residence, home_owner};
use crate::population::household::Standing;
use crate::population::layout::TODAY;
use crate::population::name::Country;

use super::{Sheet, names};

/// How a home is protected; everyone who lives there shares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    None,
    /// Ended: the person is graded as open again.
    Former,
    Client,
    Confidential,
    /// Strictly confidential; old addresses may have been left behind, graded as open.
    Strict {
        leaks: bool,
    },
}

impl Sheet<'_> {
    pub(super) fn addresses(&mut self, person: &mut Folkeregisterperson) {
        let protection = self.protection();
        person.adressebeskyttelse = self.protection_item(protection).into_iter().collect();
        person.bostedsadresse = self.homes(protection);
        let grade = match protection {
            Protection::Confidential => grade::CONFIDENTIAL,
            _ => grade::OPEN,
        };
        if let Protection::Strict { .. } = protection {
            let from = self.protected_from();
            person.postadresse = vec![strict_post(self.stamps.meta(from, true, "Postadresse"))];
            return;
        }
        person.oppholdsadresse = self.present_address(grade).into_iter().collect();
        person.postadresse = self.postal_address(grade).into_iter().collect();
        person.postadresse_i_utlandet = self.foreign_post(grade).into_iter().collect();
    }

    fn protection(&mut self) -> Protection {
        if !self.member.is_resident() || self.residences.is_empty() {
            return Protection::None;
        }
        let owner = home_owner(self.family, self.slot);
        let mut dice = self.family.dice(0x9207, owner as u64);
        match dice.below(1000) {
            0..3 => Protection::Strict { leaks: dice.chance(600) },
            3..9 => Protection::Confidential,
            9..13 => Protection::Client,
            13..16 => Protection::Former,
            _ => Protection::None,
        }
    }

    /// The day the present home was protected: some time after it was moved into.
    fn protected_from(&self) -> Day {
        let moved = self.residences.first().map_or(TODAY, |residence| residence.from);
        moved.plus(40).min(TODAY.plus(-3)).max(moved)
    }

    fn protection_item(&mut self, protection: Protection) -> Option<Adressebeskyttelse> {
        let word = match protection {
            Protection::None | Protection::Client => return None,
            Protection::Former => grade::OPEN,
            Protection::Confidential => grade::CONFIDENTIAL,
            Protection::Strict { .. } => grade::STRICT,
        };
        let from = self.protected_from();
        let meta = self.stamps.meta(from, true, "Adressebeskyttelse");
        Some(Adressebeskyttelse { meta, graderingsnivaa: word.into() })
    }

    fn homes(&mut self, protection: Protection) -> Vec<Bostedsadresse> {
        let residences = std::mem::take(&mut self.residences);
        let end = self.member.until();
        let mut items = Vec::with_capacity(residences.len());
        for (at, residence) in residences.iter().enumerate() {
            let newest = at == 0;
            let grade = match protection {
                Protection::Strict { leaks: false } => continue,
                Protection::Strict { leaks: true } if newest && residences.len() > 1 => continue,
                Protection::Confidential => grade::CONFIDENTIAL,
                Protection::Client if newest => grade::CLIENT,
                _ => grade::OPEN,
            };
            let strict = matches!(protection, Protection::Strict { .. });
            items.push(self.home(residence, newest && !strict, end, grade));
        }
        self.residences = residences;
        items
    }

    fn home(
        &mut self,
        residence: &Residence,
        newest: bool,
        end: Day,
        grade: &'static str,
    ) -> Bostedsadresse {
        let Residence { home, moved, from } = *residence;
        let reason = if REFORMS.contains(&from) && moved != from {
            "Kommuneregulering"
        } else if moved == self.known_from() {
            self.entry_reason()
        } else {
            "Flytting innenlands"
        };
        let meta = if newest && end < TODAY {
            self.stamps.ended(from, end, reason)
        } else {
            self.stamps.meta(from, newest, reason)
        };
        home.residence(meta, moved, from, grade)
    }

    fn present_address(&mut self, grade: &'static str) -> Option<Oppholdsadresse> {
        let temporary = matches!(self.member.standing, Standing::Temporary { .. });
        let often = if temporary { 550 } else { 25 };
        if self.member.died.is_some() || !self.stamps.dice.chance(often) {
            return None;
        }
        let from = self.known_from().plus(30).min(TODAY.plus(-2));
        let home = Home::new(&mut self.stamps.dice);
        let elsewhere = (!temporary)
            .then(|| self.stamps.dice.pick(&["militaer", "utenriks", "paaSvalbard", "pendler"]));
        let country = names::destination(self.family, self.slot);
        let abroad = elsewhere == Some("utenriks");
        let road = home.road(from).filter(|_| !abroad);
        let unknown = road.is_none() && !abroad;
        Some(Oppholdsadresse {
            meta: self.stamps.meta(from, true, "Oppholdsadresse og opphold annet sted"),
            adresse_identifikator_fra_matrikkelen: road.as_ref().map(|_| "269219256".into()),
            vegadresse: road,
            utenlandsk_adresse: abroad.then(|| foreign(country)),
            adressen_er_ukjent: unknown.then_some(true),
            adressegradering: grade.into(),
            oppholdsadressedato: Some(from.iso().into()),
            opphold_annet_sted: elsewhere.map(Into::into),
        })
    }

    fn postal_address(&mut self, grade: &'static str) -> Option<Postadresse> {
        if !self.member.is_resident() || !self.stamps.dice.chance(140) {
            return None;
        }
        let from = self.known_from().plus(400).min(TODAY.plus(-2));
        let home = Home::new(&mut self.stamps.dice);
        let mut item = Postadresse {
            meta: self.stamps.meta(from, true, "Postadresse"),
            postboksadresse: None,
            vegadresse: None,
            postadresse_i_fritt_format: None,
            adressegradering: grade.into(),
        };
        match (self.stamps.dice.below(3), home.road(from)) {
            (0, _) => {
                item.postboksadresse = Some(Postboksadresse {
                    postbokseier: self.stamps.dice.chance(400).then_some("Trist Balsam".into()),
                    postboks: format!("Postboks {}", self.stamps.dice.between(1, 4000)).into(),
                    poststed: Some(home.town()),
                });
            }
            (1, Some(road)) => item.vegadresse = Some(road),
            _ => {
                item.postadresse_i_fritt_format = Some(PostadresseIFrittFormat {
                    adresselinje: vec!["Ås gård".into(), "".into(), "v/ bestyrer".into()],
                    poststed: Some(home.town()),
                });
            }
        }
        Some(item)
    }

    fn foreign_post(&mut self, grade: &'static str) -> Option<PostadresseIUtlandet> {
        let often = match self.member.standing {
            Standing::Emigrated { .. } => 700,
            Standing::Temporary { .. } => 400,
            _ => 0,
        };
        if self.member.died.is_some() || !self.stamps.dice.chance(often) {
            return None;
        }
        let from = self.known_from().max(self.member.until().min(TODAY.plus(-1)));
        let country =
            self.member.country.unwrap_or_else(|| names::destination(self.family, self.slot));
        Some(PostadresseIUtlandet {
            meta: self.stamps.meta(from, true, "Postadresse"),
            utenlandsk_adresse: Some(foreign(country)),
            adressegradering: grade.into(),
        })
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
    }
}

/// The one address a strictly confidential person has: a shared box, graded as open.
pub(crate) fn strict_post(meta: crate::freg::wire::Meta) -> Postadresse {
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
        vegadresse: None,
        postadresse_i_fritt_format: None,
        adressegradering: grade::OPEN.into(),
    }
}
