//! Marital status and relations: always told from both sides.

use crate::calendar::Day;
use crate::freg::wire::{Familierelasjon, RelatertBiPerson, Sivilstand};
use crate::population::household::{Bond, Couple, Standing};
use crate::population::number::Sex;
use crate::population::rates;

use super::{Sheet, names};

/// The words of the four stages of a bond: bound, separated, divorced, widowed.
fn words(bond: Bond) -> [&'static str; 4] {
    if bond == Bond::Registered {
        ["registrertPartner", "separertPartner", "skiltPartner", "gjenlevendePartner"]
    } else {
        ["gift", "separert", "skilt", "enkeEllerEnkemann"]
    }
}

/// A marital status with the day it began and the partner it concerns.
struct Stage {
    from: Day,
    word: &'static str,
    reason: &'static str,
    partner: Option<usize>,
}

impl Sheet<'_> {
    /// Current status first.
    pub(super) fn marital_statuses(&mut self) -> Vec<Sivilstand> {
        let stages = self.stages();
        let newest = stages.len() - 1;
        let mut items = Vec::with_capacity(stages.len());
        for (at, stage) in stages.into_iter().enumerate().rev() {
            let wedding = stage.reason == "Vigsel";
            const AUTHORITIES: [&str; 8] = [
                "STATSFORVALTEREN",
                "DEN_NORSKE_KIRKE",
                "DEN_NORSKE_KIRKE",
                "ANSATT_I_KOMMUNE",
                "DOMSTOLEN",
                "FOLKEREGISTERMYNDIGHETEN",
                "UTENLANDSK_MYNDIGHET",
                "",
            ];
            let authority = self.stamps.dice.pick(&AUTHORITIES);
            let home = self.residences.last().map(|first| first.home);
            items.push(Sivilstand {
                meta: self.stamps.meta(stage.from, at == newest, stage.reason),
                sivilstand: stage.word.into(),
                sivilstandsdato: Some(stage.from.iso().into()),
                myndighet: (stage.partner.is_some() && !authority.is_empty())
                    .then_some(authority.into()),
                kommune: home.filter(|_| wedding).map(|home| home.municipality(stage.from).into()),
                sted: wedding.then_some("Rådhuset".into()),
                utland: (wedding && self.stamps.dice.chance(40)).then_some("DNK".into()),
                relatert_ved_sivilstand: stage
                    .partner
                    .map(|partner| self.family.number(partner).into()),
            });
        }
        self.stamps.disorder(&mut items);
        items
    }

    fn stages(&self) -> Vec<Stage> {
        let stage = |from, word, reason, partner| Stage { from, word, reason, partner };
        let first = match self.member.standing {
            Standing::Temporary { since, .. } => stage(since, "uoppgitt", "Tildele d-nummer", None),
            _ => stage(self.member.known_from(), "ugift", self.entry_reason(), None),
        };
        let mut stages = vec![first];
        for couple in self.family.couples_of(self.slot).filter(|couple| couple.is_formal()) {
            let words = words(couple.bond);
            let other = couple.partner(self.slot);
            let partner = Some(other);
            stages.push(stage(couple.since, words[0], "Vigsel", partner));
            if let Some(day) = couple.separated {
                stages.push(stage(day, words[1], "Separasjon", partner));
            }
            if let Some(day) = couple.divorced {
                stages.push(stage(day, words[2], "Skilsmisse", partner));
            } else if let Some(day) = self.widowed_on(other) {
                stages.push(stage(day, words[3], "Dødsfall", partner));
            }
        }
        stages
    }

    /// The day the other's death left this member behind.
    fn widowed_on(&self, other: usize) -> Option<Day> {
        let died = self.family.members[other].died?;
        self.member.died.is_none_or(|own| own > died).then_some(died)
    }

    /// Parents, children and spouse.
    pub(super) fn relations(&mut self) -> Vec<Familierelasjon> {
        let mut items = Vec::new();
        let family = self.family;
        let born = self.member.lane.born;
        for parent in family.parents(self.slot) {
            items.push(self.relation(parent.slot, born, "Fødsel", parent.role, "barn"));
        }
        let alone = items.len() == 1 && family.parents(self.slot).all(|one| one.role == "mor");
        if alone && self.stamps.dice.falls(rates::PARENT_WITHOUT_NUMBER) {
            items.push(self.father_outside_the_register(born));
        }
        for (child, role) in family.children(self.slot) {
            let born = family.members[child].lane.born;
            items.push(self.relation(child, born, "Fødsel", "barn", role));
        }
        for couple in family.couples_of(self.slot).filter(|couple| couple.is_formal()) {
            items.push(self.spouse(couple));
        }
        items.extend(self.stillbirth());
        items
    }

    /// A child that was dead when it was born: by date, mostly without a name.
    fn stillbirth(&mut self) -> Option<Familierelasjon> {
        let couple = self.family.couples_of(self.slot).next()?;
        let mother = self.member.lane.sex == Sex::Female && self.member.known_from() < couple.since;
        let day = couple.since.plus(430);
        if !mother || day >= self.member.until() || !self.stamps.dice.falls(rates::STILLBIRTH) {
            return None;
        }
        let named = self.stamps.dice.chance(300);
        Some(Familierelasjon {
            meta: self.stamps.meta(day, true, "Fødsel"),
            relatert_person_uten_folkeregisteridentifikator: Some(RelatertBiPerson {
                navn: named.then(|| names::stranger(&mut self.stamps.dice)),
                foedselsdato: Some(day.iso().into()),
                statsborgerskap: None,
                kjoenn: Some(if self.stamps.dice.chance(500) { "mann" } else { "kvinne" }.into()),
            }),
            relatert_persons_rolle: "doedfoedtBarn".into(),
            min_rolle_for_person: Some("mor".into()),
            ..Familierelasjon::default()
        })
    }

    fn relation(
        &mut self,
        other: usize,
        from: Day,
        reason: &'static str,
        role: &'static str,
        mine: &'static str,
    ) -> Familierelasjon {
        Familierelasjon {
            meta: self.stamps.meta(from, true, reason),
            relatert_person: Some(self.family.number(other).into()),
            relatert_person_uten_folkeregisteridentifikator: None,
            relatert_persons_rolle: role.into(),
            min_rolle_for_person: Some(mine.into()),
        }
    }

    fn spouse(&mut self, couple: &Couple) -> Familierelasjon {
        const ROLE: &str = "ektefelleEllerPartner";
        let other = couple.partner(self.slot);
        let end = couple.divorced.or(self.family.first_death(couple));
        let mut item = self.relation(other, couple.since, "Vigsel", ROLE, ROLE);
        if let Some(end) = end {
            item.meta = self.stamps.ended(couple.since, end, "Vigsel");
        }
        item
    }

    /// A related person without a number is described instead.
    fn father_outside_the_register(&mut self, born: Day) -> Familierelasjon {
        Familierelasjon {
            meta: self.stamps.meta(born, true, "Farskap"),
            relatert_person: None,
            relatert_person_uten_folkeregisteridentifikator: Some(RelatertBiPerson {
                navn: Some(names::stranger(&mut self.stamps.dice)),
                foedselsdato: Some(born.plus_years(-31).iso().into()),
                statsborgerskap: Some("SWE".into()),
                kjoenn: Some("mann".into()),
            }),
            relatert_persons_rolle: "far".into(),
            min_rolle_for_person: Some("barn".into()),
        }
    }
}
