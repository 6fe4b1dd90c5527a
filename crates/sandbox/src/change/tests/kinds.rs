//! The table of kinds against the register's own list of event types.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Every event type of the package for public bodies, and those that are outside of the list; with
/// the elements of which at least one differs after it.
const TYPES: &[(&str, &[&str])] = &[
    ("personErOpprettet", &["identifikasjonsnummer"]),
    ("personErBosatt", &["status"]),
    ("personErUtflyttet", &["status"]),
    ("personErDoed", &["doedsfall"]),
    ("personErOpphoert", &["status"]),
    ("personErReaktivert", &["status", "doedsfall"]),
    ("personErOppdatert", &["bostedsadresse"]),
    ("personErOpphoertSomDublett", &[]),
    ("personErViderefoertSomGjeldendeVedSammenslaaing", &["identifikasjonsnummer"]),
    ("personErEndretVedSplitting", &["identifikasjonsnummer"]),
    ("personErGjenopprettetVedSplitting", &["identifikasjonsnummer"]),
    ("endringIAdressebeskyttelse", &["adressebeskyttelse"]),
    ("endringIBostedsadresse", &["bostedsadresse"]),
    ("endringIBostedsadresseUtenFlytting", &["bostedsadresse"]),
    ("endringIBrukAvSamiskSpraak", &["brukAvSamiskSpraak"]),
    ("endringIDeltBosted", &["deltBosted"]),
    ("endringIDoedsfall", &["doedsfall"]),
    ("endringIFalskIdentitet", &["falskIdentitet"]),
    ("endringIFamilierelasjon", &["familierelasjon"]),
    ("endringIFoedsel", &["foedsel"]),
    ("endringIFoedselINorge", &["foedselINorge"]),
    ("endringIForeldreansvar", &["foreldreansvar"]),
    ("endringIFratattRettsligHandleevne", &["fratattRettsligHandleevne"]),
    ("endringIIdentifikasjonsnummer", &["identifikasjonsnummer"]),
    ("endringIIdentitetsgrunnlag", &["identitetsgrunnlag"]),
    ("endringIInnflytting", &["innflytting"]),
    ("endringIKjoenn", &["kjoenn"]),
    (
        "endringIKontaktinformasjon",
        &["postadresse", "postadresseIUtlandet", "preferertKontaktadresse"],
    ),
    ("endringIKontaktopplysningerForDoedsbo", &["kontaktinformasjonForDoedsbo"]),
    ("endringILegitimasjonsdokument", &["legitimasjonsdokument"]),
    ("endringINavn", &["navn"]),
    ("endringIOpphold", &["opphold"]),
    ("endringIOppholdPaaSvalbard", &["oppholdPaaSvalbard"]),
    ("endringIOppholdsadresse", &["oppholdsadresse"]),
    ("endringIRettsligHandleevne", &["RettsligHandleevne"]),
    ("endringISametingetsValgmanntall", &["forholdTilSametingetsValgmanntall"]),
    ("endringISivilstand", &["sivilstand"]),
    ("endringIStatsborgerskap", &["statsborgerskap", "bibehold"]),
    ("endringIStatus", &["status"]),
    ("endringIUtenlandskPersonidentifikasjon", &["utenlandskPersonidentifikasjon"]),
    ("endringIUtflytting", &["utflytting"]),
    (
        "endringIUtlendingsmyndighetenesIdentifikasjonsnummer",
        &["utlendingsmyndighetenesIdentifikasjonsnummer"],
    ),
    ("endringIVergemaal", &["vergemaalEllerFremtidsfullmakt"]),
    // Outside of the list.
    ("personErInaktiv", &["status"]),
    ("endringIBostedsadresseVedKommuneregulering", &["bostedsadresse"]),
    ("endringIAnnenIdentifikasjon", &["utenlandskPersonidentifikasjon"]),
    ("endringIBegrensningIRettsligHandleevne", &["RettsligHandleevne"]),
];

fn elements_of(event: &str) -> &'static [&'static str] {
    TYPES.iter().find(|row| row.0 == event).map(|row| row.1).expect("a known type")
}

#[test]
fn every_event_type_has_a_kind_and_every_kind_known_types() {
    let emitted: BTreeSet<&str> = kinds().flat_map(|kind| kind.events).copied().collect();
    let known: BTreeSet<&str> = TYPES.iter().map(|row| row.0).collect();
    assert_eq!(emitted, known);
    assert_eq!(known.len(), 43 + 4, "all of the list but the one of private packages");
}

#[test]
fn names_are_told_apart_and_every_kind_says_what_it_does() {
    let mut seen = BTreeSet::new();
    for kind in kinds() {
        assert!(seen.insert(kind.name), "{} twice", kind.name);
        assert!(!kind.about.is_empty());
        assert!(std::ptr::eq(named(kind.name), kind));
    }
    for old in ["move", "correction", "d-number-to-foedselsnummer", "refresh", "emigration"] {
        assert!(seen.contains(old));
    }
}

