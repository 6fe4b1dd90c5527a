//! Paths are matched without regard to case, and with or without a slash at the end.

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;

/// The path as the client sent it. A DPoP proof is made over this one.
#[derive(Clone, Debug)]
pub(crate) struct SentPath(pub String);

/// Rewrites the path to the form that the routes are written in, before routing. All routes are
/// in lower case, and so is what they take from a path.
pub(crate) fn fold<B>(mut request: Request<B>) -> Request<B> {
    let sent = request.uri().path().to_owned();
    if let Some(uri) = folded(request.uri(), &sent) {
        *request.uri_mut() = uri;
    }
    request.extensions_mut().insert(SentPath(sent));
    request
}

/// The rewritten address; none when it is already in the form of the routes.
fn folded(uri: &Uri, sent: &str) -> Option<Uri> {
    let shorter = match sent.strip_suffix('/') {
        None | Some("") => sent,
        Some(shorter) => shorter,
    };
    if shorter.len() == sent.len() && !sent.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut text = shorter.to_ascii_lowercase();
    if let Some(query) = uri.query() {
        text.push('?');
        text.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded_uri(sent: &str) -> (String, String) {
        let request = Request::builder().uri(sent).body(()).expect("a request");
        let request = fold(request);
        let sent = request.extensions().get::<SentPath>().expect("the path as sent").0.clone();
        (request.uri().to_string(), sent)
    }

    #[test]
    fn the_path_is_folded_and_the_query_is_not() {
        let (uri, sent) = folded_uri("/API/v3/Person/?informationParts=Name");
        assert_eq!(uri, "/api/v3/person?informationParts=Name");
        assert_eq!(sent, "/API/v3/Person/");
    }

    #[test]
    fn an_address_with_a_host_keeps_it() {
        let (uri, sent) = folded_uri("https://Example.org/Ping");
        assert!(uri.ends_with("/ping") && uri.starts_with("https://"), "{uri}");
        assert_eq!(sent, "/Ping");
    }

    #[test]
    fn the_root_and_folded_paths_stay() {
        assert_eq!(folded_uri("/").0, "/");
        assert_eq!(folded_uri("/ping?A=b").0, "/ping?A=b");
    }
}
