//! The identity rules, parking, repeats and holes, against a register in memory.

mod register;

use ::register::part::{AddressConfidentiality, AddressProtection};
use proptest::prelude::*;
use store::ParkReason;

use self::register::*;
use super::*;

const CREATED: &str = "personErOpprettet";
const NAME: &str = "endringINavn";
const SURVIVES: &str = "personErViderefoertSomGjeldendeVedSammenslaaing";
const DUPLICATE: &str = "personErOpphoertSomDublett";

/// Persons 1 (number A) and 2 (number B), loaded in bulk at sequence 100.
fn two_persons() -> Register {
    let mut register = Register { last_sequence: Some(100), ..Register::default() };
    register.apply(vec![snapshot(100, "+A"), snapshot(100, "+B")]);
    register
}

#[test]
fn a_bulk_document_makes_a_person_and_tells_it_once() {
    let mut register = two_persons();
    register.apply(vec![snapshot(100, "+A"), snapshot(100, "+B")]);
    let populated = "PersonPopulated";
    assert_eq!(register.public_events(), [(1, populated), (2, populated)]);
}

#[test]
fn a_change_replaces_the_person_and_keeps_the_id() {
    let mut register = two_persons();
    register.apply(vec![change(101, "A", NAME, with(101, "+A /new"))]);
    assert_eq!(register.leads_to("A"), Some(1));
    assert_eq!(register.served[&1], Some(document("+A /new").hash));
    assert_eq!(register.public_events()[2..], [(1, "ChangeInName")]);
}

#[test]
fn a_document_of_a_new_number_makes_a_new_person() {
    let mut register = two_persons();
    register.apply(vec![change(101, "C", CREATED, with(101, "+C"))]);
    assert_eq!(register.leads_to("C"), Some(3));
    assert_eq!(register.public_events()[2..], [(3, "PersonIsCreated")]);
}

#[test]
fn a_new_person_that_no_event_created_is_told_as_populated_first() {
    let mut register = two_persons();
    register.apply(vec![change(101, "C", NAME, with(101, "+C"))]);
    register.apply(vec![snapshot(100, "+C /from the extract")]);
    let told = [(3, "PersonPopulated"), (3, "ChangeInName")];
    assert_eq!(register.public_events()[2..], told);
}

fn merged() -> Register {
    let mut register = two_persons();
    register.apply(vec![
        change(101, "A", SURVIVES, with(101, "+A B")),
        change(102, "B", DUPLICATE, Incoming::Elsewhere),
    ]);
    register
}

#[test]
fn a_merge_keeps_the_survivor_and_makes_the_other_a_stub() {
    let register = merged();
    assert!(!register.state(1).stub && register.state(2).stub);
    assert_eq!((register.leads_to("A"), register.leads_to("B")), (Some(1), Some(1)));
    let told = [(1, "PersonIsContinuedAsValidUponMerger"), (2, "PersonIsDiscontinuedAsDuplicate")];
    assert_eq!(register.public_events()[2..], told);
}

#[test]
fn a_duplicate_that_ends_before_its_survivor_is_known_is_a_stub_too() {
    let mut register = two_persons();
    register.apply(vec![change(101, "B", DUPLICATE, Incoming::Elsewhere)]);
    assert!(register.state(2).stub);
    assert_eq!(register.leads_to("B"), Some(2), "the stub is all that is known of it");
    register.apply(vec![change(102, "A", SURVIVES, with(102, "+A B"))]);
    assert_eq!(register.leads_to("B"), Some(1));
    let told = [(2, "PersonIsDiscontinuedAsDuplicate"), (1, "PersonIsContinuedAsValidUponMerger")];
    assert_eq!(register.public_events()[2..], told);
}

#[test]
fn the_end_of_a_duplicate_never_ends_the_survivor() {
    let mut register = merged();
    register.apply(vec![change(103, "B", DUPLICATE, Incoming::Elsewhere)]);
    assert!(!register.state(1).stub, "B leads to 1, but is not the primary number of 1");
    register.apply(vec![change(104, "unknown", DUPLICATE, Incoming::Elsewhere)]);
    assert_eq!(register.persons.len(), 2);
}

#[test]
fn a_split_revives_the_stub_and_moves_its_number_back() {
    let mut register = merged();
    register.apply(vec![change(103, "A", "personErEndretVedSplitting", with(103, "+A"))]);
    assert_eq!(register.leads_to("B"), Some(2), "half-way the number is the stub's again");
    register.apply(vec![change(104, "B", "personErGjenopprettetVedSplitting", with(104, "+B"))]);
    assert!(!register.state(2).stub);
    assert_eq!((register.leads_to("A"), register.leads_to("B")), (Some(1), Some(2)));
    let told = [(1, "PersonIsChangedBySplitting"), (2, "PersonIsRestoredBySplitting")];
    assert_eq!(register.public_events()[4..], told);
}

