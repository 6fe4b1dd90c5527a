//! The document of one person, put together from the family it belongs to.

mod addresses;
mod bonds;
mod names;

pub(crate) use addresses::{foreign, strict_post};

use crate::calendar::{Day, Moment, Spelling};
use crate::dice::Dice;
use crate::freg::wire::{
    Doedsfall, Foedsel, FoedselINorge, Folkeregisterperson, Identifikasjonsnummer,
    Identitetsgrunnlag, Innflytting, Kjoenn, Meta, Statsborgerskap, Status, Text, Utflytting,
};
use crate::population::history::{Residence, residences};
use crate::population::household::{Family, Member, Standing};
use crate::population::layout::TODAY;
use crate::population::number::{Lane, Series, Sex};

/// Everything the parts of a document are made from.
struct Sheet<'a> {
    family: &'a Family,
    slot: usize,
    member: &'a Member,
    /// Newest first.
    residences: Vec<Residence>,
    stamps: Stamps,
}

/// The whole document of a member.
pub(crate) fn write(family: &Family, slot: usize) -> Folkeregisterperson {
    let stamps = Stamps { dice: family.dice(0xD0C, slot as u64) };
    let residences = residences(family, slot);
    let mut sheet = Sheet { family, slot, member: &family.members[slot], residences, stamps };
    let mut person = Folkeregisterperson {
        identifikasjonsnummer: sheet.numbers(),
        status: sheet.statuses(),
        navn: sheet.names(),
        foedsel: sheet.birth(),
        foedsel_i_norge: sheet.birth_in_norway(),
        kjoenn: sheet.sex(),
        statsborgerskap: sheet.citizenships(),
        identitetsgrunnlag: sheet.identity_check(),
        sivilstand: sheet.marital_statuses(),
        familierelasjon: sheet.relations(),
        foreldreansvar: sheet.responsibilities(),
        innflytting: sheet.immigration(),
        utflytting: sheet.emigration(),
        doedsfall: sheet.death(),
        ..Folkeregisterperson::default()
    };
    sheet.addresses(&mut person);
    person
}

/// The number a member uses today.
pub(crate) fn number(family: &Family, slot: usize) -> String {
    let member = &family.members[slot];
    let series = match member.standing {
        Standing::Temporary { .. } => Series::D,
        _ => Series::National,
    };
    member.lane.number(series).expect("a member's lane has one of the ranks that always exist")
}

/// The number a member had before the registered sex was corrected; few have one.
fn number_before_correction(family: &Family, slot: usize) -> Option<String> {
    let lane = family.members[slot].lane;
    if lane.rank != 0 || !family.dice(0x1D, slot as u64).chance(15) {
        return None;
    }
    Lane { sex: lane.sex.other(), rank: 3, ..lane }.number(Series::National)
}

/// The index whose number from before a correction has this lane, if it has one.
pub(crate) fn lane_after_correction(lane: Lane) -> Lane {
    Lane { sex: lane.sex.other(), rank: 0, ..lane }
}

/// Writes the register's metadata in all the spellings it is found in.
struct Stamps {
    dice: Dice,
}

/// When the old register's data were moved into today's.
const MIGRATION: Day = Day::of(2019, 11, 4);
const SOURCES: &[&str] = &[
    "folkeregisteret",
    "folkeregistermyndigheten",
    "Synutopia",
    "skatteetaten",
    "FREG automatisk",
    "dsf-folkeregister-synkronisering",
];

impl Stamps {
    /// Metadata of an item that holds from the start of a day.
    fn meta(&mut self, from: Day, current: bool, reason: &'static str) -> Meta {
        let migrated = from < MIGRATION;
        let registered = if migrated {
            MIGRATION.plus(self.dice.between(0, 700))
        } else {
            from.plus(self.dice.between(0, 9))
        };
        let second = self.dice.below(86_400) as u32;
        let nanos = self.dice.below(1_000_000_000) as u32;
        let registered = Moment::at(registered, second, nanos);
        let source = match self.dice.below(100) {
            0 => None,
            1 => Some(""),
            _ if migrated => Some("KILDE_DSF"),
            _ => Some(self.dice.pick(SOURCES)),
        };
        let reason = (!migrated || !self.dice.chance(80)).then_some(reason);
        Meta {
            ajourholdstidspunkt: Some(registered.write(Spelling::any(&mut self.dice)).into()),
            er_gjeldende: current,
            kilde: source.map(Text::Borrowed),
            aarsak: reason.map(Text::Borrowed),
            gyldighetstidspunkt: Some(self.midnight(from)),
            opphoerstidspunkt: None,
        }
    }

    /// Metadata of an item that ended without being replaced.
    fn ended(&mut self, from: Day, end: Day, reason: &'static str) -> Meta {
        let opphoerstidspunkt = Some(self.midnight(end));
        Meta { opphoerstidspunkt, ..self.meta(from, false, reason) }
    }

