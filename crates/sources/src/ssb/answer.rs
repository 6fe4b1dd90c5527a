//! The two shapes of answer, each in JSON and in CSV.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::KlassError;
use crate::delimited::{Record, Records, decode, separator};

/// An item of the list, or nothing where it is not one.
pub(super) type Item<T> = Option<T>;

/// A code and its name (Klass: `codes`, `codesAt`).
pub(super) struct KodeItem {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) from: String,
    pub(super) to: String,
}

/// A code, and the code in another classification that it belongs to (Klass: `corresponds`,
/// `correspondsAt`).
pub(super) struct KorrespondanseItem {
    pub(super) source_code: String,
    pub(super) target_code: String,
    pub(super) from: String,
    pub(super) to: String,
}

/// A code in JSON. What Klass says of the code itself goes before what follows from the range; it
/// is empty in every answer that was seen.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KodeJson {
    code: String,
    name: String,
    valid_from: Option<String>,
    valid_to: Option<String>,
    valid_from_in_requested_range: Option<String>,
    valid_to_in_requested_range: Option<String>,
}

/// A pair in JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KorrespondanseJson {
    source_code: String,
    target_code: String,
    valid_from: Option<String>,
    valid_to: Option<String>,
}

/// An answer in JSON: a list with one of two names. Its items are read one by one, so that one
/// that cannot be read does not take the others with it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerJson<'a> {
    #[serde(borrow, alias = "correspondenceItems")]
    codes: Vec<&'a RawValue>,
}

/// The columns of a code, and those that may be absent.
const KODE: [&str; 2] = ["code", "name"];
/// The columns of a pair.
const KORRESPONDANSE: [&str; 2] = ["sourceCode", "targetCode"];
/// When a row holds: the first of these that says something.
const FRA: [&str; 2] = ["validFrom", "validFromInRequestedRange"];
const TIL: [&str; 2] = ["validTo", "validToInRequestedRange"];

/// Reads codes.
pub(super) fn codes(answer: &[u8]) -> Result<Vec<(u64, Item<KodeItem>)>, KlassError> {
    items(
        answer,
        |json: KodeJson| KodeItem {
            code: json.code,
            name: json.name,
            from: first([json.valid_from, json.valid_from_in_requested_range]),
            to: first([json.valid_to, json.valid_to_in_requested_range]),
        },
        KODE,
        |[code, name], from, to| KodeItem { code, name, from, to },
    )
}

/// Reads pairs of codes.
pub(super) fn pairs(answer: &[u8]) -> Result<Vec<(u64, Item<KorrespondanseItem>)>, KlassError> {
    items(
        answer,
        |json: KorrespondanseJson| KorrespondanseItem {
            source_code: json.source_code,
            target_code: json.target_code,
            from: json.valid_from.unwrap_or_default(),
            to: json.valid_to.unwrap_or_default(),
        },
        KORRESPONDANSE,
        |[source_code, target_code], from, to| KorrespondanseItem {
            source_code,
            target_code,
            from,
            to,
        },
    )
}

fn items<J: for<'a> Deserialize<'a>, T>(
    answer: &[u8],
    from_json: impl Fn(J) -> T,
    columns: [&'static str; 2],
    from_fields: impl Fn([String; 2], String, String) -> T,
) -> Result<Vec<(u64, Item<T>)>, KlassError> {
    let text = decode(answer);
    if !text.trim_start().starts_with('{') {
        return csv(&text, columns, from_fields);
    }
    let answer: AnswerJson = serde_json::from_str(&text)?;
    let item = |raw: &RawValue| serde_json::from_str(raw.get()).ok().map(&from_json);
    Ok((1..).zip(answer.codes.into_iter().map(item)).collect())
}

fn csv<T>(
    text: &str,
    columns: [&'static str; 2],
    from_fields: impl Fn([String; 2], String, String) -> T,
) -> Result<Vec<(u64, Item<T>)>, KlassError> {
    let header = text.lines().next().unwrap_or_default();
    let separator = separator(header).ok_or(KlassError::Header { column: columns[0] })?;
    let mut records = Records::new(text, separator);
    let header = records.next().ok_or(KlassError::Empty)?.fields;
    let find = |column: &str| header.iter().position(|name| name.trim() == column);
    let required = |column| find(column).ok_or(KlassError::Header { column });
    let places = [required(columns[0])?, required(columns[1])?];
    let (from, to) = (FRA.map(find), TIL.map(find));
    let mut items = Vec::new();
    let mut cut_off = None;
    for Record { line, fields, is_whole } in records {
        let take = |place: usize| fields[place].clone().into_owned();
        let optional = |places: [Option<usize>; 2]| first(places.map(|place| place.map(take)));
        let fits = is_whole && fields.len() == header.len();
        let item = fits.then(|| from_fields(places.map(take), optional(from), optional(to)));
        cut_off = item.is_none().then_some(line);
        items.push((line, item));
    }
    // Only the last record can be cut off, and then nothing ends it.
    match cut_off.filter(|_| !text.ends_with('\n')) {
        Some(line) => Err(KlassError::Truncated { line }),
        None => Ok(items),
    }
}

/// The first that says something.
fn first(texts: [Option<String>; 2]) -> String {
    texts.into_iter().flatten().find(|text| !text.trim().is_empty()).unwrap_or_default()
}
