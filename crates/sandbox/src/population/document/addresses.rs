//! Where a person lives and lived, and who may know it.

use crate::calendar::Day;
use crate::freg::wire::{Adressebeskyttelse, Bostedsadresse, DeltBosted, Folkeregisterperson};
use crate::population::address::{REFORMS, grade};
use crate::population::history::{Residence, home_owner, residences};
use crate::population::household::{Bond, Family};
use crate::population::layout::TODAY;
use crate::population::rates;

use super::{Sheet, strict_post};

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

/// The protection of a member's home.
fn of(family: &Family, slot: usize) -> Protection {
    if !family.members[slot].is_resident() {
        return Protection::None;
    }
    let mut dice = family.dice(0x9207, home_owner(family, slot) as u64);
    let leaks = dice.chance(600);
    let mut left = dice.below(100_000);
    for (rate, protection) in [
        (rates::STRICT, Protection::Strict { leaks }),
        (rates::CONFIDENTIAL, Protection::Confidential),
        (rates::CLIENT, Protection::Client),
        (rates::FORMERLY_PROTECTED, Protection::Former),
    ] {
        if left < rate {
            return protection;
        }
        left -= rate;
    }
    Protection::None
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
        person.delt_bosted = self.shared_residence(grade);
        person.oppholdsadresse = self.present_address(grade);
        person.postadresse = self.postal_address(grade);
        person.postadresse_i_utlandet = self.foreign_post(grade);
        person.preferert_kontaktadresse = self.preferred_contact(grade);
    }

    fn protection(&self) -> Protection {
        if self.residences.is_empty() { Protection::None } else { of(self.family, self.slot) }
    }

    /// Whether the person's home must not be told of.
    pub(super) fn is_protected(&self) -> bool {
        !matches!(self.protection(), Protection::None | Protection::Former)
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
        self.stamps.disorder(&mut items);
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
        } else if moved == self.member.known_from() {
            self.entry_reason()
        } else if moved.0 % 9 == 0 {
            "Adresseoppdatering"
        } else {
            "Flytting innenlands"
        };
        let meta = if newest && end <= TODAY {
            self.stamps.ended(from, end, reason)
        } else {
            self.stamps.meta(from, newest, reason)
        };
        home.residence(meta, moved, from, grade)
    }

    /// The other home of a child whose parents live apart.
    fn shared_residence(&mut self, grade: &'static str) -> Vec<DeltBosted> {
        let child = self.member.age() < 18 && self.member.is_resident();
        let Some((start, other)) = self.parent_elsewhere().filter(|_| child) else {
            return Vec::new();
        };
        let open = of(self.family, other) == Protection::None;
        let theirs = residences(self.family, other).into_iter().next();
        let agreed = open && self.stamps.dice.falls(rates::SHARED_RESIDENCE);
        let Some(Residence { home, from, .. }) = theirs.filter(|_| agreed) else {
            return Vec::new();
        };
        let start = start.max(from).plus(self.stamps.dice.between(0, 200)).min(TODAY);
        let end = self.stamps.dice.chance(200).then(|| start.plus(500));
        let meta = self.stamps.until(start, end, "Flytting innenlands");
        vec![DeltBosted {
            meta,
            vegadresse: home.road(TODAY),
            matrikkeladresse: home.cadastral(TODAY),
            ukjent_bosted: home.unknown(TODAY),
            adresse_identifikator_fra_matrikkelen: home.cadastre_key(),
            naer_adresse_identifikator_fra_matrikkelen: home.near_key(),
            adressegradering: grade.into(),
            startdato_for_kontrakt: Some(start.iso().into()),
            sluttdato_for_kontrakt: end.map(|day| day.iso().into()),
        }]
    }

    /// The parent whose home is not the child's, and since when they live apart.
    fn parent_elsewhere(&self) -> Option<(Day, usize)> {
        let couple = self.family.template.parents_of(self.slot).filter(|_| !self.member.alone)?;
        let couple = self.family.couples[couple].as_ref()?;
        let since = match couple.bond {
            Bond::Apart => self.member.lane.born,
            _ => couple.separated?,
        };
        let owner = home_owner(self.family, self.slot);
        let mut parents = self.family.parents(self.slot).map(|parent| parent.slot);
        let other = parents.find(|parent| home_owner(self.family, *parent) != owner)?;
        self.family.members[other].is_resident().then_some((since, other))
    }
}
