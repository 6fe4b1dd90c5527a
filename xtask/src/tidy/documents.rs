//! What the documents name exists: a map that shows a house that was moved is worse than none.

use std::path::Path;

use super::{Text, must_be_none, texts};
use crate::checkout::Checkout;

const MAP: &str = "ARCHITECTURE.md";

/// A name in code type that begins with one of these is a path from the root.
const ROOMS: &[&str] = &[
    "crates/",
    "xtask/",
    "migrations/",
    "openapi/",
    "deploy/",
    "loadtest/",
    "docs/",
    ".ci/",
    ".cargo/",
];

#[test]
fn every_named_file_exists() {
    let root = Checkout::find().unwrap().root;
    let mut complaints = Vec::new();
    for file in texts().iter().filter(|file| file.path.ends_with(".md")) {
        for (line, text) in file.lines() {
            let missing = missing_in(&root, &file.path, text);
            complaints.extend(
                missing.into_iter().map(|it| format!("{}:{line}: there is no {it}", file.path)),
            );
        }
    }
    must_be_none(&complaints);
}

#[test]
fn the_map_shows_every_crate() {
    let texts = texts();
    let map = texts.iter().find(|file| file.path == MAP).expect("there is no ARCHITECTURE.md");
    let complaints: Vec<String> = crates(&texts)
        .filter(|name| !map.text.contains(&format!("`{name}`")))
        .map(|name| format!("{MAP} does not name the crate {name}"))
        .collect();
    must_be_none(&complaints);
}

fn crates(texts: &[Text]) -> impl Iterator<Item = &str> {
    texts.iter().filter_map(|file| {
        let manifest = file.path.strip_suffix("/Cargo.toml")?;
        Some(manifest.strip_prefix("crates/").unwrap_or(manifest))
    })
}

fn missing_in(root: &Path, document: &str, line: &str) -> Vec<String> {
    let beside = root.join(document);
    let beside = beside.parent().unwrap_or(root);
    let named = in_code_type(line).filter(|name| is_path(name)).map(|name| (root, name));
    let linked = links(line).map(|target| (beside, target));
    named
        .chain(linked)
        .filter(|(from, name)| !from.join(before_placeholder(name)).exists())
        .map(|(_, name)| name.to_owned())
        .collect()
}

/// The words between single backticks.
fn in_code_type(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn is_path(name: &str) -> bool {
    ROOMS.iter().any(|room| name.starts_with(room)) && !name.contains(' ')
}

/// Where links go, but for those out of the repository and those within the same page.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let paths = targets.map(|target| target.split('#').next().unwrap_or_default());
    paths.filter(|path| !path.is_empty() && !path.contains("://"))
}

/// `a/b/<name>.rs` says only that `a/b` exists.
fn before_placeholder(name: &str) -> &str {
    match name.find(['<', '*', '{', '…']) {
        Some(at) => name[..at].rsplit_once('/').map_or("", |(folder, _)| folder),
        None => name,
    }
}

#[test]
fn a_missing_file_is_found() {
    let root = Checkout::find().unwrap().root;
    let missing = |line| missing_in(&root, "docs/page.md", line);
    let right = "see `xtask/src/main.rs`, `xtask/src/<name>.rs` and [x](../Cargo.toml#a)";
    assert!(missing(right).is_empty());
    assert!(missing("[a](#here) [b](https://example.org/x) `cargo test` `GET /x/y`").is_empty());
    let wrong = "`xtask/src/none.rs`, `xtask/none/<name>.rs` [x](Cargo.toml)";
    assert_eq!(missing(wrong), ["xtask/src/none.rs", "xtask/none/<name>.rs", "Cargo.toml"]);
}
