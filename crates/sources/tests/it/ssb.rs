//! What Klass delivers, in its two formats and with its oddities.

use register::geography::Validity;
use register::time::Day;
use sources::ssb::{self, Asked, KlassError};

fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

fn valid(from: &str, to: &str) -> Validity {
    Validity { from: day(from), to: (!to.is_empty()).then(|| day(to)) }
}

fn range() -> Asked {
    Asked::Range { from: day("2002-01-01"), to: Some(day("2027-01-01")) }
}

const CODES_JSON: &str = r#"{"codes":[
 {"code":"0301","parentCode":null,"level":"1","name":"Oslo","shortName":"","presentationName":"",
  "validFrom":null,"validTo":null,
  "validFromInRequestedRange":"2002-01-01","validToInRequestedRange":"2024-01-01","notes":""},
 {"code":"0301","parentCode":null,"level":1,"name":"Oslo - Oslove","shortName":null,
  "validFromInRequestedRange":"2024-01-01","validToInRequestedRange":null},
 {"code":"5610","level":"1","name":"Kárášjohka - Karasjok",
  "validFromInRequestedRange":"2024-01-01","validToInRequestedRange":"2027-01-01"},
 {"code":5001,"level":"1","name":"not text"},
 {"code":"301","level":"1","name":"lost a zero"},
 {"code":"1804","level":"1","name":" "},
 {"code":"1804","level":"1","name":"Bodø","validFromInRequestedRange":"i fjor"},
 {"code":"1804","level":"1","name":"Bodø","validFromInRequestedRange":"2020-01-01",
  "validToInRequestedRange":"2020-01-01"},
 "not an object"
]}"#;

const CODES_CSV: &str = concat!(
    "\"code\",\"parentCode\",\"level\",\"name\",\"shortName\",\"presentationName\",\"validFrom\",",
    "\"validTo\",\"validFromInRequestedRange\",\"validToInRequestedRange\",\"notes\"\n",
    "\"0301\",,\"1\",\"Oslo\",\"\",\"\",,,\"2002-01-01\",\"2024-01-01\",\"\"\n",
    "\"0301\",,\"1\",\"Oslo - Oslove\",\"\",\"\",,,\"2024-01-01\",,\"Lines,\nand \"\"quotes\"\"\"\n",
    "\"5610\",,\"1\",\"Kárášjohka - Karasjok\",\"\",\"\",,,\"2024-01-01\",\"2027-01-01\",\"\"\n",
    "\"5001\",,\"1\"\n",
    "\"301\",,\"1\",\"lost a zero\",\"\",\"\",,,\"2002-01-01\",,\"\"\n",
);

#[test]
fn codes_of_a_range_hold_for_a_time() {
    let expected = [
        ("0301", "Oslo", valid("2002-01-01", "2024-01-01")),
        ("0301", "Oslo - Oslove", valid("2024-01-01", "")),
        // The end of the range is no end.
        ("5610", "Kárášjohka - Karasjok", valid("2024-01-01", "")),
    ];
    let semicolons = CODES_CSV.replace(',', ";").replace("Lines;", "Lines,");
    let files: [(&str, &[u64]); 5] = [
        (CODES_JSON, &[4, 5, 6, 7, 8, 9]),
        (CODES_CSV, &[6, 7]),
        (&CODES_CSV.replace('\n', "\r\n"), &[6, 7]),
        (&semicolons, &[6, 7]),
        (&format!("\u{feff}{CODES_CSV}"), &[6, 7]),
    ];
    for (file, unreadable) in files {
        let reading = ssb::municipalities(file.as_bytes(), range()).expect("readable");
        let rows = reading.rows.iter();
        let rows: Vec<_> =
            rows.map(|row| (row.code.to_string(), row.name.clone(), row.valid)).collect();
        let expected =
            expected.map(|(code, name, valid)| (code.to_owned(), name.to_owned(), valid));
        assert_eq!(rows, expected);
        assert_eq!(reading.unreadable.first(), unreadable);
        assert_eq!(reading.unreadable.count(), unreadable.len() as u64);
        assert_eq!(reading.damaged_names, 0);
    }
}

#[test]
fn codes_of_a_day_hold_from_that_day() {
    let json = r#"{"codes":[{"code":"46","name":"Vestland","validFrom":null,"validTo":null}]}"#;
    let csv = "\"code\",\"parentCode\",\"level\",\"name\",\"shortName\",\"presentationName\",\
               \"validFrom\",\"validTo\",\"notes\"\n\"46\",,\"1\",\"Vestland\",\"\",\"\",,,\"\"";
    for file in [json, csv] {
        let reading = ssb::counties(file.as_bytes(), Asked::At(day("2026-01-01"))).expect("read");
        assert_eq!(reading.rows.len(), 1);
        assert_eq!(reading.rows[0].valid, valid("2026-01-01", ""));
    }
}

