//! Klass, SSB's interface to its classifications: codes and correspondences, as JSON or CSV.
//!
//! As the real one: CSV is ISO-8859-1 unless UTF-8 is asked for, and letters that it lacks become
//! question marks; a range cuts validities off at its own ends; what begins after today is left out
//! unless it is asked for.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{ACCEPT, ACCEPT_CHARSET, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::Sandbox;
use crate::calendar::Day;
use crate::freg::values;

use super::classification::{Pair, Row, Span, pairs, rows};

/// The classifications that a correspondence leads from and to: units and districts.
const UNITS: u32 = 1;
const DISTRICTS: &str = "103";

/// What is wrong with a request.
type Refused = (StatusCode, &'static str);

/// What was asked for.
struct Asked {
    csv: bool,
    utf8: bool,
    separator: char,
    /// One day, as a range of that day alone; or a range.
    span: Span,
    one_day: bool,
    future: bool,
}

/// `GET /klass/v1/classifications/{id}/{resource}`.
pub(super) async fn get(
    State(sandbox): State<Arc<Sandbox>>,
    Path((id, resource)): Path<(u32, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    answer(&sandbox, id, &resource, &query.unwrap_or_default(), &headers).unwrap_or_else(
        |(status, message)| {
            let body = json!({
                "status": status.as_u16(),
                "error": status.canonical_reason(),
                "message": message,
            });
            (status, axum::Json(body)).into_response()
        },
    )
}

fn answer(
    sandbox: &Sandbox,
    id: u32,
    resource: &str,
    query: &str,
    headers: &HeaderMap,
) -> Result<Response, Refused> {
    let (resource, suffix) = resource.split_once('.').unwrap_or((resource, ""));
    let one_day = resource.ends_with("At");
    let asked = asked(suffix, one_day, query, headers)?;
    let edition = sandbox.geography.current();
    let today = crate::now().day();
    let seen = |valid: Span| asked.see(valid, today);
    let (list, table) = match resource {
        "codes" | "codesAt" => {
            let rows = rows(id, edition).ok_or((StatusCode::NOT_FOUND, "no classification"))?;
            let rows = rows.iter().filter_map(|row| Some(asked.code(row, seen(row.valid)?)));
            ("codes", rows.collect::<Vec<_>>())
        }
        "corresponds" | "correspondsAt" => {
            let target = values(query, "targetClassificationId");
            if id != UNITS || target.first().is_none_or(|id| id != DISTRICTS) {
                return Err((StatusCode::NOT_FOUND, "no correspondence table"));
            }
            let pairs = pairs(edition);
            let pairs = pairs.iter().filter_map(|pair| Some(asked.pair(pair, seen(pair.valid)?)));
            ("correspondenceItems", pairs.collect())
        }
        _ => return Err((StatusCode::NOT_FOUND, "no such resource")),
    };
    Ok(asked.write(list, table))
}

fn asked(suffix: &str, one_day: bool, query: &str, headers: &HeaderMap) -> Result<Asked, Refused> {
    let header = |name| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_ascii_lowercase()
    };
    let (accepted, charset) = (header(ACCEPT), header(ACCEPT_CHARSET));
    let csv = match suffix {
        "json" => false,
        "csv" => true,
        "" if accepted.contains("text/csv") => true,
        "" if accepted.is_empty() || accepted.contains("*/*") => false,
        "" if accepted.contains("application/json") => false,
        _ => return Err((StatusCode::NOT_ACCEPTABLE, "no such format")),
    };
    let day = |name| match values(query, name).first() {
        None => Ok(None),
        Some(text) => parse(text).map(Some).ok_or((StatusCode::BAD_REQUEST, "not a date")),
    };
    let needed = (StatusCode::BAD_REQUEST, "a date is missing");
    let span = if one_day {
        let date = day("date")?.ok_or(needed)?;
        Span { from: date, to: Some(date.plus(1)) }
    } else {
        Span { from: day("from")?.ok_or(needed)?, to: day("to")? }
    };
    if span.to.is_some_and(|to| to <= span.from) {
        return Err((StatusCode::BAD_REQUEST, "the range ends before it begins"));
    }
    let separator = values(query, "csvSeparator").first().and_then(|text| text.chars().next());
    Ok(Asked {
        csv,
        utf8: !csv || accepted.contains("utf-8") || charset.contains("utf-8"),
        separator: separator.unwrap_or(','),
        span,
        one_day,
        future: values(query, "includeFuture").first().is_some_and(|value| value == "true"),
    })
}

impl Asked {
    /// The part of a validity that the answer shows, if it shows any of it.
    fn see(&self, valid: Span, today: Day) -> Option<Span> {
        let mut valid = valid;
        if !self.future {
            if valid.from > today {
                return None;
            }
            valid.to = valid.to.filter(|to| *to <= today);
        }
        valid.within(self.span)
    }

    fn code(&self, row: &Row, valid: Span) -> Vec<(&'static str, Value)> {
        let mut fields = vec![
            ("code", json!(row.code)),
            ("parentCode", json!(row.parent)),
            ("level", json!(row.level.to_string())),
            ("name", json!(row.name)),
            ("shortName", json!("")),
            ("presentationName", json!("")),
            ("validFrom", Value::Null),
            ("validTo", Value::Null),
        ];
        if !self.one_day {
            fields.push(("validFromInRequestedRange", json!(valid.from.iso())));
            fields.push(("validToInRequestedRange", json!(valid.to.map(Day::iso))));
        }
        fields.push(("notes", json!("")));
        fields
    }

    fn pair(&self, pair: &Pair, valid: Span) -> Vec<(&'static str, Value)> {
        let shown = |day: Option<Day>| json!(day.filter(|_| !self.one_day).map(Day::iso));
        vec![
            ("sourceCode", json!(pair.source[0])),
            ("sourceName", json!(pair.source[1])),
            ("sourceShortName", json!("")),
            ("targetCode", json!(pair.target[0])),
            ("targetName", json!(pair.target[1])),
            ("targetShortName", json!("")),
            ("validFrom", shown(Some(valid.from))),
            ("validTo", shown(valid.to)),
        ]
    }

    fn write(&self, list: &str, table: Vec<Vec<(&'static str, Value)>>) -> Response {
        if self.csv {
            let text = self.csv(&table);
            let (kind, body) = if self.utf8 {
                ("text/csv;charset=UTF-8", text.into_bytes())
            } else {
                ("text/csv;charset=ISO-8859-1", latin(&text))
            };
            return ([(CONTENT_TYPE, kind)], body).into_response();
        }
        let object = |fields: Vec<(&'static str, Value)>| {
            Value::Object(
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            )
        };
        let items: Vec<Value> = table.into_iter().map(object).collect();
        let body = json!({ list: items }).to_string();
        ([(CONTENT_TYPE, "application/json;charset=UTF-8")], body).into_response()
    }

    fn csv(&self, table: &[Vec<(&'static str, Value)>]) -> String {
        let mut text = String::new();
        let mut line = |fields: Vec<String>| {
            text.push_str(&fields.join(&self.separator.to_string()));
            text.push('\n');
        };
        if let Some(first) = table.first() {
            line(first.iter().map(|(name, _)| quoted(name)).collect());
        }
        for fields in table {
            let field = |(_, value): &(_, Value)| value.as_str().map(quoted).unwrap_or_default();
            line(fields.iter().map(field).collect());
        }
        text
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The text in ISO-8859-1; letters that it lacks are lost.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

/// `2026-01-01`.
fn parse(text: &str) -> Option<Day> {
    let mut parts = text.split('-').map(str::parse::<u32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let plausible = (1900..2200).contains(&year) && (1..=12).contains(&month) && day >= 1;
    let date = Day::of(i32::try_from(year).ok()?, month, day.min(31));
    // A day that its month lacks would be one of the next month.
    (plausible && parts.next().is_none() && date.iso() == text).then_some(date)
}