#[test]
fn a_d_number_becomes_a_foedselsnummer_in_two_steps_without_a_new_person() {
    let mut register = two_persons();
    register.apply(vec![change(101, "B", "endringIIdentifikasjonsnummer", with(101, "B"))]);
    assert_eq!(register.state(2).primary_number, number("B"), "the last that was in use");
    register.apply(vec![change(102, "F", "personErBosatt", with(102, "+F B"))]);
    assert_eq!(register.persons.len(), 2);
    assert_eq!(register.state(2).primary_number, number("F"));
    assert_eq!((register.leads_to("B"), register.leads_to("F")), (Some(2), Some(2)));
}

#[test]
fn a_number_moves_to_the_person_whose_newer_document_lists_it() {
    let mut register = Register { last_sequence: Some(100), ..Register::default() };
    register.apply(vec![snapshot(100, "+A N"), snapshot(100, "+B")]);
    assert_eq!(register.leads_to("N"), Some(1));
    register.apply(vec![change(101, "B", NAME, with(101, "+B N"))]);
    assert_eq!(register.leads_to("N"), Some(2));
    register.apply(vec![change(102, "A", NAME, with(102, "+A"))]);
    assert_eq!(register.leads_to("N"), Some(2), "giving up what is gone takes nothing back");
}

#[test]
fn a_number_that_no_document_lists_any_more_leads_nowhere() {
    let mut register = Register { last_sequence: Some(100), ..Register::default() };
    register.apply(vec![snapshot(100, "+A N")]);
    register.apply(vec![change(101, "A", NAME, with(101, "+A"))]);
    assert_eq!(register.leads_to("N"), None);
}

#[test]
fn of_two_documents_of_one_extract_the_one_that_has_a_number_in_use_gets_it() {
    for order in [["+A N", "+N"], ["+N", "+A N"]] {
        let mut register = Register::default();
        register.apply(order.map(|numbers| snapshot(100, numbers)).into());
        assert_eq!(register.persons.len(), 2, "{order:?}");
        let owner = register.leads_to("N").unwrap();
        assert_eq!(register.state(owner).primary_number, number("N"), "{order:?}");
        assert!(register.persons.values().all(|state| !state.stub), "{order:?}");
    }
}

#[test]
fn an_older_document_changes_nothing_but_its_event_is_told() {
    let mut register = two_persons();
    register.apply(vec![change(101, "A", NAME, with(500, "+A /newest"))]);
    register.apply(vec![change(102, "A", "endringISivilstand", with(102, "+A /older"))]);
    assert_eq!(register.served[&1], Some(document("+A /newest").hash));
    assert_eq!(register.state(1).as_of, 500);
    assert_eq!(register.public_events()[3..], [(1, "ChangeInMaritalStatus")]);
}

#[test]
fn a_step_of_a_number_change_delivered_late_makes_no_person() {
    let mut register = two_persons();
    let late = || change(101, "B", "endringIIdentifikasjonsnummer", with(101, "B"));
    register.apply(vec![late(), change(102, "F", "personErBosatt", with(102, "+F B"))]);
    register.apply(vec![late()]);
    assert_eq!(register.persons.len(), 2);
    assert_eq!(register.state(2).primary_number, number("F"));
}

/// The number leads nowhere since a correction, so nobody is left whom the old document is of.
#[test]
fn an_old_document_of_a_number_that_leads_nowhere_makes_no_person() {
    let mut register = two_persons();
    let step = || change(101, "B", "endringIIdentifikasjonsnummer", with(101, "B"));
    register.apply(vec![
        step(),
        change(102, "F", "personErBosatt", with(102, "+F B")),
        change(103, "F", NAME, with(103, "+F")),
        step(),
    ]);
    register.apply(vec![step(), snapshot(100, "+B")]);
    assert_eq!(register.persons.len(), 2);
    assert_eq!(register.leads_to("B"), None);
    register.apply(vec![change(104, "B", CREATED, with(104, "+B"))]);
    assert_eq!(register.leads_to("B"), Some(3));
}

