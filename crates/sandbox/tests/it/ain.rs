//! What the service that gives out felles hjelpenummer would write.

use std::collections::HashMap;

use serde_json::Value;
use sources::ain::AlternatePerson;

use crate::support::shared;

#[tokio::test]
async fn the_records_come_a_line_each_and_lead_to_how_everybody_stands() {
    let sandbox = shared().await;
    let lines = reqwest::get(format!("{}/sandbox/ain", sandbox.url)).await.expect("an answer");
    assert_eq!(lines.headers()["content-type"], "application/x-ndjson");
    let lines = lines.text().await.expect("text");
    let mut last: HashMap<String, Value> = HashMap::new();
    for line in lines.lines() {
        let record: Value = serde_json::from_str(line).expect("JSON");
        let person = AlternatePerson::read(record["person"].to_string().as_bytes());
        let number = person.expect("a person").number().into_string();
        assert_eq!(record["number"], number);
        let before = last.insert(number, record.clone());
        let version = |record: &Value| record["version"].as_i64().expect("a version");
        assert_eq!(version(&record), before.as_ref().map_or(0, version) + 1);
    }
    let (status, listed) = sandbox.look("ain/persons").await;
    assert_eq!((status.as_u16(), &listed["total"]), (200, &last.len().into()));
    for record in listed["persons"].as_array().expect("a list") {
        let number = record["number"].as_str().expect("a number");
        assert_eq!(last.get(number), Some(record));
    }
    // The same as ever: the numbers do not change while it runs.
    let again = reqwest::get(format!("{}/sandbox/ain", sandbox.url)).await.expect("an answer");
    assert_eq!(again.text().await.expect("text"), lines);
}
