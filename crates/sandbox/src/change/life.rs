//! Births, deaths and emigrations.

use crate::calendar::Moment;
use crate::change::edit::{end, meta, replace, retire, status};
use crate::change::{Outcome, Subject, bond};
use crate::freg::wire::{
    Adressebeskyttelse, Doedsfall, Familierelasjon, Foedsel, FoedselINorge, Folkeregisterperson,
    Foreldreansvar, Identifikasjonsnummer, Identitetsgrunnlag, Kjoenn, Meta, Navn,
    PostadresseIUtlandet, Sivilstand, Statsborgerskap, Status, Text, Utflytting, current,
};
use crate::population::{COUNTRIES, Lane, Series, Sex, foreign, grade, strict_post};

/// A child is registered, then each parent's relation and responsibility.
pub(super) fn birth(
    mut mother: Subject,
    mut father: Option<Subject>,
    entity: u64,
    lane: Lane,
    now: Moment,
) -> Outcome {
    let number = lane.number(Series::National).expect("a free lane has a rank that always exists");
    let mut person = newborn(&mother.person, lane, &number, now);
    let both = father.is_some();
    let parents = [Some((&mut mother, "mor")), father.as_mut().map(|father| (father, "far"))];
    let ansvar = if both { "felles" } else { "mor" };
    for (parent, role) in parents.into_iter().flatten() {
        relate(&mut parent.person, role, &mut person, ansvar, meta(now, lane.born, "Fødsel"));
    }
    let mut outcome = Outcome::default();
    outcome.tell(Subject { entity, person }, &["personErOpprettet"], now);
    for parent in [Some(mother), father].into_iter().flatten() {
        outcome.tell(parent, &["endringIFamilierelasjon", "endringIForeldreansvar"], now);
    }
    outcome
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
pub(super) fn death(mut dead: Subject, spouse: Option<Subject>, now: Moment) -> Outcome {
    let today = now.day();
    let died = today.plus(-1);
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
    outcome
}

/// Leaves the country for a place with a postal address.
pub(super) fn emigrate(mut leaving: Subject, country: usize, now: Moment) -> Outcome {
    let country = &COUNTRIES[country % COUNTRIES.len()];
    let person = &mut leaving.person;
    let today = now.day();
    replace(&mut person.status, status(now, "utflyttet", "Utflytting"));
    end(&mut person.bostedsadresse, now);
    retire(&mut person.innflytting);
    replace(
        &mut person.utflytting,
        Utflytting {
            meta: meta(now, today, "Utflytting"),
            tilflyttingsland: Some(country.alpha3.into()),
            tilflyttingssted_i_utlandet: Some(country.city.into()),
            utflyttingsdato: Some(today.iso().into()),
        },
    );
    let confidential = current(&person.adressebeskyttelse)
        .is_some_and(|item| item.graderingsnivaa == grade::CONFIDENTIAL);
    let grade = if confidential { grade::CONFIDENTIAL } else { grade::OPEN };
    replace(
        &mut person.postadresse_i_utlandet,
        PostadresseIUtlandet {
            meta: meta(now, today, "Utflytting"),
            utenlandsk_adresse: Some(foreign(country)),
            adressegradering: grade.into(),
        },
    );
    let kinds = ["personErUtflyttet", "endringIUtflytting", "endringIKontaktinformasjon"];
    let mut outcome = Outcome::default();
    outcome.tell(leaving, &kinds, now);
    outcome
}
