//! Which free texts restricted access may read.
//!
//! `source` and `reason` are written by case workers and systems, and undo what the other rules
//! hide: "Farskap" (paternity) on a name tells of a relation that is withheld. So only texts that
//! somebody has looked at pass, letter by letter, and only those that tell nothing beyond the parts
//! and the history that restricted access reads anyway. Every other text is left out; a new one is
//! added here after the same thought.

/// Systems and authorities behind every item alike.
const SOURCES: [&str; 8] = [
    // The register's predecessor, and the job that keeps the two alike.
    "KILDE_DSF",
    "dsf-folkeregister-synkronisering",
    // The authority that runs the register, under its names.
    "folkeregisteret",
    "folkeregistermyndigheten",
    "skatteetaten",
    // Its automatic case handling.
    "FREG automatisk",
    // The cadastre: an address that is shown at all is in it.
    "Matrikkelen",
    // The maker of synthetic persons in test environments.
    "Synutopia",
];

/// Reasons that say what the item itself says, or something about the data rather than the person.
const REASONS: [&str; 11] = [
    // About the data: taken over, mended, older than the register.
    "Grunnbefolkning",
    "Patch",
    "Historisk",
    // An address was written in another way, or its municipality changed; nobody moved.
    "Adresseoppdatering",
    "Kommuneregulering",
    // A name was taken, for the first time or later: names are shown with history.
    "Navn",
    "Første gangs navnevalg",
    // Born: day and place of birth are shown.
    "Fødsel",
    // A D-number was given: numbers are shown with history.
    "Tildele d-nummer",
    "besluttetTildelingAvDNummer",
    // The entry ceased: the status says so.
    "Opphøre person",
];

/// Whether restricted access may read this source.
pub(super) fn is_open_source(text: &str) -> bool {
    SOURCES.contains(&text)
}

/// Whether restricted access may read this reason.
pub(super) fn is_open_reason(text: &str) -> bool {
    REASONS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts seen from the source, or to be expected from it, that were looked at and kept out, with
    /// what they would tell.
    const KEPT_OUT: [(&str, &str); 28] = [
        ("Farskap", "a relation"),
        ("Navn på barn", "that a parent named the person, or that the person is one"),
        ("Foreldreansvar", "parental responsibility"),
        ("forelder", "that a parent reported it"),
        ("Vigsel", "a marriage that may be over: marital history is withheld"),
        ("Separasjon", "a marriage that may be over"),
        ("Skilsmisse", "a marriage that may be over"),
        ("Dødsfall", "a death, perhaps of a spouse"),
        ("Adressebeskyttelse", "a protection that has been lifted, on an address now open"),
        ("Vergemål", "a guardianship that may be over"),
        ("Statens Sivilrettsforvaltning", "a guardianship that may be over"),
        ("Statsborgerskap", "a citizenship that may be given up"),
        ("Utflytting", "an emigration that is history"),
        ("Innvandring", "an immigration that is history"),
        ("Oppholdsadresse og opphold annet sted", "another address, perhaps secret"),
        ("Postadresse", "another address, perhaps secret"),
        // The address before may be hidden; and it stands on a postal address, when the dwelling is.
        ("Flytting innenlands", "a move from or to an address that may be secret"),
        ("Person med d-nummer", "that the status is a temporary one"),
        ("DP065_dnummer_midlertidig", "that the status is a temporary one"),
        ("DP055_veinummer", "an internal job whose extent we do not know"),
        ("Utlendingsdirektoratet", "a case about the right to stay, which is withheld"),
        ("Oppholdstillatelse", "a permit, which is withheld"),
        ("Asyl", "why somebody may stay"),
        ("Familiegjenforening", "a relation, and why somebody may stay"),
        ("Legitimasjonskontroll", "that a document was shown, which is withheld"),
        ("Falsk identitet", "when and how a false identity was found out"),
        ("Opphold på Svalbard", "a stay that is withheld"),
        ("Årsakskode fra DSF: ", "whatever code follows"),
    ];

    #[test]
    fn what_was_kept_out_stays_out() {
        for (text, tells) in KEPT_OUT {
            assert!(!is_open_source(text) && !is_open_reason(text), "{text} tells of {tells}");
        }
    }

    #[test]
    fn only_whole_texts_pass() {
        assert!(is_open_reason("Navn") && is_open_source("KILDE_DSF"));
        for text in ["", "navn", "Navn ", "Navn på barn", "Navn; Farskap", "KILDE"] {
            assert!(!is_open_reason(text) && !is_open_source(text), "{text}");
        }
        assert!(!is_open_source("Navn") && !is_open_reason("KILDE_DSF"));
    }
}
