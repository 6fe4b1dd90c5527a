//! Answers for human eyes: persons as indented tables, events as rows, problems with what to do.

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use super::operation::Shape;

/// The columns that a reader of events looks for, in this order; others follow.
const FIRST_COLUMNS: [&str; 4] = ["sequenceNumber", "eventType", "personId", "nin"];

/// The answer as text, with a line break at its end unless it is empty.
pub fn show(shape: Shape, answer: &Value) -> String {
    match (shape, answer) {
        (Shape::Person, person) => show_person(person),
        (Shape::Persons, Value::Array(persons)) => {
            let shown: Vec<String> = persons.iter().map(show_person).collect();
            format!("{}{}\n", shown.join("\n"), count(persons.len(), "person"))
        }
        (Shape::Event, event) => rows(std::slice::from_ref(event)),
        (Shape::Events, answer) => {
            let events = answer["results"].as_array().map(Vec::as_slice).unwrap_or_default();
            let caught_up = if events.is_empty() { ": nothing new" } else { "" };
            format!("{}{}{caught_up}\n", rows(events), count(events.len(), "event"))
        }
        (Shape::Persons | Shape::Other, answer) => lines(&flat(answer), ""),
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A problem's title, fields and trace id, each on a line of its own.
pub fn show_problem(status: u16, problem: &Value) -> String {
    let text = |name: &str| problem[name].as_str().map(clean);
    let mut shown = match text("title") {
        Some(title) => format!("{status} {title}\n"),
        None => format!("{status}, with no explanation: is this the API?\n"),
    };
    if let Some(detail) = text("detail") {
        shown += &format!("  {detail}\n");
    }
    for (field, faults) in problem["errors"].as_object().into_iter().flatten() {
        for fault in faults.as_array().into_iter().flatten().filter_map(Value::as_str) {
            shown += &format!("  {}: {}\n", clean(field), clean(fault));
        }
    }
    for (label, name) in [("more about it", "type"), ("trace id", "traceId")] {
        if let Some(value) = text(name) {
            shown += &format!("  {label}: {value}\n");
        }
    }
    shown
}

/// A heading with id and sequence number, then each item of each part.
fn show_person(person: &Value) -> String {
    let Value::Object(person) = person else {
        return lines(&flat(person), "");
    };
    let mut shown = format!("Person {}", scalar(person.get("id").unwrap_or(&Value::Null)));
    if let Some(number) = person.get("sequenceNumber") {
        shown += &format!(", as of event {}", scalar(number));
    }
    shown.push('\n');
    let parts = person.iter().filter(|(name, _)| !["id", "sequenceNumber"].contains(&&***name));
    for (name, value) in parts {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let of = if items.len() > 1 {
                        format!(", {} of {}", index + 1, items.len())
                    } else {
                        String::new()
                    };
                    shown += &show_item(name, &of, item);
                }
            }
            item => shown += &show_item(name, "", item),
        }
    }
    shown
}

fn show_item(part: &str, of: &str, item: &Value) -> String {
    let mut fields = flat(item);
    fields.retain(|(name, _)| name != "isValid");
    let historic = if item["isValid"] == false { ", historic" } else { "" };
    let mut initial = part.chars();
    let part: String = initial.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("  {part}{}{of}{historic}\n{}", initial.as_str(), lines(&fields, "    "))
}

/// Every leaf with its path: `address.street`, `guardian.2.name`.
fn flat(value: &Value) -> Vec<(String, String)> {
    let mut leaves = Vec::new();
    gather("", value, &mut leaves);
    leaves
}

fn gather(path: &str, value: &Value, leaves: &mut Vec<(String, String)>) {
    let below = |name: &str| if path.is_empty() { clean(name) } else { format!("{path}.{name}") };
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| gather(&below(name), value, leaves));
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            let numbered = (1..).zip(items);
            numbered.for_each(|(at, item): (u32, _)| gather(&below(&at.to_string()), item, leaves));
        }
        leaf => leaves.push((path.to_owned(), scalar(leaf))),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        Value::String(text) => clean(text),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(", "),
        other => clean(&other.to_string()),
    }
}

/// A name in the register must not be able to write on the terminal as it likes.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

fn lines(fields: &[(String, String)], indent: &str) -> String {
    let widest = fields.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    let line = |(name, value): &(String, String)| format!("{indent}{}  {value}", pad(name, widest));
    fields.iter().map(|field| line(field).trim_end().to_owned() + "\n").collect()
}

