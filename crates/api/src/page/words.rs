//! The words round the text: the contents, the switches, and what a browser shows of a page.

use super::html::Language;

/// The sections by their ids, in the order of the page.
const SECTIONS: &[(&str, &str, &str)] = &[
    ("about", "Tjenesten", "The service"),
    ("packages", "Rettighetspakkene", "Rights packages"),
    ("token", "Tilgang", "Access"),
    ("call", "Første kall", "A first call"),
    ("try", "Prøv selv", "Try it"),
    ("parts", "Informasjonsdeler", "Information parts"),
    ("search", "Søk", "Search"),
    ("events", "Hendelser", "Events"),
    ("copy", "Lokal kopi", "A local copy"),
    ("errors", "Feil", "Errors"),
    ("explorer", "OpenAPI", "OpenAPI"),
    ("version-2", "Versjon 2", "Version 2"),
    ("changelog", "Endringer", "Changes"),
];

const WORDS: &[(&str, &str, &str)] = &[
    ("skip", "Til innholdet", "Skip to the content"),
    ("contents_label", "Innhold", "Contents"),
    ("theme_label", "Lyst eller mørkt", "Light or dark"),
    ("copy", "Kopier", "Copy"),
    ("copied", "Kopiert", "Copied"),
    ("title", "Persontjenesten for utviklere", "Persontjenesten for developers"),
    (
        "description",
        "Helsesektorens kopi av Folkeregisteret: oppslag, søk og hendelser.",
        "The health sector's copy of the population register: lookups, search and events.",
    ),
];

/// What the frame needs besides the text.
pub(super) fn of_frame(language: Language, has_sandbox: bool) -> Vec<(&'static str, String)> {
    let other = language.pick(Language::English, Language::Norwegian);
    let words = WORDS.iter();
    let words = words
        .map(|(name, norwegian, english)| (*name, (*language.pick(norwegian, english)).to_owned()));
    let place = language.pick("Sandkasse", "Sandbox");
    let place = has_sandbox.then(|| format!("<span class=\"tag\">{place}</span>"));
    let mut values: Vec<_> = words.collect();
    values.extend([
        ("lang", language.tag().to_owned()),
        ("other_lang", other.tag().to_owned()),
        ("other_language", other.pick("Norsk", "English").to_owned()),
        ("contents", contents(language, has_sandbox)),
        ("place", place.unwrap_or_default()),
    ]);
    values
}

fn contents(language: Language, has_sandbox: bool) -> String {
    let shown = SECTIONS.iter().filter(|(id, ..)| *id != "try" || has_sandbox);
    let items = shown.map(|(id, norwegian, english)| {
        let title = language.pick(norwegian, english);
        format!("<li><a href=\"#{id}\">{title}</a></li>")
    });
    items.collect()
}
