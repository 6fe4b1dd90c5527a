//! The change feed.

use register::id::IdentityNumber;
use register::time::Instant;
use sources::freg::FormatError;
use sources::freg::feed::{FeedEntry, read_last_sequence, read_page};

use crate::fixture;

#[test]
fn a_page_is_read_in_its_order_with_its_holes() {
    let page = read_page(&fixture("feed-page.json")).unwrap();
    let sequences: Vec<i64> = page.iter().map(|entry| entry.sequence).collect();
    assert_eq!(sequences, [11_618_128, 11_618_129, 11_618_130, 11_618_133, 11_618_134]);
    assert_eq!(
        page[0],
        FeedEntry {
            sequence: 11_618_128,
            number: IdentityNumber::new("17811460079"),
            event_type: "personErOpprettet".into(),
            event_document: Some("55591b51b20518f4f22bf1edd6aa9f25".into()),
            person_document: Some("8f475708c3d855defca884f4af6e49ae".into()),
            registered_at: Instant::parse("2026-03-02T08:26:03.689Z").ok(),
        }
    );
    assert!(page[1].registered_at < page[0].registered_at, "times do not rise along the feed");
    assert_eq!(page[2].event_type, "personErOpphoertSomDublett");
    assert_eq!(page[2].person_document, None);
}

#[test]
fn an_unknown_event_with_empty_and_null_documents_is_an_event() {
    let page = read_page(&fixture("feed-page.json")).unwrap();
    assert_eq!(
        page[4],
        FeedEntry {
            sequence: 11_618_134,
            number: IdentityNumber::new("30888212120"),
            event_type: "endringIAuraForPerson".into(),
            event_document: None,
            person_document: None,
            // Without an offset it is Oslo's clock, here in summer.
            registered_at: Instant::parse("2026-07-01T10:00:00Z").ok(),
        }
    );
}

#[test]
fn an_event_needs_no_document() {
    let page = read_page(&fixture("feed-without-document.json")).unwrap();
    assert_eq!((page.len(), page[0].sequence), (1, 1));
    assert_eq!((&page[0].event_document, &page[0].person_document), (&None, &None));
}

#[test]
fn the_end_of_the_feed_is_an_empty_page() {
    assert_eq!(read_page(&fixture("feed-empty.json")).unwrap(), []);
}

#[test]
fn the_spelling_of_event_documents_is_understood_in_the_feed_too() {
    let page = br#"[{"sekvensnummer":"7","hendelse":{"folkeregisteridentifikator":"30888212120",
        "hendelsestype":"endringINavn"}}]"#;
    let page = read_page(page).unwrap();
    assert_eq!((page[0].sequence, page[0].event_type.as_str()), (7, "endringINavn"));
}

#[test]
fn an_event_that_cannot_be_placed_stops_the_page() {
    let missing = |field| Err(FormatError::Missing { field });
    let number = r#""folkeregisteridentifikator":"30888212120""#;
    for (page, expected) in [
        (format!(r#"[{{"hendelse":{{{number}}}}}]"#), missing("sekvensnummer")),
        (
            format!(r#"[{{"sekvensnummer":null,"hendelse":{{{number}}}}}]"#),
            missing("sekvensnummer"),
        ),
        (format!(r#"[{{"sekvensnummer":1.5,"hendelse":{{{number}}}}}]"#), missing("sekvensnummer")),
        (r#"[{"sekvensnummer":1}]"#.to_owned(), missing("hendelse")),
        (
            r#"[{"sekvensnummer":1,"hendelse":{}}]"#.to_owned(),
            missing("folkeregisteridentifikator"),
        ),
    ] {
        assert_eq!(read_page(page.as_bytes()), expected, "{page}");
    }
}

#[test]
fn what_is_not_a_page_is_refused_without_quoting_it() {
    let page = fixture("feed-page.json");
    for body in [&page[..page.len() - 20], b"", b"{}", b"null", &fixture("error-firewall.html")[..]]
    {
        let error = read_page(body).unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(!said.contains("11618134") && !said.contains("Rejected"), "{said}");
    }
    assert!(matches!(
        read_page(&page[..page.len() - 20]),
        Err(FormatError::Truncated { line: 39.., .. })
    ));
    assert!(matches!(
        read_page(&fixture("error-firewall.html")),
        Err(FormatError::NotJson { line: 1, column: 1 })
    ));
}

#[test]
fn the_last_sequence_is_a_bare_number_or_once_an_object() {
    assert_eq!(read_last_sequence(&fixture("last-sequence.json")), Ok(11_618_134));
    assert_eq!(read_last_sequence(b" 4294967296\n"), Ok(4_294_967_296));
    assert_eq!(read_last_sequence(br#"{"sekvensnummer":42}"#), Ok(42));
    for body in [&b"null"[..], b"{}", b"1.5", b"\"\"", b"[]", b"\"x\""] {
        let missing = FormatError::Missing { field: "sekvensnummer" };
        assert_eq!(read_last_sequence(body), Err(missing));
    }
    assert!(matches!(read_last_sequence(b""), Err(FormatError::Truncated { .. })));
    assert!(matches!(read_last_sequence(b"<html>"), Err(FormatError::NotJson { .. })));
}

#[test]
fn an_entry_shows_no_digit_of_its_number() {
    let page = read_page(&fixture("feed-page.json")).unwrap();
    assert!(!format!("{page:?}").contains("17811460079"));
}
