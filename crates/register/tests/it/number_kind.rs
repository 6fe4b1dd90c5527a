//! The kinds of number, told by their digits.

use proptest::prelude::*;
use register::id::IdentityNumber;
use register::id::NumberKind::{self, *};
use register::id::Series::{self, *};
use register::part::NorwegianIdentificationNumberType as Type;

fn kind(number: &str) -> Option<NumberKind> {
    IdentityNumber::from(number).kind()
}

/// What the number's digits leave: in the first sum, and in the second.
fn remainders(number: &str) -> [u32; 2] {
    let digits: Vec<u32> = number.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let sum = |weights: &[u32]| -> u32 {
        digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
    };
    [sum(&[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11, sum(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11]
}

/// The numbers with these nine first digits that leave this in the first sum, and nothing in the
/// second. For some beginnings there is none.
fn completed(nine: &str, first: u32) -> Option<String> {
    let endings = (0..100).map(|ending| format!("{nine}{ending:02}"));
    endings.into_iter().find(|number| remainders(number) == [first, 0])
}

const ADDED: [(u32, Series); 4] =
    [(0, Real), (40, HelpOrSynthetic), (65, HealthSynthetic), (80, RegisterSynthetic)];

#[test]
fn synthetic_numbers_of_both_generations_are_recognised() {
    for (number, first, expected) in [
        ("30888299978", 0, Some(NationalIdentityNumber(RegisterSynthetic))),
        ("30888299986", 1, Some(NationalIdentityNumber(RegisterSynthetic))),
        ("30888299994", 2, Some(NationalIdentityNumber(RegisterSynthetic))),
        ("29820099956", 3, Some(NationalIdentityNumber(RegisterSynthetic))),
        ("30888299900", 4, None),
        ("70888299961", 0, Some(DNumber(RegisterSynthetic))),
        ("70888299996", 3, Some(DNumber(RegisterSynthetic))),
        // 29 February 2001, day 0, 31 April, month 0.
        ("29820199942", 0, None),
        ("00888299955", 0, None),
        ("31848299947", 0, None),
        ("30800299922", 0, None),
    ] {
        assert_eq!(remainders(number), [first, 0], "{number}");
        assert_eq!(kind(number), expected, "{number}");
    }
}

#[test]
fn help_numbers_of_the_health_sector_keep_the_older_rule() {
    for (number, first, expected) in [
        ("81234567802", 0, Some(AlternateIdentificationNumber)),
        ("91234567883", 0, Some(AlternateIdentificationNumber)),
        ("81234567810", 1, None),
        ("91234567808", 3, None),
    ] {
        assert_eq!(remainders(number), [first, 0], "{number}");
        assert_eq!(kind(number), expected, "{number}");
    }
}

#[test]
fn twelve_digits_are_the_immigration_authorities() {
    assert_eq!(kind("201512345678"), Some(DufNumber));
    for number in ["", "2015123456789", "20151234567x", "2015123456 78", "30888299978 "] {
        assert_eq!(kind(number), None, "{number}");
    }
    // Digits of another script, eleven of them and eleven bytes.
    assert_eq!(kind("\u{0663}\u{0660}888299978"), None);
    assert_eq!(kind("\u{0663}0888299978"), None);
}

#[test]
fn the_contract_has_a_name_for_three_kinds_and_none_for_what_may_be_two_things() {
    for (_, series) in ADDED {
        let named = series != HelpOrSynthetic;
        let of = |kind: NumberKind| kind.contract_type();
        assert_eq!(
            of(NationalIdentityNumber(series)),
            named.then_some(Type::NationalIdentityNumber)
        );
        assert_eq!(of(DNumber(series)), named.then_some(Type::DNumber));
    }
    let alternate = Some(Type::AlternateIdentificationNumber);
    assert_eq!(AlternateIdentificationNumber.contract_type(), alternate);
    assert_eq!(DufNumber.contract_type(), None);
}

proptest! {
    #[test]
    fn every_valid_number_is_recognised(
        (day, month, year) in (1..=28_u32, 1..=12_u32, 0..=99_u32),
        individual in 0..=999_u32,
        is_d_number: bool,
        (added, series) in prop::sample::select(ADDED.to_vec()),
        first in 0..=3_u32,
    ) {
        let day = if is_d_number { day + 40 } else { day };
        let nine = format!("{day:02}{:02}{year:02}{individual:03}", month + added);
        let expected =
            if is_d_number { DNumber(series) } else { NationalIdentityNumber(series) };
        if let Some(number) = completed(&nine, first) {
            prop_assert_eq!(kind(&number), Some(expected), "{}", number);
        }
    }

    #[test]
    fn every_valid_help_number_is_recognised(start in 8..=9_u32, rest in 0..100_000_000_u32) {
        if let Some(number) = completed(&format!("{start}{rest:08}"), 0) {
            prop_assert_eq!(kind(&number), Some(AlternateIdentificationNumber), "{}", number);
        }
    }

    #[test]
    fn a_wrong_last_digit_is_always_seen(eleven in "[0-9]{11}", wrong in 1..=9_u32) {
        if kind(&eleven).is_some() {
            let last = eleven.chars().last().and_then(|digit| digit.to_digit(10));
            let changed = (last.unwrap_or_default() + wrong) % 10;
            prop_assert_eq!(kind(&format!("{}{changed}", &eleven[..10])), None);
        }
    }

    #[test]
    fn no_text_makes_it_panic(any in any::<String>(), digits in "[0-9]{0,14}") {
        for text in [any, digits] {
            let may_be = matches!(text.len(), 11 | 12) && !text.contains(|c: char| c.is_alphabetic());
            prop_assert!(kind(&text).is_none() || may_be, "{}", text);
        }
    }
}