#[test]
fn iso_8859_1_is_read_and_its_lost_letters_counted() {
    let text = "code;name\n0301;Grünerløkka\n5610;Kárá?johka - Karasjok\n";
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
    let reading = ssb::municipalities(&bytes, range()).expect("readable");
    assert_eq!(reading.rows[0].name, "Grünerløkka");
    assert_eq!(reading.damaged_names, 1);
}

#[test]
fn the_upper_level_is_passed_over() {
    let csv = "code;parentCode;level;name\n\
               03010100;;1;Sentrum 1\n03010101;03010100;2;Sentrum 1 - Rode 1\n";
    let reading = ssb::units(csv.as_bytes(), range()).expect("readable");
    assert_eq!(reading.unreadable.count(), 0);
    let codes: Vec<_> = reading.rows.iter().map(|row| row.code.to_string()).collect();
    assert_eq!(codes, ["03010101"]);
}

#[test]
fn units_lie_in_districts_for_a_time() {
    let json = r#"{"correspondenceItems":[
      {"sourceCode":"03010101","sourceName":"Rode 1","sourceShortName":"","targetCode":"030116",
       "targetName":"Sentrum","targetShortName":"","validFrom":"2004-01-01","validTo":"2025-01-01"},
      {"sourceCode":"03010102","sourceName":"Rode 2","targetCode":"030116","targetName":"Sentrum",
       "validFrom":"2004-01-01","validTo":null},
      {"sourceCode":"03010100","targetCode":"030116"},
      {"sourceCode":"03010103","targetCode":"30116"}]}"#;
    let csv = "\"sourceCode\",\"sourceName\",\"sourceShortName\",\"targetCode\",\"targetName\",\
      \"targetShortName\",\"validFrom\",\"validTo\"\n\
      \"03010101\",\"Rode 1\",\"\",\"030116\",\"Sentrum\",\"\",\"2004-01-01\",\"2025-01-01\"\n\
      \"03010102\",\"Rode 2\",\"\",\"030116\",\"Sentrum\",\"\",\"2004-01-01\",\n\
      \"03010100\",\"\",\"\",\"030116\",\"\",\"\",,\n\
      \"03010103\",\"\",\"\",\"30116\",\"\",\"\",,\n";
    for (file, line) in [(json, 4), (csv, 5)] {
        let reading = ssb::unit_districts(file.as_bytes(), range()).expect("readable");
        let rows = reading.rows.iter();
        let rows: Vec<_> =
            rows.map(|row| (row.unit.to_string(), row.district.to_string(), row.valid)).collect();
        assert_eq!(
            rows,
            [
                ("03010101".into(), "030116".into(), valid("2004-01-01", "2025-01-01")),
                ("03010102".into(), "030116".into(), valid("2004-01-01", "")),
            ]
        );
        assert_eq!(reading.unreadable.first(), [line]);
    }
}

#[test]
fn what_is_no_answer_is_refused() {
    let refused = |file: &str| ssb::districts(file.as_bytes(), range()).expect_err(file);
    assert_eq!(refused(""), KlassError::Header { column: "code" });
    assert_eq!(refused("<html>\n<b>Bad gateway"), KlassError::Header { column: "code" });
    assert_eq!(refused("code,level\n030101,1\n"), KlassError::Header { column: "name" });
    assert_eq!(refused("code,name\n"), KlassError::Empty);
    assert_eq!(refused("code,name\n0301,Oslo\n"), KlassError::Empty);
    assert_eq!(refused(r#"{"codes":[]}"#), KlassError::Empty);
    assert_eq!(refused(r#"{"codes":[{"code":"0301"#), KlassError::Json { line: 1, column: 23 });
    assert!(matches!(refused(r#"{"error":"030101"}"#), KlassError::Json { .. }));
    let cut = "code,name\n030101,Gamle Oslo\n\"030102\",\"Grüner";
    assert_eq!(refused(cut), KlassError::Truncated { line: 3 });
    assert_eq!(refused("code,name\n030101,Gamle Oslo\n030102"), KlassError::Truncated { line: 3 });
}

#[test]
fn an_error_does_not_quote_the_answer() {
    for file in [r#"{"codes":"Hemmelig"}"#, "Hemmelig", "code,name\nx,y\n\"Hemmelig"] {
        let error = ssb::districts(file.as_bytes(), range()).expect_err(file);
        assert!(!format!("{error} {error:?}").contains("emmelig"), "{error:?}");
    }
}
