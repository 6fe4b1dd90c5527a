//! Every element but the addresses.

use serde::Serialize;

use super::{
    Absent, AdvokatSomKontakt, Dokumentkontroll, Element, IdentifiserendeInformasjon,
    KontaktadresseForDoedsbo, Meta, OrganisasjonSomKontakt, PersonSomKontakt, Personnavn,
    RelatertBiPerson, Text, Verge,
};

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
    Bibehold { bibeholdstatus: Text, dato_for_bibehold: Option<Text> }
    Opphold {
        oppholdstillatelse: Text,
        opphold_fra: Option<Text>,
        opphold_til: Option<Text>,
    }
    Identitetsgrunnlag { identitetsgrunnlagstatus: Text }
    Legitimasjonsdokument {
        identifikasjonsdokumentnummer: Option<Text>,
        identifikasjonsdokumenttype: Text,
        utstederland: Text,
        utstedernavn: Option<Text>,
        gyldig_fra: Option<Text>,
        gyldig_til: Option<Text>,
        dokumentkontroll: Option<Dokumentkontroll>,
    }
    /// A number from another country, or from the immigration authorities.
    Personidentifikasjon {
        identifikasjonsnummer: Text,
        identifikasjonsnummertype: Text,
        utstederland: Text,
    }
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
        ansvarlig_organisasjon: Option<Text>,
        ansvarlig_uten_identifikator: Option<RelatertBiPerson>,
        ansvarssubjekt_uten_identifikator: Option<RelatertBiPerson>,
    }
    /// vergemaalEllerFremtidsfullmakt.
    Vergemaal { vergemaaltype: Option<Text>, embete: Option<Text>, verge: Verge }
    RettsligHandleevne { rettslig_handleevneomfang: Text }
    /// In the schema, and never delivered.
    FratattRettsligHandleevne {}
    Doedsfall { doedsdato: Option<Text> }
    KontaktinformasjonForDoedsbo {
        skifteform: Text,
        attestutstedelsesdato: Text,
        adresse: KontaktadresseForDoedsbo,
        person: Option<PersonSomKontakt>,
        advokat: Option<AdvokatSomKontakt>,
        organisasjon: Option<OrganisasjonSomKontakt>,
    }
    FalskIdentitet {
        er_falsk: bool,
        rett_identitet_ved_opplysninger: Option<IdentifiserendeInformasjon>,
        rett_identitet_er_ukjent: Option<bool>,
        rett_identitet_ved_identifikasjonsnummer: Option<Text>,
    }
    Innflytting { fraflyttingsland: Option<Text>, fraflyttingssted_i_utlandet: Option<Text> }
    Utflytting {
        tilflyttingsland: Option<Text>,
        tilflyttingssted_i_utlandet: Option<Text>,
        utflyttingsdato: Option<Text>,
    }
    OppholdPaaSvalbard {
        antatt_oppholdsvarighet: Text,
        startdato: Text,
        sluttdato: Option<Text>,
        fraflyttingskommunenummer: Option<Text>,
        fraflyttingsland: Option<Text>,
        antall_tidligere_opphold: Option<i64>,
    }
    BrukAvSamiskSpraak { spraak: Vec<Text> }
    /// Known to the register, and not to be had from it since 2023.
    SametingetsValgmanntall { forhold: Text, vedtaksdato: Text }
}