#[test]
fn a_number_that_one_person_no_longer_has_may_be_anothers_by_an_older_document() {
    let mut register = two_persons();
    register.apply(vec![change(101, "A", NAME, with(101, "+A N"))]);
    register.apply(vec![
        change(102, "A", NAME, with(110, "+A")),
        change(103, "B", NAME, with(103, "+B N")),
    ]);
    assert_eq!(register.leads_to("N"), Some(2));
    register.apply(vec![change(104, "B", NAME, with(112, "+B"))]);
    register.apply(vec![change(103, "B", NAME, with(103, "+B N"))]);
    assert_eq!(register.leads_to("N"), None, "it is delivered again");
}

#[test]
fn a_split_brings_somebody_whose_number_the_survivor_had_given_up_already() {
    let mut register = two_persons();
    register.apply(vec![snapshot(100, "+S N")]);
    let split = "personErEndretVedSplitting";
    let restored = "personErGjenopprettetVedSplitting";
    register.apply(vec![change(101, "S", split, with(110, "+S"))]);
    assert_eq!(register.leads_to("N"), None);
    register.apply(vec![change(102, "N", restored, with(102, "+N"))]);
    assert_eq!((register.leads_to("N"), register.parked.len()), (Some(4), 0));
    register.apply(vec![change(102, "N", restored, with(102, "+N"))]);
    assert_eq!(register.leads_to("N"), Some(4), "it is delivered again");
}

/// The survivor's newer document says whose the number is not. Where it was is known as of the last
/// document that listed it.
#[test]
fn an_extract_brings_somebody_whose_number_a_newer_document_gave_up() {
    let mut register = two_persons();
    register.apply(vec![snapshot(101, "+S N"), change(101, "S", NAME, with(110, "+S"))]);
    register.apply(vec![snapshot(100, "+N /before the merge")]);
    assert_eq!((register.leads_to("N"), register.persons.len()), (None, 3));
    register.apply(vec![snapshot(105, "+N /after the split")]);
    assert_eq!((register.leads_to("S"), register.leads_to("N")), (Some(3), Some(4)));
    assert_eq!(register.served[&4], Some(document("+N /after the split").hash));
}

#[test]
fn events_without_a_document_of_their_own_follow_the_one_that_carried_it() {
    let mut register = two_persons();
    register.apply(vec![
        change(101, "A", "endringISivilstand", with(102, "+A /both")),
        change(102, "A", NAME, Incoming::Elsewhere),
    ]);
    let told = [(1, "ChangeInMaritalStatus"), (1, "ChangeInName")];
    assert_eq!(register.public_events()[2..], told);
}

#[test]
fn restricted_access_is_told_of_an_address_that_a_document_hid_before_its_event_came() {
    let hidden = || {
        let mut document = Arc::into_inner(document("+A /hidden")).unwrap();
        document.masked_parts = every_address();
        Incoming::Document { as_of: 102, document: Arc::new(document) }
    };
    let moved = "endringIBostedsadresse";
    let mut register = two_persons();
    register.apply(vec![change(101, "A", NAME, hidden())]);
    register.apply(vec![change(102, "A", moved, Incoming::Elsewhere)]);
    let mut hidden_again = Arc::into_inner(document("+A /hidden again")).unwrap();
    hidden_again.masked_parts = every_address();
    let hidden_again = Incoming::Document { as_of: 103, document: Arc::new(hidden_again) };
    register.apply(vec![change(103, "A", moved, hidden_again)]);
    let told: Vec<bool> =
        register.events[2..].iter().map(|(_, _, restricted)| *restricted).collect();
    assert_eq!(told, [true, true, false], "the last one was hidden before and after");
}

#[test]
fn a_lost_record_stops_the_feed_and_a_hole_of_fregs_own_does_not() {
    let mut register = two_persons();
    let hole = Content::Change(Change {
        sequence: 110,
        previous_sequence: Some(100),
        number: number("A"),
        event_type: NAME.to_owned(),
        document: with(110, "+A"),
    });
    register.apply(vec![Input { place: place(1), content: hole }]);
    let error = register.try_apply(vec![change(112, "A", NAME, with(112, "+A /x"))]).unwrap_err();
    assert!(matches!(error, PlanError::RecordsMissing { applied: 110, previous: 111 }));
}

#[test]
fn an_unreadable_document_parks_the_person_and_hides_the_addresses() {
    let mut register = two_persons();
    register.apply(vec![
        change(101, "A", NAME, Incoming::Unreadable { as_of: 101 }),
        change(102, "A", "endringISivilstand", with(102, "+A /later")),
        change(103, "B", NAME, with(103, "+B /free")),
    ]);
    let state = register.state(1);
    assert!(state.parked && state.protection_uncertain);
    assert_eq!(state.masked_parts, every_address());
    assert_eq!(register.served[&1], Some(document("+A").hash), "what is behind waits");
    let parked = [(101, ParkReason::UnreadableDocument), (102, ParkReason::BehindParked)];
    assert_eq!(register.parked, parked);
    assert_eq!(register.served[&2], Some(document("+B /free").hash), "others go on");
    assert_eq!(register.public_events()[2..], [(1, "PersonIsUpdated"), (2, "ChangeInName")]);
}