/// A register in which everybody's document before the change is known.
fn check(world: &World, maker: &Maker, kind: &'static Kind) {
    let before: BTreeMap<u64, Arc<crate::world::Version>> = (0..world.entities())
        .filter_map(|entity| world.version(entity).map(|version| (entity, version)))
        .collect();
    let name = kind.name;
    let done = maker.make(kind, None, now()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let told: BTreeSet<&str> = done.events.iter().map(|event| event.kind).collect();
    let announced: BTreeSet<&str> = kind.events.iter().copied().collect();
    assert!(told.is_subset(&announced), "{name} tells {told:?}");
    // Some events concern those who may not be there: a spouse, a father. Erasing picks one of three.
    assert!(
        kind.events.is_empty()
            || done.events[0].kind == kind.events[0]
            || told.len() == 1
            || name == "merge-duplicate-first",
        "{name}"
    );
    let nobody = Folkeregisterperson::default();
    for event in &done.events {
        let version = match event.person_document {
            Some(document) => world.archived(document).expect("kept"),
            None => world.find(&event.number).expect("known"),
        };
        let old = before.get(&version.entity).map_or(&nobody, |old| &old.person);
        let differences = version.person.differences(old);
        let wanted = elements_of(event.kind);
        let found = wanted.is_empty() || differences.iter().any(|name| wanted.contains(name));
        assert!(found, "{name}: {} tells of {differences:?}", event.kind);
        assert!(version.person.lists(&event.number), "{name}");
        assert!(world.find(&event.number).is_some(), "{name}: the number leads somewhere");
    }
    if kind.name.starts_with("contact-") {
        let is_silent = name == "contact-silent";
        assert_eq!((done.contacts.is_empty(), done.persons_touched), (is_silent, 0), "{name}");
    } else if kind.events.is_empty() {
        let version = world.find(&done.number).expect("known");
        assert_ne!(before[&version.entity].person, version.person, "{name}");
    }
}

#[test]
fn the_document_of_every_event_holds_the_change_that_it_announces() {
    let (world, maker) = register_of(1_200);
    for kind in kinds() {
        check(&world, &maker, kind);
    }
}

#[test]
fn corrections_and_annulments_leave_no_trace_and_an_end_stays_as_history() {
    let (world, maker) = register_of(1_200);
    // As a part the name has a capital letter, in the document it has not.
    let items = |person: &Folkeregisterperson, element: &str| {
        let json = serde_json::to_value(person).expect("serialises");
        json[element.replace("Rett", "rett")].as_array().map_or(0, Vec::len)
    };
    for kind in kinds() {
        let number = match maker.make(kind, None, now()) {
            Ok(done) => done.number,
            Err(error) => panic!("{}: {error}", kind.name),
        };
        let Does::Alone(need, edit) = kind.does else { continue };
        let [event] = kind.events else { continue };
        let element = elements_of(event);
        let [element] = element else { continue };
        // Done again to somebody, to see both sides.
        let subject = (0..world.entities())
            .filter_map(|entity| world.version(entity))
            .find(|version| (need.met)(&version.person) && version.person.number() != number);
        let Some(subject) = subject else { continue };
        let mut after = subject.person.clone();
        let mut dice = crate::dice::Dice::new(&[7]);
        edit(&mut after, &mut Hand { now: now(), dice: &mut dice });
        let (old, new) = (items(&subject.person, element), items(&after, element));
        if kind.name.ends_with("-correction") {
            assert_eq!(old, new, "{}", kind.name);
        } else if kind.name.ends_with("-annulment") && *element != "bostedsadresse" {
            assert!(new < old, "{}", kind.name);
        } else if kind.name.ends_with("-end") {
            assert_eq!(old, new, "{}", kind.name);
            let ended = serde_json::to_string(&after).expect("serialises");
            assert!(ended.contains("opphoerstidspunkt"), "{}", kind.name);
        }
    }
}

#[test]
fn a_week_has_the_changes_of_the_country() {
    let weekly = |name: &str| named(name).weekly;
    let (contacts, freg): (Vec<_>, Vec<_>) =
        kinds().partition(|kind| kind.name.starts_with("contact-"));
    let total = |kinds: &[&Kind]| kinds.iter().map(|kind| kind.weekly).sum::<u32>();
    let (contacts, total) = (total(&contacts), total(&freg));
    assert!((37_000..45_000).contains(&total), "{total}: about two million in a year");
    assert_eq!((contacts + total / 8) / (total / 4), 1, "one change in five is KRR's");
    assert!((1_100..1_250).contains(&weekly("birth")), "61 000 in a year");
    assert!((1_750..1_900).contains(&weekly("arrival")), "95 000 in a year");
    let (world, maker) = register();
    let mut happened: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..2_000 {
        if let Ok(done) = maker.make_any(now()) {
            *happened.entry(done.kind).or_default() += 1;
        }
    }
    let times = |name: &str| happened.get(name).copied().unwrap_or_default();
    let made: u32 = happened.values().sum();
    assert!(made > 1_950, "{made}");
    assert!((15..95).contains(&times("birth")), "{happened:?}");
    assert!((480..720).contains(&times("move")), "{happened:?}");
    let in_krr = happened.iter().filter(|row| row.0.starts_with("contact-")).map(|row| row.1);
    assert!((300..500).contains(&in_krr.sum::<u32>()), "{happened:?}");
    assert!(times("death") > 15 && times("marriage") > 5);
    assert!(world.last_sequence() > 0);
}
