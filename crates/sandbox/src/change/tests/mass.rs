//! Corrections of many at once: cheap to hold, and true to the last document.

use super::*;

fn later() -> Moment {
    now().plus(600)
}

fn correct(maker: &Maker, name: &str, count: u64) -> Arc<Mass> {
    let correction = Correction::from_name(name).expect("a correction");
    maker.correct(correction, count, later()).expect("it concerns somebody")
}

#[test]
fn every_correction_changes_whom_it_concerns_and_tells_each_once() {
    for correction in CORRECTIONS {
        let (world, maker) = register_of(1_500);
        if correction.name == "preferertKontaktadresse" {
            maker.make(named("preferred-contact-address"), None, now()).expect("somebody");
        }
        if correction.name == "vergemaal" {
            maker.make(named("guardianship"), None, now()).expect("somebody");
        }
        if correction.name == "utlendingsmyndighetenesIdentifikasjonsnummer" {
            maker.make(named("immigration-number"), None, now()).expect("somebody");
        }
        if correction.name == "familierelasjon" {
            let dead = maker.make(named("death"), None, now()).expect("somebody").number;
            maker.make(named("relative-abroad"), None, now()).expect("somebody");
            assert!(world.find(&dead).is_some());
        }
        let before: Vec<_> = (0..1_500).map(|entity| world.version(entity)).collect();
        let last = world.last_sequence();
        let Ok(mass) = maker.correct(correction, u64::MAX, later()) else {
            panic!("{} concerns nobody", correction.name);
        };
        let persons = mass.entities.len();
        let events = world.events(last + 1, usize::MAX).expect("kept");
        assert_eq!(events.len(), if correction.event.is_some() { persons } else { 0 });
        for (position, entity) in mass.entities.iter().enumerate().step_by(7) {
            let version = world.version(u64::from(*entity)).expect("there");
            let old = before[*entity as usize].as_ref().expect("there");
            assert!(version.person != old.person, "{}", correction.name);
            assert_ne!(version.document, old.document);
            let kept = world.archived(version.document).expect("made again");
            assert_eq!(kept.person, version.person);
            let listed = world.documents(u64::from(*entity)..u64::from(*entity) + 1);
            assert_eq!(listed, [version.document]);
            if let Some(event) = events.get(position) {
                assert_eq!(event.number, version.person.number());
                let pointed = event.person_document.is_none_or(|id| id == version.document);
                assert!(pointed && Some(event.kind) == correction.event);
            }
        }
    }
}

#[test]
fn a_mass_and_later_changes_of_the_same_person_keep_every_document() {
    let (world, maker) = register_of(1_500);
    let first = correct(&maker, "personstatus", 500);
    let entity = (0..500)
        .find(|entity| {
            let version = world.version(*entity).expect("there");
            version.person.status_word() == "bosatt" && current(&version.person.navn).is_some()
        })
        .expect("a resident");
    let number = world.version(entity).expect("there").person.number().to_owned();
    let of_first = world.version(entity).expect("there");
    maker.make(named("name"), Some(&number), now()).expect("has a name");
    let of_name = world.version(entity).expect("there");
    correct(&maker, "sivilstand", 500);
    let of_second = world.version(entity).expect("there");
    maker.make(named("name"), Some(&number), now()).expect("has a name");
    for version in [&of_first, &of_name, &of_second] {
        let kept = world.archived(version.document).expect("kept");
        assert_eq!(kept.person, version.person);
    }
    assert_eq!(of_name.person.status, of_first.person.status, "what a mass did stays done");
    assert_ne!(of_second.person.sivilstand, of_name.person.sivilstand);
    let events = world.events(first.first.expect("has events"), 2_000).expect("kept");
    assert_eq!(events.len(), 500 + 1 + 500 + 1);
    assert!(events.windows(2).all(|pair| pair[0].sequence + 1 == pair[1].sequence));
    let told: Vec<_> = events.iter().filter(|event| event.number == number).collect();
    assert_eq!(told.len(), 4);
}

