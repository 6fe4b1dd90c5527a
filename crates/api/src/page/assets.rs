//! Styles, scripts and the icon, with addresses that change when they do.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::App;
use crate::problem::{Code, Problem};

/// A file of the page.
struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
}

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! assets {
    ($($name:literal $content_type:expr;)+) => {
        &[$(Asset {
            name: $name,
            content_type: $content_type,
            bytes: include_bytes!($name),
        }),+]
    };
}

const ASSETS: &[Asset] = assets! {
    "style.css" CSS;
    "try.css" CSS;
    "explorer.css" CSS;
    "start.js" JAVASCRIPT;
    "page.js" JAVASCRIPT;
    "try.js" JAVASCRIPT;
    "explorer.js" JAVASCRIPT;
    "icon.svg" "image/svg+xml";
};

/// How long a browser may keep a file: its address changes when the file does.
const KEPT: &str = "public, max-age=31536000, immutable";

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/page/{name}", get(asset))
}

async fn asset(Path(name): Path<String>) -> Result<impl IntoResponse, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(Code::AddressNotFound)?;
    Ok(([(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, KEPT)], asset.bytes))
}

/// A name for the contents of all files together. Letters only: digits in an address could be
/// taken for an identity number, which is refused.
pub(super) fn version() -> String {
    let mut hasher = DefaultHasher::new();
    for asset in ASSETS {
        asset.bytes.hash(&mut hasher);
    }
    let letter = |nibble: u8| char::from(b'a' + nibble);
    hasher.finish().to_be_bytes().iter().flat_map(|it| [it >> 4, it & 15].map(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_sixteen_letters_and_no_digits() {
        let version = version();
        assert!(version.len() == 16 && version.bytes().all(|it| it.is_ascii_lowercase()));
    }

    #[test]
    fn no_file_names_another_host() {
        for asset in ASSETS {
            let text = String::from_utf8_lossy(asset.bytes);
            // The name of SVG's language is an address that nobody fetches.
            let text = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http://") && !text.contains("https://"), "{}", asset.name);
        }
    }
}