#[test]
fn a_protection_behind_a_parked_record_hides_the_addresses() {
    let mut register = two_persons();
    register.apply(vec![change(101, "A", NAME, Incoming::Missing)]);
    assert!(register.state(1).parked && !register.state(1).protection_uncertain);
    register.apply(vec![change(102, "A", "endringIAdressebeskyttelse", with(102, "+A /hidden"))]);
    assert!(register.state(1).protection_uncertain);
}

#[test]
fn a_protection_in_a_document_that_waits_hides_the_addresses_whatever_brought_it() {
    let protected = || {
        let mut document = Arc::into_inner(document("+A /protected")).unwrap();
        let protection_level = Some(AddressConfidentiality::Confidential);
        document.person.address_protection =
            vec![AddressProtection { protection_level, ..AddressProtection::default() }];
        Incoming::Document { as_of: 102, document: Arc::new(document) }
    };
    let by_change = change(102, "A", NAME, protected());
    let by_extract = Input { place: place(102), content: Content::Snapshot(protected()) };
    let without_document = change(102, "A", "personErOppdatert", Incoming::Missing);
    for record in [by_change, by_extract, without_document] {
        let mut register = two_persons();
        register.apply(vec![change(101, "A", NAME, Incoming::Missing)]);
        assert!(!register.state(1).protection_uncertain);
        register.apply(vec![record]);
        assert!(register.state(1).protection_uncertain);
        assert_eq!(register.public_events()[2..], [(1, "PersonIsUpdated")]);
    }
}

#[test]
fn what_is_parked_for_an_unknown_number_holds_back_what_follows() {
    let mut register = two_persons();
    register.apply(vec![change(101, "C", CREATED, Incoming::Unreadable { as_of: 101 })]);
    register.apply(vec![change(102, "C", NAME, with(102, "+C"))]);
    assert_eq!(register.parked.len(), 2);
    assert_eq!(register.leads_to("C"), None);
}

#[test]
fn a_new_number_of_a_parked_person_waits_too() {
    let mut register = two_persons();
    register.apply(vec![change(101, "B", NAME, Incoming::Unreadable { as_of: 101 })]);
    register.apply(vec![change(102, "F", "personErBosatt", with(102, "+F B"))]);
    assert_eq!(register.parked[1], (102, ParkReason::BehindParked));
    assert_eq!(register.state(2).primary_number, number("B"));
}

fn parked_register() -> Register {
    let mut register = two_persons();
    register.apply(vec![
        change(101, "A", NAME, Incoming::Unreadable { as_of: 101 }),
        change(102, "A", "endringISivilstand", with(102, "+A /later")),
        change(103, "F", "personErBosatt", with(103, "+F A")),
    ]);
    assert_eq!(register.parked.len(), 3);
    register
}

#[test]
fn what_comes_out_of_the_park_is_applied_and_told_in_order() {
    let mut register = parked_register();
    register.drain(vec![
        change(101, "A", NAME, with(101, "+A /mended")),
        change(102, "A", "endringISivilstand", with(102, "+A /later")),
        change(103, "F", "personErBosatt", with(103, "+F A")),
    ]);
    let state = register.state(1);
    assert!(!state.parked && !state.protection_uncertain);
    assert_eq!((state.as_of, state.masked_parts), (103, PartSet::default()));
    assert_eq!(register.served[&1], Some(document("+F A").hash));
    let told = ["PersonIsUpdated", "ChangeInName", "ChangeInMaritalStatus", "PersonIsResident"];
    assert_eq!(register.public_events()[2..], told.map(|told| (1, told)));
    assert_eq!((register.parked.len(), register.last_sequence), (0, Some(103)));
}

#[test]
fn what_cannot_be_read_this_time_either_stays_with_all_that_is_behind_it() {
    let mut register = parked_register();
    let before = register.public_events().len();
    register.drain(vec![
        change(101, "A", NAME, Incoming::Unreadable { as_of: 101 }),
        change(102, "A", "endringISivilstand", with(102, "+A /later")),
        change(103, "F", "personErBosatt", with(103, "+F A")),
    ]);
    let state = register.state(1);
    assert!(state.parked && state.protection_uncertain);
    assert_eq!(register.parked.len(), 3);
    assert_eq!(register.public_events().len(), before);
}

