//! Births, deaths, and who comes and goes.

use crate::calendar::Moment;
use crate::change::edit::{Hand, end, meta, replace, retire, status};
use crate::change::scene::Scene;
use crate::change::{Outcome, PlanError, Planned, Subject, bond, home, need, value};
use crate::freg::wire::{
    Adressebeskyttelse, Doedsfall, FalskIdentitet, Familierelasjon, Foedsel, FoedselINorge,
    Folkeregisterperson, Foreldreansvar, Identifikasjonsnummer, Identitetsgrunnlag, Kjoenn, Meta,
    Navn, PostadresseIUtlandet, Sivilstand, Statsborgerskap, Status, Text, Utflytting, current,
};
use crate::population::{COUNTRIES, Home, Lane, Series, Sex, foreign, grade, strict_post};

/// A child is registered, then each parent's relation and responsibility.
pub(super) fn birth(scene: &mut Scene<'_>) -> Planned {
    let mut mother = scene.pick(need::MOTHER)?;
    let now = scene.now;
    let sex = if scene.dice.chance(514) { Sex::Male } else { Sex::Female };
    let lane = scene.world.free_lane(now.day(), sex, scene.dice);
    let lane = lane.ok_or(PlanError::NobodyFits("a free number"))?;
    let mut father = scene
        .spouse(&mother.person)
        .filter(|spouse| current(&spouse.person.kjoenn).is_some_and(|item| item.kjoenn == "mann"));
    let number = lane.number(Series::National).expect("a free lane has a number in both series");
    let mut person = newborn(&mother.person, lane, &number, now);
    let both = father.is_some();
    let parents = [Some((&mut mother, "mor")), father.as_mut().map(|father| (father, "far"))];
    let ansvar = if both { "felles" } else { "mor" };
    for (parent, role) in parents.into_iter().flatten() {
        relate(&mut parent.person, role, &mut person, ansvar, meta(now, lane.born, "Fødsel"));
    }
    let mut outcome = Outcome::default();
    let entity = scene.world.entities();
    outcome.tell(Subject { entity, person }, &["personErOpprettet"], now);
    for parent in [Some(mother), father].into_iter().flatten() {
        outcome.tell(parent, &["endringIFamilierelasjon", "endringIForeldreansvar"], now);
    }
    Ok(outcome)
}

/// Writes relation and responsibility on both sides.
fn relate(
    parent: &mut Folkeregisterperson,
    role: &'static str,
    child: &mut Folkeregisterperson,
    ansvar: &'static str,
    meta: Meta,
) {
    let numbers = [parent.number().to_owned(), child.number().to_owned()];
    let relation = |other: &str, role: &'static str, mine: &'static str| Familierelasjon {
        meta: meta.clone(),
        relatert_person: Some(other.to_owned().into()),
        relatert_person_uten_folkeregisteridentifikator: None,
        relatert_persons_rolle: role.into(),
        min_rolle_for_person: Some(mine.into()),
    };
    child.familierelasjon.push(relation(&numbers[0], role, "barn"));
    parent.familierelasjon.push(relation(&numbers[1], "barn", role));
    let [ansvarlig, ansvarssubjekt] = numbers;
    let responsibility = Foreldreansvar {
        meta,
        ansvar: ansvar.into(),
        ansvarssubjekt: Some(ansvarssubjekt.into()),
        ansvarlig: Some(ansvarlig.into()),
        ..Foreldreansvar::default()
    };
    parent.foreldreansvar.push(responsibility.clone());
    child.foreldreansvar.push(responsibility);
}

fn newborn(
    mother: &Folkeregisterperson,
    lane: Lane,
    number: &str,
    now: Moment,
) -> Folkeregisterperson {
    const REASON: &str = "Fødsel";
    let meta = || meta(now, lane.born, REASON);
    let sex = if lane.sex == Sex::Female { "kvinne" } else { "mann" };
    let mut person = Folkeregisterperson {
        identifikasjonsnummer: vec![Identifikasjonsnummer {
            meta: meta(),
            status: "iBruk".into(),
            foedsels_eller_d_nummer: number.to_owned().into(),
            identifikatortype: "foedselsnummer".into(),
        }],
        status: vec![Status { meta: meta(), status: "bosatt".into() }],
        navn: vec![first_name(mother, lane.sex, meta())],
        foedsel: vec![Foedsel {
            meta: meta(),
            foedselsdato: Some(lane.born.iso().into()),
            foedselsaar: lane.born.year().to_string().into(),
            foedested: None,
            foedekommune_i_norge: None,
            foedeland: Some("NOR".into()),
        }],
        foedsel_i_norge: vec![FoedselINorge {
            meta: meta(),
            foedselsinstitusjonsnavn: Some("Haukeland".into()),
            rekkefoelgenummer: None,
        }],
        kjoenn: vec![Kjoenn { meta: meta(), kjoenn: sex.into() }],
        statsborgerskap: vec![Statsborgerskap {
            meta: meta(),
            statsborgerskap: "NOR".into(),
            ervervsdato: Some(lane.born.iso().into()),
        }],
        identitetsgrunnlag: vec![Identitetsgrunnlag {
            meta: meta(),
            identitetsgrunnlagstatus: "kontrollert".into(),
        }],
        sivilstand: vec![Sivilstand {
            meta: meta(),
            sivilstandsdato: Some(lane.born.iso().into()),
            ..bond::status_alone(now, "ugift", REASON)
        }],
        ..Folkeregisterperson::default()
    };
    share_home(mother, &mut person, meta);
    person
}

