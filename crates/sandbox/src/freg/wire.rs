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
impl Absent for Personnavn {}
impl Absent for Poststed {}
impl Absent for Adressenummer {}
impl Absent for Matrikkelnummer {}
impl Absent for VergeTjenesteomraade {}
impl Absent for Verge {}
impl Absent for KontaktadresseForDoedsbo {}

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
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
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

mod address;
mod element;
mod object;

pub(crate) use address::*;
pub(crate) use element::*;
pub(crate) use object::*;

/// What every element of a document has.
pub(crate) trait Element {
    fn meta(&self) -> &Meta;
    fn meta_mut(&mut self) -> &mut Meta;
}

/// Declares the document itself, and the table of its elements that `part` chooses among.
macro_rules! document {
    (many { $($field:ident $part:literal: $type:ty),* $(,)? }
     one { $($single:ident $single_part:literal: $single_type:ty),* $(,)? }) => {
        /// A person as the register gives one: most elements are lists, two are single objects.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct Folkeregisterperson {
            $(
                #[serde(skip_serializing_if = "Absent::absent")]
                pub(crate) $field: Vec<$type>,
            )*
            $(
                #[serde(skip_serializing_if = "Absent::absent")]
                pub(crate) $single: Option<$single_type>,
            )*
        }

        /// The elements of a document, by the name `part` has for each.
        #[cfg(test)]
        pub(crate) const ELEMENTS: &[&str] = &[$($part,)* $($single_part,)*];

        impl Folkeregisterperson {
            /// Leaves only the wanted elements; without history only what is current.
            pub(crate) fn keep(&mut self, wanted: impl Fn(&str) -> bool, history: bool) {
                $(
                    if !wanted($part) {
                        self.$field.clear();
                    } else if !history {
                        self.$field.retain(|item| item.meta.er_gjeldende);
                    }
                )*
                $(
                    if !wanted($single_part) {
                        self.$single = None;
                    }
                )*
            }

            /// The names of the elements that differ from another document's.
            #[cfg(test)]
            pub(crate) fn differences(&self, other: &Folkeregisterperson) -> Vec<&'static str> {
                let mut found = Vec::new();
                $(if self.$field != other.$field { found.push($part); })*
                $(if self.$single != other.$single { found.push($single_part); })*
                found
            }
        }
    };
}

document! {
    many {
        identifikasjonsnummer "identifikasjonsnummer": Identifikasjonsnummer,
        status "status": Status,
        navn "navn": Navn,
        foedsel "foedsel": Foedsel,
        foedsel_i_norge "foedselINorge": FoedselINorge,
        kjoenn "kjoenn": Kjoenn,
        statsborgerskap "statsborgerskap": Statsborgerskap,
        bibehold "bibehold": Bibehold,
        opphold "opphold": Opphold,
        identitetsgrunnlag "identitetsgrunnlag": Identitetsgrunnlag,
        legitimasjonsdokument "legitimasjonsdokument": Legitimasjonsdokument,
        utenlandsk_personidentifikasjon "utenlandskPersonidentifikasjon": Personidentifikasjon,
        utlendingsmyndighetenes_identifikasjonsnummer
            "utlendingsmyndighetenesIdentifikasjonsnummer": Personidentifikasjon,
        adressebeskyttelse "adressebeskyttelse": Adressebeskyttelse,
        bostedsadresse "bostedsadresse": Bostedsadresse,
        delt_bosted "deltBosted": DeltBosted,
        oppholdsadresse "oppholdsadresse": Oppholdsadresse,
        postadresse "postadresse": Postadresse,
        postadresse_i_utlandet "postadresseIUtlandet": PostadresseIUtlandet,
        preferert_kontaktadresse "preferertKontaktadresse": PreferertKontaktadresse,
        sivilstand "sivilstand": Sivilstand,
        familierelasjon "familierelasjon": Familierelasjon,
        foreldreansvar "foreldreansvar": Foreldreansvar,
        vergemaal_eller_fremtidsfullmakt "vergemaalEllerFremtidsfullmakt": Vergemaal,
        rettslig_handleevne "RettsligHandleevne": RettsligHandleevne,
        fratatt_rettslig_handleevne "fratattRettsligHandleevne": FratattRettsligHandleevne,
        kontaktinformasjon_for_doedsbo "kontaktinformasjonForDoedsbo": KontaktinformasjonForDoedsbo,
        innflytting "innflytting": Innflytting,
        utflytting "utflytting": Utflytting,
        opphold_paa_svalbard "oppholdPaaSvalbard": OppholdPaaSvalbard,
        bruk_av_samisk_spraak "brukAvSamiskSpraak": BrukAvSamiskSpraak,
        forhold_til_sametingets_valgmanntall
            "forholdTilSametingetsValgmanntall": SametingetsValgmanntall,
    }
    one {
        doedsfall "doedsfall": Doedsfall,
        falsk_identitet "falskIdentitet": FalskIdentitet,
    }
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

impl Vegadresse {
    /// The same address as post is sent to it.
    pub(crate) fn for_post(self) -> VegadresseForPost {
        VegadresseForPost {
            co_adressenavn: self.co_adressenavn,
            adressenavn: Some(self.adressenavn),
            adressenummer: self.adressenummer,
            adressekode: self.adressekode,
            adressetilleggsnavn: self.adressetilleggsnavn,
            poststed: self.poststed,
            bruksenhetsnummer: self.bruksenhetsnummer,
        }
    }
}

/// The current item of an element.
pub(crate) fn current<T: Element>(items: &[T]) -> Option<&T> {
    items.iter().find(|item| item.meta().er_gjeldende)
}
