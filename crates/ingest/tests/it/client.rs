//! Calling FREG: what is waited out, what is told apart, and what is sent.

use std::time::Duration;

use ingest::call::CallError;
use ingest::freg_client::{ExtractAnswer, FeedAnswer, FregClient};
use register::id::IdentityNumber;
use sources::freg::PARTS;
use sources::freg::extract::ExtractBatch;
use tokio_util::sync::CancellationToken;

use crate::support::freg::{Event, FakeFreg, State, document};
use crate::support::http::Reply;
use crate::support::{KeyFile, freg_config};

const NUMBER: &str = "01819912345";

fn state() -> State {
    let event = Event {
        sequence: 4711,
        number: NUMBER.to_owned(),
        event_type: "endringINavn",
        document: Some("doc".to_owned()),
    };
    State {
        events: vec![event],
        documents: [("doc".to_owned(), document(&[NUMBER]))].into(),
        persons: [(NUMBER.to_owned(), document(&[NUMBER]))].into(),
        ..State::default()
    }
}

async fn client(freg: &FakeFreg) -> FregClient {
    let key = KeyFile::create();
    FregClient::new(&freg_config(&freg.address, &key), CancellationToken::new()).unwrap()
}

#[tokio::test]
async fn faults_that_pass_are_waited_out() {
    let freg = FakeFreg::start(state()).await;
    let throttled = |wait| Reply::Whole(429, "application/json", wait, "{}".to_owned());
    let faults = [
        Reply::firewall(),
        throttled("retry-after: 5"),
        throttled("retry-after: in a while"),
        Reply::status(500, r#"{"httpStatus":500,"code":"X","message":"feil"}"#),
        Reply::Whole(503, "text/plain", "", "ned".to_owned()),
        Reply::CutOff(r#"{"sekvensnummer": 12345678901234567890}"#.to_owned()),
        Reply::json(r#"[{"sekvensnummer":"#),
        Reply::json(""),
        Reply::Whole(302, "text/plain", "location: /freg/api/v1/elsewhere", String::new()),
        Reply::Whole(403, "text/html", "", "<html>".to_owned()),
    ];
    let count = faults.len();
    freg.state().faults.extend(faults.into_iter().map(|fault| ("sekvensnummer", fault)));
    assert_eq!(client(&freg).await.last_sequence().await.unwrap(), 4711);
    assert_eq!(freg.calls_to("sekvensnummer"), count + 1);
    assert_eq!(freg.calls_to("elsewhere"), 0, "a redirect is not followed");
}

#[tokio::test]
async fn a_call_that_hangs_is_given_up_and_repeated() {
    let freg = FakeFreg::start(state()).await;
    freg.state().faults.push_back(("feed", Reply::Silence(Duration::from_secs(30))));
    let key = KeyFile::create();
    let mut config = freg_config(&freg.address, &key);
    config.call_timeout_ms = 200;
    let client = FregClient::new(&config, CancellationToken::new()).unwrap();
    let FeedAnswer::Events(events) = client.feed(1).await.unwrap() else { panic!("not too old") };
    assert_eq!(events.len(), 1);
    assert_eq!(freg.calls_to("feed"), 2);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let freg = FakeFreg::start(state()).await;
    let client = client(&freg).await;
    let unauthorized = || ("sekvensnummer", Reply::status(401, "{}"));
    freg.state().faults.push_back(unauthorized());
    assert_eq!(client.last_sequence().await.unwrap(), 4711);
    assert_eq!(freg.state().tokens, 2);
    assert!(freg.state().calls[1].head.contains("authorization: bearer token-2"));

    freg.state().faults.extend([unauthorized(), unauthorized()]);
    let refused = client.last_sequence().await;
    assert!(matches!(refused, Err(CallError::Unauthorized(None))), "{refused:?}");
}

#[tokio::test]
async fn calls_at_once_share_one_token() {
    let freg = FakeFreg::start(state()).await;
    let client = client(&freg).await;
    let calls = (0..8).map(|_| client.last_sequence());
    futures_util::future::try_join_all(calls).await.unwrap();
    assert_eq!(freg.calls_to("sekvensnummer"), 8);
    assert_eq!(freg.state().tokens, 1);
}

#[tokio::test]
async fn what_each_refusal_means_depends_on_the_call() {
    let freg = FakeFreg::start(state()).await;
    let client = client(&freg).await;
    let refuse = |end, status| freg.state().faults.push_back((end, Reply::status(status, "{}")));

    refuse("feed", 406);
    assert!(matches!(client.feed(1).await, Ok(FeedAnswer::TooOld)));
    refuse("batch/0", 404);
    assert!(matches!(client.extract_batch("job-1", 0).await, Ok(ExtractAnswer::NotReady)));
    refuse("batch/0", 410);
    assert!(matches!(client.extract_batch("job-1", 0).await, Ok(ExtractAnswer::Gone)));
    refuse("arkiv", 406);
    let ids = ["doc".to_owned()];
    let refused = client.by_document(&ids).await.unwrap_err();
    assert!(refused.to_string().contains("by_document"), "{refused}");
    refuse("sekvensnummer", 403);
    assert!(matches!(client.last_sequence().await, Err(CallError::Refused { .. })));
}

#[tokio::test]
async fn an_extract_is_ordered_and_read_to_its_end() {
    let mut state = state();
    state.batches = vec![vec!["doc".to_owned()]];
    state.not_ready = 1;
    let freg = FakeFreg::start(state).await;
    let client = client(&freg).await;
    let job = client.order_extract(4711).await.unwrap();
    assert!(freg.state().calls[0].target.ends_with("/uttrekk/komplett?feedsekvensnr=4711"));
    assert!(matches!(client.extract_batch(&job, 0).await, Ok(ExtractAnswer::NotReady)));
    let batch = client.extract_batch(&job, 0).await.unwrap();
    let ExtractAnswer::Batch(ExtractBatch::Documents(ids)) = batch else { panic!("documents") };
    assert_eq!(ids, ["doc"]);
    let end = client.extract_batch(&job, 1).await;
    assert!(matches!(end, Ok(ExtractAnswer::Batch(ExtractBatch::End))));
}

/// A job's id is FREG's word: it names no other host and leaves no other trace in the path.
#[tokio::test]
async fn an_odd_job_id_stays_inside_the_path() {
    let freg = FakeFreg::start(State::default()).await;
    let client = client(&freg).await;
    let _ = client.extract_batch("http://127.0.0.1:1/a?b#c", 7).await;
    let target = freg.state().calls[0].target.clone();
    assert!(target.starts_with("/freg/api/v1/uttrekk/"), "{target}");
    assert!(target.ends_with("%3Fb%23c/batch/7"), "{target}");
}

#[tokio::test]
async fn a_lookup_names_every_part_and_its_types() {
    let freg = FakeFreg::start(state()).await;
    let client = client(&freg).await;
    client.by_number(&[IdentityNumber::new(NUMBER)]).await.unwrap();
    client.by_document(&["doc".to_owned()]).await.unwrap();
    for call in &freg.state().calls {
        assert_eq!(call.method, "POST");
        assert_eq!(call.target.matches("part=").count(), PARTS.len());
        assert!(call.target.contains("part=RettsligHandleevne"));
        assert!(!call.target.contains(NUMBER), "a number never stands in an address");
        for header in ["content-type: application/json", "accept: application/json"] {
            assert!(call.head.contains(header), "{}", call.head);
        }
    }
}

#[tokio::test]
async fn more_than_a_thousand_keys_are_several_calls() {
    let freg = FakeFreg::start(state()).await;
    let ids: Vec<String> = (0..2_001).map(|n| format!("d{n}")).collect();
    let answers = client(&freg).await.by_document(&ids).await.unwrap();
    assert_eq!((answers.len(), freg.calls_to("arkiv")), (2_001, 3));
}

#[tokio::test]
async fn one_bad_key_does_not_stop_the_others() {
    let freg = FakeFreg::start(state()).await;
    let client = client(&freg).await;
    let mut ids: Vec<String> = (0..40).map(|n| format!("d{n}")).collect();
    ids[17] = "bad".to_owned();
    ids[30] = "doc".to_owned();
    let answers = client.by_document(&ids).await.unwrap();
    let mut keys: Vec<&str> = answers.iter().map(|answer| answer.key.as_str()).collect();
    let mut asked: Vec<&str> = ids.iter().map(String::as_str).collect();
    keys.sort_unstable();
    asked.sort_unstable();
    assert_eq!(keys, asked);
    let found: Vec<&str> =
        answers.iter().filter(|a| a.outcome.is_ok()).map(|a| a.key.as_str()).collect();
    assert_eq!(found, ["doc"]);

    let alone = client.by_document(&["bad".to_owned()]).await.unwrap();
    assert!(alone[0].outcome.is_err());
    // All of many bad: then it is the call that is wrong, and nobody is given up for it.
    let all_bad = vec!["bad".to_owned(); 10];
    assert!(matches!(client.by_document(&all_bad).await, Err(CallError::Refused { .. })));
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_asked_for_in_halves() {
    let mut state = state();
    let ids: Vec<String> = (0..8).map(|n| format!("d{n}")).collect();
    state.documents.extend(ids.iter().map(|id| (id.clone(), document(&[NUMBER]))));
    let freg = FakeFreg::start(state).await;
    let key = KeyFile::create();
    let mut config = freg_config(&freg.address, &key);
    config.answer_bytes_max = 900;
    let client = FregClient::new(&config, CancellationToken::new()).unwrap();
    let answers = client.by_document(&ids).await.unwrap();
    assert_eq!(answers.iter().filter(|answer| answer.outcome.is_ok()).count(), 8);
    assert!(freg.calls_to("arkiv") > 2);

    freg.state().faults.push_back(("sekvensnummer", Reply::json("1".repeat(1_000))));
    let too_large = client.last_sequence().await;
    assert!(matches!(too_large, Err(CallError::TooLarge { .. })), "{too_large:?}");
}

#[tokio::test]
async fn being_asked_to_stop_ends_a_wait() {
    let freg = FakeFreg::start(state()).await;
    let down = || ("sekvensnummer", Reply::status(503, "{}"));
    freg.state().faults.extend((0..10_000).map(|_| down()));
    let (key, shutdown) = (KeyFile::create(), CancellationToken::new());
    let mut config = freg_config(&freg.address, &key);
    config.retry_pause_max_ms = 60_000;
    let client = FregClient::new(&config, shutdown.clone()).unwrap();
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        shutdown.cancel();
    };
    let waiting = tokio::time::timeout(Duration::from_secs(5), client.last_sequence());
    let (outcome, ()) = tokio::join!(waiting, stopping);
    assert!(matches!(outcome.unwrap(), Err(CallError::Stopped)));
}

#[tokio::test]
async fn maskinporten_away_is_waited_out_and_its_refusal_is_told() {
    let answers = std::sync::Mutex::new(vec![
        Reply::status(400, r#"{"error":"invalid_grant","error_description":"nope"}"#),
        Reply::json(r#"{"access_token":"t","expires_in":100}"#),
        Reply::Whole(403, "text/html", "", "<html>".to_owned()),
        Reply::status(503, "{}"),
        Reply::CutOff(r#"{"access_token":"t","expires_in":100}"#.to_owned()),
    ]);
    let maskinporten = crate::support::http::Server::start(move |_| {
        answers.lock().unwrap().pop().unwrap_or_else(|| Reply::status(500, "{}"))
    });
    let maskinporten = maskinporten.await;
    let freg = FakeFreg::start(state()).await;
    let key = KeyFile::create();
    let mut config = freg_config(&freg.address, &key);
    config.maskinporten.token_url = format!("{}/token", maskinporten.address);
    let client = || FregClient::new(&config, CancellationToken::new()).unwrap();
    assert_eq!(client().last_sequence().await.unwrap(), 4711);
    let refused = client().last_sequence().await.unwrap_err();
    let cause = std::error::Error::source(&refused).unwrap().to_string();
    assert_eq!(cause, "Maskinporten refused a token: status 400, invalid_grant");
}