/// The name a child has until it gets one: its mother's, with a mark.
fn first_name(mother: &Folkeregisterperson, sex: Sex, meta: Meta) -> Navn {
    let mark = if sex == Sex::Female { "*PIKE" } else { "*GUTT" };
    let name = current(&mother.navn);
    let given = name.map_or("", |name| &name.fornavn);
    Navn {
        meta,
        fornavn: format!("{} {mark}", given.to_uppercase()).into(),
        mellomnavn: None,
        etternavn: name.map_or(Text::Borrowed(""), |name| name.etternavn.clone()),
        forkortet_navn: None,
        originalt_navn: None,
    }
}

/// A child lives with its mother and is protected as she is.
fn share_home(
    mother: &Folkeregisterperson,
    child: &mut Folkeregisterperson,
    meta: impl Fn() -> Meta,
) {
    if let Some(home) = current(&mother.bostedsadresse) {
        let mut home = home.clone();
        home.meta = meta();
        home.flyttedato = None;
        child.bostedsadresse.push(home);
    }
    let protection =
        current(&mother.adressebeskyttelse).filter(|item| item.graderingsnivaa != grade::OPEN);
    if let Some(protection) = protection {
        let graderingsnivaa = protection.graderingsnivaa.clone();
        if graderingsnivaa == grade::STRICT {
            child.postadresse.push(strict_post(meta()));
        }
        child.adressebeskyttelse.push(Adressebeskyttelse { meta: meta(), graderingsnivaa });
    }
}

/// The death, then what it makes of the spouse.
pub(super) fn death(scene: &mut Scene<'_>) -> Planned {
    let mut dead = scene.pick(need::RESIDENT)?;
    let spouse = scene.spouse(&dead.person);
    let now = scene.now;
    let died = now.day().plus(-1);
    dead.person.doedsfall =
        Some(Doedsfall { meta: meta(now, died, "Dødsfall"), doedsdato: Some(died.iso().into()) });
    replace(&mut dead.person.status, status(now, "doed", "Dødsfall"));
    end(&mut dead.person.bostedsadresse, now);
    bond::end_marriage(&mut dead.person, now);
    let dead_number = dead.person.number().to_owned();
    let mut outcome = Outcome::default();
    outcome.tell(dead, &["personErDoed"], now);
    if let Some(mut spouse) = spouse {
        bond::widow(&mut spouse.person, &dead_number, now);
        outcome.tell(spouse, &["endringISivilstand", "endringIFamilierelasjon"], now);
    }
    Ok(outcome)
}

/// The day of death was wrong. Also what a reactivation does that brings nobody back.
pub(super) fn correct_death(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let days = 2 + hand.dice.below(20) as i32;
    let told = person.doedsfall.as_ref().and_then(|death| death.doedsdato.clone());
    let mut day = hand.now.day().plus(-days);
    if told.as_deref() == Some(day.iso().as_str()) {
        day = day.plus(-1);
    }
    let meta = meta(hand.now, day, "Dødsfall");
    person.doedsfall = Some(Doedsfall { meta, doedsdato: Some(day.iso().into()) });
}

/// The death was somebody else's: it disappears, and the status before it is back.
pub(super) fn annul_death(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    person.doedsfall = None;
    person.kontaktinformasjon_for_doedsbo.clear();
    person.status.retain(|item| item.status != "doed");
    if person.status.is_empty() {
        person.status.push(status(hand.now, "bosatt", "Patch"));
    }
    person.status[0].meta.er_gjeldende = true;
    person.status[0].meta.opphoerstidspunkt = None;
    if current(&person.bostedsadresse).is_none() && person.status_word() == "bosatt" {
        let home = Home::new(hand.dice);
        home::settle(person, &home, hand.now, "Patch");
    }
}

/// Leaves the country for a place with a postal address.
pub(super) fn emigrate(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let country = &COUNTRIES[hand.dice.below(COUNTRIES.len() as u64) as usize];
    let now = hand.now;
    replace(&mut person.status, status(now, "utflyttet", "Utflytting"));
    end(&mut person.bostedsadresse, now);
    retire(&mut person.innflytting);
    replace(
        &mut person.utflytting,
        Utflytting {
            meta: hand.meta("Utflytting"),
            tilflyttingsland: Some(country.alpha3.into()),
            tilflyttingssted_i_utlandet: Some(country.city.into()),
            utflyttingsdato: Some(now.day().iso().into()),
        },
    );
    let confidential = current(&person.adressebeskyttelse)
        .is_some_and(|item| item.graderingsnivaa == grade::CONFIDENTIAL);
    let grade = if confidential { grade::CONFIDENTIAL } else { grade::OPEN };
    let post = PostadresseIUtlandet {
        meta: hand.meta("Utflytting"),
        utenlandsk_adresse: Some(foreign(country)),
        adressegradering: grade.into(),
        ..PostadresseIUtlandet::default()
    };
    replace(&mut person.postadresse_i_utlandet, post);
}

