//! The control interface: what is there, and one change to one person.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{shared, start, text};

#[tokio::test]
async fn one_change_happens_to_the_person_named() {
    let sandbox = start(3_000, 0.0).await;
    let last = sandbox.last_sequence().await;
    let (_, listed) = sandbox.look("persons?limit=1000").await;
    let persons = listed["persons"].as_array().expect("a list").iter();
    let mut fitting = None;
    for person in persons.filter(|person| person["status"] == "bosatt") {
        let body = json!({"kind": "move", "number": person["number"]});
        let (status, done) = sandbox.command(Method::POST, "changes", &body).await;
        if status == 200 {
            fitting = Some((text(&person["number"]), done));
            break;
        }
    }
    let (number, done) = fitting.expect("somebody can move");
    assert_eq!(done["number"], number);
    assert_eq!(done["numbers"][0], number);
    assert_eq!(done["events"][0]["sequence"], last + 1);
    assert_eq!(done["events"][0]["type"], "endringIBostedsadresse");
    assert!(done["personsTouched"].as_u64() >= Some(1));
    let (_, page) = sandbox.get(&format!("hendelser/feed?seq={}", last + 1)).await;
    assert_eq!(page[0]["hendelse"]["folkeregisteridentifikator"], number);
}

#[tokio::test]
async fn every_kind_named_in_the_status_can_happen() {
    let sandbox = start(3_000, 0.0).await;
    let (_, status) = sandbox.look("status").await;
    assert_eq!(status["populationAtStart"], 3_000);
    let kinds = status["changeKinds"].as_array().expect("a list");
    let (_, listed) = sandbox.look("kinds").await;
    assert_eq!(listed["kinds"].as_array().map(Vec::len), Some(kinds.len()));
    for (kind, row) in kinds.iter().zip(listed["kinds"].as_array().expect("a list")) {
        assert_eq!(*kind, row["name"]);
        let done = sandbox.change(&json!({"kind": kind})).await;
        let happened = done["events"].as_array().expect("a list");
        let told = happened
            .iter()
            .all(|event| row["events"].as_array().expect("a list").contains(&event["type"]));
        let in_krr = kind.as_str().is_some_and(|kind| kind.starts_with("contact-"));
        let is_silent = in_krr || kind == "silent";
        assert!(told && happened.is_empty() == is_silent, "{kind}: {done}");
        let is_told_by_krr = in_krr && kind != "contact-silent";
        let contacts = done["contactChanges"].as_array().expect("a list");
        assert_eq!(contacts.is_empty(), !is_told_by_krr, "{kind}: {done}");
    }
    let (_, after) = sandbox.look("status").await;
    assert_eq!(after["persons"], 3_002, "one was born, and one came from abroad");
    assert_eq!(after["lastSequence"], sandbox.last_sequence().await);
}

#[tokio::test]
async fn many_changes_of_a_kind_are_counted() {
    let sandbox = start(3_000, 0.0).await;
    let last = sandbox.last_sequence().await;
    let done = sandbox.change(&json!({"kind": "name", "count": 50})).await;
    let wanted = json!({
        "changes": 50, "events": 50, "firstSequence": last + 1, "lastSequence": last + 50,
        "contactChanges": 0,
    });
    assert_eq!(done, wanted);
    let none = sandbox.change(&json!({"kind": "name", "count": 0})).await;
    assert_eq!((&none["changes"], &none["firstSequence"]), (&json!(0), &Value::Null));
    let too_many = json!({"kind": "name", "count": 100_001});
    assert_eq!(sandbox.command(Method::POST, "changes", &too_many).await.0, 400);
}

#[tokio::test]
async fn a_correction_of_everybody_is_read_page_by_page_with_its_documents() {
    let sandbox = start(2_500, 0.0).await;
    let body = json!({"name": "personstatus", "count": 2_300});
    let (status, done) = sandbox.command(Method::POST, "corrections", &body).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!((&done["persons"], &done["type"]), (&json!(2_300), &json!("endringIStatus")));
    let first = done["firstSequence"].as_i64().expect("a number");
    assert_eq!(done["lastSequence"], sandbox.last_sequence().await);
    let mut read = 0;
    for from in [first, first + 1_000, first + 2_000] {
        let (_, page) = sandbox.get(&format!("hendelser/feed?seq={from}")).await;
        let page = page.as_array().expect("a list");
        read += page.len();
        let documents: Vec<&Value> =
            page.iter().map(|entry| &entry["hendelse"]["persondokument"]).collect();
        let body = json!({"dokumentidentifikator": documents});
        let query = "personer/bulkoppslag/arkiv?part=status";
        let (status, answer) = sandbox.post(query, &body).await;
        assert_eq!(status, 200);
        for one in answer["oppslag"].as_array().expect("a list") {
            let status = &one["folkeregisterperson"]["status"][0];
            assert_eq!(status["aarsak"], "Patch");
        }
    }
    assert_eq!(read, 2_300);
    let nobody = json!({"name": "preferertKontaktadresse", "count": 0});
    assert_eq!(sandbox.command(Method::POST, "corrections", &nobody).await.0, 409);
    let unknown = json!({"name": "shoe-size"});
    let (status, error) = sandbox.command(Method::POST, "corrections", &unknown).await;
    assert_eq!(status, 400);
    assert!(error["error"].as_str().is_some_and(|text| text.contains("kommunenummer")));
}

