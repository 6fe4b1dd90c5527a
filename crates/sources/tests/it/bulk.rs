//! Bulk lookups.

use register::id::IdentityNumber;
use serde_json::Value;
use sources::freg::FormatError;
use sources::freg::bulk::{
    BulkAnswer, by_document_request, by_number_request, read_by_document, read_by_number,
};
use sources::freg::document::Document;

use crate::fixture;

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn message(answer: &BulkAnswer) -> Option<&str> {
    answer.outcome.as_ref().err().map(String::as_str)
}

#[test]
fn requests_are_written_as_freg_takes_them() {
    let numbers = ["30888212120", "30888215006"].map(IdentityNumber::from);
    assert_eq!(json(&by_number_request(&numbers)), json(&fixture("bulk-by-number-request.json")));
    let documents =
        ["8f475708c3d855defca884f4af6e49ae", "7d976a4ca513075fb82bee05d8356d39"].map(String::from);
    assert_eq!(
        json(&by_document_request(&documents)),
        json(&fixture("bulk-by-document-request.json"))
    );
    assert_eq!(json(&by_number_request(&[])), json(br#"{"foedselsEllerDNummer":[]}"#));
}

#[test]
fn a_lookup_by_number_answers_some_and_refuses_some() {
    let answers = read_by_number(&fixture("bulk-by-number.json")).unwrap();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0].key, "05897921008");
    assert_eq!(message(&answers[0]), Some("Fant ikke person med identifikator [number]"));
    assert_eq!(answers[1].key, "30888212120");
    let document = answers[1].outcome.as_ref().unwrap();
    let person = Document::read(document.get().as_bytes()).unwrap().into_person().person;
    assert_eq!(person.name[0].given_name.as_deref(), Some("KÅRE ÆGIR"));
}

#[test]
fn a_lookup_by_document_answers_some_and_refuses_some() {
    let answers = read_by_document(&fixture("bulk-by-document.json")).unwrap();
    assert_eq!(answers[0].key, "7d976a4ca513075fb82bee05d8356d39");
    assert!(Document::read(answers[0].outcome.as_ref().unwrap().get().as_bytes()).is_ok());
    assert_eq!(answers[1].key, "8f475708c3d855defca884f4af6e49ae");
    assert_eq!(message(&answers[1]), Some("Dokumentet er eldre enn tre år og kan ikke leveres"));
}

#[test]
fn the_document_is_kept_as_it_stood() {
    let document = r#"{"x": 1.50,"\u00f8":""}"#;
    let lookup = format!(r#"{{"dokumentidentifikator":"a1","folkeregisterperson":{document}}}"#);
    let answers = read_by_document(format!(r#"{{"oppslag":[{lookup}]}}"#).as_bytes()).unwrap();
    assert_eq!(answers[0].outcome.as_ref().unwrap().get(), document);
}

#[test]
fn an_answer_without_person_is_refused_whatever_the_message_looks_like() {
    let body = r#"{"oppslag":[
        {"foedselsEllerDNummer":"1"},
        {"foedselsEllerDNummer":"2","folkeregisterperson":null,"feilmelding":null},
        {"foedselsEllerDNummer":"3","feilmelding":"rett fram"},
        {"foedselsEllerDNummer":"4","feilmelding":{}},
        {"foedselsEllerDNummer":"5","feilmelding":{"feilmelding":"nøstet","kode":"X"}}]}"#;
    let answers = read_by_number(body.as_bytes()).unwrap();
    let messages: Vec<_> = answers.iter().map(|answer| message(answer).unwrap()).collect();
    let none = "neither a person nor a message";
    assert_eq!(messages, [none, none, "rett fram", none, "nøstet"]);
}

#[test]
fn an_answer_that_cannot_be_paired_is_an_error() {
    let body = br#"{"oppslag":[{"foedselsEllerDNummer":"","folkeregisterperson":{}}]}"#;
    let missing = |field| FormatError::Missing { field };
    assert_eq!(read_by_number(body).unwrap_err(), missing("foedselsEllerDNummer"));
    let by_number = fixture("bulk-by-number.json");
    assert_eq!(read_by_document(&by_number).unwrap_err(), missing("dokumentidentifikator"));
    assert_eq!(read_by_number(b"{}").unwrap_err(), missing("oppslag"));
    let cut = read_by_number(&by_number[..300]).unwrap_err();
    assert!(matches!(cut, FormatError::Truncated { .. }), "{cut}");
    assert_eq!(read_by_number(br#"{"oppslag":[]}"#).unwrap().len(), 0);
}

#[test]
fn an_answer_shows_neither_key_nor_message() {
    let answers = read_by_number(&fixture("bulk-by-number.json")).unwrap();
    let shown = format!("{answers:?}");
    assert!(!shown.contains(|letter: char| letter.is_ascii_digit()), "{shown}");
}
