//! What was asked for, as a request: path, query and form.

use std::io::{IsTerminal, Read};

use anyhow::{Context, bail, ensure};
use register::package::Package;
use register::part::InformationPart;
use reqwest::Url;

use super::arguments::Asked;
use super::operation::{ALL_PARTS, Kind, Listener, Place};

/// A request before it is signed.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query below the base URL.
    pub path_and_query: String,
    /// The form in the body, for a `POST`.
    pub form: Vec<(&'static str, String)>,
}

impl Request {
    /// Puts every value in its place.
    ///
    /// # Errors
    /// A value that cannot be where it is put, such as a number in an address.
    pub fn new(asked: &Asked, package: Package, input: &mut impl Read) -> anyhow::Result<Request> {
        let operation = asked.operation;
        let mut path = match operation.listener {
            Listener::Package => format!("/api/v3/{}/{}", package.name(), operation.path),
            Listener::Public | Listener::Health => operation.path.to_owned(),
        };
        let mut query = Vec::new();
        let mut form = Vec::new();
        for (row, values) in &asked.values {
            let values = match row.kind {
                Kind::One | Kind::Many => typed_or_read(values, row.kind, input)?,
                Kind::Choices { .. } => chosen(values),
                Kind::Option | Kind::Flag => values.clone(),
            };
            match row.place {
                Place::Path => path = path.replace("{}", path_segment(&values)?),
                Place::Query(name) => query.extend(values.into_iter().map(|value| (name, value))),
                Place::Form(name) => form.extend(values.into_iter().map(|value| (name, value))),
            }
        }
        let path_and_query = with_query(path, &query)?;
        Ok(Request { method: operation.method, path_and_query, form })
    }
}

/// The values from the command line, or from the input where `-` stands for them.
fn typed_or_read(
    values: &[String],
    kind: Kind,
    input: &mut impl Read,
) -> anyhow::Result<Vec<String>> {
    if values != ["-"] {
        return Ok(values.to_vec());
    }
    if std::io::stdin().is_terminal() {
        eprintln!("Type what to look up; Ctrl-D on a new line ends it.");
    }
    let mut text = String::new();
    input.read_to_string(&mut text).context("the input cannot be read")?;
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    ensure!(!words.is_empty(), "there was nothing on the input, and `-` says to read from it");
    let is_too_many = matches!(kind, Kind::One) && words.len() > 1;
    ensure!(!is_too_many, "the input holds {} values where one is wanted", words.len());
    Ok(words)
}

/// The names as the contract spells them, whatever was typed; `all` is every part.
fn chosen(values: &[String]) -> Vec<String> {
    if values.iter().any(|value| value.eq_ignore_ascii_case(ALL_PARTS)) {
        return InformationPart::ALL.iter().map(|part| part.name().to_owned()).collect();
    }
    values.to_vec()
}

fn path_segment(values: &[String]) -> anyhow::Result<&str> {
    let value = values.first().context("a value for the address is missing")?;
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if digits == value.len() && matches!(digits, 11 | 12) {
        // Not repeated: this goes to a terminal that others may see.
        bail!("that is a national number, and no id: `call get-by-nin` takes it");
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let is_id = !value.is_empty() && value.len() <= 64 && value.bytes().all(is_plain);
    ensure!(is_id, "an id has 1 to 64 letters, digits and hyphens");
    Ok(value)
}

fn with_query(path: String, query: &[(&str, String)]) -> anyhow::Result<String> {
    if query.is_empty() {
        return Ok(path);
    }
    let mut url = Url::parse("http://localhost/")?;
    url.query_pairs_mut().extend_pairs(query);
    Ok(format!("{path}?{}", url.query().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::command::call::operation::OPERATIONS;

    fn request(name: &str, given: &[&[&str]], input: &'static str) -> anyhow::Result<Request> {
        let operation = OPERATIONS.iter().find(|row| row.name == name).expect("a row");
        let values = operation.inputs.iter().zip(given).map(|(input, values)| {
            (*input, values.iter().map(|value| (*value).to_owned()).collect())
        });
        let asked = Asked { operation, values: values.collect() };
        Request::new(&asked, Package::RestrictedAccess, &mut Cursor::new(input))
    }

    #[test]
    fn a_number_is_in_the_form_and_parts_are_in_the_query() {
        let request = request("get-by-nin", &[&["30908299902"], &["Name", "Birth"], &["true"]], "");
        let expected = Request {
            method: "POST",
            path_and_query: "/api/v3/restricted-access/person/get-by-nin?informationParts=Name\
                             &informationParts=Birth&includeHistory=true"
                .to_owned(),
            form: vec![("nin", "30908299902".to_owned())],
        };
        assert_eq!(request.unwrap(), expected);
    }

    #[test]
    fn a_hyphen_reads_the_input() {
        let many = request("bulk-by-nin", &[&["-"], &["Name"], &["false"]], "1\n 2\t3\n").unwrap();
        let read: Vec<&str> = many.form.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(read, ["1", "2", "3"]);
        assert!(request("get-by-nin", &[&["-"], &["Name"], &["false"]], " \n").is_err());
        assert!(request("get-by-nin", &[&["-"], &["Name"], &["false"]], "1 2").is_err());
    }

    #[test]
    fn a_national_number_never_gets_into_an_address() {
        let refused = request("get-by-id", &[&["30908299902"], &["Name"], &["false"]], "");
        let told = format!("{:#}", refused.unwrap_err());
        assert!(told.contains("get-by-nin") && !told.contains("30908299902"), "{told}");
        let from_input = request("get-by-id", &[&["-"], &["Name"], &["false"]], "30908299902");
        assert!(from_input.is_err());
        for wrong in ["a/b", "a?b", "", "å"] {
            assert!(request("get-by-id", &[&[wrong], &["Name"], &["false"]], "").is_err());
        }
    }

    #[test]
    fn all_is_every_part() {
        let request = request("get-by-id", &[&["x"], &["ALL"], &["false"]], "").unwrap();
        let asked = request.path_and_query.matches("informationParts=").count();
        assert_eq!(asked, InformationPart::ALL.len());
    }

    #[test]
    fn an_operation_without_inputs_has_no_query() {
        assert_eq!(request("ping", &[], "").unwrap().path_and_query, "/ping");
        let events = request("events", &[&["7"], &["PersonIsCreated"], &[]], "").unwrap();
        let expected =
            "/api/v3/restricted-access/event?sequenceNumber=7&eventTypes=PersonIsCreated";
        assert_eq!(events.path_and_query, expected);
    }
}
