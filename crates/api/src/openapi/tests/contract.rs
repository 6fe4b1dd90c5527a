//! That the descriptions hold every fact of the interface as its first owner published it.
//!
//! `openapi/contract/` has the facts, one a line, as they were extracted once: `what`, `where`,
//! `type`, and what else is known, with tabs between. They are never changed; what cannot be kept
//! stands in `exceptions.tsv` with the reason.

use std::collections::BTreeSet;

use register::version::Version;
use serde_json::Value;

use super::breaking::{kind, tighter};
use super::{FOLDER, openapi};

fn read(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/contract/{name}")).expect("a committed file")
}

/// One line.
struct Fact<'a> {
    line: &'a str,
    what: &'a str,
    place: &'a str,
    kind: &'a str,
    flags: &'a str,
}

impl Fact<'_> {
    fn read(line: &str) -> Fact<'_> {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        Fact { line, what: next(), place: next(), kind: next(), flags: next() }
    }

    fn has(&self, flag: &str) -> bool {
        self.flags.split(' ').any(|it| it == flag)
    }

    /// The words of `place`: method, path, and what follows.
    fn words(&self) -> Vec<&str> {
        self.place.split(' ').collect()
    }

    /// The bounds as a schema would have them.
    fn bounds(&self) -> Value {
        let pairs = self.flags.split(' ').filter_map(|flag| flag.split_once('='));
        let value =
            |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|_| text.into());
        pairs.map(|(name, text)| (name.to_owned(), value(text))).collect()
    }

    fn holds(&self, document: &Value) -> bool {
        let words = self.words();
        let operation =
            || document["paths"][words[1]].get(words[0].to_lowercase()).unwrap_or(&Value::Null);
        let schema = || &document["components"]["schemas"][words[0]];
        match self.what {
            "operation" => {
                !operation().is_null() && (!self.has("deprecated") || is_deprecated(operation()))
            }
            "parameter" => {
                let all = operation()["parameters"].as_array();
                let found = all
                    .into_iter()
                    .flatten()
                    .find(|it| it["in"] == words[2] && it["name"] == words[3]);
                found.is_some_and(|it| {
                    self.is_required_as_published(it["required"] == true)
                        && self.accepts(&it["schema"])
                })
            }
            "form" => {
                let content = &operation()["requestBody"]["content"];
                let form = &content["application/x-www-form-urlencoded"]["schema"];
                let required = form["required"].as_array();
                let required = required.is_some_and(|names| names.contains(&words[2].into()));
                let field = form["properties"].get(words[2]);
                field.is_some_and(|it| self.is_required_as_published(required) && self.accepts(it))
            }
            "answer" => operation()["responses"].get(words[2]).is_some_and(|answer| {
                let mut contents = answer["content"].as_object().into_iter().flatten();
                self.kind.is_empty() || contents.any(|(_, it)| kind(&it["schema"]) == self.kind)
            }),
            "field" => {
                schema()["properties"].get(words[1]).is_some_and(|it| self.describes(document, it))
            }
            "value" => {
                let values = schema()["enum"].as_array();
                values.is_some_and(|values| values.contains(&words[1].into()))
            }
            _ => false,
        }
    }

    fn is_required_as_published(&self, required: bool) -> bool {
        required == self.has("required")
    }

    /// A value that was accepted as it was published is accepted.
    fn accepts(&self, schema: &Value) -> bool {
        let bounds = self.bounds();
        // A bound that was not published is no fact, as that a list has a length at all.
        let narrowed = tighter(&bounds, schema).iter().any(|name| !bounds[name].is_null());
        kind_without_null(schema) == self.kind && !narrowed
    }

    fn describes(&self, document: &Value, schema: &Value) -> bool {
        let kinds = kind(schema);
        let is_nullable = kinds.split('|').any(|it| it == "null");
        let target = &document["components"]["schemas"][self.kind];
        kind_without_null(schema) == self.kind
            && (is_nullable || !self.has("nullable"))
            && (!self.has("deprecated") || is_deprecated(schema) || is_deprecated(target))
    }
}

fn is_deprecated(it: &Value) -> bool {
    it["deprecated"] == true
}

/// Nothing is ever written as null, so the descriptions may allow it wherever they like.
fn kind_without_null(schema: &Value) -> String {
    kind(schema).split('|').filter(|it| *it != "null").collect::<Vec<_>>().join("|")
}

#[test]
fn every_published_fact_holds() {
    let exceptions = read("exceptions.tsv");
    let exceptions = exceptions.lines().filter(|line| !line.starts_with('#'));
    let exceptions: Vec<(&str, &str)> = exceptions
        .map(|line| line.split_once("\t# ").expect("a fact's beginning, a tab, and # a reason"))
        .collect();
    let mut used = BTreeSet::new();
    let mut broken = Vec::new();
    for (version, at_least) in [(Version::V2, 960), (Version::V3, 925)] {
        let name = format!("v{}.facts.tsv", version.name());
        let (document, facts) = (openapi(version), read(&name));
        assert!(facts.lines().count() >= at_least, "{name} has lost lines");
        for fact in facts.lines().map(Fact::read).filter(|fact| !fact.holds(&document)) {
            let line = format!("v{}\t{}", version.name(), fact.line);
            match exceptions.iter().find(|(begin, _)| line.starts_with(begin)) {
                Some((begin, _)) => drop(used.insert(*begin)),
                None => broken.push(line),
            }
        }
    }
    assert!(broken.is_empty(), "published, and not so here:\n{}", broken.join("\n"));
    let idle = exceptions.iter().filter(|(begin, _)| !used.contains(begin)).collect::<Vec<_>>();
    assert!(idle.is_empty(), "these hold by now: {idle:?}");
}

#[test]
fn a_fact_that_does_not_hold_is_found() {
    let document = openapi(Version::V2);
    let holds = |line: &str| Fact::read(line).holds(&document);
    for (good, bad) in [
        ("operation\tGET /api/legal-basis/event", "operation\tPOST /api/legal-basis/event"),
        ("value\tGender Female", "value\tGender Other"),
        ("field\tBirth birthDate\tdate-time\tnullable", "field\tBirth birthDate\tstring\tnullable"),
        ("field\tBirth birthYear\tstring", "field\tBirth birthYear\tstring\tdeprecated"),
        ("field\tPersonName originalName\tName", "field\tPersonName shoe\tName"),
        (
            "answer\tGET /api/legal-basis/event 200\tEventDocumentSearchResult",
            "answer\tGET /api/legal-basis/event 200\tEventDocument",
        ),
        (
            "answer\tPOST /api/legal-basis/person/bulk-by-id 200\tarray<Person>",
            "answer\tPOST /api/legal-basis/person/bulk-by-id 202\tarray<Person>",
        ),
        (
            "parameter\tGET /api/legal-basis/event query sequenceNumber\tint64\tminimum=1",
            "parameter\tGET /api/legal-basis/event query sequenceNumber\tint64\tminimum=0",
        ),
        (
            "parameter\tGET /api/legal-basis/event header api-version\tstring\trequired default=\"2\"",
            "parameter\tGET /api/legal-basis/event header api-version\tstring\tdefault=\"2\"",
        ),
        (
            "form\tPOST /api/legal-basis/person/get-by-nin nin\tstring\trequired maxLength=12",
            "form\tPOST /api/legal-basis/person/get-by-nin nin\tstring\trequired maxLength=13",
        ),
    ] {
        assert!(holds(good), "{good}");
        assert!(!holds(bad), "{bad}");
    }
}
