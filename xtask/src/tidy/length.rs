//! Files and functions stay short enough to be read at once. What is longer today stands in a list
//! that only shrinks.

use std::collections::BTreeMap;

use super::{must_be_none, texts};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;

/// What was longer when the limit came, with its length: `path` or `path:function`.
const STILL_LONGER: &[(&str, usize)] = &[];

#[test]
fn files_and_functions_are_short() {
    must_be_none(&complaints(&measured(), STILL_LONGER));
}

/// Everything above its limit, with its length.
fn measured() -> BTreeMap<String, usize> {
    let mut long = BTreeMap::new();
    for file in texts().iter().filter(|file| file.path.ends_with(".rs")) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            long.insert(file.path.clone(), lines);
        }
        for (name, lines) in functions(&file.text) {
            if lines > FUNCTION_LINES_MAX {
                long.insert(format!("{}:{name}", file.path), lines);
            }
        }
    }
    long
}

fn complaints(measured: &BTreeMap<String, usize>, allowed: &[(&str, usize)]) -> Vec<String> {
    let allowed: BTreeMap<&str, usize> = allowed.iter().copied().collect();
    let too_long = measured.iter().filter_map(|(what, lines)| match allowed.get(&**what) {
        None => Some(format!("{what} has {lines} lines: divide it")),
        Some(limit) if lines > limit => Some(format!("{what} grew from {limit} to {lines} lines")),
        Some(limit) if lines < limit => {
            Some(format!("{what} shrank to {lines}: say so in the list"))
        }
        Some(_) => None,
    });
    let gone = allowed.keys().filter(|what| !measured.contains_key(**what));
    too_long.chain(gone.map(|what| format!("{what} is short now: take it off the list"))).collect()
}

/// Each function with a body and its number of lines. Formatted code closes a body in the column
/// in which its function begins, so no parser is needed.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let closes = |line: &str| line.get(indent..) == Some("}") && line.trim() == "}";
        let ends_at_once = |line: &str| line.trim_end().ends_with([';', '}']);
        let end = if ends_at_once(line) {
            Some(start)
        } else {
            (start + 1..lines.len()).find(|end| closes(lines[*end]))
        };
        found.extend(end.map(|end| (name, end - start + 1)));
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let before = ["pub", "const", "async", "unsafe", "extern", "default"];
    let is_before =
        |word: &str| before.contains(&word) || word.starts_with("pub(") || word.starts_with('"');
    let word = words.find(|word| !is_before(word))?;
    let name = if word == "fn" {
        words.next()?
    } else {
        return None;
    };
    name.split(['(', '<']).next()
}

#[test]
fn functions_are_measured() {
    let text = "\
pub(crate) async fn one<T>(a: T)
where
    T: Copy,
{
    if true {
    }
}

impl A {
    fn two() -> u8 { 2 }
    fn three(&self) {
        let x = 1;
    }
}
trait B {
    fn four(&self);
}
// fn five() {
";
    assert_eq!(functions(text), [("one", 7), ("two", 1), ("three", 3), ("four", 1)]);
}

#[test]
fn the_list_only_shrinks() {
    let measured = BTreeMap::from([("a.rs".to_owned(), 600), ("b.rs:f".to_owned(), 80)]);
    assert!(complaints(&measured, &[("a.rs", 600), ("b.rs:f", 80)]).is_empty());
    let told = complaints(&measured, &[("a.rs", 599), ("b.rs:f", 81), ("c.rs", 700)]);
    assert_eq!(
        told,
        [
            "a.rs grew from 599 to 600 lines",
            "b.rs:f shrank to 80: say so in the list",
            "c.rs is short now: take it off the list",
        ]
    );
    assert_eq!(complaints(&measured, &[("a.rs", 600)]), ["b.rs:f has 80 lines: divide it"]);
}
