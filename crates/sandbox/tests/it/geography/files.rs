//! Every answer and every file, in each of its forms.

use register::geography::{NamedCode, Unit};
use reqwest::Method;
use serde_json::{Value, json};
use sources::ssb::{self, Asked, Reading};

use super::world::{ADDRESSES, archive, day, geography, klass, pairs, range, table, unpacked};
use crate::support::{shared, start};

const UTF_8: &str = "text/csv; charset=UTF-8";

/// Rows that were read of an answer with nothing wrong in it.
fn whole<T>(reading: Reading<T>) -> Vec<T> {
    assert_eq!((reading.unreadable.count(), reading.damaged_names), (0, 0));
    reading.rows
}

/// One reading for each classification with names, told apart by its number.
fn rows(id: u32, answer: &[u8], asked: Asked) -> Vec<(String, String, String)> {
    fn texts<const N: u32>(rows: Vec<NamedCode<N>>) -> Vec<(String, String, String)> {
        let text = |row: NamedCode<N>| (row.code.to_string(), row.name, format!("{:?}", row.valid));
        rows.into_iter().map(text).collect()
    }
    match id {
        104 => texts(whole(ssb::counties(answer, asked).expect("readable"))),
        131 => texts(whole(ssb::municipalities(answer, asked).expect("readable"))),
        103 => texts(whole(ssb::districts(answer, asked).expect("readable"))),
        _ => texts(whole(ssb::units(answer, asked).expect("readable"))),
    }
}

#[tokio::test]
async fn every_classification_reads_the_same_in_json_and_csv() {
    let sandbox = shared().await;
    let on = Asked::At(day("2021-06-01"));
    for (id, least) in [(104, 30), (131, 150), (103, 49), (1, 900)] {
        for (resource, query, asked) in
            [("codes", "from=2002-01-01", range()), ("codesAt", "date=2021-06-01", on)]
        {
            let json = table(&sandbox, &format!("{id}/{resource}?{query}")).await;
            let json = rows(id, &json, asked);
            let (_, kind, csv) = klass(&sandbox, &format!("{id}/{resource}?{query}"), UTF_8).await;
            assert!(kind.starts_with("text/csv") && kind.contains("UTF-8"), "{kind}");
            assert_eq!(rows(id, &csv, asked), json, "{id} {resource}");
            let path = format!("{id}/{resource}.csv?{query}&csvSeparator=;");
            let (_, _, csv) = klass(&sandbox, &path, UTF_8).await;
            assert_eq!(rows(id, &csv, asked), json, "{id} {resource} with semicolons");
            assert!(resource == "codesAt" || json.len() > least, "{id}: {}", json.len());
        }
    }
}

#[tokio::test]
async fn correspondences_read_the_same_in_json_and_csv() {
    let sandbox = shared().await;
    let on = Asked::At(day("2021-06-01"));
    for (resource, query, asked) in
        [("corresponds", "from=2002-01-01", range()), ("correspondsAt", "date=2021-06-01", on)]
    {
        let path = |suffix| format!("1/{resource}{suffix}?{query}&targetClassificationId=103");
        let json = table(&sandbox, &path(".json")).await;
        let json = ssb::unit_districts(&json, asked).expect("readable");
        let (_, _, csv) = klass(&sandbox, &path(".csv"), "*/*").await;
        let csv = ssb::unit_districts(&csv, asked).expect("readable");
        assert_eq!(json, csv);
        assert_eq!(json.unreadable.count(), 0);
        assert!(json.rows.len() > 190, "{}", json.rows.len());
    }
}

#[tokio::test]
async fn csv_loses_letters_unless_utf_8_is_asked_for() {
    let sandbox = shared().await;
    let (_, kind, csv) = klass(&sandbox, "131/codes.csv?from=2024-01-01", "*/*").await;
    assert!(kind.contains("ISO-8859-1"), "{kind}");
    let reading = ssb::municipalities(&csv, range()).expect("readable");
    assert_eq!(reading.damaged_names, 1, "Kárášjohka");
    assert!(reading.rows.iter().any(|row| row.name == "Bærum"));
}

#[tokio::test]
async fn municipalities_have_the_numbers_and_names_of_their_time() {
    let sandbox = shared().await;
    for (date, code, name) in [
        ("2017-12-31", "1601", Some("Trondheim")),
        ("2018-01-01", "1601", None),
        ("2018-01-01", "5001", Some("Trondheim")),
        ("2020-01-01", "5001", Some("Trondheim - Tråante")),
        ("2019-12-31", "0231", Some("Skedsmo")),
        ("2023-12-31", "3030", Some("Lillestrøm")),
        ("2024-01-01", "3205", Some("Lillestrøm")),
        ("2024-01-01", "3030", None),
        ("2025-06-01", "5610", Some("Kárášjohka - Karasjok")),
        ("2025-12-31", "0301", Some("Oslo")),
        ("2026-01-01", "0301", Some("Oslo - Oslove")),
    ] {
        let answer = table(&sandbox, &format!("131/codesAt?date={date}&includeFuture=true")).await;
        let rows = rows(131, &answer, Asked::At(day(date)));
        let found = rows.iter().find(|row| row.0 == code).map(|row| row.1.as_str());
        assert_eq!(found, name, "{code} on {date}");
    }
    let counties = table(&sandbox, "104/codesAt.json?date=2025-01-01").await;
    let counties = rows(104, &counties, Asked::At(day("2025-01-01")));
    assert_eq!(counties.len(), 16, "15 and the unknown");
    assert!(counties.iter().any(|row| row.1 == "Troms - Romsa - Tromssa"));
}

