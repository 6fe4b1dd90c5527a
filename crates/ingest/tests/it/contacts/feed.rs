//! The feed of changes: pages, repeated and unreadable persons, and every fault of KRR's.

use std::time::Duration;

use ingest::contacts::FEED;
use ingest::record::ContactRecord;
use serde_json::json;

use super::krr::{page, person};
use super::setting::*;
use crate::support::http::Reply;
use crate::support::until;

/// Number, age and mail of each record, the oldest first.
async fn told(setting: &Setting) -> Vec<(String, i64, String)> {
    let tell = |record: ContactRecord| {
        let json: serde_json::Value = serde_json::from_str(record.json.get()).unwrap();
        assert_eq!(json["personidentifikator"], record.number);
        let mail = json["kontaktinformasjon"]["epostadresse"].as_str().unwrap_or("-").to_owned();
        (record.number, record.as_of - EPOCH, mail)
    };
    let mut told: Vec<_> = setting.records().await.into_iter().map(tell).collect();
    told.sort_by_key(|(number, as_of, _)| (*as_of, number.clone()));
    told
}

/// A process that has begun, with an empty register: everybody in the feed is unknown to it.
async fn begun() -> (Setting, Running) {
    let setting = Setting::with_persons(0).await;
    let head = setting.change([person(&number(900), "before@example.com")]);
    let running = setting.start();
    setting.until_read(head).await;
    (setting, running)
}

#[tokio::test]
async fn it_begins_at_the_newest_change_and_brings_page_after_page() {
    let (setting, running) = begun().await;
    setting.krr.state().page = 3;
    let last = setting.change((1..=7).map(|n| person(&number(n), &format!("{n}@example.com"))));
    assert_eq!(last, EPOCH + 8);
    setting.until_read(last).await;
    running.stop().await;
    // Ids 2 to 8 in pages of three: each person is as old as its page's end.
    let ages = [4, 4, 4, 7, 7, 7, 8];
    let wanted: Vec<_> =
        (1..=7).map(|n| (number(n), ages[n - 1], format!("{n}@example.com"))).collect();
    assert_eq!(told(&setting).await, wanted);
}

#[tokio::test]
async fn a_later_process_goes_on_at_the_cursor() {
    let (setting, running) = begun().await;
    setting.until_read(setting.change([person(&number(1), "1@example.com")])).await;
    running.stop().await;
    // A day away: catching up needs no hand.
    setting.krr.state().page = 40;
    let last = setting.change((2..=300).map(|n| person(&number(n), "n@example.com")));
    let running = setting.start();
    setting.until_read(last).await;
    running.stop().await;
    let published = setting.published().await;
    assert_eq!(published.len(), 300);
    assert!(published.values().all(|count| *count == 1));
}

/// What was taken away has no date, so the dates of a repeated person do not tell what came last.
#[tokio::test]
async fn a_repeated_person_is_looked_up() {
    let (setting, running) = begun().await;
    let gone = json!({"personidentifikator": number(1), "status": "SLETTET", "reservasjon": "NEI"});
    setting.krr.state().persons.insert(number(1), gone.clone());
    let last = {
        // In one page, or they are not repeated.
        let mut state = setting.krr.state();
        let first = person(&number(1), "first@example.com");
        let other = person(&number(2), "other@example.com");
        let twice = person(&number(3), "twice@example.com");
        let changes = [gone, first, other, twice.clone(), twice];
        state.changes.extend((EPOCH + 2..).zip(changes));
        EPOCH + 6
    };
    setting.until_read(last).await;
    running.stop().await;
    let mails: Vec<_> =
        told(&setting).await.into_iter().map(|(who, _, mail)| (who, mail)).collect();
    let wanted = [
        (number(1), "-".to_owned()),
        (number(2), "other@example.com".to_owned()),
        // Nobody answers for this one: the page's word stands.
        (number(3), "twice@example.com".to_owned()),
    ];
    assert_eq!(mails, wanted);
    assert_eq!(setting.krr.asked_for(), [number(1), number(3)]);
}

#[tokio::test]
async fn who_cannot_be_read_holds_up_nobody() {
    let (setting, running) = begun().await;
    let odd = [json!(["ingen"]), json!({"status": "AKTIV"}), person(&number(4), "4@example.com")];
    setting.until_read(setting.change(odd)).await;
    setting.until_read(setting.change([json!(17)])).await;
    running.stop().await;
    assert_eq!(told(&setting).await, [(number(4), 4, "4@example.com".to_owned())]);
}

