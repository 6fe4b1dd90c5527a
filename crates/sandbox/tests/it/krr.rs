//! KRR through real HTTP: look-ups, the feed, tokens, refusals and faults.

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use sandbox::client::{ContactState, contact_record, contacts};
use serde_json::{Value, json};
use sources::krr::{changes, lookup};

use crate::support::{Client, Running, shared, start, text};

const KRR: &str = "/krr/rest/v2";
const CONTACT: &str = "krr:global/kontaktinformasjon.read";
const MAILBOX: &str = "krr:global/digitalpost.read";
const FEED: &str = "krr:global/hentendring.read";

/// A client of KRR with one token.
struct Caller {
    sandbox: Running,
    token: String,
}

impl Caller {
    /// One with these scopes.
    async fn with(sandbox: &Running, scopes: &str) -> Caller {
        let client = Client::of(&sandbox.url).await;
        let mut claims = client.claims();
        claims["scope"] = json!(scopes);
        let (status, granted) = client.ask(&client.sign(&claims)).await;
        assert_eq!(status, 200, "{granted}");
        assert_eq!(granted["scope"], scopes);
        Caller { sandbox: sandbox.clone(), token: text(&granted["access_token"]) }
    }

    /// One with all that the client says it has.
    async fn of(sandbox: &Running) -> Caller {
        let client = Client::of(&sandbox.url).await;
        Caller::with(sandbox, client.description["krrScope"].as_str().expect("scopes")).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{KRR}/{path}", self.sandbox.url);
        reqwest::Client::new().request(method, url).bearer_auth(&self.token)
    }

    async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await.expect("an answer")
    }

    async fn refused(&self, path: &str, body: &Value) -> StatusCode {
        let answer = self.post(path, body).await;
        let status = answer.status();
        assert!(!status.is_success(), "{path}");
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["status"], status.as_u16());
        status
    }

    async fn persons(&self, numbers: &[String]) -> Vec<Value> {
        let answer = self.post("personer", &json!({ "personidentifikatorer": numbers })).await;
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.expect("JSON");
        body["personer"].as_array().expect("a list").clone()
    }

    async fn page(&self, from: i64) -> Value {
        let answer = self.post("krr/hentEndringer", &json!({ "fraEndringsId": from })).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("JSON")
    }

    async fn last_id(&self) -> i64 {
        let (_, status) = self.sandbox.look("status").await;
        status["lastContactChange"].as_i64().expect("a number")
    }
}

#[tokio::test]
async fn a_look_up_answers_for_each_number_once_known_or_not() {
    let sandbox = shared().await;
    let krr = Caller::of(&sandbox).await;
    let mut numbers = sandbox.numbers(0, 998).await;
    numbers.push("15908299902".to_owned());
    numbers.push(numbers[0].clone());
    let body = json!({ "personidentifikatorer": numbers });
    let answer = krr.post("personer", &body).await.bytes().await.expect("a body");
    let read = lookup::read(&answer).expect("readable");
    assert_eq!((read.listed.len(), read.repeated.len(), read.unreadable.len()), (999, 0, 0));
    let unknown = krr.persons(&numbers[998..999]).await;
    let wanted = json!([{
        "personidentifikator": "15908299902",
        "reservasjon": "NEI",
        "status": "IKKE_REGISTRERT",
        "varslingsstatus": "KAN_IKKE_VARSLES",
    }]);
    assert_eq!(json!(unknown), wanted);
    let (_, status) = sandbox.look("status").await;
    assert_eq!(status["krrUrl"], format!("{}{KRR}", sandbox.url));
}

#[tokio::test]
async fn bodies_that_are_wrong_are_refused() {
    let sandbox = shared().await;
    let krr = Caller::of(&sandbox).await;
    let number = "15908299902";
    let numbers = |count: usize| json!({ "personidentifikatorer": vec![number; count] });
    for body in [
        json!([]),
        json!({}),
        json!({ "personidentifikatorer": number }),
        json!({ "personidentifikatorer": ["1590829990"] }),
        json!({ "personidentifikatorer": ["1590829990x"] }),
        json!({ "personidentifikatorer": [15_908_299_902_i64] }),
        numbers(0),
        numbers(1_001),
    ] {
        assert_eq!(krr.refused("personer", &body).await, 400, "{body}");
    }
    assert_eq!(krr.post("personer", &numbers(1_000)).await.status(), 200);
    for body in [json!({}), json!({"fraEndringsId": "0"}), json!({"fraEndringsId": -1})] {
        assert_eq!(krr.refused("krr/hentEndringer", &body).await, 400, "{body}");
    }
    let plain = krr.request(Method::POST, "personer").body(numbers(1).to_string());
    assert_eq!(plain.send().await.expect("an answer").status(), 415);
    let get = krr.request(Method::GET, "personer").header("content-type", "application/json");
    assert_eq!(get.send().await.expect("an answer").status(), 405);
    assert_eq!(krr.refused("person", &numbers(1)).await, 404);
}