/// One row for each object, with a heading of all their fields.
fn rows(objects: &[Value]) -> String {
    let none = Map::new();
    let objects: Vec<&Map<String, Value>> =
        objects.iter().map(|object| object.as_object().unwrap_or(&none)).collect();
    let has = |name: &&str| objects.iter().any(|object| object.contains_key(*name));
    let mut names: Vec<&str> = FIRST_COLUMNS.iter().copied().filter(has).collect();
    for name in objects.iter().flat_map(|object| object.keys()) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let cell =
        |object: &Map<String, Value>, name: &str| object.get(name).map(scalar).unwrap_or_default();
    let mut table = vec![names.iter().map(|name| clean(name)).collect::<Vec<_>>()];
    table.extend(objects.iter().map(|object| names.iter().map(|n| cell(object, n)).collect()));
    if names.is_empty() { String::new() } else { aligned(&table) }
}

/// Columns as wide as their widest cell, on a terminal: `Å` takes one place, whatever its bytes.
pub fn aligned(table: &[Vec<String>]) -> String {
    let columns = table.iter().map(Vec::len).max().unwrap_or_default();
    let width =
        |at: usize| table.iter().filter_map(move |row| row.get(at)).map(|cell| cell.width());
    let widths: Vec<usize> = (0..columns).map(|at| width(at).max().unwrap_or_default()).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| pad(cell, *width)).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    table.iter().map(line).collect()
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_person_is_an_indented_table_of_its_parts() {
        let person = json!({
            "id": "2c37dae1",
            "sequenceNumber": 12,
            "name": [
                { "isValid": true, "firstName": "Åse", "lastName": "Ærøskøbing" },
                { "isValid": false, "firstName": "Åse", "lastName": "Ødegård" },
            ],
            "residentialAddress": [{ "isValid": true, "streetAddress": { "city": "Tromsø" } }],
        });
        let expected = "Person 2c37dae1, as of event 12\n  \
                          Name, 1 of 2\n    \
                            firstName  Åse\n    \
                            lastName   Ærøskøbing\n  \
                          Name, 2 of 2, historic\n    \
                            firstName  Åse\n    \
                            lastName   Ødegård\n  \
                          ResidentialAddress\n    \
                            streetAddress.city  Tromsø\n";
        assert_eq!(show(Shape::Person, &person), expected);
    }

    #[test]
    fn events_are_rows_under_one_heading() {
        let page = json!({ "results": [
            { "sequenceNumber": "9", "eventType": "PersonIsCreated" },
            { "sequenceNumber": "10", "eventType": "PersonIsDeceased", "nin": "x" },
        ] });
        let shown = show(Shape::Events, &page);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 4, "{shown}");
        assert!(
            lines[0].starts_with("sequenceNumber  eventType") && lines[0].ends_with("nin"),
            "{shown}"
        );
        assert!(lines[1].starts_with("9  ") && lines[2].starts_with("10  "), "{shown}");
        assert_eq!(lines[3], "2 events");
        assert_eq!(show(Shape::Events, &json!({ "results": [] })), "0 events: nothing new\n");
    }

    #[test]
    fn letters_that_take_two_bytes_are_aligned() {
        let table = aligned(&[
            vec!["Åå".to_owned(), "x".to_owned()],
            vec!["abc".to_owned(), "y".to_owned()],
        ]);
        assert_eq!(table, "Åå   x\nabc  y\n");
    }

    #[test]
    fn a_value_cannot_write_on_the_terminal() {
        let shown = show(Shape::Other, &json!({ "name": "a\u{1b}[2Jb" }));
        assert_eq!(shown, "name  a\u{FFFD}[2Jb\n");
    }

    #[test]
    fn a_problem_says_which_fields_are_wrong_and_how_to_report_it() {
        let problem = json!({
            "type": "http://h/problems/invalid-request",
            "title": "The request has values that cannot be used",
            "detail": "Correct the fields.",
            "errors": { "nin": ["must be 11 or 12 digits"], "informationParts": ["one", "two"] },
            "traceId": "5f2c",
        });
        let shown = show_problem(400, &problem);
        for part in ["400 The request", "  nin: must", ": one\n", ": two\n", "id: 5f2c", "Correct"]
        {
            assert!(shown.contains(part), "{part} is not in:\n{shown}");
        }
        assert!(show_problem(502, &Value::Null).starts_with("502"));
    }
}
