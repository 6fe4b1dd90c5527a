//! The pure half of collecting: which documents a page needs, and which records it becomes.

use ingest::collect::plan::{Counts, PAGE_EVENTS, Page, Plan, Start};
use ingest::record::{Carried, ChangeRecord};
use proptest::prelude::*;
use register::id::IdentityNumber;
use serde_json::value::RawValue;
use sources::freg::bulk::BulkAnswer;
use sources::freg::feed::FeedEntry;
use store::Cursor;

use crate::support::freg::document;

const ANNE: &str = "01819912345";
const BO: &str = "02819912345";
const CATO: &str = "03819912345";

const NAME: &str = "endringINavn";
const UPDATED: &str = "personErOppdatert";
const DUPLICATE: &str = "personErOpphoertSomDublett";
const SURVIVOR: &str = "personErViderefoertSomGjeldendeVedSammenslaaing";
const RESTORED: &str = "personErGjenopprettetVedSplitting";

const START: Start = Start { next: 1, by_number_until: 0, previous: Some(0) };

fn entry(sequence: i64, number: &str, event_type: &str, id: Option<&str>) -> FeedEntry {
    FeedEntry {
        sequence,
        number: IdentityNumber::new(number),
        event_type: event_type.to_owned(),
        event_document: None,
        person_document: id.map(str::to_owned),
        registered_at: None,
    }
}

fn plan(entries: Vec<FeedEntry>) -> Plan {
    Plan::new(Page::tidy(entries, &START), START.by_number_until)
}

fn found(key: &str, numbers: &[&str]) -> BulkAnswer {
    let json = RawValue::from_string(document(numbers)).unwrap();
    BulkAnswer { key: key.to_owned(), outcome: Ok(json) }
}

fn refused(key: &str) -> BulkAnswer {
    BulkAnswer { key: key.to_owned(), outcome: Err("finnes ikke".to_owned()) }
}

fn numbers(plan: &Plan) -> Vec<String> {
    plan.numbers().into_iter().map(IdentityNumber::into_string).collect()
}

/// Each record as `sequence: what it carries`, a document by its age and first number.
fn carried(records: &[ChangeRecord]) -> Vec<String> {
    let shown = records.iter().map(|record| match &record.document {
        Carried::Elsewhere => format!("{}: -", record.sequence),
        Carried::Missing { as_of } => format!("{}: missing@{as_of}", record.sequence),
        Carried::Document { as_of, json } => {
            let document: serde_json::Value = serde_json::from_str(json.get()).unwrap();
            let number = &document["identifikasjonsnummer"][0]["foedselsEllerDNummer"];
            format!("{}: {}@{as_of}", record.sequence, number.as_str().unwrap())
        }
    });
    shown.collect()
}

#[test]
fn the_newest_document_of_a_number_rides_on_its_first_event() {
    let mut plan = plan(vec![
        entry(1, ANNE, NAME, Some("a1")),
        entry(2, BO, NAME, Some("b2")),
        entry(3, ANNE, "endringISivilstand", Some("a3")),
        entry(4, ANNE, "endringIBostedsadresse", Some("a4")),
    ]);
    assert_eq!(plan.documents(), ["a4", "b2"]);
    // FREG promises neither order nor one answer for each request.
    let answers = vec![found("x", &[CATO]), found("b2", &[BO]), found("a4", &[ANNE])];
    plan.take_documents(answers);
    assert_eq!(numbers(&plan), [""; 0]);
    assert_eq!(plan.counts(), Counts { by_id: 2, by_number: 0, missing: 0 });
    let records = plan.into_records(Some(0));
    let (anne, bo) = (format!("1: {ANNE}@4"), format!("2: {BO}@2"));
    assert_eq!(carried(&records), [&anne, &bo, "3: -", "4: -"]);
    assert_eq!(records[3].event_type, "endringIBostedsadresse");
    assert_eq!(records[3].number, ANNE);
}