#[tokio::test]
async fn each_scope_opens_its_own() {
    let sandbox = start(600, 0.0).await;
    let numbers = sandbox.numbers(0, 600).await;
    let body = json!({ "personidentifikatorer": numbers });
    let freg_only = Caller { sandbox: sandbox.clone(), token: sandbox.token.clone() };
    assert_eq!(freg_only.refused("personer", &body).await, 403);
    let feed_only = Caller::with(&sandbox, FEED).await;
    assert_eq!(feed_only.refused("personer", &body).await, 403);
    let no_feed = Caller::with(&sandbox, &format!("{CONTACT} {MAILBOX}")).await;
    let from = json!({ "fraEndringsId": 0 });
    assert_eq!(no_feed.refused("krr/hentEndringer", &from).await, 403);
    assert_eq!(no_feed.refused("personer", &json!({})).await, 400);
    let has = |persons: &[Value], name: &str| persons.iter().any(|one| one[name].is_object());
    let contact = Caller::with(&sandbox, CONTACT).await.persons(&numbers).await;
    let mailbox = Caller::with(&sandbox, MAILBOX).await.persons(&numbers).await;
    for (persons, seen, unseen) in [
        (&contact, "kontaktinformasjon", "digital_post"),
        (&mailbox, "digital_post", "kontaktinformasjon"),
    ] {
        assert!(has(persons, seen) && !has(persons, unseen));
    }
    let krr = Caller::of(&sandbox).await;
    let at_freg = Running { token: krr.token.clone(), ..sandbox.clone() };
    assert_eq!(at_freg.get("hendelser/siste/sekvensnummer").await.0, 401);
    sandbox.command(Method::POST, "maskinporten/expire", &Value::Null).await;
    let expired = krr.post("personer", &body).await;
    assert_eq!(expired.status(), 401);
    let challenge = expired.headers()["www-authenticate"].to_str().expect("a text");
    assert!(challenge.starts_with("Bearer") && challenge.contains("invalid_token"));
    let client = Client::of(&sandbox.url).await;
    for scope in ["", "krr:global/other.read", &format!("{CONTACT} krr:user/spraak.write")] {
        let mut claims = client.claims();
        claims["scope"] = json!(scope);
        assert_eq!(client.ask(&client.sign(&claims)).await.1["error"], "invalid_scope");
    }
}

#[tokio::test]
async fn changes_are_read_page_by_page_until_the_last() {
    let sandbox = start(600, 0.0).await;
    let krr = Caller::of(&sandbox).await;
    let from = krr.last_id().await;
    assert!(from > 200_000_000);
    let none = krr.page(from).await;
    let wanted = json!({
        "list": [], "fraEndringsId": from, "tilEndringsId": from, "sisteEndringsId": from,
    });
    assert_eq!(none, wanted);
    let cut = json!({ "page": 2 });
    assert_eq!(sandbox.command(Method::PUT, "krr", &cut).await, (StatusCode::OK, cut));
    for page in [0, 10_001] {
        let wrong = json!({ "page": page });
        assert_eq!(sandbox.command(Method::PUT, "krr", &wrong).await.0, 400);
    }
    let done = sandbox.change(&json!({"kind": "contact-confirmed", "count": 5})).await;
    assert_eq!((&done["contactChanges"], &done["events"]), (&json!(5), &json!(0)));
    let mut ends = vec![from];
    loop {
        let page = krr.page(ends[ends.len() - 1]).await;
        let read = changes::read(page.to_string().as_bytes()).expect("readable");
        assert_eq!(read.from, ends[ends.len() - 1]);
        ends.push(read.to);
        if read.is_last() {
            break;
        }
    }
    assert_eq!(ends.len(), 4, "two and two and one");
    assert_eq!(ends[3], krr.last_id().await);
}

#[tokio::test]
async fn a_change_shows_in_both_ways_in() {
    let sandbox = start(600, 0.0).await;
    let krr = Caller::of(&sandbox).await;
    let from = krr.last_id().await;
    let done = sandbox.change(&json!({"kind": "contact-expires", "seconds": 2})).await;
    let number = text(&done["number"]);
    assert_eq!((&done["numbers"], &done["events"]), (&json!([number]), &json!([])));
    let page = krr.page(from).await;
    assert_eq!(page["tilEndringsId"], done["contactChanges"][0]);
    assert_eq!(page["list"], json!(krr.persons(std::slice::from_ref(&number)).await));
    let record = contact_record(&sandbox.url, &number).await.expect("a record");
    assert_eq!(page["list"][0]["kontaktinformasjon"], record["kontaktinformasjon"]);
    let ends_in = done["expiresInSeconds"].as_i64().expect("a number of seconds");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let now = krr.persons(std::slice::from_ref(&number)).await;
    // On a few days of a year nothing ends at all.
    let status = if ends_in <= 2 { "KAN_IKKE_VARSLES" } else { "KAN_VARSLES" };
    assert_eq!(now[0]["varslingsstatus"], status, "nothing happened but time");
    let elsewhere = json!({"kind": "contact-confirmed", "seconds": 2});
    assert_eq!(sandbox.command(Method::POST, "changes", &elsewhere).await.0, 400);
}

