//! Citizenship, permits, and coming and going.

use crate::calendar::Day;
use crate::freg::wire::{
    Bibehold, Innflytting, Opphold, OppholdPaaSvalbard, Statsborgerskap, Utflytting,
};
use crate::population::household::Standing;
use crate::population::layout::TODAY;
use crate::population::rates;

use super::{Sheet, names};

/// From this day a new citizen may keep the old citizenship: two are current at once.
const TWO_ALLOWED: Day = Day::of(2020, 1, 1);

impl Sheet<'_> {
    pub(super) fn citizenships(&mut self) -> Vec<Statsborgerskap> {
        let born = self.member.lane.born;
        let second = self.has_second_citizenship();
        let stateless = self.stamps.dice.below(100_000);
        let Some(country) = self.member.country else {
            let mut items = vec![self.citizenship("NOR", born, true, "Fødsel")];
            if second {
                let other = names::destination(self.family, self.slot).alpha3;
                items.insert(0, self.citizenship(other, born, true, "Fødsel"));
            }
            return items;
        };
        let code = match stateless {
            roll if roll < rates::STATELESS => "XXX",
            roll if roll < rates::STATELESS + rates::CITIZENSHIP_UNKNOWN => "XUK",
            _ => country.alpha3,
        };
        let reason = self.entry_reason();
        let naturalised = match self.member.standing {
            Standing::Immigrant { arrived, .. } => Some(arrived.plus_years(8)),
            _ => None,
        };
        let naturalised = naturalised.filter(|day| *day < self.member.until());
        let Some(day) = naturalised.filter(|_| self.member.lane.rank != 0) else {
            return vec![self.citizenship(code, born, true, reason)];
        };
        let old = self.citizenship(code, born, day >= TWO_ALLOWED, reason);
        vec![old, self.citizenship("NOR", day, true, "Statsborgerskap")]
    }

    fn has_second_citizenship(&self) -> bool {
        let born_here = self.member.country.is_none();
        born_here && self.family.dice(0x2C1, self.slot as u64).falls(rates::SECOND_CITIZENSHIP)
    }

    fn citizenship(
        &mut self,
        country: &'static str,
        from: Day,
        current: bool,
        reason: &'static str,
    ) -> Statsborgerskap {
        Statsborgerskap {
            meta: self.stamps.meta(from, current, reason),
            statsborgerskap: country.into(),
            ervervsdato: (!self.stamps.dice.chance(30)).then(|| from.iso().into()),
        }
    }

    /// Whether a citizenship was kept by permission, of those with two or who live abroad.
    pub(super) fn retention(&mut self) -> Vec<Bibehold> {
        let away = matches!(self.member.standing, Standing::Emigrated { arrived: None, .. });
        let candidate = away || self.has_second_citizenship();
        if !candidate || !self.stamps.dice.falls(rates::RETENTION) {
            return Vec::new();
        }
        let from = self.member.lane.born.plus_years(21).min(TODAY.plus(-30));
        let word = self.stamps.dice.pick(&[
            "harBibehold",
            "harBibehold",
            "harIkkeLengerBibehold",
            "norskStatsborgerTrengerIkkeBibehold",
        ]);
        vec![Bibehold {
            meta: self.stamps.meta(from, true, "Statsborgerskap"),
            bibeholdstatus: word.into(),
            dato_for_bibehold: (!self.stamps.dice.chance(100)).then(|| from.iso().into()),
        }]
    }

    /// Permits of those who need one: for some years at first, for good later.
    pub(super) fn permits(&mut self) -> Vec<Opphold> {
        let needed = self.member.country.is_some_and(|country| !country.is_nordic());
        if !needed || !self.stamps.dice.falls(rates::PERMIT) {
            return Vec::new();
        }
        let from = self.member.known_from();
        let permit = |meta, word: &'static str, from: Day, to: Option<Day>| Opphold {
            meta,
            oppholdstillatelse: word.into(),
            opphold_fra: (word != "opplysningMangler").then(|| from.iso().into()),
            opphold_til: to.map(|day| day.iso().into()),
        };
        if self.member.is_temporary() && self.stamps.dice.chance(300) {
            let meta = self.stamps.meta(from, true, "Innvandring");
            return vec![permit(meta, "opplysningMangler", from, None)];
        }
        let to = from.plus_years(3);
        if to > TODAY || self.member.is_temporary() {
            let meta = self.stamps.meta(from, true, "Innvandring");
            return vec![permit(meta, "midlertidig", from, Some(to))];
        }
        let first =
            permit(self.stamps.meta(from, false, "Innvandring"), "midlertidig", from, Some(to));
        vec![first, permit(self.stamps.meta(to, true, "Innvandring"), "permanent", to, None)]
    }

    pub(super) fn immigration(&mut self) -> Vec<Innflytting> {
        let (from, country) = match (self.member.standing, self.member.country) {
            (Standing::Immigrant { arrived, .. }, Some(country))
            | (Standing::Emigrated { arrived: Some(arrived), .. }, Some(country)) => {
                (arrived, country)
            }
            (Standing::Returned { back, .. }, _) => {
                (back, names::destination(self.family, self.slot))
            }
            _ => return Vec::new(),
        };
        let city = if self.stamps.dice.chance(150) { "" } else { country.city };
        let stays = !matches!(self.member.standing, Standing::Emigrated { .. });
        vec![Innflytting {
            meta: self.stamps.meta(from, stays, "Innvandring"),
            fraflyttingsland: Some(country.alpha3.into()),
            fraflyttingssted_i_utlandet: Some(city.into()),
        }]
    }

    pub(super) fn emigration(&mut self) -> Vec<Utflytting> {
        let (left, current) = match self.member.standing {
            Standing::Emigrated { left, .. } => (left, true),
            Standing::Returned { left, .. } => (left, false),
            _ => return Vec::new(),
        };
        let country = names::destination(self.family, self.slot);
        vec![Utflytting {
            meta: self.stamps.meta(left, current, "Utflytting"),
            tilflyttingsland: Some(country.alpha3.into()),
            tilflyttingssted_i_utlandet: Some(country.city.into()),
            utflyttingsdato: Some(left.iso().into()),
        }]
    }

    /// A stay on Svalbard, which is no move: the home on the mainland stays.
    pub(super) fn svalbard(&mut self) -> Vec<OppholdPaaSvalbard> {
        let grown = self.member.is_resident() && self.member.age() >= 19;
        if !grown || !self.stamps.dice.falls(rates::SVALBARD) {
            return Vec::new();
        }
        let from = TODAY.plus(-self.stamps.dice.between(30, 400));
        let end = self.stamps.dice.chance(500).then(|| from.plus(25));
        let words = ["underSeksMaaneder", "overSeksMaaneder", "overTolvMaaneder", "ukjent"];
        let home = self.residences.first().map(|residence| residence.home);
        let abroad = self.stamps.dice.chance(200);
        let country = names::destination(self.family, self.slot);
        vec![OppholdPaaSvalbard {
            meta: self.stamps.until(from, end, "Oppholdsadresse og opphold annet sted"),
            antatt_oppholdsvarighet: self.stamps.dice.pick(&words).into(),
            startdato: from.iso().into(),
            sluttdato: end.map(|day| day.iso().into()),
            fraflyttingskommunenummer: home
                .filter(|_| !abroad && !self.is_protected())
                .map(|home| home.municipality(from).into()),
            fraflyttingsland: abroad.then(|| country.alpha3.into()),
            antall_tidligere_opphold: self.stamps.dice.chance(200).then_some(1),
        }]
    }
}