#[test]
fn addresses_are_shown_again_when_what_waited_turns_out_to_be_old() {
    let mut register = parked_register();
    register.drain(vec![change(101, "A", NAME, with(99, "+A /old"))]);
    let state = register.state(1);
    assert!(!state.parked && !state.protection_uncertain);
    let told = [(1, "ChangeInName"), (1, "PersonIsUpdated")];
    assert_eq!(register.public_events()[3..], told, "whoever keeps a copy looks again");
}

#[test]
fn what_is_no_newer_than_the_person_hides_nothing() {
    let mut register = Register::default();
    register.apply(vec![change(100, "A", CREATED, with(105, "+A"))]);
    register.apply(vec![change(101, "A", NAME, Incoming::Unreadable { as_of: 105 })]);
    let state = register.state(1);
    assert!(state.parked && !state.protection_uncertain);
}

#[test]
fn what_is_left_out_hides_the_addresses_until_there_is_a_newer_document() {
    let mut register = parked_register();
    register.skip();
    let state = register.state(1);
    assert!(!state.parked && state.protection_uncertain);
    assert_eq!(state.masked_parts, every_address());
    register.apply(vec![change(104, "A", NAME, with(104, "+A"))]);
    let state = register.state(1);
    assert!(!state.protection_uncertain, "the same content, but newer than what was left out");
    assert_eq!(state.masked_parts, PartSet::default());
}

#[test]
fn a_change_without_an_event_is_told_as_an_update() {
    let mut register = two_persons();
    register.apply(vec![snapshot(110, "+A /silently"), snapshot(110, "+B")]);
    assert_eq!(register.public_events()[2..], [(1, "PersonIsUpdated")]);
    register.apply(vec![snapshot(105, "+A /older")]);
    assert_eq!(register.served[&1], Some(document("+A /silently").hash));
}

/// What may happen to three persons with numbers A, B, C and a later number F for C.
const STORY: [(&str, &str, &str); 11] = [
    ("A", NAME, "+A /a"),
    ("B", NAME, "+B /b"),
    ("C", NAME, "+C /c"),
    ("A", SURVIVES, "+A B"),
    ("B", DUPLICATE, ""),
    ("A", "personErEndretVedSplitting", "+A /split"),
    ("B", "personErGjenopprettetVedSplitting", "+B /split"),
    ("C", "endringIIdentifikasjonsnummer", "C"),
    ("F", "personErBosatt", "+F C"),
    ("F", NAME, "+F /corrected"),
    ("A", NAME, "+A C"),
];

fn records(steps: &[usize]) -> Vec<(i64, usize)> {
    steps.iter().enumerate().map(|(at, step)| (101 + at as i64, *step)).collect()
}

fn input((sequence, step): (i64, usize)) -> Input {
    let (on, event, numbers) = STORY[step];
    let document = if numbers.is_empty() {
        Incoming::Elsewhere
    } else {
        with(sequence, &format!("{numbers} /{sequence}"))
    };
    change(sequence, on, event, document)
}

fn loaded() -> Register {
    let mut register = Register { last_sequence: Some(100), ..Register::default() };
    register.apply(["+A", "+B", "+C"].map(|numbers| snapshot(100, numbers)).into());
    register
}

fn rows(register: &Register) -> impl PartialEq + std::fmt::Debug {
    let persons: Vec<_> = register
        .persons
        .values()
        .map(|state| (state.id, state.primary_number.as_str().to_owned(), state.stub, state.as_of))
        .collect();
    (persons, register.served.clone(), register.numbers.clone())
}

proptest! {
    /// Whatever happens in whatever order: batches of any size give the same rows and events, and
    /// so does any prefix that is delivered twice.
    #[test]
    fn batches_and_repeats_make_no_difference(
        steps in prop::collection::vec(0..STORY.len(), 1..12),
        size in 1..12_usize,
        prefix in 0..12_usize,
    ) {
        let records = records(&steps);
        let mut at_once = loaded();
        at_once.apply(records.iter().copied().map(input).collect());

        let mut again = loaded();
        for batch in records.chunks(size) {
            again.apply(batch.iter().copied().map(input).collect());
        }
        prop_assert_eq!(rows(&again), rows(&at_once));
        prop_assert_eq!(again.public_events(), at_once.public_events());

        let repeated = &records[..prefix.min(records.len())];
        again.apply(repeated.iter().copied().map(input).collect());
        prop_assert_eq!(rows(&again), rows(&at_once));
        prop_assert_eq!(again.public_events(), at_once.public_events());
    }
}