/// One event each: is its document fetched by id, by number, or not at all?
#[test]
fn how_a_document_is_had_depends_on_the_event() {
    let table = [
        (NAME, Some("id"), 0, "by id"),
        (NAME, None, 0, "by number"),
        (UPDATED, Some("id"), 0, "by number"),
        (UPDATED, None, 0, "by number"),
        ("endringIAnnenIdentifikasjon", Some("id"), 0, "by number"),
        ("", Some("id"), 0, "by number"),
        (RESTORED, Some("id"), 0, "by id"),
        // The window after a bulk load, its end included.
        (NAME, Some("id"), 1, "by number"),
        (NAME, Some("id"), 5, "by number"),
        (DUPLICATE, None, 0, "not"),
        (DUPLICATE, None, 5, "not"),
        // It has none by nature; were there one, it is still not ours to look at.
        (DUPLICATE, Some("id"), 0, "not"),
    ];
    for (event_type, id, by_number_until, expected) in table {
        let page = Page::tidy(vec![entry(1, ANNE, event_type, id)], &START);
        let plan = Plan::new(page, by_number_until);
        let how = match (plan.documents().len(), plan.numbers().len()) {
            // Until it has been answered, what is fetched by id is also wanted by number.
            (1, 1) => "by id",
            (0, 1) => "by number",
            (0, 0) => "not",
            other => panic!("{other:?}"),
        };
        assert_eq!(how, expected, "{event_type} {id:?} {by_number_until}");
    }
}

#[test]
fn the_newest_event_decides_even_when_older_ones_have_documents() {
    let mut plan = plan(vec![
        entry(1, ANNE, NAME, Some("a1")),
        entry(2, ANNE, NAME, None),
        entry(3, BO, UPDATED, None),
        entry(4, BO, NAME, Some("b4")),
    ]);
    assert_eq!(plan.documents(), ["b4"]);
    plan.take_documents(vec![found("b4", &[BO])]);
    assert_eq!(numbers(&plan), [ANNE]);
    plan.take_persons(vec![found(ANNE, &[ANNE])], 77);
    let (anne, bo) = (format!("1: {ANNE}@77"), format!("3: {BO}@4"));
    assert_eq!(carried(&plan.into_records(Some(0))), [&anne, "2: -", &bo, "4: -"]);
}

#[test]
fn the_window_after_a_bulk_load_ends_inside_a_page() {
    let entries = vec![
        entry(10, ANNE, NAME, Some("a10")),
        entry(11, BO, NAME, Some("b11")),
        entry(12, ANNE, NAME, Some("a12")),
    ];
    let start = Start { next: 10, by_number_until: 11, previous: None };
    let plan = Plan::new(Page::tidy(entries, &start), start.by_number_until);
    assert_eq!(plan.documents(), ["a12"], "the newest event of this number is past the window");
}

#[test]
fn a_merge_looks_up_the_survivor_and_never_the_duplicate() {
    let mut plan = plan(vec![entry(2, ANNE, SURVIVOR, Some("a2")), entry(3, BO, DUPLICATE, None)]);
    plan.take_documents(vec![found("a2", &[ANNE, BO])]);
    assert_eq!(numbers(&plan), [""; 0]);
    assert_eq!(carried(&plan.into_records(Some(1))), [&format!("2: {ANNE}@2"), "3: -"]);
}

/// A duplicate's end must be applied after what came before it and before what came after it.
#[test]
fn a_duplicates_end_parts_the_events_of_its_number() {
    let mut plan = plan(vec![
        entry(1, BO, NAME, Some("b1")),
        entry(2, BO, NAME, Some("b2")),
        entry(3, BO, DUPLICATE, None),
        entry(4, BO, RESTORED, Some("b4")),
        entry(5, BO, NAME, Some("b5")),
    ]);
    assert_eq!(plan.documents(), ["b2", "b5"]);
    plan.take_documents(vec![found("b5", &[BO]), found("b2", &[BO])]);
    let (before, after) = (format!("1: {BO}@2"), format!("4: {BO}@5"));
    let records = plan.into_records(Some(0));
    assert_eq!(carried(&records), [&before, "2: -", "3: -", &after, "5: -"]);
}

