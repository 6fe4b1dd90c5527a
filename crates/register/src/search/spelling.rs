//! Tolerant spelling: words that are one slip of the pen apart.
//!
//! Two words are near when one letter is missing, too much, another, or has changed places with its
//! neighbour. Such words have a shortened form in common, so that a table of shortened forms finds
//! them by equality: exactly, at the cost of a few index look-ups, and without an extension of the
//! database. (Trigrams find swapped letters badly in short words: `hasnen` and `hansen` share
//! three of eleven.)

/// The shortest word of which other spellings are looked for: in shorter ones one letter makes
/// another name.
const LETTERS_MIN: usize = 4;

/// The longest: nobody looks for the spelling of a word that is longer, and each letter of it is a
/// form to store.
const LETTERS_MAX: usize = 24;

/// The word and each word that is left when one of its letters is taken away, each once; nothing
/// for a word too short or too long to be searched tolerantly.
pub fn shortened(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    // A stored word may be one letter shorter or longer than the one that is looked for.
    if letters.len() + 1 < LETTERS_MIN || letters.len() > LETTERS_MAX + 1 {
        return Vec::new();
    }
    let without = |place: usize| -> String {
        letters
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != place)
            .map(|(_, letter)| letter)
            .collect()
    };
    let mut forms: Vec<String> = (0..letters.len()).map(without).collect();
    forms.push(word.to_owned());
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Whether other spellings of a word are looked for.
pub(super) fn is_tolerated(word: &str) -> bool {
    (LETTERS_MIN..=LETTERS_MAX).contains(&word.chars().count())
}

/// Whether two words are one slip apart, and not the same.
pub fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let start = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 if start == short.len() => false,
        0 => {
            let changed = short[start + 1..] == long[start + 1..];
            let swapped = short.len() > start + 1
                && short[start] == long[start + 1]
                && short[start + 1] == long[start]
                && short[start + 2..] == long[start + 2..];
            changed || swapped
        }
        1 => short[start..] == long[start + 1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_near() {
        for (one, other, near) in [
            ("hansen", "hasnen", true),
            ("hansen", "hanssen", true),
            ("hansen", "hasen", true),
            ("hansen", "jansen", true),
            ("hansen", "hanse", true),
            ("hansen", "ahnsen", true),
            ("hansen", "hansne", true),
            ("hansen", "hansen", false),
            ("hansen", "hnasne", false),
            ("hansen", "hansener", false),
            ("hansen", "han", false),
            ("иван", "иваn", true),
            ("", "a", true),
            ("", "", false),
        ] {
            assert_eq!((is_near(one, other), is_near(other, one)), (near, near), "{one} {other}");
        }
    }

    #[test]
    fn near_words_share_a_shortened_form() {
        let alphabet = ["a", "b", "c"];
        let mut words = vec![String::new()];
        for _ in 0..5 {
            let longer: Vec<String> = words
                .iter()
                .flat_map(|word| alphabet.map(|letter| format!("{word}{letter}")))
                .collect();
            words = longer;
        }
        let all: Vec<String> =
            words.iter().flat_map(|word| [word.clone(), word[1..].to_owned()]).collect();
        let one = "abcab";
        let forms = shortened(one);
        for other in all.iter().filter(|other| is_near(one, other)) {
            assert!(shortened(other).iter().any(|form| forms.contains(form)), "{other}");
        }
    }

    #[test]
    fn short_and_very_long_words_have_no_forms() {
        assert!(shortened("ab").is_empty() && shortened(&"a".repeat(26)).is_empty());
        assert_eq!(shortened("anna"), ["ana", "ann", "anna", "nna"]);
        assert!(!is_tolerated("ann") && is_tolerated("anna") && !is_tolerated(&"a".repeat(25)));
    }
}
