//! Marital status, relations and parental responsibility: always told from both sides.

use crate::calendar::Day;
use crate::freg::wire::{
    Familierelasjon, Foreldreansvar, Personnavn, RelatertBiPerson, Sivilstand,
};
use crate::population::household::{Bond, Couple, Family, Standing};
use crate::population::layout::TODAY;

use super::{Sheet, number};

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
            let authority = match self.stamps.dice.below(4) {
                0 => "STATSFORVALTEREN",
                1 => "DEN_NORSKE_KIRKE",
                2 => "ANSATT_I_KOMMUNE",
                _ => "",
            };
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
                    .map(|partner| number(self.family, partner).into()),
            });
        }
        items
    }

    fn stages(&self) -> Vec<Stage> {
        let stage = |from, word, reason, partner| Stage { from, word, reason, partner };
        let first = match self.member.standing {
            Standing::Temporary { since, .. } => stage(since, "uoppgitt", "Tildele d-nummer", None),
            Standing::Immigrant { arrived, .. } => stage(arrived, "ugift", "Innvandring", None),
            _ => stage(self.member.lane.born, "ugift", "Fødsel", None),
        };
        let mut stages = vec![first];
        let couple = self.family.couple_of(self.slot).filter(|couple| couple.is_formal());
        let Some(couple) = couple else { return stages };
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
        if items.len() == 1 && self.stamps.dice.chance(300) {
            items.push(self.father_outside_the_register(born));
        }
        for (child, role) in family.children(self.slot) {
            let born = family.members[child].lane.born;
            items.push(self.relation(child, born, "Fødsel", "barn", role));
        }
        if let Some(couple) = family.couple_of(self.slot).filter(|couple| couple.is_formal()) {
            items.push(self.spouse(couple));
        }
        items
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
            relatert_person: Some(number(self.family, other).into()),
            relatert_person_uten_folkeregisteridentifikator: None,
            relatert_persons_rolle: role.into(),
            min_rolle_for_person: Some(mine.into()),
        }
    }

    fn spouse(&mut self, couple: &Couple) -> Familierelasjon {
        const ROLE: &str = "ektefelleEllerPartner";
        let other = couple.partner(self.slot);
        let death = |slot: usize| self.family.members[slot].died;
        let end = couple.divorced.or(death(couple.a).into_iter().chain(death(couple.b)).min());
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
                navn: Some(Personnavn {
                    fornavn: "Åke".into(),
                    mellomnavn: Some("Örn".into()),
                    etternavn: "Lindqvist".into(),
                }),
                foedselsdato: Some(born.plus_years(-31).iso().into()),
                statsborgerskap: Some("SWE".into()),
                kjoenn: Some("mann".into()),
            }),
            relatert_persons_rolle: "far".into(),
            min_rolle_for_person: Some("barn".into()),
        }
    }

    /// For a minor its parents' responsibility; for a parent the same, child by child.
    pub(super) fn responsibilities(&mut self) -> Vec<Foreldreansvar> {
        let family = self.family;
        let mut items = Vec::new();
        let mut charges = vec![self.slot];
        charges.extend(family.children(self.slot).map(|(child, _)| child));
        for child in charges {
            let born = family.members[child].lane.born;
            if TODAY.years_since(born) >= 18 {
                continue;
            }
            let word = responsibility(family, child);
            let held =
                family.parents(child).filter(|parent| word == "felles" || parent.role == word);
            for parent in held {
                if child == self.slot || parent.slot == self.slot {
                    items.push(Foreldreansvar {
                        meta: self.stamps.meta(born, true, "Fødsel"),
                        ansvar: word.into(),
                        ansvarssubjekt: Some(number(family, child).into()),
                        ansvarlig: Some(number(family, parent.slot).into()),
                    });
                }
            }
        }
        items
    }
}

/// Who is responsible for a child: both parents, or the one it has or lives with.
fn responsibility(family: &Family, child: usize) -> &'static str {
    let mut parents = family.parents(child);
    let (first, second) = (parents.next(), parents.next());
    match (first, second) {
        (Some(only), None) => only.role,
        (Some(_), Some(_)) if family.dice(0xA25, child as u64).chance(80) => "mor",
        _ => "felles",
    }
}
