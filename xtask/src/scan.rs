//! Searches what programs said (logs, metrics, error texts) for what may never be said: national
//! numbers, tokens, keys, and the secrets of this run.
//!
//! A national number is a word of just eleven digits, or of twelve for a DUF number, that is no
//! part of a decimal number or of a UUID:
//! - a day (or one of a D-number, 40 higher) and a synthetic month of the tests, 80 higher. Check
//!   digits are not asked for: those of the fixtures seldom fit;
//! - a day, another month (as it is, or 40 or 65 higher), and check digits that fit;
//! - twelve digits that begin with a year from 1900 to 2099.
//!
//! Times in milliseconds have thirteen digits, in seconds ten; ids and hashes have letters.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

const FIRST_WEIGHTS: [u32; 9] = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const SECOND_WEIGHTS: [u32; 10] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/// More complaints than these help nobody.
const SHOWN_MAX: usize = 20;

/// A secret of this run, and what it is called.
pub type Secret<'a> = (&'static str, &'a str);

/// Searches every file of a folder. What was found is named by file and line, and never repeated.
pub fn folder(folder: &Path, secrets: &[Secret]) -> Result<()> {
    let mut complaints = Vec::new();
    let (mut files, mut lines) = (0, 0);
    for entry in fs::read_dir(folder).context("nothing was kept to search")? {
        let path = entry?.path();
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        files += 1;
        for (index, line) in String::from_utf8_lossy(&bytes).lines().enumerate() {
            lines += 1;
            let found = found_in(line, secrets);
            complaints.extend(
                found.into_iter().map(|it| format!("{}:{}: {it}", path.display(), index + 1)),
            );
        }
    }
    if lines == 0 {
        bail!("there is nothing to search in {}", folder.display());
    }
    if complaints.is_empty() {
        println!("Searched {lines} lines in {files} files: no national number, token or key");
        return Ok(());
    }
    let count = complaints.len();
    complaints.truncate(SHOWN_MAX);
    bail!("{count} secrets were said:\n{}", complaints.join("\n"))
}

/// What a line holds and should not.
fn found_in(line: &str, secrets: &[Secret]) -> Vec<&'static str> {
    let by_rule = [
        (holds_national_number(line), "a national number"),
        (holds_token(line), "a token or a proof"),
        (holds_private_jwk(line), "a private key (JWK)"),
        (line.contains("PRIVATE KEY-----"), "a private key (PEM)"),
    ];
    let by_rule = by_rule.into_iter().filter(|(held, _)| *held).map(|(_, what)| what);
    let known = secrets.iter().filter(|(_, it)| !it.is_empty() && line.contains(it));
    by_rule.chain(known.map(|(what, _)| *what)).collect()
}

fn holds_national_number(line: &str) -> bool {
    words(line, |c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_')).any(|word| {
        !is_uuid(word)
            && words(word, |c| c.is_alphanumeric() || matches!(c, '.' | '_')).any(is_number)
    })
}

fn words(text: &str, belongs: fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !belongs(c)).filter(|word| !word.is_empty())
}

fn is_number(word: &str) -> bool {
    // A full stop may end a sentence.
    let word = word.trim_matches('.');
    if !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    match word.len() {
        11 => is_eleven_digits_of_somebody(word),
        12 => matches!(word.get(..2), Some("19" | "20")),
        _ => false,
    }
}

fn is_eleven_digits_of_somebody(number: &str) -> bool {
    let [day, month] = [0, 2].map(|at| number[at..at + 2].parse().unwrap_or(0_u32));
    let is_day = matches!(day, 1..=31 | 41..=71);
    let is_month = matches!(month, 1..=12 | 41..=52 | 66..=77);
    is_day && (matches!(month, 81..=92) || is_month && check_digits_fit(number))
}

/// Whether the last two of eleven digits follow from the others, by the rule of today or by the
/// looser one for the first of them from 2032.
pub fn check_digits_fit(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let [.., k1, k2] = digits[..] else {
        return false;
    };
    let weighted = |weights: &[u32]| -> u32 {
        digits.iter().zip(weights).map(|(it, weight)| it * weight).sum()
    };
    (weighted(&FIRST_WEIGHTS) + k1) % 11 <= 3 && (weighted(&SECOND_WEIGHTS) + k2) % 11 == 0
}

