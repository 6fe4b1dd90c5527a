//! The feed: inclusive, a thousand a page, empty at the end.

use reqwest::Method;
use serde_json::{Value, json};

use crate::shape;
use crate::support::{FREG, assert_shape, fixture, shared, start};

#[tokio::test]
async fn a_page_has_the_fields_of_the_published_format() {
    let sandbox = start(3_000, 0.0).await;
    let first = sandbox.last_sequence().await;
    sandbox.change(&json!({"kind": "merge"})).await;
    sandbox.change(&json!({"kind": "refresh"})).await;
    let (status, page) = sandbox.get(&format!("hendelser/feed?seq={first}")).await;
    assert_eq!(status, 200);
    assert_shape(&page, "feed-page.json");
    // The kinds without a document are the same as in the fixture.
    let bare = |page: &Value| {
        let mut found = std::collections::BTreeSet::new();
        for entry in page.as_array().expect("a list") {
            let event = &entry["hendelse"];
            if event.get("persondokument").is_none() {
                let thick = event.get("hendelsesdokument").is_some();
                found.insert((event["hendelsetype"].to_string(), thick));
            }
        }
        found
    };
    assert_eq!(bare(&page), bare(&fixture("feed-page.json")));
}

#[tokio::test]
async fn the_sequence_asked_for_is_included_and_the_end_is_an_empty_list() {
    let sandbox = start(3_000, 0.0).await;
    let first = sandbox.last_sequence().await;
    for _ in 0..3 {
        sandbox.change(&json!({"kind": "name"})).await;
    }
    let sequences = |page: &Value| -> Vec<i64> {
        let entries = page.as_array().expect("a list").iter();
        entries.map(|entry| entry["sekvensnummer"].as_i64().expect("a number")).collect()
    };
    let (_, page) = sandbox.get(&format!("hendelser/feed?seq={}", first + 1)).await;
    assert_eq!(sequences(&page), [first + 1, first + 2, first + 3]);
    assert_shape(&json!(sandbox.last_sequence().await), "last-sequence.json");
    for beyond in [first + 4, first + 1_000_000, i64::MAX] {
        let (status, page) = sandbox.get(&format!("hendelser/feed?seq={beyond}")).await;
        assert_eq!((status.as_u16(), page), (200, fixture("feed-end.json")));
    }
}

#[tokio::test]
async fn a_page_has_at_most_a_thousand_events() {
    let sandbox = start(3_000, 2_000.0).await;
    let first = sandbox.get("hendelser/siste/sekvensnummer").await.1.as_i64().expect("a number");
    let mut pages = Vec::new();
    for _ in 0..200 {
        let (_, page) = sandbox.get(&format!("hendelser/feed?seq={first}")).await;
        pages.push(page.as_array().expect("a list").len());
        if pages.last() == Some(&1000) && sandbox.last_sequence().await > first + 1_200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(pages.last(), Some(&1000), "the generator makes changes by itself");
    assert!(pages.iter().all(|length| *length <= 1000));
}

#[tokio::test]
async fn a_sequence_that_is_missing_wrong_or_too_old_is_refused() {
    let sandbox = shared().await;
    for (query, wanted) in
        [("", 400), ("?seq=", 400), ("?seq=x", 400), ("?seq=-1", 400), ("?seq=1", 406)]
    {
        let (status, body) = sandbox.get(&format!("hendelser/feed{query}")).await;
        assert_eq!(status, wanted, "{query}");
        assert_shape(&body, "error-short.json");
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_twice() {
    let sandbox = start(300, 0.0).await;
    let path = format!("{FREG}/hendelser/feed?seq={}", sandbox.last_sequence().await);
    let answer = sandbox.request(Method::GET, &path).send().await.expect("an answer");
    let tag = answer.headers()["etag"].clone();
    let again = || sandbox.request(Method::GET, &path).header("if-none-match", &tag).send();
    assert_eq!(again().await.expect("an answer").status(), 304);
    sandbox.change(&json!({"kind": "name"})).await;
    assert_eq!(again().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn the_last_sequence_is_a_bare_number() {
    let sandbox = shared().await;
    let path = format!("{FREG}/hendelser/siste/sekvensnummer");
    let answer = sandbox.request(Method::GET, &path).send().await.expect("an answer");
    let text = answer.text().await.expect("a body");
    assert!(text.bytes().all(|byte| byte.is_ascii_digit()), "{text}");
    assert_eq!(shape::of(&json!(1)), shape::of(&fixture("last-sequence.json")));
}
