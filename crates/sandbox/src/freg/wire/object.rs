//! Objects inside elements: names, related persons, guardians, contacts of an estate.

use serde::Serialize;

use super::{Absent, Text};

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
    Personnavn { fornavn: Text, mellomnavn: Option<Text>, etternavn: Text }
    RelatertBiPerson {
        navn: Option<Personnavn>,
        foedselsdato: Option<Text>,
        statsborgerskap: Option<Text>,
        kjoenn: Option<Text>,
    }
    /// Who somebody with a false identity really is.
    IdentifiserendeInformasjon {
        personnavn: Personnavn,
        foedselsdato: Option<Text>,
        statsborgerskap: Vec<Text>,
        kjoenn: Option<Text>,
    }
    VergeTjenesteomraade {
        verge_tjenestevirksomhet: Text,
        verge_tjenesteoppgave: Option<Text>,
    }
    /// A guardian without a number, by name and day of birth.
    NavnFoedselsdato { navn: Option<Personnavn>, foedselsdato: Option<Text> }
    /// `navn` and `omfang` are the older shape, `tjenesteomraade` the newer.
    Verge {
        foedsels_eller_d_nummer: Option<Text>,
        navn_foedselsdato: Option<NavnFoedselsdato>,
        navn: Option<Personnavn>,
        omfang: Option<Text>,
        omfanget_er_innen_personlig_omraade: Option<bool>,
        tjenesteomraade: Vec<VergeTjenesteomraade>,
    }
    KontaktadresseForDoedsbo {
        adresselinje: Vec<Text>,
        poststedsnavn: Text,
        postnummer: Text,
        landkode: Option<Text>,
    }
    PersonSomKontakt {
        foedsels_eller_d_nummer: Option<Text>,
        foedselsdato: Option<Text>,
        personnavn: Option<Personnavn>,
    }
    AdvokatSomKontakt {
        personnavn: Personnavn,
        organisasjonsnavn: Option<Text>,
        organisasjonsnummer: Option<Text>,
    }
    OrganisasjonSomKontakt {
        organisasjonsnavn: Text,
        organisasjonsnummer: Option<Text>,
        kontaktpersonnavn: Option<Personnavn>,
    }
    Dokumentkontroll {
        dokumentkontrollstatus: Text,
        dokumentkontrolltidspunkt: Option<Text>,
    }
}
