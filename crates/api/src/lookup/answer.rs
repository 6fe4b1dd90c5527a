//! Writing persons: slices of the stored form are copied, nothing is parsed or serialised.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use register::package::Package;
use register::part::{InformationPart, PartSet};
use register::render::{ServedForm, withheld_parts};
use register::version::Version;
use store::ServedRow;

use crate::auth::Access;
use crate::problem::Problem;
use crate::request_log::Answered;

static WITHHELD: HeaderName = HeaderName::from_static("withheld-information-parts");
static STALE: HeaderName = HeaderName::from_static("possibly-stale-persons");

/// What to show of each person.
pub(crate) struct Asked {
    package: Package,
    version: Version,
    package_name: &'static str,
    parts: PartSet,
    history: bool,
}

impl Asked {
    pub(super) fn new<A: Access>(parts: PartSet, history: bool) -> Asked {
        Asked { package: A::PACKAGE, version: A::VERSION, package_name: A::NAME, parts, history }
    }

    fn write(&self, out: &mut Vec<u8>, row: &ServedRow) -> Result<(), Problem> {
        let served = ServedForm::read(&row.served).map_err(|error| Problem::internal(&error))?;
        let served = served.in_version(self.version);
        served.write_json(out, row.id, row.sequence, self.parts, self.history);
        Ok(())
    }

    fn response(&self, json: Vec<u8>, persons: u64, stale: &[String]) -> Response {
        let mut response = Response::new(Body::from(json));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let withheld = self.parts.intersection(withheld_parts(self.package));
        put_list(headers, &WITHHELD, withheld.iter().map(InformationPart::name));
        put_list(headers, &STALE, stale.iter().map(String::as_str));
        response.extensions_mut().insert(Answered { package: self.package_name, persons });
        response
    }
}

/// The answer with one person.
pub(super) fn one(asked: &Asked, row: &ServedRow) -> Result<Response, Problem> {
    let mut json = Vec::with_capacity(row.served.len() + 128);
    asked.write(&mut json, row)?;
    Ok(asked.response(json, 1, &stale_id(row).into_iter().collect::<Vec<_>>()))
}

/// The answer with many persons, in this order.
pub(super) fn many(
    asked: &Asked,
    rows: impl Iterator<Item = ServedRow>,
) -> Result<Response, Problem> {
    let mut json = Vec::new();
    let (persons, stale) = write_array(asked, rows, &mut json)?;
    Ok(asked.response(json, persons, &stale))
}

/// The answer with what a search found, in this order.
pub(crate) fn page(
    asked: &Asked,
    rows: impl Iterator<Item = ServedRow>,
) -> Result<Response, Problem> {
    let mut json = br#"{"results":"#.to_vec();
    let (persons, stale) = write_array(asked, rows, &mut json)?;
    let end = persons.cast_signed() - 1;
    json.extend(format!(r#","startIndex":0,"endIndex":{end}}}"#).bytes());
    Ok(asked.response(json, persons, &stale))
}

/// Writes the persons, counts them, and names those that may be stale.
fn write_array(
    asked: &Asked,
    rows: impl Iterator<Item = ServedRow>,
    json: &mut Vec<u8>,
) -> Result<(u64, Vec<String>), Problem> {
    let (mut persons, mut stale) = (0, Vec::new());
    json.push(b'[');
    for row in rows {
        if persons > 0 {
            json.push(b',');
        }
        asked.write(json, &row)?;
        stale.extend(stale_id(&row));
        persons += 1;
    }
    json.push(b']');
    Ok((persons, stale))
}

fn stale_id(row: &ServedRow) -> Option<String> {
    row.stale.then(|| row.id.to_string())
}

/// A header with names in a row; none when there are no names.
fn put_list<'a>(headers: &mut HeaderMap, name: &HeaderName, values: impl Iterator<Item = &'a str>) {
    let list = values.collect::<Vec<_>>().join(", ");
    if let Ok(value) = HeaderValue::from_str(&list)
        && !list.is_empty()
    {
        headers.insert(name, value);
    }
}