#[tokio::test]
async fn a_scenario_says_what_it_did() {
    let sandbox = start(3_000, 0.0).await;
    let body = json!({"name": "d-number"});
    let (status, done) = sandbox.command(Method::POST, "scenarios", &body).await;
    assert_eq!(status, 200, "{done}");
    let kinds = json!(["d-number-ceases", "move", "name", "birth", "new-number-settles"]);
    assert_eq!(done["kinds"], kinds);
    assert_eq!(done["lastSequence"], sandbox.last_sequence().await);
    let (status, error) = sandbox.command(Method::POST, "scenarios", &json!({"name": "x"})).await;
    assert_eq!(status, 400);
    assert!(error["error"].as_str().is_some_and(|text| text.contains("region-reform")));
}

#[tokio::test]
async fn what_cannot_happen_is_said_without_the_number() {
    let sandbox = start(300, 0.0).await;
    let post = |body: Value| {
        let sandbox = sandbox.clone();
        async move { sandbox.command(Method::POST, "changes", &body).await }
    };
    let (status, error) = post(json!({"kind": "move", "number": "15908299902"})).await;
    assert_eq!(status, 404);
    assert!(!error.to_string().contains("15908299902"));
    assert_eq!(post(json!({"kind": "split"})).await.0, 409);
    let (status, error) = post(json!({"kind": "teleport"})).await;
    assert_eq!(status, 400);
    assert!(error["error"].as_str().is_some_and(|text| text.contains("marriage")), "{error}");
    assert_eq!(post(json!({"sort": "move"})).await.0, 400);
    assert_eq!(post(json!([])).await.0, 400);
}

#[tokio::test]
async fn persons_are_listed_and_shown_by_index() {
    let sandbox = shared().await;
    let (_, listed) = sandbox.look("persons?offset=5990&limit=50").await;
    assert_eq!(listed["total"], 6_000);
    assert_eq!(listed["persons"].as_array().map(Vec::len), Some(10));
    let (status, shown) = sandbox.look("persons/5990").await;
    assert_eq!(status, 200);
    assert_eq!(shown["number"], listed["persons"][0]["number"]);
    assert_eq!(
        shown["document"]["identifikasjonsnummer"][0]["foedselsEllerDNummer"],
        shown["number"]
    );
    assert_eq!(sandbox.look("persons/6000").await.0, 404);
    assert_eq!(sandbox.look("persons?limit=x").await.0, 400);
}

#[tokio::test]
async fn a_configuration_that_cannot_be_met_is_refused() {
    let config = |persons, changes_per_second| sandbox::SandboxConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: String::new(),
        persons,
        seed: 1,
        changes_per_second,
    };
    let wrong = [(u64::MAX, 0.0), (10, -1.0), (10, f64::NAN), (10, f64::INFINITY)];
    for (persons, rate) in wrong {
        let (ready, _) = tokio::sync::oneshot::channel();
        let stop = tokio_util::sync::CancellationToken::new();
        assert!(sandbox::serve(config(persons, rate), stop, ready).await.is_err());
    }
}

#[tokio::test]
async fn it_stops_when_asked_to() {
    let stop = tokio_util::sync::CancellationToken::new();
    let (ready, address) = tokio::sync::oneshot::channel();
    let config = sandbox::SandboxConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: "http://sandbox.example/".to_owned(),
        persons: 0,
        seed: 1,
        changes_per_second: 5.0,
    };
    let running = tokio::spawn(sandbox::serve(config, stop.clone(), ready));
    let url = format!("http://{}", address.await.expect("it starts"));
    let status: Value = reqwest::get(format!("{url}/sandbox/status"))
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let base = "http://sandbox.example/folkeregisteret/offentlig-med-hjemmel/api/v1";
    assert_eq!(status["fregUrl"], base);
    assert_eq!(status["persons"], 0);
    stop.cancel();
    assert!(running.await.expect("no panic").is_ok());
}
