//! Addresses: what one consists of, and the elements that hold one.

use serde::Serialize;

use super::{Absent, Element, Meta, Text};

wire! {
    Poststed { poststedsnavn: Option<Text>, postnummer: Option<Text> }
    Adressenummer { husnummer: Text, husbokstav: Option<Text> }
    Matrikkelnummer {
        kommunenummer: Text,
        gaardsnummer: i64,
        bruksnummer: i64,
        festenummer: Option<i64>,
    }
    Vegadresse {
        kommunenummer: Text,
        bruksenhetsnummer: Option<Text>,
        bruksenhetstype: Option<Text>,
        adressenavn: Text,
        adressenummer: Option<Adressenummer>,
        adressekode: Option<Text>,
        adressetilleggsnavn: Option<Text>,
        poststed: Option<Poststed>,
        co_adressenavn: Option<Text>,
    }
    /// A road address that post goes to: without municipality and kind of unit.
    VegadresseForPost {
        co_adressenavn: Option<Text>,
        adressenavn: Option<Text>,
        adressenummer: Option<Adressenummer>,
        adressekode: Option<Text>,
        adressetilleggsnavn: Option<Text>,
        poststed: Option<Poststed>,
        bruksenhetsnummer: Option<Text>,
    }
    Matrikkeladresse {
        bruksenhetsnummer: Option<Text>,
        bruksenhetstype: Option<Text>,
        matrikkelnummer: Matrikkelnummer,
        undernummer: Option<i64>,
        adressetilleggsnavn: Option<Text>,
        poststed: Option<Poststed>,
        co_adressenavn: Option<Text>,
    }
    UkjentBosted { bostedskommune: Option<Text> }
    UtenlandskAdresse {
        co_adressenavn: Option<Text>,
        adressenavn: Option<Text>,
        bygning: Option<Text>,
        etasjenummer: Option<Text>,
        boenhet: Option<Text>,
        postboks: Option<Text>,
        postkode: Option<Text>,
        by_eller_stedsnavn: Option<Text>,
        distriktsnavn: Option<Text>,
        region: Option<Text>,
        landkode: Text,
    }
    UtenlandskAdresseIFrittFormat {
        adresselinje: Vec<Text>,
        postkode: Option<Text>,
        by_eller_stedsnavn: Option<Text>,
        landkode: Option<Text>,
    }
    Postboksadresse { postbokseier: Option<Text>, postboks: Text, poststed: Option<Poststed> }
    PostadresseIFrittFormat { adresselinje: Vec<Text>, poststed: Option<Poststed> }
}

elements! {
    Adressebeskyttelse { graderingsnivaa: Text }
    Bostedsadresse {
        vegadresse: Option<Vegadresse>,
        matrikkeladresse: Option<Matrikkeladresse>,
        ukjent_bosted: Option<UkjentBosted>,
        adresse_identifikator_fra_matrikkelen: Option<Text>,
        naer_adresse_identifikator_fra_matrikkelen: Option<Text>,
        adressegradering: Text,
        flyttedato: Option<Text>,
        grunnkrets: Option<i64>,
        stemmekrets: Option<i64>,
        skolekrets: Option<i64>,
        kirkekrets: Option<i64>,
    }
    DeltBosted {
        vegadresse: Option<Vegadresse>,
        matrikkeladresse: Option<Matrikkeladresse>,
        ukjent_bosted: Option<UkjentBosted>,
        adresse_identifikator_fra_matrikkelen: Option<Text>,
        naer_adresse_identifikator_fra_matrikkelen: Option<Text>,
        adressegradering: Text,
        startdato_for_kontrakt: Option<Text>,
        sluttdato_for_kontrakt: Option<Text>,
    }
    Oppholdsadresse {
        vegadresse: Option<Vegadresse>,
        matrikkeladresse: Option<Matrikkeladresse>,
        utenlandsk_adresse: Option<UtenlandskAdresse>,
        adressen_er_ukjent: Option<bool>,
        adresse_identifikator_fra_matrikkelen: Option<Text>,
        adressegradering: Text,
        oppholdsadressedato: Option<Text>,
        opphold_annet_sted: Option<Text>,
    }
    Postadresse {
        postboksadresse: Option<Postboksadresse>,
        vegadresse: Option<VegadresseForPost>,
        postadresse_i_fritt_format: Option<PostadresseIFrittFormat>,
        adressegradering: Text,
        adresse_identifikator_fra_matrikkelen: Option<Text>,
    }
    PostadresseIUtlandet {
        utenlandsk_adresse: Option<UtenlandskAdresse>,
        utenlandsk_adresse_i_fritt_format: Option<UtenlandskAdresseIFrittFormat>,
        adressegradering: Text,
    }
    PreferertKontaktadresse {
        valg: Option<Text>,
        adressegradering: Option<Text>,
        kontaktadresse_i_fritt_format: Option<PostadresseIFrittFormat>,
    }
}
