//! The bulk extract.

use sources::freg::FormatError;
use sources::freg::extract::{ExtractBatch, read_batch, read_order};
use sources::freg::fault::{self, FaultKind};

use crate::fixture;

#[test]
fn an_order_gives_the_job() {
    let job = read_order(&fixture("extract-order.json"));
    assert_eq!(job.as_deref(), Ok("5f0d9a1e-6d0b-4d43-8a1c-1f2e3d4c5b6a"));
}

#[test]
fn a_refused_order_is_an_error() {
    let missing = FormatError::Missing { field: "jobbId" };
    for body in [&fixture("extract-order-refused.json")[..], b"{}", br#"{"jobbId":""}"#] {
        assert_eq!(read_order(body), Err(missing.clone()));
    }
}

#[test]
fn a_batch_lists_documents() {
    let Ok(ExtractBatch::Documents(documents)) = read_batch(&fixture("extract-batch.json")) else {
        panic!("a batch")
    };
    assert_eq!(documents.len(), 3);
    assert_eq!(documents[2], "e054f0c00cbb4f5e9bdc7a1b2c3d4e5f");
}

#[test]
fn only_an_object_without_content_ends_the_extract() {
    assert_eq!(read_batch(&fixture("extract-end.json")), Ok(ExtractBatch::End));
    assert_eq!(read_batch(br#"{"dokumentidentifikator":null}"#), Ok(ExtractBatch::End));
    let empty = read_batch(br#"{"dokumentidentifikator":[]}"#);
    assert_eq!(empty, Ok(ExtractBatch::Documents(vec![])));
    for body in [
        &fixture("extract-not-ready.json")[..],
        &fixture("error-kode-melding.json"),
        br#"{"foedselsEllerDNummer":["30888212120"]}"#,
    ] {
        let missing = FormatError::Missing { field: "dokumentidentifikator" };
        assert_eq!(read_batch(body), Err(missing));
    }
    for body in [&b""[..], b"[]x", b"null", b"{", b"<html>"] {
        assert!(read_batch(body).is_err(), "{body:?}");
    }
}

#[test]
fn a_new_field_beside_the_list_does_no_harm() {
    let batch = read_batch(br#"{"dokumentidentifikator":["a1"],"antall":1}"#);
    assert_eq!(batch, Ok(ExtractBatch::Documents(vec!["a1".into()])));
}

#[test]
fn not_ready_is_a_404_with_a_message() {
    let fault = fault::read(404, Some("application/json"), &fixture("extract-not-ready.json"));
    assert_eq!(
        (fault.kind, fault.message.as_str()),
        (FaultKind::NotFound, "Batch 0 er ikke klar ennå")
    );
}