#[tokio::test]
async fn a_page_that_ends_where_it_begins_is_not_told_again_and_again() {
    let (setting, running) = begun().await;
    let head = EPOCH + 1;
    let again = page(head, head, head, &[&person(&number(1), "old@example.com")]);
    let calls = setting.krr.calls_to("hentEndringer");
    let repeated = || ("hentEndringer", Reply::json(again.clone()));
    setting.krr.state().faults.extend([repeated(), repeated(), repeated()]);
    until("the repeated pages", async || setting.krr.calls_to("hentEndringer") > calls + 4).await;
    running.stop().await;
    assert_eq!(told(&setting).await, []);
    assert_eq!(setting.at(FEED).await, Some(head));
}

#[tokio::test]
async fn whatever_krr_answers_in_between_nothing_is_lost_or_invented() {
    let (setting, running) = begun().await;
    running.stop().await;
    let head = EPOCH + 1;
    let wrong = person(&number(66), "wrong@example.com");
    let throttled = |header| Reply::Whole(429, "application/json", header, String::new());
    let faults = [
        Reply::status(503, ""),
        throttled("retry-after: 1"),
        throttled("retry-after: Wed, 21 Oct 2026 07:28:00 GMT"),
        Reply::firewall(),
        Reply::status(500, r#"{"feil":"x"}"#),
        Reply::Whole(302, "text/plain", "location: /rest/v2/elsewhere", String::new()),
        Reply::CutOff(page(head, head + 1, head + 1, &[&wrong])),
        Reply::json(page(head, head + 1, head + 1, &[&wrong]).split_off(9)),
        Reply::json("{}"),
        // No headway, a page that begins too early, and a KRR that is behind us.
        Reply::json(page(head, head, head + 5, &[])),
        Reply::json(page(head - 1, head + 1, head + 1, &[&wrong])),
        Reply::json(page(0, 3, 3, &[&wrong])),
        Reply::json(page(head, head, head - 1, &[&wrong])),
        Reply::Silence(Duration::from_secs(1)),
        // These are refusals, which an operator mends.
        Reply::status(403, ""),
        Reply::status(404, ""),
        Reply::status(400, r#"{"feil":"15819012345"}"#),
    ];
    setting.krr.state().faults.extend(faults.map(|fault| ("hentEndringer", fault)));
    let last = setting.change([person(&number(1), "1@example.com")]);
    let mut patient = setting;
    patient.config.krr.call_timeout_ms = 300;
    let running = patient.start();
    patient.until_read(last).await;
    running.stop().await;
    assert!(patient.krr.state().faults.is_empty(), "every fault was met");
    assert_eq!(patient.krr.calls_to("elsewhere"), 0, "a redirect is not followed");
    assert_eq!(told(&patient).await, [(number(1), 2, "1@example.com".to_owned())]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_and_a_locked_door_is_waited_at() {
    let (setting, running) = begun().await;
    // The one that is held has expired: only the newest is taken.
    setting.krr.state().tokens += 1;
    setting.until_read(setting.change([person(&number(1), "1@example.com")])).await;
    assert_eq!(setting.krr.state().tokens, 3);

    setting.krr.state().locked = true;
    let last = setting.change([person(&number(2), "2@example.com")]);
    until("more tokens", async || setting.krr.state().tokens > 6).await;
    assert!(!running.outcome.is_finished());
    setting.krr.state().locked = false;
    setting.until_read(last).await;
    running.stop().await;
    assert_eq!(told(&setting).await.len(), 2);
}

#[tokio::test]
async fn a_silent_lookup_does_not_hold_up_the_feed() {
    let setting = Setting::with_persons(2).await;
    let head = setting.change([person(&number(900), "before@example.com")]);
    let silence = || ("personer", Reply::Silence(Duration::from_secs(60)));
    setting.krr.state().faults.extend([silence(), silence()]);
    let running = setting.start();
    setting.until_read(head).await;
    until("the lookup", async || setting.krr.calls_to("personer") == 1).await;
    setting.until_read(setting.change([person(&number(2), "2@example.com")])).await;
    assert_eq!(setting.krr.calls_to("personer"), 1, "it still waits");
    running.stop().await;
    assert_eq!(told(&setting).await, [(number(2), 2, "2@example.com".to_owned())]);
}