/// 8-4-4-4-12: the last group may be twelve decimal digits by chance.
fn is_uuid(word: &str) -> bool {
    word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

/// A JWS in its compact form: its first part is the base64 of something that begins with `{"`.
fn holds_token(line: &str) -> bool {
    let is_token_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    line.match_indices("eyJ").any(|(at, _)| {
        let token: &str = line[at..].split(|c| !is_token_char(c)).next().unwrap_or_default();
        let mut parts = token.split('.').map(str::len);
        parts.next() > Some(10) && parts.next() > Some(10)
    })
}

/// The private member of a key, also where a text with quotes is quoted again.
fn holds_private_jwk(line: &str) -> bool {
    let plain: String = line.chars().filter(|c| !matches!(c, '\\' | ' ')).collect();
    plain.match_indices("\"d\":\"").any(|(at, member)| {
        let value = plain[at + member.len()..].split('"').next().unwrap_or_default();
        value.len() >= 20
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::remove;

    /// A number with these six digits and check digits that fit; none may stand in a file.
    fn that_fits(beginning: &str) -> String {
        let mut ends = (0..100_000).map(|end| format!("{beginning}{end:05}"));
        ends.find(|number| check_digits_fit(number)).expect("one in a hundred fits")
    }

    fn token() -> String {
        let part = "eyJ".to_owned() + &"hbGciOi".repeat(5);
        format!("{part}.{part}.{}", "s1_-".repeat(10))
    }

    #[test]
    fn what_may_never_be_said_is_found() {
        let pem = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
        let cases = [
            ("a fixture's number", "nin=15817000001".to_owned()),
            ("a D-number of a fixture", "{\"nin\":\"55817000001\"}".to_owned()),
            ("a number at the end of a sentence", "there is no 15817000001.".to_owned()),
            ("a number behind a hyphen", "person-15817000001".to_owned()),
            ("one of Skatteetaten's", that_fits("014190")),
            ("one of NAV's", that_fits("016690")),
            ("one that could be somebody's", that_fits("010190")),
            ("a DUF number", "duf 201012345678".to_owned()),
            ("a token", format!("Authorization: DPoP {}", token())),
            ("a key", format!("{{\"kty\":\"EC\", \"d\": \"{}\"}}", "x".repeat(43))),
            ("a key that is quoted", format!("{{\\\"d\\\":\\\"{}\\\"}}", "x".repeat(43))),
            ("a PEM", pem),
            ("a secret of this run", "postgres://u:hunter2@h/d".to_owned()),
        ];
        for (what, line) in cases {
            assert_eq!(found_in(&line, &[("the password", "hunter2")]).len(), 1, "{what}: {line}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for line in [
            "person 2c37dae1-a161-433f-95b3-158170000012",
            "trace_id=15817000001a15817000001b0000000f",
            "at 1732230000123 ms, 1732230000 s, elapsed_ms=0.15817000001",
            "2026-11-21T22:36:01.158170000Z in 15817000001.5 ns",
            "sequence 99999999999, 12345678901, 00000000000",
            "bytes=158170000011, a=15817_000001, x15817000001, 15817000001x",
            "a hash 15817000001e4b, eyJhbGciOi and eyJhbGciOiJ.short",
            "\"d\":\"2026-11-21\"",
            "-----BEGIN CERTIFICATE-----",
        ] {
            assert_eq!(found_in(line, &[("nothing", "")]), [""; 0], "{line}");
        }
    }

    #[test]
    fn a_folder_is_searched_whole_and_what_is_found_is_not_repeated() {
        let place = std::env::temp_dir().join(format!("scan-{}", std::process::id()));
        fs::create_dir_all(&place).unwrap();
        assert!(folder(&place, &[]).unwrap_err().to_string().contains("nothing to search"));
        fs::write(place.join("a.log"), "good\n").unwrap();
        folder(&place, &[]).unwrap();
        let planted =
            format!("good\nnin=15817000001\n{}\n{{\"d\":\"{}\"}}", token(), "k".repeat(43));
        fs::write(place.join("b.log"), &planted).unwrap();
        let told = folder(&place, &[]).unwrap_err().to_string();
        remove(&place).unwrap();
        assert!(told.starts_with("3 secrets were said"), "{told}");
        for line in ["b.log:2: a national", "b.log:3: a token", "b.log:4: a private"] {
            assert!(told.contains(line), "{told}");
        }
        assert_eq!(found_in(&told, &[]), [""; 0], "the complaint says it again");
    }
}