    /// Norwegian midnight, mostly without a fraction.
    fn midnight(&mut self, day: Day) -> Text {
        let mut spelling = Spelling::any(&mut self.dice);
        if self.dice.chance(700) {
            spelling.fraction = 0;
        }
        Moment::midnight(day).write(spelling).into()
    }
}

impl Sheet<'_> {
    /// The day the register first knew the person.
    fn known_from(&self) -> Day {
        match self.member.standing {
            Standing::Immigrant { arrived, .. } => arrived,
            Standing::Temporary { since, .. } => since,
            _ => self.member.lane.born,
        }
    }

    fn entry_reason(&self) -> &'static str {
        match self.member.standing {
            Standing::Immigrant { .. } => "Innvandring",
            Standing::Temporary { .. } => "Tildele d-nummer",
            _ => "Fødsel",
        }
    }

    fn numbers(&mut self) -> Vec<Identifikasjonsnummer> {
        let (from, reason) = (self.known_from(), self.entry_reason());
        let number = number(self.family, self.slot);
        let (kind, ceased) = match self.member.standing {
            Standing::Temporary { status, .. } => ("dNummer", status == "opphoert"),
            _ => ("foedselsnummer", false),
        };
        let status = if ceased { "opphoert" } else { "iBruk" };
        let item = |meta, number: String, status: &'static str, kind: &'static str| {
            Identifikasjonsnummer {
                meta,
                status: status.into(),
                foedsels_eller_d_nummer: number.into(),
                identifikatortype: kind.into(),
            }
        };
        let mut numbers = vec![item(self.stamps.meta(from, true, reason), number, status, kind)];
        if let Some(old) = number_before_correction(self.family, self.slot) {
            numbers.push(item(self.stamps.meta(from, false, reason), old, "opphoert", kind));
        }
        if let Standing::Immigrant { arrived, had_d: true } = self.member.standing {
            let d = self.member.lane.number(Series::D).expect("a member's rank always exists");
            let meta = self.stamps.meta(arrived.plus(-200), false, "Tildele d-nummer");
            numbers.push(item(meta, d, "opphoert", "dNummer"));
        }
        numbers
    }

    /// Each status with the day it began, oldest first.
    fn status_history(&mut self) -> Vec<(Day, &'static str, &'static str)> {
        let born = self.member.lane.born;
        let mut history = match self.member.standing {
            Standing::Native if born > TODAY.plus(-15) => {
                vec![(born, "foedselsregistrert", "Fødsel")]
            }
            Standing::Native => vec![(born, "bosatt", "Fødsel")],
            Standing::Immigrant { arrived, had_d: true } => vec![
                (arrived.plus(-200), "midlertidig", "Tildele d-nummer"),
                (arrived, "bosatt", "Innvandring"),
            ],
            Standing::Immigrant { arrived, .. } => vec![(arrived, "bosatt", "Innvandring")],
            Standing::Emigrated { left } => {
                vec![(born, "bosatt", "Fødsel"), (left, "utflyttet", "Utflytting")]
            }
            Standing::Temporary { since, status } => {
                let mut history = vec![(since, "midlertidig", "Tildele d-nummer")];
                match status {
                    "midlertidig" => {}
                    "inaktiv" => {
                        history.push((since.plus_years(5), status, "Person med d-nummer"));
                    }
                    "opphoert" => history.push((since.plus(29), status, "Opphøre person")),
                    _ => history[0].1 = status,
                }
                history
            }
        };
        if let Some(died) = self.member.died {
            history.push((died, "doed", "Dødsfall"));
        } else if self.member.alone && self.stamps.dice.chance(4) {
            history.push((TODAY.plus(-20), "forsvunnet", "Patch"));
        }
        history
    }

    fn statuses(&mut self) -> Vec<Status> {
        let history = self.status_history();
        let newest = history.len() - 1;
        let items = history.iter().enumerate().rev().map(|(at, (from, status, reason))| Status {
            meta: self.stamps.meta(*from, at == newest, reason),
            status: Text::Borrowed(status),
        });
        items.collect()
    }

    fn birth(&mut self) -> Vec<Foedsel> {
        let born = self.member.lane.born;
        let here = self.member.country.is_none();
        let town = self.residences.last().map(|first| first.home);
        let year_only = !here && self.stamps.dice.chance(20);
        vec![Foedsel {
            meta: self.stamps.meta(born, true, "Fødsel"),
            foedselsdato: (!year_only).then(|| born.iso().into()),
            foedselsaar: born.year().to_string().into(),
            foedested: match self.member.country {
                Some(country) => Some(country.city.into()),
                None => town.and_then(|home| home.town().poststedsnavn),
            },
            foedekommune_i_norge: town.filter(|_| here).map(|home| home.municipality(born).into()),
            foedeland: Some(self.member.country.map_or("NOR", |country| country.alpha3).into()),
        }]
    }

    fn birth_in_norway(&mut self) -> Vec<FoedselINorge> {
        let born = self.member.lane.born;
        if self.member.country.is_some() || born < Day::of(1970, 1, 1) {
            return Vec::new();
        }
        let twin = |slot: usize| {
            let other = self.family.members.get(slot).filter(|other| !other.alone);
            other.is_some_and(|other| other.lane.born == born)
        };
        let order = if self.slot > 0 && twin(self.slot - 1) && !self.member.alone {
            Some(22)
        } else if twin(self.slot + 1) && !self.member.alone {
            Some(21)
        } else {
            self.stamps.dice.chance(60).then_some(11)
        };
        const PLACES: &[&str] =
            &["Ullevål sykehus", "Haukeland", "St. Olavs hospital", "Hjemme", "UNN Tromsø"];
        vec![FoedselINorge {
            meta: self.stamps.meta(born, true, "Fødsel"),
            foedselsinstitusjonsnavn: Some(self.stamps.dice.pick(PLACES).into()),
            rekkefoelgenummer: order,
        }]
    }

    fn sex(&mut self) -> Vec<Kjoenn> {
        let temporary = matches!(self.member.standing, Standing::Temporary { .. });
        if temporary && self.stamps.dice.chance(350) {
            return Vec::new();
        }
        let word = |sex| if sex == Sex::Female { "kvinne" } else { "mann" };
        let (from, reason, sex) = (self.known_from(), self.entry_reason(), self.member.lane.sex);
        let mut items =
            vec![Kjoenn { meta: self.stamps.meta(from, true, reason), kjoenn: word(sex).into() }];
        if number_before_correction(self.family, self.slot).is_some() {
            let meta = self.stamps.meta(from, false, reason);
            items.push(Kjoenn { meta, kjoenn: word(sex.other()).into() });
        }
        items
    }

    fn citizenships(&mut self) -> Vec<Statsborgerskap> {
        let born = self.member.lane.born;
        let mut item = |country: &'static str, from: Day, current: bool, reason| Statsborgerskap {
            meta: self.stamps.meta(from, current, reason),
            statsborgerskap: country.into(),
            ervervsdato: Some(from.iso().into()),
        };
        let Some(country) = self.member.country else {
            return vec![item("NOR", born, true, "Fødsel")];
        };
        let Standing::Immigrant { arrived, .. } = self.member.standing else {
            return vec![item(country.alpha3, born, true, "Tildele d-nummer")];
        };
        let naturalised = arrived.plus_years(8);
        if naturalised > TODAY || self.member.lane.rank == 0 {
            return vec![item(country.alpha3, born, true, "Innvandring")];
        }
        // From 2020 a new citizen may keep the old citizenship: two are current at once.
        let kept = naturalised >= Day::of(2020, 1, 1);
        let old = item(country.alpha3, born, kept, "Innvandring");
        vec![old, item("NOR", naturalised, true, "Statsborgerskap")]
    }

    fn identity_check(&mut self) -> Vec<Identitetsgrunnlag> {
        let word = match (self.member.country, self.stamps.dice.below(10)) {
            (None, _) => "kontrollert",
            (Some(_), 0..4) => "kontrollert",
            (Some(_), 4..8) => "ikkeKontrollert",
            (Some(_), _) => "ingenStatus",
        };
        let (from, reason) = (self.known_from(), self.entry_reason());
        vec![Identitetsgrunnlag {
            meta: self.stamps.meta(from, true, reason),
            identitetsgrunnlagstatus: word.into(),
        }]
    }

    fn immigration(&mut self) -> Vec<Innflytting> {
        let (Standing::Immigrant { arrived, .. }, Some(country)) =
            (self.member.standing, self.member.country)
        else {
            return Vec::new();
        };
        let city = if self.stamps.dice.chance(150) { "" } else { country.city };
        vec![Innflytting {
            meta: self.stamps.meta(arrived, true, "Innvandring"),
            fraflyttingsland: Some(country.alpha3.into()),
            fraflyttingssted_i_utlandet: Some(city.into()),
        }]
    }

    fn emigration(&mut self) -> Vec<Utflytting> {
        let Standing::Emigrated { left } = self.member.standing else {
            return Vec::new();
        };
        let country = names::destination(self.family, self.slot);
        vec![Utflytting {
            meta: self.stamps.meta(left, true, "Utflytting"),
            tilflyttingsland: Some(country.alpha3.into()),
            tilflyttingssted_i_utlandet: Some(country.city.into()),
            utflyttingsdato: Some(left.iso().into()),
        }]
    }

    fn death(&mut self) -> Option<Doedsfall> {
        let died = self.member.died?;
        Some(Doedsfall {
            meta: self.stamps.meta(died, true, "Dødsfall"),
            // A death may be known without its day.
            doedsdato: (!self.stamps.dice.chance(10)).then(|| died.iso().into()),
        })
    }
}
