//! Every field of the source reaches an answer, or stands in a list of those that do not.

use std::collections::BTreeSet;

use register::package::Package;
use register::part::PartSet;
use serde_json::{Value, json};
use sources::freg::document::ELEMENTS;

use crate::asked;
use crate::golden::{fragment, mapped, served};

/// The fields that the source sends and no answer has, each with the reason. There are none: what
/// the source sends has a place in the contract.
const GOES_NOWHERE: &[(&str, &str)] = &[];

/// Every scalar in a fragment: where it stands, and its field's path without the places in lists.
fn scalars(value: &Value, pointer: &str, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                scalars(value, &format!("{pointer}/{name}"), &format!("{path}.{name}"), found);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                scalars(item, &format!("{pointer}/{place}"), path, found);
            }
        }
        _ => found.push((pointer.to_owned(), path.to_owned())),
    }
}

/// What the value would be if it were another one: a text is left out, and where nothing was said
/// there is one that can be read as a text, a day or an instant.
fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_i64().unwrap_or_default() + 1),
        Value::String(text) if !text.is_empty() => Value::Null,
        _ => json!("2030-01-01"),
    }
}

fn answer(element: &str, fragment: &Value) -> Value {
    served(&mapped(element, fragment).person, Package::FullAccess, PartSet::ALL, true)
}

/// The fields of a fragment that make a difference to the answer, and those that make none.
fn by_effect(element: &str, fragment: &Value) -> [BTreeSet<String>; 2] {
    let mut all = Vec::new();
    scalars(fragment, "", element, &mut all);
    let as_it_is = answer(element, fragment);
    let effective = |(pointer, _): &&(String, String)| {
        let mut other = fragment.clone();
        let place = other.pointer_mut(pointer).expect("a scalar was there");
        *place = changed(place);
        answer(element, &other) != as_it_is
    };
    let reaching: BTreeSet<_> =
        all.iter().filter(effective).map(|(_, path)| path.clone()).collect();
    let lost = all.into_iter().map(|(_, path)| path).filter(|path| !reaching.contains(path));
    [reaching.clone(), lost.collect()]
}

/// What is wrong with a fragment or with the mapping of its element, in words.
fn gaps(element: &str, fragment: &Value, nowhere: &[&str]) -> Vec<String> {
    let [reaching, lost] = by_effect(element, fragment);
    let known: BTreeSet<String> = reaching.union(&lost).cloned().collect();
    let of_element = |path: &&&str| path.split('.').next() == Some(element);
    let nowhere: BTreeSet<String> =
        nowhere.iter().filter(of_element).map(|path| (*path).to_owned()).collect();
    let say = |paths: Vec<&String>, what: &str| -> Vec<String> {
        paths.into_iter().map(|path| format!("{path} {what}")).collect()
    };
    [
        say(
            asked::scalars(&[element]).difference(&known).collect(),
            "is read, and not in the fragment",
        ),
        say(lost.difference(&nowhere).collect(), "goes nowhere"),
        say(nowhere.difference(&lost).collect(), "is listed, and does not go nowhere"),
    ]
    .concat()
}

#[test]
fn every_field_of_every_element_reaches_the_answer_or_is_listed() {
    let nowhere: Vec<&str> = GOES_NOWHERE.iter().map(|(path, _)| *path).collect();
    let gaps: Vec<String> =
        ELEMENTS.iter().flat_map(|name| gaps(name, &fragment(name), &nowhere)).collect();
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
}

#[test]
fn a_field_that_is_forgotten_would_be_seen() {
    let whole = fragment("navn");
    assert_eq!(gaps("navn", &whole, &["kjoenn.kjoenn"]), Vec::<String>::new());

    let mut more = whole.clone();
    more[0]["kallenavn"] = json!("Lillemor");
    more[0]["originaltNavn"]["tittel"] = json!(["dr.", "jur."]);
    let said = gaps("navn", &more, &["navn.kallenavn", "navn.fornavn", "navn.smeltet"]);
    assert_eq!(
        said,
        [
            "navn.originaltNavn.tittel goes nowhere",
            "navn.fornavn is listed, and does not go nowhere",
            "navn.smeltet is listed, and does not go nowhere",
        ]
    );

    let mut less = whole;
    for item in less.as_array_mut().expect("a list") {
        item.as_object_mut().expect("a name").remove("mellomnavn");
    }
    assert_eq!(gaps("navn", &less, &[]), ["navn.mellomnavn is read, and not in the fragment"]);
}
