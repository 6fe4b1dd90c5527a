//! The page as a whole: both languages say the same, and nothing leads out of the house.

use std::collections::BTreeSet;

use super::*;

fn rendered(config: &ApiConfig) -> [String; 2] {
    Language::ALL.map(|language| render(config, language))
}

/// The values of an attribute, in the order of the page.
fn attribute<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    let pieces = html.split(start.as_str()).skip(1);
    pieces.filter_map(|piece| piece.split('"').next()).collect()
}

fn with_sandbox() -> ApiConfig {
    let mut config = ApiConfig::default();
    config.helseid.issuer = "http://127.0.0.1:8090".to_owned();
    config.page.sandbox_url = config.helseid.issuer.clone();
    config
}

#[test]
fn every_placeholder_has_a_value_and_every_value_a_place() {
    let config = with_sandbox();
    for language in Language::ALL {
        let templates =
            [FRAME, NORWEGIAN, ENGLISH, TRY_NORWEGIAN, TRY_ENGLISH].map(html::names).concat();
        let known: BTreeSet<_> = values(&config, language)
            .iter()
            .chain(&words::of_frame(language, true))
            .map(|(name, _)| *name)
            .chain(["try", "main"])
            .collect();
        assert_eq!(templates.into_iter().collect::<BTreeSet<_>>(), known);
    }
}

#[test]
fn the_languages_have_the_same_places_examples_and_links() {
    for [norwegian, english] in [rendered(&ApiConfig::default()), rendered(&with_sandbox())] {
        for name in ["id", "src", "for", "type", "data-filter", "data-choose", "name"] {
            assert_eq!(attribute(&norwegian, name), attribute(&english, name), "{name}");
        }
        let count = |html: &str, tag: &str| html.matches(tag).count();
        for tag in ["<section", "<h3", "<pre", "<tr", "<li", "<p>", "<b>", "<code>"] {
            // The Norwegian table has the Norwegian name of each part beside the contract's.
            let more = if tag == "<b>" { InformationPart::ALL.len() } else { 0 };
            assert_eq!(count(&norwegian, tag), count(&english, tag) + more, "{tag}");
        }
        assert!(norwegian.contains("<html lang=\"nb\">") && english.contains("<html lang=\"en\">"));
    }
}

#[test]
fn an_id_stands_once_and_every_link_on_the_page_leads_somewhere() {
    for html in rendered(&with_sandbox()) {
        let ids = attribute(&html, "id");
        let distinct: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), distinct.len());
        let targets = attribute(&html, "href").into_iter().filter_map(|it| it.strip_prefix('#'));
        for target in targets.chain(attribute(&html, "for")) {
            assert!(distinct.contains(target), "nothing is called {target}");
        }
    }
}

#[test]
fn nothing_is_fetched_from_elsewhere_or_written_into_the_page() {
    for html in rendered(&with_sandbox()) {
        for name in ["src", "href"] {
            for address in attribute(&html, name) {
                let is_ours = address.starts_with('#')
                    || (address.starts_with('/') && !address.starts_with("//"));
                assert!(is_ours, "{address}");
            }
        }
        // What the policy would refuse.
        for refused in ["<style", " style=\"", " onclick=\"", "<script>", "<iframe", "{{"] {
            assert!(!html.contains(refused), "{refused}");
        }
    }
}

#[test]
fn without_a_sandbox_the_page_calls_nothing() {
    for html in rendered(&ApiConfig::default()) {
        for absent in ["id=\"try\"", "#try", "try.js", "sandbox"] {
            assert!(!html.contains(absent), "{absent}");
        }
    }
    assert!(policy("").contains("connect-src 'self' ;"));
    for html in rendered(&with_sandbox()) {
        for present in ["id=\"try\"", "#try", "try.js", "http://127.0.0.1:8090"] {
            assert!(html.contains(present), "{present}");
        }
    }
    assert!(policy("http://127.0.0.1:8090").contains("connect-src 'self' http://127.0.0.1:8090;"));
}

#[test]
fn only_the_sandbox_that_plays_helseid_may_be_called() {
    let mut config = with_sandbox();
    assert_eq!(config.faults(), Vec::<String>::new());
    config.helseid.issuer = "https://helseid-sts.nhn.no".to_owned();
    assert_eq!(config.faults(), [PageConfig::FAULT]);
    config.page.sandbox_url = "https://x; script-src *".to_owned();
    config.helseid.issuer = config.page.sandbox_url.clone();
    assert_eq!(config.faults(), [PageConfig::FAULT]);
}

#[test]
fn a_prefix_of_the_public_address_stands_before_every_path() {
    for (base, prefix) in [
        ("https://a.example", ""),
        ("https://a.example/one/two", "/one/two"),
        ("http://localhost:8080", ""),
    ] {
        assert_eq!(path_prefix(base), prefix);
    }
    let config = ApiConfig { public_base_url: "https://a.example/one".into(), ..with_sandbox() };
    for html in rendered(&config) {
        let paths = attribute(&html, "href").into_iter().chain(attribute(&html, "src"));
        for path in paths.filter(|path| path.starts_with('/')) {
            assert!(path.starts_with("/one/"), "{path}");
        }
    }
}

#[test]
fn settings_cannot_become_markup() {
    let mut config = with_sandbox();
    config.public_base_url = "https://a.example/\"><script>".to_owned();
    config.helseid.audience = "<b>".to_owned();
    for html in rendered(&config) {
        assert!(!html.contains("\"><script>") && html.contains("&lt;b&gt;"));
    }
}
