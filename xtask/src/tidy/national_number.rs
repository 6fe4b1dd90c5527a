//! No file may hold a number that a living person could have. Numbers in fixtures are synthetic:
//! their month is 80 higher.

use super::{must_be_none, texts};
use crate::scan::check_digits_fit;

#[test]
fn no_file_holds_a_number_that_could_be_somebodys() {
    let mut complaints = Vec::new();
    for file in texts() {
        for (line, text) in file.lines() {
            // The number itself is not repeated: this goes to logs.
            if numbers(text).any(could_be_somebodys) {
                complaints.push(format!("{}:{line}: a real-looking national number", file.path));
            }
        }
    }
    must_be_none(&complaints);
}

/// Every run of just eleven digits that is no part of a word.
fn numbers(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() == 11 && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A day (or one of a D-number, 40 higher), a real month, and check digits that fit.
fn could_be_somebodys(number: &str) -> bool {
    let [day, month] = [0, 2].map(|at| number.get(at..at + 2).and_then(|it| it.parse().ok()));
    matches!(day, Some(1..=31 | 41..=71))
        && matches!(month, Some(1..=12))
        && check_digits_fit(number)
}

/// All numbers that begin so and fit; made here, because none may stand in a file.
fn that_fit(beginning: &str) -> Vec<String> {
    let ends = 0..100_000;
    ends.map(|end| format!("{beginning}{end:05}")).filter(|it| could_be_somebodys(it)).collect()
}

#[test]
fn a_real_looking_number_is_recognised() {
    for beginning in ["010190", "410190", "311299", "290204"] {
        assert!(!that_fit(beginning).is_empty(), "{beginning}");
    }
    let somebodys = &that_fit("010190")[0];
    let line = format!("let number = \"{somebodys}\";");
    assert_eq!(numbers(&line).collect::<Vec<_>>(), [somebodys]);
}

#[test]
fn synthetic_numbers_and_other_digits_are_not() {
    for beginning in ["018190", "418190", "014190", "016690", "000190", "320190", "011390"] {
        assert!(that_fit(beginning).is_empty(), "{beginning}");
    }
    assert_eq!(numbers("a12345678901 1234567890 123456789012 x").count(), 0);
}
