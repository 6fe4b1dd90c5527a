//! Guardians, powers of attorney, and restricted legal capacity.

use crate::calendar::Day;
use crate::freg::wire::{
    NavnFoedselsdato, RettsligHandleevne, Verge, VergeTjenesteomraade, Vergemaal,
};
use crate::population::household::Standing;
use crate::population::layout::TODAY;
use crate::population::rates;

use super::{Sheet, names};

/// From this day guardianships are registered task by task; older ones by their scope.
const TASK_BY_TASK: Day = Day::of(2023, 11, 1);

/// The governors, in the spellings that are found.
const OFFICES: &[&str] = &[
    "statsforvalterenIOsloOgViken",
    "statsforvalterenIOstfoldBuskerudOsloOgAkershus",
    "statsforvalterenIRogaland",
    "statsforvalterenIVestland",
    "statsforvalterenITroendelag",
    "statsforvalterenIInnlandet",
    "statsforvalterenIAgder",
    "statsforvalterenINordland",
    "statsforvalterenITromsOgFinnmark",
    "statsforvaltarenIVestfoldOgTelemark",
    "statsforvaltarenIMoereOgRomsdal",
];

const SCOPES: &[&str] = &[
    "personligeOgOekonomiskeInteresser",
    "oekonomiskeInteresser",
    "personligeInteresser",
    "utlendingssakerPersonligeOgOekonomiskeInteresser",
];

/// Whom a guardian deals with, and what for.
const TASKS: &[(&str, &[&str])] = &[
    ("bank", &["representasjonDagligbank", "selgeAksjerOgVerdipapirer", "taOppLaanKreditter"]),
    ("helfo", &["fastlege", "refusjonForPrivatpersoner"]),
    ("pasientreiser", &["refusjonAvPasientreiser"]),
    (
        "kommune",
        &[
            "byggOgEiendom",
            "helseOgOmsorg",
            "skattOgAvgift",
            "skoleOgUtdanning",
            "sosialeTjenester",
        ],
    ),
    ("nav", &["arbeid", "familie", "hjelpemidler", "pensjon", "sosialeTjenester"]),
    ("skatteetaten", &["endrePostadresse", "innkreving", "meldeFlytting", "skatt"]),
    ("forsikringsselskap", &["forvalteForsikringsavtaler"]),
    ("husbanken", &["bostoette", "startlaan"]),
    ("inkassoselskap", &["forhandleOgInngaaInkassoavtaler"]),
    ("kartverket", &["avtalerOgRettigheter", "kjoepAvEiendom", "laaneopptak", "sletting"]),
    ("kredittvurderingsselskap", &["kredittsperre"]),
    ("namsmannen", &["gjeldsordning", "tvangsfullbyrdelse"]),
    ("oevrige", &["kjoepLeieAvVarerOgTjenester", "salgAvLoesoereAvStoerreVerdi"]),
    ("statsforvalter", &["soekeOmSamtykkeTilDisposisjon"]),
    ("tingretten", &["begjaereUskifte", "privatSkifteAvDoedsbo"]),
];