#[tokio::test]
async fn units_change_districts_on_their_days() {
    let sandbox = shared().await;
    let (geography, ..) = geography(&sandbox).await;
    for (unit, on, district) in [
        (3_018_101, "2024-12-31", Some("030108")),
        (3_018_101, "2025-01-01", Some("030103")),
        (3_018_102, "2027-12-31", Some("030108")),
        (3_018_102, "2028-01-01", Some("030103")),
        (12_010_110, "2019-12-31", Some("120102")),
        (12_010_110, "2020-01-01", None),
        (46_010_110, "2020-01-01", Some("460102")),
        (16_017_411, "2017-12-31", Some("160104")),
        (50_017_411, "2018-01-01", Some("500104")),
        (11_031_002, "2019-12-31", None),
        (11_031_002, "2020-01-01", Some("110308")),
        (3_019_999, "2026-01-01", None),
        (32_010_303, "2026-01-01", None),
    ] {
        let unit = Unit::from_number(unit).expect("eight digits");
        let found = geography.district(unit, day(on)).map(|district| district.to_string());
        assert_eq!(found.as_deref(), district, "{unit} on {on}");
    }
    // What is to come is told only to those who ask.
    let known = pairs(&sandbox, "").await;
    assert!(known.iter().all(|row| row.valid.from < day("2028-01-01")));
    let of = |row: &&register::geography::UnitDistrict| row.unit.number() == 3_018_102;
    assert_eq!(known.iter().filter(of).map(|row| row.valid.to).collect::<Vec<_>>(), [None]);
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused() {
    let sandbox = shared().await;
    for (path, accept, wanted) in [
        ("131/codes", "*/*", 400),
        ("131/codesAt?date=2025-02-29", "*/*", 400),
        ("131/codes?from=2025-01-01&to=2025-01-01", "*/*", 400),
        ("131/codes?from=i fjor", "*/*", 400),
        ("7/codes?from=2025-01-01", "*/*", 404),
        ("131/variants?from=2025-01-01", "*/*", 404),
        ("1/corresponds?from=2025-01-01", "*/*", 404),
        ("131/corresponds?from=2025-01-01&targetClassificationId=103", "*/*", 404),
        ("131/codes?from=2025-01-01", "application/xml", 406),
        ("131/codes.xml?from=2025-01-01", "*/*", 406),
    ] {
        let (status, _, body) = klass(&sandbox, path, accept).await;
        assert_eq!(status, wanted, "{path}");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["status"], wanted);
    }
}

#[tokio::test]
async fn the_address_file_is_whole_and_as_large_as_it_says() {
    let sandbox = shared().await;
    let (geography, report, tally) = geography(&sandbox).await;
    let (_, told) = sandbox.look("geography").await;
    assert_eq!(told["edition"], "first");
    assert_eq!(json!(tally.addresses), told["addresses"]);
    assert_eq!((tally.unreadable.count(), tally.without_unit), (0, 0));
    assert!(!tally.ends_without_line_break);
    assert_eq!(geography.sizes().ids as u64, tally.addresses, "no two with one id");
    assert_eq!(report, register::geography::Report::default());
}

#[tokio::test]
async fn faults_happen_to_these_files_too() {
    let sandbox = start(50, 0.0).await;
    let fault = |kind: &str, path: &str| json!({"kind": kind, "path_contains": path});
    sandbox.command(Method::POST, "faults", &fault("truncated", "kartverket")).await;
    let whole = archive(&start(50, 0.0).await).await;
    let half = archive(&sandbox).await;
    assert!(half.len() < whole.len() && whole.starts_with(&half));
    assert!(zip::ZipArchive::new(std::io::Cursor::new(half)).is_err());
    assert_eq!(unpacked(archive(&sandbox).await), unpacked(whole), "the next one is whole");
    sandbox.command(Method::POST, "faults", &fault("503", "klass")).await;
    let (status, ..) = klass(&sandbox, "131/codes?from=2025-01-01", "*/*").await;
    assert_eq!(status, 503);
    sandbox.command(Method::POST, "faults", &fault("503", "")).await;
    assert_eq!(sandbox.look("geography").await.0, 200, "the switch works on a bad day too");
    let left = reqwest::get(format!("{}{ADDRESSES}", sandbox.url)).await.expect("an answer");
    assert_eq!(left.status(), 503);
}
