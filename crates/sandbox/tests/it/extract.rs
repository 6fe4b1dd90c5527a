//! The bulk extract from order to end.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{EVERYTHING, Running, assert_shape, fixture, start, text};

async fn ready(sandbox: &Running, job: &str) {
    for _ in 0..100 {
        if sandbox.get(&format!("uttrekk/{job}/batch/0")).await.0 == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the job is never ready");
}

async fn documents(sandbox: &Running, job: &str) -> Vec<String> {
    let mut found = Vec::new();
    for number in 0.. {
        let (status, batch) = sandbox.get(&format!("uttrekk/{job}/batch/{number}")).await;
        assert_eq!(status, 200);
        let Some(list) = batch["dokumentidentifikator"].as_array() else {
            assert_eq!(batch, fixture("extract-end.json"));
            return found;
        };
        assert_shape(&batch, "extract-batch.json");
        found.extend(list.iter().map(text));
    }
    found
}

#[tokio::test]
async fn an_extract_is_not_ready_then_gives_everyone_then_ends() {
    let sandbox = start(2_345, 0.0).await;
    let pace = json!({"readyAfterMs": 700, "batchSize": 1000});
    assert_eq!(sandbox.command(Method::PUT, "extract", &pace).await.0, 200);
    let last = sandbox.last_sequence().await;
    let (status, order) = sandbox.get(&format!("uttrekk/komplett?feedsekvensnr={last}")).await;
    assert_eq!(status, 200);
    assert_shape(&order, "extract-order.json");
    let job = text(&order["jobbId"]);
    let (status, refused) = sandbox.get(&format!("uttrekk/{job}/batch/0")).await;
    assert_eq!(status, 404);
    assert_shape(&refused, "error-short.json");
    ready(&sandbox, &job).await;
    let found = documents(&sandbox, &job).await;
    assert_eq!(found.len(), 2_345);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 2_345);
    let body = json!({"dokumentidentifikator": &found[2_000..]});
    let path = format!("personer/bulkoppslag/arkiv?{EVERYTHING}");
    let (_, answer) = sandbox.post(&path, &body).await;
    let answers = answer["oppslag"].as_array().expect("a list");
    assert_eq!(answers.len(), 345);
    let numbers: BTreeSet<String> = answers
        .iter()
        .map(|one| &one["folkeregisterperson"]["identifikasjonsnummer"][0])
        .map(|number| text(&number["foedselsEllerDNummer"]))
        .collect();
    assert_eq!(numbers, sandbox.numbers(2_000, 345).await.into_iter().collect());
}

#[tokio::test]
async fn an_extract_has_what_changed_and_not_who_was_merged_away() {
    let sandbox = start(2_000, 0.0).await;
    let pace = json!({"readyAfterMs": 0, "batchSize": 700});
    sandbox.command(Method::PUT, "extract", &pace).await;
    let first = sandbox.last_sequence().await + 1;
    sandbox.change(&json!({"kind": "merge"})).await;
    sandbox.change(&json!({"kind": "birth"})).await;
    sandbox.change(&json!({"kind": "name"})).await;
    let (_, order) = sandbox.get("uttrekk/komplett").await;
    let found: BTreeSet<String> =
        documents(&sandbox, &text(&order["jobbId"])).await.into_iter().collect();
    assert_eq!(found.len(), 2_000, "one was born and one merged away");
    let (_, page) = sandbox.get(&format!("hendelser/feed?seq={first}")).await;
    let entries = page.as_array().expect("a list").iter();
    let documents = entries.filter_map(|entry| entry["hendelse"]["persondokument"].as_str());
    assert!(documents.map(str::to_owned).any(|document| found.contains(&document)));
}

#[tokio::test]
async fn a_job_that_never_was_is_gone() {
    let sandbox = start(10, 0.0).await;
    let (status, refused) = sandbox.get("uttrekk/never/batch/0").await;
    assert_eq!(status, 410);
    assert_shape(&refused, "error-short.json");
    assert_eq!(sandbox.get("uttrekk/komplett?feedsekvensnr=x").await.0, 400);
    let above: (_, Value) = sandbox.get("uttrekk/komplett?feedsekvensnr=99999999999").await;
    assert_eq!(above.0, 200, "a sequence above the newest is taken for the newest");
}
