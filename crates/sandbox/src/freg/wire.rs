//! The person document on the wire, named and shaped as the register has it.
//!
//! These types are the sandbox's own reading of the format, apart from the one that reads it in
//! production: a misreading shared by both sides would hide itself.

use std::borrow::Cow;

use serde::Serialize;

/// Text that is mostly a word of the register's own.
pub(crate) type Text = Cow<'static, str>;

/// What is left out of a document when it is not there.
trait Absent {
    fn absent(&self) -> bool {
        false
    }
}

impl Absent for Text {}
impl Absent for bool {}
impl Absent for i64 {}
impl Absent for Meta {}
impl Absent for Poststed {}
impl Absent for Adressenummer {}
impl Absent for Matrikkelnummer {}

impl<T> Absent for Option<T> {
    fn absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn absent(&self) -> bool {
        self.is_empty()
    }
}

/// Declares one object of the document: camelCase names, absent fields left out.
macro_rules! wire {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $name {
            $(#[serde(skip_serializing_if = "Absent::absent")] pub(crate) $field: $type,)*
        }
    )*};
}

/// Declares elements: objects that carry the register's metadata, and may have history.
macro_rules! elements {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $name {
            #[serde(flatten)] pub(crate) meta: Meta,
            $(#[serde(skip_serializing_if = "Absent::absent")] pub(crate) $field: $type,)*
        }

        impl Element for $name {
            fn meta(&self) -> &Meta {
                &self.meta
            }
            fn meta_mut(&mut self) -> &mut Meta {
                &mut self.meta
            }
        }
    )*};
}

/// What every element of a document has.
pub(crate) trait Element {
    fn meta(&self) -> &Meta;
    fn meta_mut(&mut self) -> &mut Meta;
}

wire! {
    /// Registermetadata.
    Meta {
        ajourholdstidspunkt: Option<Text>,
        er_gjeldende: bool,
        kilde: Option<Text>,
        aarsak: Option<Text>,
        gyldighetstidspunkt: Option<Text>,
        opphoerstidspunkt: Option<Text>,
    }
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
        adressenavn: Option<Text>,
        postkode: Option<Text>,
        by_eller_stedsnavn: Option<Text>,
        landkode: Text,
    }
    Postboksadresse { postbokseier: Option<Text>, postboks: Text, poststed: Option<Poststed> }
    PostadresseIFrittFormat { adresselinje: Vec<Text>, poststed: Option<Poststed> }
    Personnavn { fornavn: Text, mellomnavn: Option<Text>, etternavn: Text }
    RelatertBiPerson {
        navn: Option<Personnavn>,
        foedselsdato: Option<Text>,
        statsborgerskap: Option<Text>,
        kjoenn: Option<Text>,
    }
}

elements! {
    Identifikasjonsnummer {
        status: Text,
        foedsels_eller_d_nummer: Text,
        identifikatortype: Text,
    }
    Status { status: Text }
    Navn {
        fornavn: Text,
        mellomnavn: Option<Text>,
        etternavn: Text,
        forkortet_navn: Option<Text>,
        originalt_navn: Option<Personnavn>,
    }
    Foedsel {
        foedselsdato: Option<Text>,
        foedselsaar: Text,
        foedested: Option<Text>,
        foedekommune_i_norge: Option<Text>,
        foedeland: Option<Text>,
    }
    FoedselINorge { foedselsinstitusjonsnavn: Option<Text>, rekkefoelgenummer: Option<i64> }
    Kjoenn { kjoenn: Text }
    Statsborgerskap { statsborgerskap: Text, ervervsdato: Option<Text> }
    Identitetsgrunnlag { identitetsgrunnlagstatus: Text }
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
    Oppholdsadresse {
        vegadresse: Option<Vegadresse>,
        utenlandsk_adresse: Option<UtenlandskAdresse>,
        adressen_er_ukjent: Option<bool>,
        adresse_identifikator_fra_matrikkelen: Option<Text>,
        adressegradering: Text,
        oppholdsadressedato: Option<Text>,
        opphold_annet_sted: Option<Text>,
    }
    Postadresse {
        postboksadresse: Option<Postboksadresse>,
        vegadresse: Option<Vegadresse>,
        postadresse_i_fritt_format: Option<PostadresseIFrittFormat>,
        adressegradering: Text,
    }
    PostadresseIUtlandet { utenlandsk_adresse: Option<UtenlandskAdresse>, adressegradering: Text }
    Sivilstand {
        sivilstand: Text,
        sivilstandsdato: Option<Text>,
        myndighet: Option<Text>,
        kommune: Option<Text>,
        sted: Option<Text>,
        utland: Option<Text>,
        relatert_ved_sivilstand: Option<Text>,
    }
    Familierelasjon {
        relatert_person: Option<Text>,
        relatert_person_uten_folkeregisteridentifikator: Option<RelatertBiPerson>,
        relatert_persons_rolle: Text,
        min_rolle_for_person: Option<Text>,
    }
    Foreldreansvar {
        ansvar: Text,
        ansvarssubjekt: Option<Text>,
        ansvarlig: Option<Text>,
    }
    Doedsfall { doedsdato: Option<Text> }
    Innflytting { fraflyttingsland: Option<Text>, fraflyttingssted_i_utlandet: Option<Text> }
    Utflytting {
        tilflyttingsland: Option<Text>,
        tilflyttingssted_i_utlandet: Option<Text>,
        utflyttingsdato: Option<Text>,
    }
}