impl Sheet<'_> {
    /// What others may decide for the person; several can hold at once.
    pub(super) fn guardianships(&mut self) -> Vec<Vergemaal> {
        let Some(kind) = self.guardianship_kind() else {
            return Vec::new();
        };
        let minor = self.member.age() < 18;
        let longest = if minor { self.member.age() * 365 } else { 3500 };
        let from = TODAY.plus(-self.stamps.dice.between(5, longest.max(6)));
        let from = from.max(self.member.known_from());
        let mut items = vec![self.guardianship(kind, from, None)];
        match self.stamps.dice.below(100) {
            0..22 => items.push(self.guardianship(kind, from.plus(1).min(TODAY), None)),
            22..45 if !minor => {
                let start = from.plus(-900);
                items.insert(0, self.guardianship("midlertidigForVoksen", start, Some(from)));
            }
            _ => {}
        }
        self.stamps.disorder(&mut items);
        items
    }

    fn guardianship_kind(&mut self) -> Option<&'static str> {
        if !self.member.is_resident() {
            return None;
        }
        let foreign = matches!(self.member.standing, Standing::Immigrant { .. });
        let roll = self.stamps.dice.below(100_000);
        let dice = &mut self.stamps.dice;
        match self.member.age() {
            ..18 if foreign => (roll < rates::GUARDIANSHIP_MINOR_ALONE)
                .then(|| dice.pick(&["ensligMindreaarigAsylsoeker", "ensligMindreaarigFlyktning"])),
            ..18 => (roll < rates::GUARDIANSHIP_MINOR)
                .then(|| dice.pick(&["mindreaarig", "mindreaarig", "midlertidigForMindreaarig"])),
            age => {
                let wards = if age > 80 { rates::GUARDIANSHIP_OLD } else { rates::GUARDIANSHIP };
                if roll < wards {
                    let kinds = ["voksen", "voksen", "voksen", "voksen", "midlertidigForVoksen"];
                    let rare = dice.chance(120).then_some("forvaltningUtenforVergemaal");
                    return rare.or(Some(dice.pick(&kinds)));
                }
                (roll < wards + rates::FUTURE_POWER).then_some("stadfestetFremtidsfullmakt")
            }
        }
    }

    fn guardianship(&mut self, kind: &'static str, from: Day, end: Option<Day>) -> Vergemaal {
        let spoken_for = !self.stamps.dice.chance(60);
        Vergemaal {
            meta: self.stamps.until(from, end, "Vergemål"),
            vergemaaltype: spoken_for.then(|| kind.into()),
            embete: (!self.stamps.dice.chance(40)).then(|| self.stamps.dice.pick(OFFICES).into()),
            verge: self.guardian(from >= TASK_BY_TASK),
        }
    }

    /// A member of the family with a number, or somebody known by name and date of birth.
    fn guardian(&mut self, newer: bool) -> Verge {
        let member = self.other_resident().filter(|_| !self.stamps.dice.chance(100));
        let mut verge = Verge::default();
        match member {
            Some(slot) => {
                verge.foedsels_eller_d_nummer = Some(self.family.number(slot).into());
                verge.navn = (!newer).then(|| names::present(self.family, slot));
            }
            None => {
                let someone = names::stranger(&mut self.stamps.dice);
                verge.navn = (!newer).then(|| someone.clone());
                let born = TODAY.plus_years(-self.stamps.dice.between(25, 70));
                verge.navn_foedselsdato = Some(NavnFoedselsdato {
                    navn: Some(someone),
                    foedselsdato: Some(born.iso().into()),
                });
            }
        }
        if newer {
            verge.tjenesteomraade = self.tasks();
        } else {
            verge.omfang = Some(self.stamps.dice.pick(SCOPES).into());
            verge.omfanget_er_innen_personlig_omraade =
                (!self.stamps.dice.chance(300)).then(|| self.stamps.dice.chance(500));
        }
        verge
    }

    /// Some tasks, now and then one of them twice.
    fn tasks(&mut self) -> Vec<VergeTjenesteomraade> {
        let mut tasks = Vec::new();
        let keep = self.stamps.dice.pick(&[120, 300, 650]);
        for (office, errands) in TASKS {
            for errand in *errands {
                if self.stamps.dice.chance(keep) {
                    tasks.push(VergeTjenesteomraade {
                        verge_tjenestevirksomhet: (*office).into(),
                        verge_tjenesteoppgave: Some((*errand).into()),
                    });
                }
            }
        }
        if self.stamps.dice.chance(250)
            && let Some(first) = tasks.first().cloned()
        {
            tasks.push(first);
        }
        tasks
    }

    /// Legal capacity that a court has restricted; only wards have that.
    pub(super) fn legal_capacity(&mut self, wards: &[Vergemaal]) -> Vec<RettsligHandleevne> {
        let ward = !wards.is_empty() && self.member.age() >= 18;
        if !ward || !self.stamps.dice.falls(rates::CAPACITY_RESTRICTED) {
            return Vec::new();
        }
        let from = TODAY.plus(-self.stamps.dice.between(20, 900));
        vec![RettsligHandleevne {
            meta: self.stamps.meta(from, true, "Vergemål"),
            rettslig_handleevneomfang: "begrenset".into(),
        }]
    }

    /// Somebody else in the block who is grown and lives here.
    pub(super) fn other_resident(&mut self) -> Option<usize> {
        let slot = self.slot;
        let others: Vec<usize> =
            self.family.grown_residents().filter(|other| *other != slot).collect();
        (!others.is_empty()).then(|| self.stamps.dice.pick(&others))
    }
}
