//! One request and its answer; on the error stream too when that is wanted, without secrets.

use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, RequestBuilder, redirect};

use super::caller::{Caller, Place};
use super::request::Request;

/// Longer than any answer takes that will still come: an event can be waited for for a minute.
const TIMEOUT: Duration = Duration::from_secs(90);

/// An answer, whatever its status.
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// How calls are made.
pub struct Exchange {
    /// Show them.
    pub verbose: bool,
}

impl Exchange {
    /// A call with a token and a proof.
    ///
    /// # Errors
    /// No answer, or a proof that cannot be made.
    pub async fn signed(
        &self,
        place: &Place,
        caller: &Caller,
        request: &Request,
    ) -> anyhow::Result<Answer> {
        let Caller { client, token } = caller;
        let proof = client.proof(request.method, &request.path_and_query, token)?;
        let signatures = [("Authorization: DPoP", token.len()), ("DPoP:", proof.len())];
        self.note_request(&place.api, request, &signatures);
        let builder = builder(&place.api, request)?;
        let builder = builder.header(AUTHORIZATION, format!("DPoP {token}")).header("DPoP", proof);
        self.send(place, &place.api, builder).await
    }

    /// A call that needs no token.
    ///
    /// # Errors
    /// No answer.
    pub async fn plain(
        &self,
        place: &Place,
        base: &str,
        request: &Request,
    ) -> anyhow::Result<Answer> {
        self.note_request(base, request, &[]);
        self.send(place, base, builder(base, request)?).await
    }

    async fn send(
        &self,
        place: &Place,
        base: &str,
        builder: RequestBuilder,
    ) -> anyhow::Result<Answer> {
        let started = Instant::now();
        let answered = async {
            let response = builder.send().await?;
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            let head_after = started.elapsed();
            let body = response.bytes().await?.to_vec();
            Ok((Answer { status, headers, body }, head_after))
        };
        let answered: Result<_, reqwest::Error> = answered.await;
        let (answer, head_after) = answered.map_err(|error| {
            let what_to_do = format!(
                "no answer from {base} ({}). Does the API run there? `persontjenesten doctor` looks \
                 at what it needs",
                place.api_found
            );
            anyhow!(error.without_url()).context(what_to_do)
        })?;
        self.note_answer(&answer, head_after, started.elapsed());
        Ok(answer)
    }

    /// A line about what is done.
    pub fn note(&self, line: &str) {
        if self.verbose {
            eprintln!("* {line}");
        }
    }

    fn note_request(&self, base: &str, request: &Request, signatures: &[(&str, usize)]) {
        if !self.verbose {
            return;
        }
        eprintln!("> {} {base}{}", request.method, request.path_and_query);
        for (name, length) in signatures {
            eprintln!("> {name} ({length} characters, not shown)");
        }
        if let Some((name, _)) = request.form.first() {
            let length: usize = request.form.iter().map(|(_, value)| value.len()).sum();
            eprintln!("> a form with {} {name}, {length} characters", request.form.len());
        }
    }

    fn note_answer(&self, answer: &Answer, head_after: Duration, whole_after: Duration) {
        if !self.verbose {
            return;
        }
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        eprintln!("< {} after {:.1} ms", answer.status, ms(head_after));
        for (name, value) in &answer.headers {
            eprintln!("< {name}: {}", without_numbers(&String::from_utf8_lossy(value.as_bytes())));
        }
        eprintln!("< {} bytes, all of them after {:.1} ms", answer.body.len(), ms(whole_after));
    }
}

fn builder(base: &str, request: &Request) -> anyhow::Result<RequestBuilder> {
    // A signed request is for one address; where it is sent on to, its proof is no good.
    let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(redirect::Policy::none());
    let http = http.build().context("no HTTP client")?;
    let method = Method::from_bytes(request.method.as_bytes())?;
    let builder = http.request(method, format!("{base}{}", request.path_and_query));
    Ok(if request.form.is_empty() { builder } else { builder.form(&request.form) })
}

/// The text with each run of 11 or 12 digits, which could be a national number, left out.
fn without_numbers(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = rest[start..].find(|c: char| !c.is_ascii_digit());
        let end = digits.map_or(rest.len(), |length| start + length);
        shown += &rest[..start];
        shown += if matches!(end - start, 11 | 12) { "(a number)" } else { &rest[start..end] };
        rest = &rest[end..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_national_number_is_left_out() {
        let text = "a=30908299902; b=1234567890, 308299123456 å 1234567890123";
        let expected = "a=(a number); b=1234567890, (a number) å 1234567890123";
        assert_eq!(without_numbers(text), expected);
        assert_eq!(without_numbers(""), "");
    }
}