#[test]
fn a_document_that_freg_does_not_give_is_looked_up_by_number_and_else_missing() {
    let mut plan = plan(vec![
        entry(1, ANNE, NAME, Some("a1")),
        entry(2, BO, NAME, Some("b2")),
        entry(3, CATO, NAME, Some("c3")),
        entry(4, ANNE, NAME, Some("a4")),
    ]);
    // One refused, one not answered at all.
    plan.take_documents(vec![refused("a4"), found("c3", &[CATO])]);
    assert_eq!(numbers(&plan), [ANNE, BO]);
    plan.take_persons(vec![found(BO, &[BO]), refused(ANNE)], 9);
    assert_eq!(plan.counts(), Counts { by_id: 1, by_number: 1, missing: 1 });
    let (bo, cato) = (format!("2: {BO}@9"), format!("3: {CATO}@3"));
    assert_eq!(carried(&plan.into_records(Some(0))), ["1: missing@9", &bo, &cato, "4: -"]);
}

#[test]
fn a_merged_number_is_answered_under_its_survivor() {
    let entries = vec![
        entry(1, BO, UPDATED, None),
        entry(2, ANNE, UPDATED, None),
        entry(3, CATO, UPDATED, None),
    ];
    // FREG collapses the two, and says nothing at all of the third.
    let mut collapsed = plan(entries.clone());
    collapsed.take_persons(vec![found(ANNE, &[ANNE, BO])], 5);
    let (first, second) = (format!("1: {ANNE}@5"), format!("2: {ANNE}@5"));
    assert_eq!(carried(&collapsed.into_records(Some(0))), [&first, &second, "3: missing@5"]);
    // Or it echoes the number asked for, with the survivor's document.
    let mut echoed = plan(entries);
    let answers = [found(BO, &[ANNE, BO]), found(CATO, &[CATO]), found(ANNE, &[ANNE, BO])];
    echoed.take_persons(answers.into(), 5);
    let third = format!("3: {CATO}@5");
    assert_eq!(carried(&echoed.into_records(Some(0))), [&*first, &second, &third]);
}

#[test]
fn of_two_documents_that_list_an_unanswered_number_the_one_that_uses_it_is_taken() {
    for answers in
        [[found("x", &[ANNE, BO]), found("y", &[BO])], [found("y", &[ANNE, BO]), found("x", &[BO])]]
    {
        let mut plan = plan(vec![entry(1, BO, UPDATED, None)]);
        plan.take_persons(answers.into(), 5);
        assert_eq!(carried(&plan.into_records(Some(0))), [format!("1: {BO}@5")]);
    }
}

#[test]
fn a_document_by_number_is_at_least_as_new_as_its_own_event() {
    let mut plan = plan(vec![entry(40, ANNE, UPDATED, None)]);
    plan.take_persons(vec![found(ANNE, &[ANNE])], 39);
    assert_eq!(carried(&plan.into_records(Some(0))), [format!("40: {ANNE}@40")]);
}

#[test]
fn one_document_of_two_numbers_is_asked_for_once_and_carried_twice() {
    let mut plan = plan(vec![entry(1, BO, NAME, Some("d")), entry(2, ANNE, NAME, Some("d"))]);
    assert_eq!(plan.documents(), ["d"]);
    plan.take_documents(vec![found("d", &[ANNE, BO])]);
    let (first, second) = (format!("1: {ANNE}@1"), format!("2: {ANNE}@2"));
    assert_eq!(carried(&plan.into_records(Some(0))), [&*first, &second]);
}

/// Length, last sequence, and how many entries were misplaced, repeated and missing.
type Tidied = (usize, Option<i64>, [u64; 3]);

#[test]
fn a_page_is_put_in_order_and_its_oddities_are_counted() {
    let tidy = |sequences: &[i64], start: Start| {
        let entries = sequences.iter().map(|sequence| entry(*sequence, ANNE, NAME, None));
        Page::tidy(entries.collect(), &start)
    };
    let at = |next, previous| Start { next, by_number_until: 0, previous };
    let table: [(&[i64], Start, Tidied); 8] = [
        (&[], at(5, Some(4)), (0, None, [0, 0, 0])),
        (&[5, 6, 7], at(5, Some(4)), (3, Some(7), [0, 0, 0])),
        (&[6, 5, 7], at(5, Some(4)), (3, Some(7), [1, 0, 0])),
        (&[5, 5, 6, 6], at(5, Some(4)), (2, Some(6), [0, 2, 0])),
        (&[3, 4, 5], at(5, Some(4)), (1, Some(5), [0, 2, 0])),
        (&[7, 9], at(5, Some(4)), (2, Some(9), [0, 0, 3])),
        // Right after a bulk load nothing is known of what lies before the first event.
        (&[7, 9], at(5, None), (2, Some(9), [0, 0, 1])),
        (&[4], at(5, Some(4)), (0, None, [0, 1, 0])),
    ];
    for (received, start, expected) in table {
        let page = tidy(received, start);
        let odd = [page.misplaced, page.repeated, page.missing];
        let tidied = (page.len(), page.last_sequence(), odd);
        assert_eq!(tidied, expected, "{received:?} {start:?}");
    }
    let full: Vec<i64> = (1..=PAGE_EVENTS as i64).collect();
    assert!(tidy(&full, at(1, Some(0))).full);
    assert!(!tidy(&full[1..], at(1, Some(0))).full);
}

