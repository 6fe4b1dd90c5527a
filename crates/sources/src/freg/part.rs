//! FREG's names for the elements of a person document, and which of them to ask for.

/// What is done with one element of the person document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Read and mapped to an information part.
    Mapped,
    /// Known to us; stays in the stored source document until it is mapped.
    NotMapped,
}

/// Every element of `Folkeregisterperson` that we know of, in FREG's spelling.
///
/// A name that is not here is new to us: FREG adds elements without a new version.
pub const ELEMENTS: &[(&str, Reading)] = &[
    ("adressebeskyttelse", Reading::Mapped),
    ("bibehold", Reading::NotMapped),
    ("bostedsadresse", Reading::Mapped),
    ("brukAvSamiskSpraak", Reading::NotMapped),
    ("deltBosted", Reading::NotMapped),
    ("doedsfall", Reading::Mapped),
    ("falskIdentitet", Reading::NotMapped),
    ("familierelasjon", Reading::Mapped),
    ("foedsel", Reading::Mapped),
    ("foedselINorge", Reading::NotMapped),
    ("foreldreansvar", Reading::NotMapped),
    ("forholdTilSametingetsValgmanntall", Reading::NotMapped),
    ("fratattRettsligHandleevne", Reading::NotMapped),
    ("identifikasjonsnummer", Reading::Mapped),
    ("identitetsgrunnlag", Reading::NotMapped),
    ("innflytting", Reading::NotMapped),
    ("kjoenn", Reading::Mapped),
    ("kontaktinformasjonForDoedsbo", Reading::NotMapped),
    ("legitimasjonsdokument", Reading::NotMapped),
    ("navn", Reading::Mapped),
    ("opphold", Reading::NotMapped),
    ("oppholdPaaSvalbard", Reading::NotMapped),
    ("oppholdsadresse", Reading::NotMapped),
    ("postadresse", Reading::NotMapped),
    ("postadresseIUtlandet", Reading::NotMapped),
    ("preferertKontaktadresse", Reading::NotMapped),
    ("rettsligHandleevne", Reading::NotMapped),
    ("sivilstand", Reading::Mapped),
    ("statsborgerskap", Reading::NotMapped),
    ("status", Reading::Mapped),
    ("utenlandskPersonidentifikasjon", Reading::NotMapped),
    ("utflytting", Reading::NotMapped),
    ("utlendingsmyndighetenesIdentifikasjonsnummer", Reading::NotMapped),
    ("vergemaalEllerFremtidsfullmakt", Reading::NotMapped),
];

/// The `part` values of every lookup: the whole person with history.
///
/// Always sent in full, because FREG takes an absent list for `person-basis`, which leaves out
/// relations and history. One unknown or retired name makes FREG refuse the whole call (406), so
/// two elements are missing on purpose: `forholdTilSametingetsValgmanntall` was retired in April
/// 2023, and `fratattRettsligHandleevne` was never delivered.
pub const PARTS: &[&str] = &[
    // History of every element named below; without it only current items come.
    "historikk",
    "adressebeskyttelse",
    "bibehold",
    "bostedsadresse",
    "brukAvSamiskSpraak",
    "deltBosted",
    "doedsfall",
    "falskIdentitet",
    "familierelasjon",
    "foedsel",
    "foedselINorge",
    "foreldreansvar",
    "identifikasjonsnummer",
    "identitetsgrunnlag",
    "innflytting",
    "kjoenn",
    "kontaktinformasjonForDoedsbo",
    "legitimasjonsdokument",
    "navn",
    "opphold",
    "oppholdPaaSvalbard",
    "oppholdsadresse",
    "postadresse",
    "postadresseIUtlandet",
    "preferertKontaktadresse",
    // Written with a capital R as a part, unlike the element.
    "RettsligHandleevne",
    "sivilstand",
    "statsborgerskap",
    "status",
    "utenlandskPersonidentifikasjon",
    "utflytting",
    "utlendingsmyndighetenesIdentifikasjonsnummer",
    "vergemaalEllerFremtidsfullmakt",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Elements that must never be asked for: one such name is a 406 for the whole call.
    const REFUSED: [&str; 2] = ["forholdTilSametingetsValgmanntall", "fratattRettsligHandleevne"];

    #[test]
    fn every_element_is_asked_for_once_except_the_refused_ones() {
        let mut asked: Vec<&str> = PARTS.iter().copied().filter(|p| *p != "historikk").collect();
        let mut wanted: Vec<&str> = ELEMENTS
            .iter()
            .map(
                |(name, _)| {
                    if *name == "rettsligHandleevne" { "RettsligHandleevne" } else { name }
                },
            )
            .filter(|name| !REFUSED.contains(name))
            .collect();
        asked.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(asked, wanted);
        assert_eq!(PARTS.len(), wanted.len() + 1, "history is asked for, once");
    }
}
