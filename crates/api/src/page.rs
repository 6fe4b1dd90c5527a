//! The developer's page at `/`: what the service is and how to use it, in Norwegian and English.
//!
//! Everything on it comes from this binary, because the closed network reaches no other host; a
//! Content-Security-Policy lets the browser see to it. The tables are written at start from the
//! tables that the code itself uses. Where a sandbox plays HelseID, the page can call the API with
//! the sandbox's clients; elsewhere that section and its script are not there.

mod assets;
mod changelog;
mod ending;
mod events;
mod explorer;
mod html;
mod parts;
mod problems;
mod sample;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use register::event::EventType;
use register::package::Package;
use register::part::InformationPart;
use register::rights::Seen;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::config::ApiConfig;
use crate::problem::CATALOGUE;
use html::{Language, escape, fill};
pub use parts::freg_element;

/// What the page may do besides explaining.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PageConfig {
    /// The sandbox whose clients the page may call the API as. Empty: the page calls nothing. It
    /// must be the issuer whose tokens the API accepts, so that it cannot be set by mistake where
    /// the real HelseID is.
    pub sandbox_url: String,
}

impl PageConfig {
    pub(crate) const FAULT: &str = "page.sandbox_url: empty, or the same as helseid.issuer";

    /// Only a sandbox that plays HelseID may be called: its tokens are those that open the API.
    pub(crate) fn fits(&self, issuer: &str) -> bool {
        let is_address = !self.sandbox_url.contains([' ', ';', ',', '\'', '"', '<']);
        self.sandbox_url.is_empty() || (is_address && self.sandbox_url == issuer)
    }
}

const FRAME: &str = include_str!("page/frame.html");
const NORWEGIAN: &str = include_str!("page/nb.html");
const ENGLISH: &str = include_str!("page/en.html");
const TRY_NORWEGIAN: &str = include_str!("page/try.nb.html");
const TRY_ENGLISH: &str = include_str!("page/try.en.html");

/// The page, what it is made of, and the explorer of the interface's description.
pub(crate) fn routes(config: &ApiConfig) -> Router<Arc<App>> {
    let policy = policy(&config.page.sandbox_url);
    let [norwegian, english] =
        Language::ALL.map(|language| Page::new(config, language, policy.clone()));
    let (of_nb, of_en) = (norwegian.clone(), english.clone());
    let chosen = move |headers: HeaderMap| async move {
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok());
        let page = Language::accepted(asked.unwrap_or_default()).pick(norwegian, english);
        ([(VARY, "accept-language")], page)
    };
    Router::new()
        .route("/", get(chosen))
        .route("/nb", get(|| async { of_nb }))
        .route("/en", get(|| async { of_en }))
        .merge(assets::routes())
        .merge(explorer::routes(&path_prefix(&config.public_base_url)))
}

/// The page in one language, ready to be sent.
#[derive(Clone)]
struct Page {
    language: &'static str,
    policy: String,
    html: Bytes,
}

impl Page {
    fn new(config: &ApiConfig, language: Language, policy: String) -> Page {
        Page { language: language.tag(), policy, html: render(config, language).into() }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let headers: [(HeaderName, &str); 5] = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_LANGUAGE, self.language),
            (CONTENT_SECURITY_POLICY, &self.policy),
            (REFERRER_POLICY, "no-referrer"),
            // A new release shows at once.
            (CACHE_CONTROL, "no-cache"),
        ];
        (headers, self.html).into_response()
    }
}

/// Nothing but what this server sends, and for the calls the sandbox where there is one.
fn policy(sandbox_url: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self' {sandbox_url}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// What stands before every path as clients see it: empty, or `/prefix`.
fn path_prefix(public_base_url: &str) -> String {
    let after_scheme = public_base_url.split_once("://").map_or("", |(_, rest)| rest);
    after_scheme.split_once('/').map_or(String::new(), |(_, path)| escape(&format!("/{path}")))
}

fn render(config: &ApiConfig, language: Language) -> String {
    let values = values(config, language);
    let has_sandbox = !config.page.sandbox_url.is_empty();
    let try_it = language.pick(TRY_NORWEGIAN, TRY_ENGLISH);
    let try_it = if has_sandbox { fill(try_it, &values) } else { String::new() };
    let mut main_values = values.clone();
    main_values.push(("try", try_it));
    let main = fill(language.pick(NORWEGIAN, ENGLISH), &main_values);
    let mut frame_values = values;
    frame_values.push(("main", main));
    frame_values.extend(words::of_frame(language, has_sandbox));
    fill(FRAME, &frame_values)
}

/// What stands in the text of both languages.
fn values(config: &ApiConfig, language: Language) -> Vec<(&'static str, String)> {
    let helseid = &config.helseid;
    vec![
        ("prefix", path_prefix(&config.public_base_url)),
        ("version", assets::version()),
        ("base_url", escape(&config.public_base_url)),
        ("sandbox_url", escape(&config.page.sandbox_url)),
        ("issuer", escape(&helseid.issuer)),
        ("audience", escape(&helseid.audience)),
        ("full_scope", escape(&helseid.full_access_scope)),
        ("restricted_scope", escape(&helseid.restricted_access_scope)),
        ("legal_scope", escape(&config.version_2.legal_basis_scope)),
        ("no_legal_scope", escape(&config.version_2.no_legal_basis_scope)),
        ("parts_total", InformationPart::ALL.len().to_string()),
        ("parts_table", parts::table(language)),
        ("whole_count", parts::count(Seen::Whole).to_string()),
        ("whole_parts", parts::links(Seen::Whole)),
        ("masked_count", parts::count(Seen::Masked).to_string()),
        ("masked_parts", parts::links(Seen::Masked)),
        ("grade_count", parts::count(Seen::ByGrade).to_string()),
        ("grade_parts", parts::links(Seen::ByGrade)),
        ("nothing_count", parts::count(Seen::Nothing).to_string()),
        ("nothing_parts", parts::links(Seen::Nothing)),
        ("events_total", EventType::ALL.len().to_string()),
        ("events_always", events::always_shown().to_string()),
        ("events_table", events::table(language)),
        ("problems_total", CATALOGUE.len().to_string()),
        ("problems_table", problems::table()),
        ("sample_full", sample::answer(Package::FullAccess)),
        ("sample_restricted", sample::answer(Package::RestrictedAccess)),
        ("sample_problem", sample::problem(&config.public_base_url)),
        ("version_2_ending", ending::of_version_2(&config.version_2, language)),
        ("releases", changelog::releases(language)),
    ]
}

#[cfg(test)]
mod tests;