#[test]
fn records_name_the_sequence_before_them_across_holes_and_pages() {
    let page = |entries, previous| {
        let start = Start { next: 5, by_number_until: 0, previous };
        let records = Plan::new(Page::tidy(entries, &start), 0).into_records(start.previous);
        let named: Vec<_> =
            records.iter().map(|record| (record.previous_sequence, record.sequence)).collect();
        named
    };
    let entries = || vec![entry(7, ANNE, DUPLICATE, None), entry(9, BO, DUPLICATE, None)];
    assert_eq!(page(entries(), Some(4)), [(Some(4), 7), (Some(7), 9)]);
    assert_eq!(page(entries(), None), [(None, 7), (Some(7), 9)]);
}

#[test]
fn only_the_first_page_after_a_bulk_load_has_no_predecessor() {
    let cursor = Cursor { next_sequence: 100, by_number_until: 120 };
    let start = |previous| Start { next: 100, by_number_until: 120, previous };
    assert_eq!(Start::new(cursor, true), start(None));
    assert_eq!(Start::new(cursor, false), start(Some(99)));
}

fn any_entry() -> impl Strategy<Value = FeedEntry> {
    let number = prop::sample::select(vec![ANNE, BO, CATO]);
    let event_type = prop::sample::select(vec![NAME, UPDATED, DUPLICATE, RESTORED, "nyttOrd"]);
    (1..60_i64, number, event_type, prop::option::of("[a-f]")).prop_map(
        |(sequence, number, event_type, id)| entry(sequence, number, event_type, id.as_deref()),
    )
}

proptest! {
    /// Whatever a page holds and whatever FREG answers: every event becomes a record, in order, and
    /// none that needs a document comes before it.
    #[test]
    fn no_event_is_lost_or_comes_before_its_document(
        entries in prop::collection::vec(any_entry(), 0..40),
        refused_ids in "[a-f]{0,3}",
        until in 0..60_i64,
    ) {
        let mut sequences: Vec<i64> = entries.iter().map(|entry| entry.sequence).collect();
        sequences.sort_unstable();
        sequences.dedup();
        let mut plan = Plan::new(Page::tidy(entries, &START), until);
        let ids = plan.documents();
        let known = ids.iter().filter(|id| !refused_ids.contains(*id));
        plan.take_documents(known.map(|id| found(id, &[ANNE])).collect());
        let wanted = numbers(&plan);
        plan.take_persons(wanted.iter().map(|number| found(number, &[number])).collect(), 60);
        let records = plan.into_records(Some(0));

        let of_records: Vec<i64> = records.iter().map(|record| record.sequence).collect();
        prop_assert_eq!(&of_records, &sequences);
        let named = records.iter().map(|record| record.previous_sequence.unwrap());
        prop_assert!(named.eq([0].into_iter().chain(sequences.into_iter()).take(records.len())));

        let mut has_document = std::collections::HashMap::new();
        for record in &records {
            let before = has_document.entry(record.number.clone()).or_insert(false);
            let duplicate = record.event_type == DUPLICATE;
            match &record.document {
                Carried::Elsewhere => prop_assert!(duplicate || *before),
                Carried::Document { as_of, .. } => {
                    prop_assert!(!duplicate && !*before && *as_of >= record.sequence);
                }
                Carried::Missing { .. } => prop_assert!(false, "everything was answered"),
            }
            *before = !duplicate;
        }
    }
}
