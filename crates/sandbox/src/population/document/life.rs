//! Birth and death, and who answers for what the dead left.

use crate::calendar::Day;
use crate::freg::wire::{
    AdvokatSomKontakt, Doedsfall, Foedsel, FoedselINorge, KontaktadresseForDoedsbo,
    KontaktinformasjonForDoedsbo, OrganisasjonSomKontakt, PersonSomKontakt,
};
use crate::population::address::Home;
use crate::population::layout::TODAY;
use crate::population::rates;

use super::{Sheet, names};

const INSTITUTIONS: &[&str] = &[
    "Ullevål sykehus",
    "Haukeland universitetssjukehus",
    "St. Olavs hospital",
    "Stavanger universitetssjukehus",
    "Hjemme",
    "UNN Tromsø",
    "Ahus",
    "Kongsberg sykehus",
    "Under transport",
];
/// The last year in which births were not registered with their place.
const BIRTHS_BEFORE: Day = Day::of(1970, 1, 1);

impl Sheet<'_> {
    pub(super) fn birth(&mut self) -> Vec<Foedsel> {
        let born = self.member.lane.born;
        let here = self.member.country.is_none();
        let town = self.residences.last().map(|first| first.home);
        let year_only = !here && self.stamps.dice.chance(20);
        let deviates = self.member.is_temporary();
        let deviates = deviates && self.stamps.dice.falls(rates::DEVIATING_BIRTH_DATE);
        // What the number says is not what is true.
        let date = if deviates { born.plus(-self.stamps.dice.between(1, 200)) } else { born };
        vec![Foedsel {
            meta: self.stamps.timeless(born, "Fødsel"),
            foedselsdato: (!year_only).then(|| date.iso().into()),
            foedselsaar: date.year().to_string().into(),
            foedested: match self.member.country {
                Some(country) => Some(country.city.into()),
                None => town.and_then(|home| home.town().poststedsnavn),
            },
            foedekommune_i_norge: town.filter(|_| here).map(|home| home.municipality(born).into()),
            foedeland: Some(self.member.country.map_or("NOR", |country| country.alpha3).into()),
        }]
    }

    pub(super) fn birth_in_norway(&mut self) -> Vec<FoedselINorge> {
        let born = self.member.lane.born;
        if self.member.country.is_some() || born < BIRTHS_BEFORE {
            return Vec::new();
        }
        let order = self.order_of_birth().or(self.stamps.dice.chance(60).then_some(11));
        vec![FoedselINorge {
            meta: self.stamps.meta(born, true, "Fødsel"),
            foedselsinstitusjonsnavn: Some(self.stamps.dice.pick(INSTITUTIONS).into()),
            rekkefoelgenummer: order,
        }]
    }

    /// How many were born together, and which of them this is: 32 is the second of three.
    fn order_of_birth(&self) -> Option<i64> {
        let couple = self.family.template.parents_of(self.slot).filter(|_| !self.member.alone)?;
        let same = |slot: usize| {
            let other = &self.family.members[slot];
            !other.alone && other.lane.born == self.member.lane.born
        };
        let siblings = self.family.template.children.iter().filter(|(_, of)| *of == couple);
        let together: Vec<usize> = siblings.map(|row| row.0).filter(|slot| same(*slot)).collect();
        let position = together.iter().position(|slot| *slot == self.slot)?;
        (together.len() > 1).then_some(together.len() as i64 * 10 + position as i64 + 1)
    }

    pub(super) fn death(&mut self) -> Option<Doedsfall> {
        let died = self.member.died?;
        let unknown = self.stamps.dice.falls(rates::DEATH_WITHOUT_DATE);
        Some(Doedsfall {
            meta: self.stamps.meta(died, true, "Dødsfall"),
            doedsdato: (!unknown).then(|| died.iso().into()),
        })
    }

    /// Whom to write to about the estate of someone who died lately.
    pub(super) fn estate(&mut self) -> Vec<KontaktinformasjonForDoedsbo> {
        let Some(died) = self.member.died.filter(|day| TODAY.years_since(*day) < 6) else {
            return Vec::new();
        };
        if !self.stamps.dice.falls(rates::ESTATE_CONTACT) {
            return Vec::new();
        }
        let issued = died.plus(self.stamps.dice.between(14, 90)).min(TODAY);
        let public = self.stamps.dice.chance(120);
        let home = Home::new(&mut self.stamps.dice);
        let town = home.town();
        let mut lines = vec![home.street_and_number().into()];
        if self.stamps.dice.chance(200) {
            lines.insert(0, "c/o Boet".into());
        }
        let mut item = KontaktinformasjonForDoedsbo {
            meta: self.stamps.meta(issued, true, "Dødsfall"),
            skifteform: if public { "offentlig" } else { "annet" }.into(),
            attestutstedelsesdato: issued.iso().into(),
            adresse: KontaktadresseForDoedsbo {
                adresselinje: lines,
                poststedsnavn: town.poststedsnavn.unwrap_or_default(),
                postnummer: town.postnummer.unwrap_or_default(),
                landkode: self.stamps.dice.chance(600).then(|| "NO".into()),
            },
            ..KontaktinformasjonForDoedsbo::default()
        };
        self.estate_contact(public, &mut item);
        vec![item]
    }

    fn estate_contact(&mut self, public: bool, item: &mut KontaktinformasjonForDoedsbo) {
        let organisation = self.stamps.dice.between(811_000_000, 999_000_000).to_string();
        let some = self.stamps.dice.chance(700);
        let someone = names::stranger(&mut self.stamps.dice);
        match self.stamps.dice.below(10) {
            _ if public => {
                item.advokat = Some(AdvokatSomKontakt {
                    personnavn: someone,
                    organisasjonsnavn: some.then(|| "Advokatfirmaet Ås & Øvrebø".into()),
                    organisasjonsnummer: some.then(|| organisation.into()),
                });
            }
            0 => {
                item.organisasjon = Some(OrganisasjonSomKontakt {
                    organisasjonsnavn: "Søndre Ås sparebank".into(),
                    organisasjonsnummer: some.then(|| organisation.into()),
                    kontaktpersonnavn: some.then_some(someone),
                });
            }
            _ => item.person = Some(self.heir(someone)),
        }
    }

    /// The spouse or a child, by number; somebody outside the register by name and date of birth.
    fn heir(&mut self, someone: crate::freg::wire::Personnavn) -> PersonSomKontakt {
        let family = self.family;
        let spouses = family.couples_of(self.slot).map(|couple| couple.partner(self.slot));
        let children = family.children(self.slot).map(|(child, _)| child);
        let grown = |slot: &usize| {
            let heir = &family.members[*slot];
            heir.is_resident() && heir.age() >= 18
        };
        match spouses.chain(children).find(grown) {
            Some(heir) => PersonSomKontakt {
                foedsels_eller_d_nummer: Some(family.number(heir).into()),
                ..PersonSomKontakt::default()
            },
            None => PersonSomKontakt {
                foedselsdato: Some(self.member.lane.born.plus_years(23).iso().into()),
                personnavn: Some(someone),
                ..PersonSomKontakt::default()
            },
        }
    }
}