#[tokio::test]
async fn a_new_number_in_freg_shows_after_some_more_changes() {
    let sandbox = start(600, 0.0).await;
    let krr = Caller::of(&sandbox).await;
    let mut shown = 0;
    for _ in 0..10 {
        let from = krr.last_id().await;
        let done = sandbox.change(&json!({"kind": "d-number-to-foedselsnummer"})).await;
        assert_eq!(krr.last_id().await, from, "not at once");
        sandbox.change(&json!({"kind": "name", "count": 3})).await;
        let page = krr.page(from).await;
        let list = page["list"].as_array().expect("a list");
        shown += list.iter().filter(|one| one["personidentifikator"] == done["number"]).count();
    }
    assert!(shown > 3, "{shown}: most have a record");
}

#[tokio::test]
async fn changes_happen_by_themselves() {
    let sandbox = start(600, 200.0).await;
    let krr = Caller::of(&sandbox).await;
    let from = krr.page(i64::MAX).await["sisteEndringsId"].as_i64().expect("a number");
    let mut told = 0;
    for _ in 0..100 {
        told = krr.page(from).await["list"].as_array().expect("a list").len();
        if told > 5 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(told > 5, "{told}");
}

#[tokio::test]
async fn persons_of_every_state_can_be_had_for_checks() {
    let sandbox = start(3_000, 0.0).await;
    let wanted = [
        (ContactState::Active, "AKTIV", "NEI", "KAN_VARSLES"),
        (ContactState::Expiring, "AKTIV", "NEI", "KAN_VARSLES"),
        (ContactState::Expired, "AKTIV", "NEI", "KAN_IKKE_VARSLES"),
        (ContactState::Reserved, "AKTIV", "JA", "KAN_IKKE_VARSLES"),
        (ContactState::Deleted, "SLETTET", "NEI", "KAN_IKKE_VARSLES"),
        (ContactState::NotRegistered, "IKKE_REGISTRERT", "NEI", "KAN_IKKE_VARSLES"),
    ];
    for (state, status, reserved, notified) in wanted {
        let numbers = contacts(&sandbox.url, state, 2).await.expect("a list");
        assert_eq!(numbers.len(), 2, "{state}");
        let record = contact_record(&sandbox.url, &numbers[0]).await.expect("a record");
        assert_eq!(record["personidentifikator"], numbers[0]);
        let says = ["status", "reservasjon", "varslingsstatus"].map(|name| text(&record[name]));
        assert_eq!(says, [status, reserved, notified], "{state}");
    }
    assert_eq!(sandbox.look("contacts?state=happy").await.0, 400);
    assert_eq!(sandbox.look("contacts?state=active&limit=many").await.0, 400);
}

#[tokio::test]
async fn bad_days_happen_here_too() {
    let sandbox = start(600, 0.0).await;
    let krr = Caller::of(&sandbox).await;
    let body = json!({ "personidentifikatorer": sandbox.numbers(0, 100).await });
    let hit = async |kind: &str| {
        let fault = json!({"kind": kind, "path_contains": "/krr/"});
        assert_eq!(sandbox.command(Method::POST, "faults", &fault).await.0, 201);
        krr.post("personer", &body).await
    };
    let html = hit("html").await.text().await.expect("a body");
    assert!(lookup::read(html.as_bytes()).is_err() && html.contains("support ID"));
    let throttled = hit("429").await;
    assert_eq!(throttled.status(), 429);
    assert_eq!(throttled.headers()["retry-after"], "1", "in seconds");
    assert_eq!(hit("503").await.status(), 503);
    let half = hit("truncated").await.text().await.expect("a body");
    assert!(lookup::read(half.as_bytes()).is_err() && half.len() > 1_000);
    let bare = hit("missing-number").await.bytes().await.expect("a body");
    let read = lookup::read(&bare).expect("readable as a whole");
    assert_eq!((read.listed.len(), read.unreadable.len()), (99, 1));

    let from = krr.last_id().await;
    sandbox.change(&json!({"kind": "contact-of-unknown", "count": 3})).await;
    let plain = krr.page(from).await;
    let list = |page: &Value| page["list"].as_array().expect("a list").clone();
    let fault = |kind: &str| json!({"kind": kind, "path_contains": "hentEndringer"});
    sandbox.command(Method::POST, "faults", &fault("feed-duplicates")).await;
    let read = changes::read(krr.page(from).await.to_string().as_bytes()).expect("readable");
    assert_eq!((read.persons.listed.len(), read.persons.repeated.len()), (3, 3));
    sandbox.command(Method::POST, "faults", &fault("feed-out-of-order")).await;
    let turned = krr.page(from).await;
    assert!(list(&turned).iter().eq(list(&plain).iter().rev()));
    assert_eq!(krr.page(from).await, plain, "the next one is whole");
}
