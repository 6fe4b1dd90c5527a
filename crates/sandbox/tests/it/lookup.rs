//! Look-ups by number and by document, and the strict `part`.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::shape;
use crate::support::{EVERYTHING, FREG, Running, assert_shape, fixture, shared, start, text};

async fn bulk(sandbox: &Running, query: &str, numbers: &[String]) -> Vec<Value> {
    let body = json!({"foedselsEllerDNummer": numbers});
    let (status, answer) = sandbox.post(&format!("personer/bulkoppslag?{query}"), &body).await;
    assert_eq!(status, 200, "{answer}");
    answer["oppslag"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn documents_have_every_field_of_the_format_and_no_other() {
    // Enough of them that the rarest field is there.
    let sandbox = start(70_000, 0.0).await;
    let mut found = shape::Shape::new();
    let codes = fixture("code-values.json");
    for offset in (0..70_000).step_by(1000) {
        let numbers = sandbox.numbers(offset, 1000).await;
        for answer in bulk(&sandbox, EVERYTHING, &numbers).await {
            let person = &answer["folkeregisterperson"];
            found.extend(shape::of(person));
            for (path, allowed) in codes.as_object().expect("a table") {
                for value in shape::texts(person, path) {
                    let known = allowed.as_array().expect("a list").contains(&json!(value));
                    assert!(known, "{path}: {value}");
                }
            }
        }
    }
    let wanted = shape::of(&fixture("person.json"));
    let unknown: Vec<_> = found.difference(&wanted).collect();
    let missing: Vec<_> = wanted.difference(&found).collect();
    assert!(unknown.is_empty() && missing.is_empty(), "unknown {unknown:?}, missing {missing:?}");
}

#[tokio::test]
async fn a_bulk_answer_carries_errors_inside_200() {
    let sandbox = shared().await;
    let mut numbers = sandbox.numbers(0, 1).await;
    numbers.push("15908299902".to_owned());
    let body = json!({"foedselsEllerDNummer": numbers});
    let (status, answer) = sandbox.post("personer/bulkoppslag", &body).await;
    assert_eq!(status, 200);
    assert_shape(&answer, "bulk-by-number.json");
}

#[tokio::test]
async fn order_is_not_kept_and_duplicates_collapse_unless_ordered() {
    let sandbox = shared().await;
    let mut numbers = sandbox.numbers(0, 50).await;
    numbers.push(numbers[0].clone());
    let keys = |answers: Vec<Value>| -> Vec<String> {
        answers.iter().map(|answer| text(&answer["foedselsEllerDNummer"])).collect()
    };
    let shuffled = keys(bulk(&sandbox, "part=navn", &numbers).await);
    assert_eq!(shuffled.len(), 50);
    assert_ne!(shuffled, numbers[..50]);
    let same: BTreeSet<_> = shuffled.iter().collect();
    assert_eq!(same, numbers.iter().collect());
    let ordered = keys(bulk(&sandbox, "part=navn&somBestilt=true", &numbers).await);
    assert_eq!(ordered, numbers);
}

#[tokio::test]
async fn a_ceased_number_leads_to_the_survivor_unless_ordered() {
    let sandbox = start(3_000, 0.0).await;
    let merged = sandbox.change(&json!({"kind": "merge"})).await;
    let [survivor, dead] = [text(&merged["numbers"][0]), text(&merged["numbers"][1])];
    let answers = bulk(&sandbox, "", std::slice::from_ref(&dead)).await;
    assert_eq!(answers[0]["foedselsEllerDNummer"], dead);
    let listed = &answers[0]["folkeregisterperson"]["identifikasjonsnummer"];
    assert_eq!(listed[0]["foedselsEllerDNummer"], survivor);
    let answers = bulk(&sandbox, "somBestilt=true", &[dead.clone(), survivor]).await;
    assert!(answers[0]["feilmelding"]["feilmelding"].is_string());
    assert!(answers[1]["folkeregisterperson"].is_object());
    let (status, one) = sandbox.get(&format!("personer/{dead}?part=historikk&part=status")).await;
    assert_eq!(status, 200);
    let numbers = one["identifikasjonsnummer"].as_array().expect("a list");
    assert!(numbers.iter().any(|item| item["foedselsEllerDNummer"] == dead.as_str()));
}

#[tokio::test]
async fn the_archive_gives_the_version_the_event_points_at() {
    let sandbox = start(3_000, 0.0).await;
    let seq = sandbox.last_sequence().await + 1;
    let moved = sandbox.change(&json!({"kind": "move"})).await;
    let body = json!({"kind": "name", "number": moved["number"]});
    sandbox.change(&body).await;
    let (_, page) = sandbox.get(&format!("hendelser/feed?seq={seq}")).await;
    let event = |at: usize| &page[at]["hendelse"];
    let last = page.as_array().expect("a list").len() - 1;
    let [first, second] = [0, last].map(|at| text(&event(at)["persondokument"]));
    let (_, older) = sandbox.get(&format!("personer/arkiv/{first}?{EVERYTHING}")).await;
    let (_, newer) = sandbox.get(&format!("personer/arkiv/{second}?{EVERYTHING}")).await;
    let names = |person: &Value| person["navn"].as_array().map_or(0, Vec::len);
    assert_eq!(names(&older) + 1, names(&newer));
    let body = json!({"dokumentidentifikator": [first, "ffeeddccbbaa99887766554433221100"]});
    let path = format!("personer/bulkoppslag/arkiv?{EVERYTHING}");
    let (status, answer) = sandbox.post(&path, &body).await;
    assert_eq!(status, 200);
    assert_shape(&answer, "bulk-by-document.json");
    let answers = answer["oppslag"].as_array().expect("a list");
    let found = answers.iter().find(|one| one["dokumentidentifikator"] == first.as_str());
    assert_eq!(found.expect("answered")["folkeregisterperson"], older);
}

#[tokio::test]
async fn absent_part_is_the_basis_and_an_unknown_or_retired_one_is_refused() {
    let sandbox = shared().await;
    let numbers = sandbox.numbers(0, 300).await;
    for answer in bulk(&sandbox, "", &numbers).await {
        let person = answer["folkeregisterperson"].as_object().expect("a person").clone();
        assert!(!person.contains_key("familierelasjon") && !person.contains_key("innflytting"));
        for item in person.values().filter_map(Value::as_array).flatten() {
            assert_eq!(item["erGjeldende"], true);
        }
    }
    let body = json!({"foedselsEllerDNummer": numbers});
    for part in ["forholdTilSametingetsValgmanntall", "rettsligHandleevne", "navn,status", "nope"] {
        for path in ["personer/bulkoppslag", "personer/bulkoppslag/arkiv"] {
            let body = if path.ends_with("arkiv") {
                json!({"dokumentidentifikator": []})
            } else {
                body.clone()
            };
            let (status, refused) = sandbox.post(&format!("{path}?part={part}"), &body).await;
            assert_eq!(status, 406, "{part}");
            assert_shape(&refused, "error-short.json");
        }
        let (status, _) = sandbox.get(&format!("personer/{}?part={part}", numbers[0])).await;
        assert_eq!(status, 406, "{part}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_as_published_is_refused() {
    let sandbox = shared().await;
    let many: Vec<String> = (0..1001).map(|number| number.to_string()).collect();
    for body in [
        json!({}),
        json!([]),
        json!({"foedselsEllerDNummer": [1]}),
        json!({"foedselsEllerDNummer": [], "mer": 1}),
        json!({"foedselsEllerDNummer": many}),
        json!({"dokumentidentifikator": []}),
    ] {
        let (status, refused) = sandbox.post("personer/bulkoppslag", &body).await;
        assert_eq!(status, 400);
        assert_shape(&refused, "error-short.json");
    }
    let path = format!("{FREG}/personer/bulkoppslag");
    let bare = sandbox.request(Method::POST, &path).body(r#"{"foedselsEllerDNummer":[]}"#);
    assert_eq!(bare.send().await.expect("an answer").status(), 400, "no content type means XML");
}

#[tokio::test]
async fn who_is_not_there_is_404() {
    let sandbox = shared().await;
    for path in [
        "personer/15908299902",
        "personer/arkiv/ffeeddccbbaa99887766554433221100",
        "personer/soek",
        "nothing/here",
    ] {
        let (status, refused) = sandbox.get(path).await;
        assert_eq!(status, 404, "{path}");
        assert_shape(&refused, "error-short.json");
    }
    assert_eq!(sandbox.get("personer/arkiv/zz").await.0, 400);
}
