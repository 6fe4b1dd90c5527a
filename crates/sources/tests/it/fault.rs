//! Error answers.

use std::time::Duration;

use sources::freg::fault::{Fault, FaultKind, is_firewall_page, read, retry_after};

use crate::fixture;

const JSON: Option<&str> = Some("application/json;charset=UTF-8");

#[test]
fn the_three_shapes_are_understood() {
    let cases = [
        (400, "error-kode-melding.json", "FREG-001", "Ugyldig verdi for parameter part"),
        (
            403,
            "error-feilkode-feilmelding.json",
            "FREG-403",
            "Virksomheten har ikke tilgang til rettighetspakken",
        ),
        (500, "error-code-message.json", "FREG-999", "Uventet feil under oppslag på [number]"),
    ];
    let kinds = [FaultKind::BadRequest, FaultKind::Forbidden, FaultKind::Unavailable];
    for ((status, file, code, message), kind) in cases.into_iter().zip(kinds) {
        let expected = Fault { code: Some(code.into()), message: message.into(), kind };
        assert_eq!(read(status, JSON, &fixture(file)), expected, "{file}");
    }
}

#[test]
fn a_firewall_page_is_one_whatever_its_status_and_type() {
    let page = fixture("error-firewall.html");
    for (status, content_type) in
        [(200, Some("text/html; charset=utf-8")), (403, None), (200, JSON)]
    {
        assert!(is_firewall_page(content_type, &page));
        let fault = read(status, content_type, &page);
        assert_eq!(fault.kind, FaultKind::Firewall);
        assert_eq!(fault.code.as_deref(), Some("12345678901234567890"));
        assert!(!fault.message.contains("Rejected"));
    }
    assert!(is_firewall_page(None, b"\r\n<!DOCTYPE html><html>"));
    assert!(!is_firewall_page(JSON, b"[]") && !is_firewall_page(None, b"<feil/>"));
}

#[test]
fn a_page_without_a_support_id_has_no_code() {
    for page in [
        "<html>no id</html>",
        "<html>Your support ID is: </html>",
        "<html>support id 30888212120",
        "<html>SUPPORT ID",
    ] {
        assert_eq!(read(200, None, page.as_bytes()).code, None, "{page}");
    }
}

#[test]
fn a_body_that_says_nothing_is_still_a_fault() {
    for body in ["", "null", "{}", "[]", "plain text", "{\"kode\":{\"a\":1},\"melding\":\"\"}", "{"]
    {
        let fault = read(503, Some("text/plain"), body.as_bytes());
        let message = "FREG gave no message".to_owned();
        assert_eq!(fault, Fault { code: None, message, kind: FaultKind::Unavailable }, "{body}");
    }
}

#[test]
fn every_status_has_its_kind() {
    let cases = [
        (400, FaultKind::BadRequest),
        (401, FaultKind::Unauthorized),
        (403, FaultKind::Forbidden),
        (404, FaultKind::NotFound),
        (406, FaultKind::NotAcceptable),
        (410, FaultKind::Gone),
        (429, FaultKind::Throttled),
        (502, FaultKind::Unavailable),
        (302, FaultKind::Unexpected),
        (600, FaultKind::Unexpected),
    ];
    for (status, kind) in cases {
        assert_eq!(read(status, None, b"").kind, kind, "{status}");
    }
}

#[test]
fn no_identity_number_survives_in_a_message() {
    for (said, kept) in [
        ("30888212120", "[number]"),
        ("nr 308882 12120, og 05897921008.", "nr [number], og [number]."),
        ("30.88.82-12120ø", "[number]ø"),
        ("FREG-001 kl. 12.30", "FREG-001 kl. 12.30"),
        ("seq 1234567890", "seq 1234567890"),
        ("308882  12120 ", "[number] "),
    ] {
        let body = serde_json::json!({ "melding": said, "kode": said }).to_string();
        let fault = read(400, JSON, body.as_bytes());
        assert_eq!((fault.message.as_str(), fault.code.as_deref()), (kept, Some(kept)));
    }
}

#[test]
fn a_long_message_is_cut_between_letters() {
    let body = serde_json::json!({ "melding": "ø".repeat(1000) }).to_string();
    let message = read(400, JSON, body.as_bytes()).message;
    assert_eq!(message, "ø".repeat(300) + "…");
}

#[test]
fn retry_after_is_milliseconds_and_at_most_a_minute() {
    let minute = Duration::from_secs(60);
    for (header, wait) in [
        ("1500", Duration::from_millis(1500)),
        (" 0 ", Duration::ZERO),
        ("60000", minute),
        ("3600000", minute),
        ("99999999999999999999999", minute),
        ("-1", minute),
        ("", minute),
        ("Wed, 21 Oct 2026 07:28:00 GMT", minute),
    ] {
        assert_eq!(retry_after(header), wait, "{header}");
    }
}
