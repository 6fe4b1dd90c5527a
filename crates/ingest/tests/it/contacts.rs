//! Collecting contact details, through a real broker and a real database.

mod feed;
pub mod krr;
mod lookups;
mod setting;

use std::time::Duration;

use ingest::contacts::{FEED, LOOKUPS};

use self::krr::person;
use self::setting::*;

#[tokio::test]
async fn without_an_address_nothing_is_done_and_nobody_else_is_stopped() {
    let mut setting = Setting::with_persons(1).await;
    setting.config.krr.base_url.clear();
    let running = setting.start();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!running.outcome.is_finished(), "it waits until the others end");
    running.stop().await;
    assert_eq!((setting.at(FEED).await, setting.krr.state().tokens), (None, 0));
}

#[tokio::test]
async fn of_two_processes_one_collects_and_the_other_takes_over() {
    let setting = Setting::with_persons(1_500).await;
    let (first, second) = (setting.start(), setting.start());
    setting.until_looked_up(1_501).await;
    setting.until_read(setting.change([person(&number(3), "ø@example.com")])).await;
    // Time for the one that waits to do what it should not.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let published = setting.published().await;
    assert_eq!(published.len(), 1_500);
    assert_eq!(published.values().sum::<usize>(), 1_501);

    first.stop().await;
    let last = setting.change([person(&number(7), "å@example.com")]);
    setting.until_read(last).await;
    second.stop().await;
    let newest: Vec<String> = setting
        .records()
        .await
        .into_iter()
        .filter(|record| record.as_of == last)
        .map(|record| record.number)
        .collect();
    assert!(newest.contains(&number(7)), "{}", newest.len());
}

/// The broker never acknowledges: both cursors stay, and everything comes when the broker does.
#[tokio::test]
async fn no_cursor_moves_before_the_broker_has_acknowledged() {
    let mut setting = Setting::with_persons(5).await;
    let running = setting.start();
    setting.until_looked_up(6).await;
    running.stop().await;
    setting.add_persons(6, 9).await;
    setting.krr.state().persons.insert(number(9), person(&number(9), "i@example.com"));
    let last = setting.change([person(&number(2), "æ2@example.com")]);
    let before = (setting.at(FEED).await, setting.at(LOOKUPS).await);

    let broker = std::mem::replace(&mut setting.config.kafka.bootstrap, "127.0.0.1:1".to_owned());
    let running = setting.start();
    tokio::time::sleep(Duration::from_secs(1)).await;
    running.shutdown.cancel();
    let stopped = tokio::time::timeout(Duration::from_secs(60), running.outcome).await;
    stopped.unwrap().unwrap().unwrap();
    assert_eq!((setting.at(FEED).await, setting.at(LOOKUPS).await), before);

    setting.config.kafka.bootstrap = broker;
    setting.apply().await;
    let running = setting.start();
    setting.until_read(last).await;
    setting.until_looked_up(10).await;
    running.stop().await;
    let published = setting.published().await;
    assert_eq!((published[&number(2)], published[&number(9)]), (2, 1), "{}", published.len());
}

#[tokio::test]
async fn a_number_is_in_no_address_and_the_calls_are_as_krr_wants_them() {
    let setting = Setting::with_persons(3).await;
    let running = setting.start();
    setting.until_looked_up(4).await;
    running.stop().await;
    let state = setting.krr.state();
    assert_eq!(state.tokens, 1, "one token serves both readers");
    for call in &state.calls {
        assert_eq!(call.method, "POST");
        assert!(call.head.contains("content-type: application/json"), "{}", call.head);
        let is_known = ["/rest/v2/krr/hentEndringer", "/rest/v2/personer"];
        assert!(is_known.contains(&call.target.as_str()), "{}", call.target);
    }
}