/// Comes back from abroad.
pub(super) fn come_back(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let home = Home::new(hand.dice);
    let arrival = value::arrival(person, hand);
    replace(&mut person.status, status(hand.now, "bosatt", "Innvandring"));
    replace(&mut person.innflytting, arrival);
    retire(&mut person.utflytting);
    end(&mut person.postadresse_i_utlandet, hand.now);
    home::settle(person, &home, hand.now, "Innvandring");
}

/// Somebody new from abroad gets a D-number.
pub(super) fn arrive(scene: &mut Scene<'_>) -> Planned {
    let sex = if scene.dice.chance(580) { Sex::Male } else { Sex::Female };
    let now = scene.now;
    let lane = scene.world.free_lane(now.day(), sex, scene.dice);
    let lane = lane.ok_or(PlanError::NobodyFits("a free number"))?;
    let number = lane.number(Series::D).expect("a free lane has a number in both series");
    let mut hand = scene.hand();
    let meta = |hand: &Hand<'_>| hand.meta("Tildele d-nummer");
    let citizenship = value::citizenship(&Folkeregisterperson::default(), &mut hand);
    let mut person = Folkeregisterperson {
        identifikasjonsnummer: vec![Identifikasjonsnummer {
            meta: meta(&hand),
            status: "iBruk".into(),
            foedsels_eller_d_nummer: number.into(),
            identifikatortype: "dNummer".into(),
        }],
        status: vec![status(now, "midlertidig", "Tildele d-nummer")],
        foedsel: vec![Foedsel {
            meta: meta(&hand),
            // A number can be given out on another day's digits than the day of birth.
            foedselsaar: (now.day().year() - 20 - hand.dice.below(40) as i32).to_string().into(),
            foedeland: Some("POL".into()),
            ..Foedsel::default()
        }],
        statsborgerskap: vec![citizenship],
        utenlandsk_personidentifikasjon: (0..3)
            .map(|_| value::foreign_number(&Folkeregisterperson::default(), &mut hand))
            .collect(),
        identitetsgrunnlag: vec![Identitetsgrunnlag {
            meta: meta(&hand),
            identitetsgrunnlagstatus: "ikkeKontrollert".into(),
        }],
        sivilstand: vec![bond::status_alone(now, "uoppgitt", "Tildele d-nummer")],
        ..Folkeregisterperson::default()
    };
    let name = value::name(&person, &mut hand);
    person.navn = vec![name];
    let mut outcome = Outcome::default();
    let entity = scene.world.entities();
    let kinds = ["personErOpprettet", "endringIUtenlandskPersonidentifikasjon"];
    outcome.tell(Subject { entity, person }, &kinds, now);
    Ok(outcome)
}

/// The status from today on.
pub(super) fn become_status(
    person: &mut Folkeregisterperson,
    hand: &mut Hand<'_>,
    word: &'static str,
    reason: &'static str,
) {
    replace(&mut person.status, status(hand.now, word, reason));
}

/// The register has no use for the person any longer: the number ceases too.
pub(super) fn discontinue(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    become_status(person, hand, "opphoert", "Opphøre person");
    for item in &mut person.identifikasjonsnummer {
        item.status = "opphoert".into();
    }
}

/// The identity was false; what is known of the right one is told in one of three ways.
pub(super) fn expose(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    become_status(person, hand, "opphoert", "Opphøre person");
    let mut found =
        FalskIdentitet { meta: hand.meta("Patch"), er_falsk: true, ..Default::default() };
    if hand.dice.chance(500) {
        found.rett_identitet_er_ukjent = Some(true);
    } else {
        let name = value::name(person, hand);
        found.rett_identitet_ved_opplysninger =
            Some(crate::freg::wire::IdentifiserendeInformasjon {
                personnavn: crate::freg::wire::Personnavn {
                    fornavn: name.fornavn,
                    mellomnavn: name.mellomnavn,
                    etternavn: name.etternavn,
                },
                foedselsdato: Some("1979-02-28".into()),
                statsborgerskap: vec!["ERI".into(), "XUK".into()],
                kjoenn: Some("kvinne".into()),
            });
    }
    person.falsk_identitet = Some(found);
}

/// The identity was not false after all.
pub(super) fn clear(person: &mut Folkeregisterperson, _: &mut Hand<'_>) {
    person.falsk_identitet = None;
    if person.status.len() > 1 && person.status[0].status == "opphoert" {
        person.status.remove(0);
        person.status[0].meta.er_gjeldende = true;
    }
}
