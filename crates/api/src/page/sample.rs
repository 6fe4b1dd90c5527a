//! Answers to show: the register's own sample of a person, rendered for a package as every answer
//! is, so that what is shown is what would be sent.

use register::id::PersonId;
use register::package::Package;
use register::part::{InformationPart, PartSet};
use register::person::Person;
use register::render::{Circumstances, ServedForm, render};
use serde_json::{Value, json};
use uuid::Uuid;

use super::html::escape;
use crate::problem::{Code, type_url};

/// Few enough to be read at once.
const PARTS: &[InformationPart] = &[InformationPart::Gender, InformationPart::FamilyRelation];

/// An answer without history, as escaped text.
pub(super) fn answer(package: Package) -> String {
    let form = render(&Person::sample(), package, &Circumstances::default());
    let mut json = Vec::new();
    if let Ok(served) = ServedForm::read(&form) {
        let id = PersonId(Uuid::from_u128(0x1f0c_8a52_8c3e_4d6b_9f27_5b0e_6a41_7c93));
        served.write_json(&mut json, id, 4711, PartSet::of(PARTS), false);
    }
    text(&serde_json::from_slice(&json).unwrap_or_default())
}

/// A refusal, as escaped text.
pub(super) fn problem(public_base_url: &str) -> String {
    let entry = Code::InvalidRequest.entry();
    text(&json!({
        "type": type_url(public_base_url, entry),
        "title": entry.title,
        "status": entry.status,
        "instance": "/api/v3/full-access/person/get-by-nin",
        "traceId": "9f1c2ab7d1e94c0c8a1f0d5e6b7a8c90",
        "errors": { "informationParts": ["at least one is required"] },
    }))
}

fn text(value: &Value) -> String {
    // A value that was just read can be written.
    escape(&serde_json::to_string_pretty(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_packages_differ_in_what_is_withheld() {
        let [full, restricted] = Package::ALL.map(answer);
        assert!(full.contains("familyRelation") && full.contains("gender"), "{full}");
        assert!(!restricted.contains("familyRelation") && restricted.contains("gender"));
        assert!(restricted.contains("4711"), "{restricted}");
    }
}