/// Declares the document itself, and the table of its elements that `part` chooses among.
macro_rules! document {
    ($($field:ident $wire:literal: $type:ty),* $(,)?) => {
        /// A person as the register gives one: every element a list, the death alone an object.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct Folkeregisterperson {
            $(
                #[serde(skip_serializing_if = "Absent::absent")]
                pub(crate) $field: Vec<$type>,
            )*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub(crate) doedsfall: Option<Doedsfall>,
        }

        /// The elements that this population has, by wire name.
        #[cfg(test)]
        pub(crate) const ELEMENTS: &[&str] = &[$($wire,)* "doedsfall"];

        impl Folkeregisterperson {
            /// Leaves only the wanted elements; without history only what is current.
            pub(crate) fn keep(&mut self, wanted: impl Fn(&str) -> bool, history: bool) {
                $(
                    if !wanted($wire) {
                        self.$field.clear();
                    } else if !history {
                        self.$field.retain(|item| item.meta.er_gjeldende);
                    }
                )*
                if !wanted("doedsfall") {
                    self.doedsfall = None;
                }
            }
        }
    };
}

document! {
    identifikasjonsnummer "identifikasjonsnummer": Identifikasjonsnummer,
    status "status": Status,
    navn "navn": Navn,
    foedsel "foedsel": Foedsel,
    foedsel_i_norge "foedselINorge": FoedselINorge,
    kjoenn "kjoenn": Kjoenn,
    statsborgerskap "statsborgerskap": Statsborgerskap,
    identitetsgrunnlag "identitetsgrunnlag": Identitetsgrunnlag,
    adressebeskyttelse "adressebeskyttelse": Adressebeskyttelse,
    bostedsadresse "bostedsadresse": Bostedsadresse,
    oppholdsadresse "oppholdsadresse": Oppholdsadresse,
    postadresse "postadresse": Postadresse,
    postadresse_i_utlandet "postadresseIUtlandet": PostadresseIUtlandet,
    sivilstand "sivilstand": Sivilstand,
    familierelasjon "familierelasjon": Familierelasjon,
    foreldreansvar "foreldreansvar": Foreldreansvar,
    innflytting "innflytting": Innflytting,
    utflytting "utflytting": Utflytting,
}

impl Folkeregisterperson {
    /// The number in use, or the last that was.
    pub(crate) fn number(&self) -> &str {
        let in_use = self.identifikasjonsnummer.iter().find(|item| item.status == "iBruk");
        in_use
            .or(self.identifikasjonsnummer.first())
            .map_or("", |item| &item.foedsels_eller_d_nummer)
    }

    /// Whether the document lists the number, in use or ceased.
    pub(crate) fn lists(&self, number: &str) -> bool {
        self.identifikasjonsnummer.iter().any(|item| item.foedsels_eller_d_nummer == number)
    }

    /// Whether the number is this person's and in use.
    pub(crate) fn uses(&self, number: &str) -> bool {
        let is = |item: &Identifikasjonsnummer| item.foedsels_eller_d_nummer == number;
        self.identifikasjonsnummer.iter().any(|item| is(item) && item.status == "iBruk")
    }

    /// The current status word, empty if there is none.
    pub(crate) fn status_word(&self) -> &str {
        current(&self.status).map_or("", |item| &item.status)
    }

    /// The document as the register sends it, whole.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 * 1024);
        serde_json::to_writer(&mut out, self).expect("a document of strings always serialises");
        out
    }
}

/// The current item of an element.
pub(crate) fn current<T: Element>(items: &[T]) -> Option<&T> {
    items.iter().find(|item| item.meta().er_gjeldende)
}
