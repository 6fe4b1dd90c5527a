//! Scenarios: each can be played, and its order is the one it promises.

use super::*;

fn play(name: &str) -> (Arc<World>, Played, i64) {
    play_among(name, 6_000)
}

fn play_among(name: &str, persons: u64) -> (Arc<World>, Played, i64) {
    let (world, maker) = register_of(persons);
    let last = world.last_sequence();
    let scenario = Scenario::from_name(name).expect("a scenario");
    let played = maker.play(scenario, now()).expect("it can be played");
    (world, played, last)
}

fn told(world: &World, after: i64) -> Vec<(&'static str, String)> {
    let events = world.events(after + 1, usize::MAX).expect("kept");
    events.into_iter().map(|event| (event.kind, event.number)).collect()
}

#[test]
fn every_scenario_can_be_played_and_follows_from_the_seed() {
    for scenario in SCENARIOS {
        let (world, played, last) = play_among(scenario.name, 1_500);
        assert!(!played.changes.is_empty() || !played.masses.is_empty(), "{}", scenario.name);
        let (again, ..) = play_among(scenario.name, 1_500);
        assert_eq!(told(&world, last), told(&again, last), "{}", scenario.name);
    }
}

#[test]
fn others_events_come_between_the_halves_of_a_new_number() {
    let (world, played, last) = play("d-number");
    let events = told(&world, last);
    let old = &played.changes[0].number;
    let new = &played.changes[4].number;
    assert_eq!(events[0], ("endringIIdentifikasjonsnummer", old.clone()));
    assert_eq!(events.last(), Some(&("personErBosatt", new.clone())));
    let between = &events[1..events.len() - 1];
    assert!(between.len() >= 3 && between.iter().all(|event| event.1 != *old && event.1 != *new));
}

#[test]
fn one_who_was_merged_with_two_keeps_one_after_the_split() {
    let (world, played, _) = play("merge-twice");
    let survivor = &played.changes[0].number;
    let person = &world.find(survivor).expect("known").person;
    let mut ceased = person.identifikasjonsnummer.iter().filter(|item| item.status == "opphoert");
    let led_back = |number: &str| world.find(number).expect("known").person.lists(survivor);
    assert!(ceased.all(|item| led_back(&item.foedsels_eller_d_nummer)));
    let restored = played.changes[2].numbers.last().expect("two numbers");
    assert!(world.find(restored).expect("known").person.uses(restored));
    assert!(!person.lists(restored));
}

#[test]
fn a_region_reform_renumbers_many_and_some_move_into_old_numbers() {
    let (world, played, last) = play("region-reform");
    let [(name, persons)] = played.masses[..] else { panic!("one mass") };
    assert_eq!(name, "kommunenummer");
    assert!(persons > 300, "{persons}");
    let events = told(&world, last);
    assert_eq!(events.len(), persons + 3);
    assert!(events[..persons].iter().all(|event| event.0 == "endringIBostedsadresseUtenFlytting"));
    assert!(events[persons..].iter().all(|event| event.0 == "endringIBostedsadresse"));
}

#[test]
fn lost_events_are_repaired_by_one_that_tells_nothing() {
    let (world, played, last) = play("lost-events");
    assert_eq!(played.changes.len(), 6);
    let numbers = |from: usize| -> Vec<&String> {
        played.changes[from..from + 3].iter().map(|done| &done.number).collect()
    };
    assert_eq!(numbers(0), numbers(3));
    let events = told(&world, last);
    assert_eq!(events.len(), 3, "the moves themselves are not told of");
    assert!(events.iter().all(|event| event.0 == "personErOppdatert"));
}

#[test]
fn a_silent_migration_changes_documents_and_no_event_comes() {
    let (world, played, last) = play("silent-migration");
    assert!(played.masses[0].1 > 0);
    assert_eq!(world.last_sequence(), last);
}

#[test]
fn every_event_type_comes_in_one_scenario() {
    let (world, _, last) = play("every-event");
    let found: std::collections::BTreeSet<_> =
        told(&world, last).into_iter().map(|event| event.0).collect();
    let wanted = kinds().flat_map(|kind| kind.events).copied().collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_week_is_scaled_to_the_population() {
    let (_, played, _) = play("week");
    // 6 000 of 7.6 million, at some 40 000 changes in a week.
    assert!((20..60).contains(&played.changes.len()), "{}", played.changes.len());
}

#[test]
fn one_person_goes_through_every_change_of_contact_details() {
    let (world, played, last) = play("contacts");
    let story = &played.changes[..7];
    assert!(story.iter().all(|done| done.number == story[0].number && done.contacts.len() == 1));
    assert!(told(&world, last).is_empty(), "FREG knows nothing of it");
    let ids: Vec<i64> = played.changes.iter().flat_map(|done| done.contacts.clone()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
}
