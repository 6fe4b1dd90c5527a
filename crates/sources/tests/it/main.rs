//! What stands on FREG's wire, read from hand-written files and turned into the register's words.

mod ain;
mod asked;
mod bulk;
mod completeness;
mod document;
mod extract;
mod fault;
mod feed;
mod golden;
mod kartverket;
mod krr;
mod reach;
mod ssb;
mod traps;

/// The bytes of one hand-written wire fixture.
fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/freg/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
