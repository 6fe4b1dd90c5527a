//! The `part` parameter: which elements a caller wants, refused when any name is unknown.

use crate::freg::refusal::Refusal;
use crate::freg::values;
use crate::freg::wire::Folkeregisterperson;

/// What a call gets that names no part.
const BASIS: &[&str] = &[
    "identifikasjonsnummer",
    "identitetsgrunnlag",
    "status",
    "doedsfall",
    "sivilstand",
    "foedsel",
    "statsborgerskap",
    "kjoenn",
    "navn",
    "bostedsadresse",
    "oppholdsadresse",
    "deltBosted",
    "postadresse",
    "postadresseIUtlandet",
    "adressebeskyttelse",
    "kontaktinformasjonForDoedsbo",
];

const GROUPS: &[(&str, &[&str])] = &[
    ("person-basis", BASIS),
    (
        "identitetsgrunnlag-utvidet",
        &["falskIdentitet", "legitimasjonsdokument", "utenlandskPersonidentifikasjon"],
    ),
    ("relasjon-utvidet", &["familierelasjon", "foreldreansvar", "vergemaalEllerFremtidsfullmakt"]),
];

/// Elements outside the basis that can be named one by one, in the register's spelling.
const SINGLES: &[&str] = &[
    "utlendingsmyndighetenesIdentifikasjonsnummer",
    "innflytting",
    "utflytting",
    "foedselINorge",
    "opphold",
    "RettsligHandleevne",
    "bibehold",
    "brukAvSamiskSpraak",
    "oppholdPaaSvalbard",
    "preferertKontaktadresse",
];

/// The elements a caller gets.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    names: Vec<&'static str>,
    history: bool,
}

impl Parts {
    /// Reads every `part` of a query.
    ///
    /// # Errors
    /// 406 when one of them is unknown or retired, as `forholdTilSametingetsValgmanntall` is.
    pub(crate) fn read(query: &str) -> Result<Parts, Refusal> {
        let asked = values(query, "part");
        let mut parts = Parts { names: Vec::new(), history: false };
        if asked.is_empty() {
            parts.names.extend(BASIS);
        }
        for name in &asked {
            if name == "historikk" {
                parts.history = true;
            } else if let Some((_, members)) = GROUPS.iter().find(|group| group.0 == name) {
                parts.names.extend(*members);
            } else if let Some(single) = single(name) {
                parts.names.push(single);
            } else {
                return Err(Refusal::not_acceptable("FREG-005", "Ugyldig verdi for part"));
            }
        }
        Ok(parts)
    }

    /// Leaves only what was asked for. The numbers always stay.
    pub(crate) fn keep(&self, person: &mut Folkeregisterperson) {
        let wanted = |name: &str| name == "identifikasjonsnummer" || self.names.contains(&name);
        person.keep(wanted, self.history);
    }
}

fn single(name: &str) -> Option<&'static str> {
    let grouped = GROUPS.iter().flat_map(|(_, members)| members.iter());
    SINGLES.iter().chain(grouped).find(|known| **known == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::freg::wire::ELEMENTS;
    use crate::population::Population;

    fn elements(query: &str) -> Vec<String> {
        let population = Population::new(3, 3_000);
        let parts = Parts::read(query).expect("known parts");
        let mut found = std::collections::BTreeSet::new();
        for index in 0..population.persons() {
            let mut person = population.person(index);
            parts.keep(&mut person);
            let value = serde_json::to_value(person).expect("serialises");
            found.extend(value.as_object().expect("an object").keys().cloned());
        }
        found.into_iter().collect()
    }

    #[test]
    fn no_part_is_the_basis_without_relations_and_history() {
        let found = elements("");
        assert!(found.iter().all(|name| BASIS.contains(&name.as_str())), "{found:?}");
        assert!(!found.contains(&"familierelasjon".to_owned()));
        let population = Population::new(3, 300);
        let parts = Parts::read("").expect("none is fine");
        for index in 0..300 {
            let mut person = population.person(index);
            parts.keep(&mut person);
            assert!(person.bostedsadresse.iter().all(|item| item.meta.er_gjeldende));
        }
    }

    #[test]
    fn groups_and_single_names_add_up_and_the_number_is_always_there() {
        assert_eq!(elements("part=navn"), ["identifikasjonsnummer", "navn"]);
        let found = elements("part=relasjon-utvidet&part=foedselINorge");
        let wanted = [
            "familierelasjon",
            "foedselINorge",
            "foreldreansvar",
            "identifikasjonsnummer",
            "vergemaalEllerFremtidsfullmakt",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn everything_with_history_is_the_whole_document() {
        // No part returns these two, and nobody has one before a change.
        const NO_PART: [&str; 2] =
            ["fratattRettsligHandleevne", "forholdTilSametingetsValgmanntall"];
        let mut query = String::from("part=historikk");
        for name in ELEMENTS.iter().filter(|name| !NO_PART.contains(name)) {
            query.push_str("&part=");
            query.push_str(name);
        }
        let parts = Parts::read(&query).expect("all elements are parts");
        let population = Population::new(3, 300);
        for index in 0..300 {
            let mut person = population.person(index);
            parts.keep(&mut person);
            assert_eq!(person, population.person(index));
        }
    }

    #[test]
    fn a_name_that_is_unknown_retired_or_misspelt_is_refused() {
        for name in [
            "forholdTilSametingetsValgmanntall",
            "rettsligHandleevne",
            "fratattRettsligHandleevne",
            "Navn",
            "navn,status",
            "",
        ] {
            assert!(Parts::read(&format!("part=navn&part={name}")).is_err(), "{name}");
        }
    }
}
