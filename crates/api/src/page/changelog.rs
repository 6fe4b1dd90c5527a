//! What has changed in the interface, the newest first. A change that a client can notice gets a
//! row here in the same commit.

use super::html::{Language, prose};

/// One release of the interface.
struct Release {
    /// The major version that it belongs to, or the several.
    version: &'static str,
    /// Year and month.
    month: &'static str,
    changes: &'static [(&'static str, &'static str)],
}

#[rustfmt::skip]
const RELEASES: &[Release] = &[
    Release { version: "3", month: "2026-11", changes: &[
        ("Alle 35 informasjonsdeler, med historikk, i begge rettighetspakker.",
         "All 35 information parts, with history, in both rights packages."),
        ("Søk: `search/person`, `search/paged-match-list` og `search/match-count`.",
         "Search: `search/person`, `search/paged-match-list` and `search/match-count`."),
        ("Nye valg i søk: `tolerantSpelling` og `includeTotalCount`. Uten dem er svarene som før.",
         "New choices in searches: `tolerantSpelling` and `includeTotalCount`. Without them answers are as before."),
        ("Nye valg for hendelser: `waitSeconds`, `includeEventTime`, og `ETag` på den nyeste.",
         "New choices for events: `waitSeconds`, `includeEventTime`, and `ETag` on the newest."),
        ("Avslag har en fast `type`, og `errors` nevner alle felt med feil samtidig.",
         "Refusals have a stable `type`, and `errors` names all faulty fields at once."),
        ("`Withheld-Information-Parts` og `Possibly-Stale-Persons` i svar med personer.",
         "`Withheld-Information-Parts` and `Possibly-Stale-Persons` in answers with persons."),
        ("`api-version: 3` godtas, men trengs ikke: adressen sier versjonen.",
         "`api-version: 3` is accepted but not needed: the address says the version."),
    ]},
    Release { version: "2", month: "2026-11", changes: &[
        ("Versjon 2 svarer ved siden av versjon 3, på sine gamle adresser og med Bearer.",
         "Version 2 answers beside version 3, at its old addresses and with Bearer."),
        ("Søkene er der, med `search/match-list`, som versjon 3 ikke har.",
         "The searches are there, with `search/match-list`, which version 3 does not have."),
        ("Svarene bærer `Deprecation` og `Sunset`: flytt til versjon 3.",
         "Answers bear `Deprecation` and `Sunset`: move to version 3."),
    ]},
];

/// The releases as sections.
pub(super) fn releases(language: Language) -> String {
    RELEASES.iter().map(|release| section(release, language)).collect()
}

fn section(release: &Release, language: Language) -> String {
    let changes = release.changes.iter();
    let changes = changes.map(|(norwegian, english)| {
        format!("<li>{}</li>\n", prose(language.pick(norwegian, english)))
    });
    let changes: String = changes.collect();
    let word = language.pick("Versjon", "Version");
    let Release { version, month, .. } = release;
    format!(
        "<div class=\"release\"><h3>{word} {version}</h3><time datetime=\"{month}\">{month}</time>\
         <ul>\n{changes}</ul></div>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stands_first_and_everything_is_on_the_page() {
        assert!(RELEASES.is_sorted_by(|one, next| one.month >= next.month));
        for language in Language::ALL {
            let page = releases(language);
            for (norwegian, english) in RELEASES.iter().flat_map(|release| release.changes) {
                assert!(page.contains(&prose(language.pick(norwegian, english))));
            }
        }
    }
}
