//! Every part's sample as both packages see it, against reviewed files.
//!
//! `UPDATE_GOLDEN=1 cargo test -p register` writes the files anew; the difference is for review.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use register::package::Package;
use register::part::InformationPart;
use register::person::Person;
use register::render::{Circumstances, withheld_parts};
use serde_json::{Value, json};

use crate::support::{answer, property, served};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn seen(part: InformationPart) -> Value {
    let person = Person::sample();
    let by = |package, history| answer(&person, package, Circumstances::default(), part, history);
    json!({
        "full-access": {
            "without history": by(Package::FullAccess, false),
            "with history": by(Package::FullAccess, true),
        },
        "restricted-access": {
            "without history": by(Package::RestrictedAccess, false),
            "with history": by(Package::RestrictedAccess, true),
        },
    })
}

#[test]
fn every_sample_is_seen_as_its_golden_file_says() {
    let mut differing = Vec::new();
    for part in served() {
        let path = folder().join(property(part) + ".json");
        let now = serde_json::to_string_pretty(&seen(part)).expect("a value is text") + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &now).expect("the golden folder can be written");
        }
        if fs::read_to_string(&path).ok().as_deref() != Some(now.as_str()) {
            differing.push(path.file_name().map(PathBuf::from));
        }
    }
    assert!(differing.is_empty(), "run with UPDATE_GOLDEN=1 and review: {differing:?}");
}

#[test]
fn every_served_part_has_a_golden_file_and_no_other_has() {
    let files = fs::read_dir(folder()).expect("the golden folder is there");
    let names = files.map(|file| file.expect("readable").file_name().into_string());
    let names: BTreeSet<_> = names.map(|name| name.expect("UTF-8")).collect();
    assert_eq!(names, served().map(|part| property(part) + ".json").collect());
}

#[test]
fn every_served_part_has_a_sample_with_history_and_is_shown_unless_withheld() {
    for part in served() {
        let seen = seen(part);
        let full = &seen["full-access"];
        assert!(!full["without history"].is_null(), "{part:?} has no sample that holds now");
        let withheld = withheld_parts(Package::RestrictedAccess).contains(part);
        let restricted = seen["restricted-access"]["with history"].is_null();
        assert_eq!(restricted, withheld, "{part:?}");
        let many = full["with history"].as_array().map(Vec::len);
        let current = full["without history"].as_array().map(Vec::len);
        assert!(many.is_none() || many > current, "{part:?} has no history in its sample");
    }
}
