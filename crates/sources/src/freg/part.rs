//! Which parts of a person document to ask FREG for.

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
    use crate::freg::document::ELEMENTS;

    /// Elements that must never be asked for: one such name is a 406 for the whole call.
    const REFUSED: [&str; 2] = ["forholdTilSametingetsValgmanntall", "fratattRettsligHandleevne"];

    #[test]
    fn every_element_is_asked_for_once_except_the_refused_ones() {
        let mut asked: Vec<&str> = PARTS.iter().copied().filter(|p| *p != "historikk").collect();
        let as_part = |name: &'static str| match name {
            "rettsligHandleevne" => "RettsligHandleevne",
            name => name,
        };
        let names = ELEMENTS.iter().copied().filter(|name| !REFUSED.contains(name));
        let mut wanted: Vec<&str> = names.map(as_part).collect();
        asked.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(asked, wanted);
        assert_eq!(PARTS.len(), wanted.len() + 1, "history is asked for, once");
    }
}
