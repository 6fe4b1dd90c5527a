//! Which fields differ between two states of what KRR says of the same person.

use serde_json::{Map, Value};

use super::FormatError;
use crate::difference::Members;

/// Every field of a person that we know of, but for the number and for `varslingsstatus`, which
/// time changes with nobody's doing.
pub const FIELDS: &[&str] = &[
    "digital_post",
    "kontaktinformasjon",
    "reservasjon",
    "reservasjon_oppdatert",
    "reservasjonstidspunkt",
    "sertifikat",
    "sertifikat_utloeper",
    "spraak",
    "spraak_oppdatert",
    "status",
];
/// Fields that are not compared.
const LEFT_OUT: [&str; 2] = ["personidentifikator", "varslingsstatus"];
/// Stands for every field that is new to us.
pub const OTHER: &str = "(new to us)";

/// The fields that are not the same in both, in KRR's spelling; [`OTHER`] for those that we do not
/// know.
///
/// # Errors
/// [`FormatError`] if one of them is no JSON object.
pub fn differing_fields(ours: &[u8], theirs: &[u8]) -> Result<Vec<&'static str>, FormatError> {
    Ok(read(ours)?.differing(&read(theirs)?))
}

fn read(json: &[u8]) -> Result<Members, FormatError> {
    let person: Map<String, Value> = serde_json::from_slice(json)?;
    Ok(Members::of(&person, |spelled| {
        let known = FIELDS.iter().find(|name| **name == spelled).copied();
        known.or((!LEFT_OUT.contains(&spelled)).then_some(OTHER))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_alone_makes_no_difference() {
        let with = |status: &str, mail: &str| {
            format!(
                r#"{{"personidentifikator":"01819912345","varslingsstatus":"{status}",
                "status":"AKTIV","kontaktinformasjon":{{"epostadresse":"{mail}"}}}}"#
            )
        };
        let differing = |a: &str, b: &str| differing_fields(a.as_bytes(), b.as_bytes()).unwrap();
        let ours = with("KAN_VARSLES", "æ@example.com");
        assert_eq!(differing(&ours, &with("KAN_IKKE_VARSLES", "æ@example.com")), [""; 0]);
        assert_eq!(differing(&ours, &with("KAN_VARSLES", "ø@example.com")), ["kontaktinformasjon"]);
        assert_eq!(differing(&ours, &ours.replace("\"status\"", "\"nytt\"")), [OTHER, "status"]);
        assert_eq!(differing(&ours, "{}"), ["kontaktinformasjon", "status"]);
        assert!(differing_fields(ours.as_bytes(), b"[]").is_err());
    }
}