#[test]
fn pages_of_a_mass_fit_together_wherever_they_begin() {
    let (world, maker) = register_of(1_500);
    let mass = correct(&maker, "sivilstand", 1_200);
    maker.make(named("name"), None, now()).expect("somebody");
    let first = mass.first.expect("has events");
    let whole = world.events(first, usize::MAX).expect("kept");
    assert_eq!(whole.len(), 1_201);
    for (from, limit) in [(0, 1000), (199, 1000), (1_199, 10), (1_200, 10), (700, 1)] {
        let page = world.events(first + from, limit).expect("kept");
        let end = whole.len().min(from as usize + limit);
        assert_eq!(page, whole[from as usize..end]);
    }
    let times: Vec<&String> = whole[..1_200].iter().map(|event| &event.at).collect();
    assert!(times.is_sorted() && times.first() < times.last(), "worked off at a pace");
}

#[test]
fn a_merged_person_is_passed_over_and_nobody_is_no_mass() {
    let (world, maker) = register_of(1_500);
    let merged = maker.make(named("merge"), None, now()).expect("two");
    let dead = world.any_merged().expect("one");
    let mass = correct(&maker, "personstatus", u64::MAX);
    assert_eq!(mass.position(dead), None);
    assert_eq!(mass.entities.len(), 1_499);
    assert!(world.find(&merged.numbers[1]).is_some());
    let first = correct(&maker, "kommunenummer", u64::MAX);
    assert!(first.entities.len() > 50);
    let again = Correction::from_name("kommunenummer").expect("a correction");
    assert!(matches!(maker.correct(again, 10, now()), Err(PlanError::NobodyFits(_))));
}

#[test]
fn what_a_mass_made_is_forgotten_with_its_events() {
    let world = Arc::new(World::with_retention(Population::new(11, 1_500), 5));
    let maker = maker_of(world.clone());
    let mass = correct(&maker, "personstatus", 100);
    let person = world.version(u64::from(mass.entities[3])).expect("there");
    let resident = (0..100)
        .filter_map(|entity| world.version(entity))
        .find(|version| !version.person.navn.is_empty())
        .expect("somebody with a name");
    let number = resident.person.number().to_owned();
    for _ in 0..7 {
        maker.make(named("name"), Some(&number), now()).expect("has a name");
    }
    assert!(world.archived(resident.document).is_none(), "its event is gone");
    assert!(world.events(mass.first.expect("has events"), 10).is_err());
    assert!(world.archived(person.document).is_some(), "present, and made when asked for");
}

#[test]
fn who_changed_while_a_correction_looked_is_looked_at_again() {
    let (world, maker) = register_of(1_500);
    let correction = Correction::from_name("kommunenummer").expect("a correction");
    let versions = world.versions_made();
    let seen = world.whom(correction, u64::MAX, later());
    let number = |entity: &u32| world.population.number(u64::from(*entity));
    let gone = seen.iter().find(|entity| {
        let away = maker.make(named("emigration"), Some(&number(entity)), now());
        away.is_ok()
    });
    let gone = *gone.expect("a resident");
    maker.make(named("birth"), None, now()).expect("a mother");
    let mut found = seen.clone();
    world.look_again(correction, versions, later(), &mut found);
    let fresh = world.whom(correction, u64::MAX, later());
    assert_eq!(found, fresh, "as if nothing had happened meanwhile");
    assert!(seen.contains(&gone) && !found.contains(&gone));
    assert_eq!(world.scan(), None);
}

#[test]
fn single_changes_go_on_while_a_correction_looks() {
    let (world, maker) = register_of(30_000);
    let correction = Correction::from_name("personstatus").expect("a correction");
    let done = std::thread::scope(|scope| {
        let mass = scope.spawn(|| maker.correct(correction, u64::MAX, later()));
        let mut during = 0;
        while !mass.is_finished() {
            let looking = world.scan().is_some();
            maker.make(named("name"), None, now()).expect("somebody");
            during += u32::from(looking && world.scan().is_some());
        }
        mass.join().expect("no panic").map(|mass| (during, mass.entities.len()))
    });
    let (during, persons) = done.expect("everyone");
    assert!(during > 10, "{during} changes began and ended while it looked");
    assert_eq!(persons as u64, world.entities());
}
