//! Looking up the register: the first load, what comes later, and what ends a run in the middle.

use std::collections::BTreeSet;
use std::time::Duration;

use ingest::contacts::LOOKUPS;

use super::krr::person;
use super::setting::*;
use crate::support::http::Reply;
use crate::support::until;

/// Lets no lookup be written down: the run breaks off between the broker and the cursor.
const BREAK: &str = "create function no_more() returns trigger language plpgsql as
        $$ begin raise exception 'broken on purpose'; end $$;
    create trigger no_more before update on source_cursor for each row
        when (new.source = 'krr.lookup') execute function no_more()";
const MEND: &str = "drop trigger no_more on source_cursor; drop function no_more()";

#[tokio::test]
async fn the_first_load_asks_for_everybody_and_goes_on_where_it_was_killed() {
    let setting = Setting::with_persons(2_300).await;
    let head = setting.change([person(&number(900), "before@example.com")]);
    setting.database.execute(BREAK).await;
    let broken = setting.start().outcome.await.unwrap();
    assert!(broken.is_err(), "the store refused: {broken:?}");
    assert_eq!(setting.published().await.len(), 1_000);
    assert_eq!(setting.at(LOOKUPS).await, Some(1));

    setting.database.execute(MEND).await;
    let running = setting.start();
    setting.until_looked_up(1_001).await;
    running.outcome.abort();
    let running = setting.start();
    setting.until_looked_up(2_301).await;
    running.stop().await;
    let published = setting.published().await;
    assert_eq!(published.len(), 2_300, "nobody is left out");
    // Once by each of the first two: what was not written down is done again, and no more than that.
    assert_eq!(published[&number(1)], 2);
    assert!(setting.records().await.iter().all(|record| record.as_of == head));
}

#[tokio::test]
async fn after_a_restart_nobody_whose_record_is_stored_is_asked_for_again() {
    let mut setting = Setting::with_persons(30).await;
    let running = setting.start();
    setting.until_looked_up(31).await;
    running.stop().await;
    setting.apply().await;
    setting.config.krr.lookup_interval_s = 1;
    let running = setting.start();
    // Someone new tells that the next pass has begun and come to its end.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    setting.krr.state().persons.insert(number(31), person(&number(31), "31@example.com"));
    setting.add_persons(31, 31).await;
    setting.until_looked_up(32).await;
    running.stop().await;
    assert_eq!(setting.krr.asked_for().len(), 31);
    assert!(setting.published().await.values().all(|count| *count == 1));
}

#[tokio::test]
async fn persons_who_come_later_and_new_numbers_are_looked_up() {
    const DAY_5: &str = "update person set primary_number = '44' || '810000002' where ordinal = 2;
        update person set stub = true where ordinal = 3";
    const NEW: &str = "44810000002";
    let mut setting = Setting::with_persons(4).await;
    setting.config.krr.lookup_interval_s = 1;
    // A stub is not served: nobody asks for it.
    setting.database.execute("update person set stub = true where ordinal = 4").await;
    let running = setting.start();
    until("the first load", async || setting.published().await.len() == 3).await;
    setting.apply().await;

    setting.krr.state().persons.insert(number(5), person(&number(5), "5@example.com"));
    setting.add_persons(5, 5).await;
    until("the person who is new", async || setting.published().await.contains_key(&number(5)))
        .await;
    setting.apply().await;

    setting.krr.state().persons.insert(NEW.to_owned(), person(NEW, "2@example.com"));
    setting.database.execute(DAY_5).await;
    until("the number that is new", async || setting.published().await.contains_key(NEW)).await;
    running.stop().await;
    let asked: BTreeSet<String> = setting.krr.asked_for().into_iter().collect();
    let mut wanted: BTreeSet<String> = [1, 2, 3, 5].map(number).into();
    wanted.insert(NEW.to_owned());
    assert_eq!(asked, wanted);
}

#[tokio::test]
async fn who_is_not_answered_for_is_left_and_asked_for_in_the_next_pass() {
    let mut setting = Setting::with_persons(6).await;
    setting.config.krr.lookup_interval_s = 1;
    setting.krr.state().persons.remove(&number(3));
    let running = setting.start();
    until("the first load", async || setting.published().await.len() == 5).await;
    setting.apply().await;
    setting.krr.state().persons.insert(number(3), person(&number(3), "3@example.com"));
    until("the late answer", async || setting.published().await.contains_key(&number(3))).await;
    running.stop().await;
}

#[tokio::test]
async fn faults_are_waited_out_and_one_bad_number_does_not_stop_the_others() {
    let setting = Setting::with_persons(40).await;
    {
        let mut state = setting.krr.state();
        state.bad.insert(number(17));
        let faults = [
            Reply::status(503, ""),
            Reply::firewall(),
            Reply::CutOff(r#"{"personer":[]}"#.to_owned()),
            Reply::json(r#"{"folk":[]}"#),
            Reply::Whole(429, "text/plain", "retry-after: 1", String::new()),
            Reply::status(403, ""),
        ];
        state.faults.extend(faults.map(|fault| ("personer", fault)));
    }
    let running = setting.start();
    setting.until_looked_up(41).await;
    running.stop().await;
    let published = setting.published().await;
    assert_eq!(published.len(), 39);
    assert!(!published.contains_key(&number(17)));
    assert!(setting.krr.state().faults.is_empty(), "every fault was met");
}
