//! New values of elements: one function for each, from the person and the hand.

use crate::change::edit::Hand;
use crate::change::need::{age_in_years, is_female};
use crate::freg::wire::{
    AdvokatSomKontakt, Bibehold, BrukAvSamiskSpraak, Dokumentkontroll, Familierelasjon, Foedsel,
    FoedselINorge, Folkeregisterperson, Foreldreansvar, FratattRettsligHandleevne,
    Identitetsgrunnlag, Innflytting, Kjoenn, KontaktadresseForDoedsbo,
    KontaktinformasjonForDoedsbo, Legitimasjonsdokument, Navn, NavnFoedselsdato, Opphold,
    OppholdPaaSvalbard, OrganisasjonSomKontakt, PersonSomKontakt, Personidentifikasjon, Personnavn,
    RelatertBiPerson, RettsligHandleevne, SametingetsValgmanntall, Sivilstand, Statsborgerskap,
    Text, Utflytting, Verge, VergeTjenesteomraade, Vergemaal, current,
};
use crate::population::{COUNTRIES, Sex, family_name, given_name};

type Person = Folkeregisterperson;

/// A day so many days from today, as `2010-02-20`.
fn day(hand: &Hand<'_>, from_today: i32) -> Text {
    hand.now.day().plus(from_today).iso().into()
}

/// One of the words that is not the one there is.
fn other_than(hand: &mut Hand<'_>, words: &[&'static str], now: Option<&Text>) -> Text {
    let others: Vec<&'static str> =
        words.iter().copied().filter(|word| now.is_none_or(|now| now != word)).collect();
    hand.dice.pick(&others).into()
}

/// A country in two letters and in three.
fn country(hand: &mut Hand<'_>) -> [&'static str; 2] {
    let country = &COUNTRIES[hand.dice.below(COUNTRIES.len() as u64) as usize];
    [country.alpha2, country.alpha3]
}

/// The name of somebody who need not be in the register.
fn somebody(hand: &mut Hand<'_>) -> Personnavn {
    let sex = if hand.dice.chance(500) { Sex::Female } else { Sex::Male };
    let fornavn = given_name(hand.dice, sex, None).into();
    Personnavn { fornavn, mellomnavn: None, etternavn: family_name(hand.dice, None).into() }
}

pub(super) fn name(person: &Person, hand: &mut Hand<'_>) -> Navn {
    let sex = if is_female(person) { Sex::Female } else { Sex::Male };
    let old = current(&person.navn).map(|name| name.etternavn.clone());
    Navn {
        meta: hand.meta("Navn"),
        fornavn: given_name(hand.dice, sex, None).into(),
        mellomnavn: old.filter(|name| !name.is_empty() && hand.dice.chance(400)),
        etternavn: family_name(hand.dice, None).into(),
        ..Navn::default()
    }
}

/// The same birth at another place.
pub(super) fn birth(person: &Person, hand: &mut Hand<'_>) -> Foedsel {
    let old = current(&person.foedsel).cloned().unwrap_or_default();
    let town = other_than(hand, &["Brønnøysund", "Tromsø", "Ås"], old.foedested.as_ref());
    Foedsel { meta: hand.meta("Patch"), foedested: Some(town), ..old }
}

pub(super) fn birth_in_norway(person: &Person, hand: &mut Hand<'_>) -> FoedselINorge {
    let old = current(&person.foedsel_i_norge);
    let place = old.and_then(|item| item.foedselsinstitusjonsnavn.as_ref());
    let place = other_than(hand, &["Kvinneklinikken Førde", "Hammerfest sykehus", "Hjemme"], place);
    FoedselINorge {
        meta: hand.meta("Fødsel"),
        foedselsinstitusjonsnavn: Some(place),
        rekkefoelgenummer: Some(21 + hand.dice.below(2) as i64),
    }
}

pub(super) fn sex(person: &Person, hand: &mut Hand<'_>) -> Kjoenn {
    let word = if is_female(person) { "mann" } else { "kvinne" };
    Kjoenn { meta: hand.meta("Patch"), kjoenn: word.into() }
}

pub(super) fn citizenship(person: &Person, hand: &mut Hand<'_>) -> Statsborgerskap {
    let words = ["NOR", "SWE", "XXX", "XUK", "XXK", "DNK"];
    let old = current(&person.statsborgerskap).map(|item| &item.statsborgerskap);
    Statsborgerskap {
        meta: hand.meta("Statsborgerskap"),
        statsborgerskap: other_than(hand, &words, old),
        ervervsdato: Some(day(hand, -30)),
    }
}

pub(super) fn retention(person: &Person, hand: &mut Hand<'_>) -> Bibehold {
    let words = ["harBibehold", "harIkkeLengerBibehold", "norskStatsborgerTrengerIkkeBibehold"];
    let old = current(&person.bibehold).map(|item| &item.bibeholdstatus);
    Bibehold {
        meta: hand.meta("Statsborgerskap"),
        bibeholdstatus: other_than(hand, &words, old),
        dato_for_bibehold: Some(day(hand, -3)),
    }
}

pub(super) fn permit(person: &Person, hand: &mut Hand<'_>) -> Opphold {
    let words = ["midlertidig", "permanent", "opplysningMangler"];
    let old = current(&person.opphold).map(|item| &item.oppholdstillatelse);
    let word = other_than(hand, &words, old);
    Opphold {
        meta: hand.meta("Oppholdstillatelse"),
        opphold_fra: Some(day(hand, -20)),
        opphold_til: (word == "midlertidig").then(|| day(hand, 700)),
        oppholdstillatelse: word,
    }
}

pub(super) fn identity_check(person: &Person, hand: &mut Hand<'_>) -> Identitetsgrunnlag {
    let words = ["ingenStatus", "ikkeKontrollert", "kontrollert"];
    let old = current(&person.identitetsgrunnlag).map(|item| &item.identitetsgrunnlagstatus);
    let identitetsgrunnlagstatus = other_than(hand, &words, old);
    Identitetsgrunnlag { meta: hand.meta("Patch"), identitetsgrunnlagstatus }
}

/// The status that comes in 2027: only one number of a person can have it.
pub(super) fn unique_identity(_: &Person, hand: &mut Hand<'_>) -> Identitetsgrunnlag {
    let identitetsgrunnlagstatus = "unik".into();
    Identitetsgrunnlag { meta: hand.meta("Patch"), identitetsgrunnlagstatus }
}

pub(super) fn identity_document(_: &Person, hand: &mut Hand<'_>) -> Legitimasjonsdokument {
    let kinds = ["pass", "utlendingspass", "noedpass", "foererkort", "nasjonaltIdentitetskort"];
    let [_, country] = country(hand);
    Legitimasjonsdokument {
        meta: hand.meta("Patch"),
        identifikasjonsdokumentnummer: Some(format!("P{}", hand.dice.below(90_000_000)).into()),
        identifikasjonsdokumenttype: hand.dice.pick(&kinds).into(),
        utstederland: country.into(),
        utstedernavn: Some("Politiet".into()),
        gyldig_fra: Some(day(hand, -900)),
        gyldig_til: Some(day(hand, 900)),
        dokumentkontroll: Some(Dokumentkontroll {
            dokumentkontrollstatus: "kontrollertIdentifikasjonsdokument".into(),
            dokumentkontrolltidspunkt: hand.meta("").ajourholdstidspunkt,
        }),
    }
}

pub(super) fn foreign_number(_: &Person, hand: &mut Hand<'_>) -> Personidentifikasjon {
    let kinds =
        ["utenlandskIdentifikasjonsnummer", "taxIdentificationNumber", "socialSecurityNumber"];
    let [short, long] = country(hand);
    Personidentifikasjon {
        meta: hand.meta("Tildele d-nummer"),
        identifikasjonsnummer: format!("{short}-{}", hand.dice.below(900_000)).into(),
        identifikasjonsnummertype: hand.dice.pick(&kinds).into(),
        utstederland: long.into(),
    }
}

pub(super) fn immigration_number(_: &Person, hand: &mut Hand<'_>) -> Personidentifikasjon {
    Personidentifikasjon {
        meta: hand.meta("Patch"),
        identifikasjonsnummer: format!("{:012}", 200_000_000_000 + hand.dice.below(1 << 31)).into(),
        identifikasjonsnummertype: "utlendingsmyndighetenesIdentifikasjonsnummer".into(),
        utstederland: "NOR".into(),
    }
}

/// The same status as registered by somebody else.
pub(super) fn marital_status(person: &Person, hand: &mut Hand<'_>) -> Sivilstand {
    let old = current(&person.sivilstand).cloned().unwrap_or_default();
    let place = other_than(hand, &["Ås kirke", "Rådhuset", "Karasjok"], old.sted.as_ref());
    let myndighet = Some("DEN_NORSKE_KIRKE".into());
    Sivilstand { meta: hand.meta("Patch"), sted: Some(place), myndighet, ..old }
}

/// A brother or sister who is described instead of numbered.
pub(super) fn relative_abroad(_: &Person, hand: &mut Hand<'_>) -> Familierelasjon {
    let relative = RelatertBiPerson {
        navn: Some(somebody(hand)),
        foedselsdato: Some(day(hand, -9_000)),
        statsborgerskap: Some(country(hand)[1].into()),
        kjoenn: Some(hand.dice.pick(&["kvinne", "mann"]).into()),
    };
    Familierelasjon {
        meta: hand.meta("Patch"),
        relatert_person: None,
        relatert_person_uten_folkeregisteridentifikator: Some(relative),
        relatert_persons_rolle: "soesken".into(),
        min_rolle_for_person: Some("soesken".into()),
    }
}

/// Somebody else than the parents becomes responsible.
pub(super) fn responsibility(person: &Person, hand: &mut Hand<'_>) -> Foreldreansvar {
    let number = person.number().to_owned();
    let organisation = hand.dice.chance(500);
    let name = somebody(hand);
    Foreldreansvar {
        meta: hand.meta("Foreldreansvar"),
        ansvar: "andre".into(),
        ansvarssubjekt: Some(number.into()),
        ansvarlig_organisasjon: organisation.then_some("974761076".into()),
        ansvarlig_uten_identifikator: (!organisation)
            .then(|| RelatertBiPerson { navn: Some(name), ..RelatertBiPerson::default() }),
        ..Foreldreansvar::default()
    }
}

/// A guardian in the newer shape, or now and then in the older one.
pub(super) fn guardianship(person: &Person, hand: &mut Hand<'_>) -> Vergemaal {
    const TASKS: &[(&str, &str)] = &[
        ("helfo", "fastlege"),
        ("kommune", "helseOgOmsorg"),
        ("nav", "pensjon"),
        ("pasientreiser", "refusjonAvPasientreiser"),
        ("bank", "representasjonDagligbank"),
        ("namsmannen", "tvangsfullbyrdelseOgForliksraadet"),
    ];
    let task = |hand: &mut Hand<'_>| {
        let (virksomhet, oppgave) = hand.dice.pick(TASKS);
        VergeTjenesteomraade {
            verge_tjenestevirksomhet: virksomhet.into(),
            verge_tjenesteoppgave: Some(oppgave.into()),
        }
    };
    let name = somebody(hand);
    let verge = if hand.dice.chance(250) {
        let omfang = Some("personligeOgOekonomiskeInteresser".into());
        Verge { navn: Some(name), omfang, ..Verge::default() }
    } else {
        let born = Some(day(hand, -16_000));
        Verge {
            navn_foedselsdato: Some(NavnFoedselsdato { navn: Some(name), foedselsdato: born }),
            omfanget_er_innen_personlig_omraade: Some(hand.dice.chance(500)),
            tjenesteomraade: (0..1 + hand.dice.below(4)).map(|_| task(hand)).collect(),
            ..Verge::default()
        }
    };
    let kind = if age_in_years(person) < 18 { "mindreaarig" } else { "voksen" };
    let offices = ["statsforvalterenIOsloogViken", "statsforvalterenITromsOgFinnmark"];
    Vergemaal {
        meta: hand.meta("Vergemål"),
        vergemaaltype: Some(kind.into()),
        embete: Some(hand.dice.pick(&offices).into()),
        verge,
    }
}

pub(super) fn legal_authority(_: &Person, hand: &mut Hand<'_>) -> RettsligHandleevne {
    let rettslig_handleevneomfang = "begrenset".into();
    RettsligHandleevne { meta: hand.meta("Vergemål"), rettslig_handleevneomfang }
}

pub(super) fn deprived(_: &Person, hand: &mut Hand<'_>) -> FratattRettsligHandleevne {
    FratattRettsligHandleevne { meta: hand.meta("Vergemål") }
}

/// A person, a lawyer or an organisation to ask about an estate.
pub(super) fn estate(_: &Person, hand: &mut Hand<'_>) -> KontaktinformasjonForDoedsbo {
    let mut contact = KontaktinformasjonForDoedsbo {
        meta: hand.meta("Dødsfall"),
        skifteform: hand.dice.pick(&["offentlig", "annet"]).into(),
        attestutstedelsesdato: day(hand, -2),
        adresse: KontaktadresseForDoedsbo {
            adresselinje: vec![format!("Ærfuglvegen {}", 1 + hand.dice.below(900)).into()],
            poststedsnavn: "OSLO".into(),
            postnummer: "0125".into(),
            landkode: Some("NO".into()),
        },
        ..KontaktinformasjonForDoedsbo::default()
    };
    let personnavn = somebody(hand);
    match hand.dice.below(3) {
        0 => {
            let foedselsdato = Some(day(hand, -15_000));
            let person = PersonSomKontakt { foedselsdato, ..PersonSomKontakt::default() };
            contact.person = Some(PersonSomKontakt { personnavn: Some(personnavn), ..person });
        }
        1 => {
            let organisasjonsnavn = Some("Advokatfirmaet Å & Co".into());
            let organisasjonsnummer = Some("974761076".into());
            contact.advokat =
                Some(AdvokatSomKontakt { personnavn, organisasjonsnavn, organisasjonsnummer });
        }
        _ => {
            contact.organisasjon = Some(OrganisasjonSomKontakt {
                organisasjonsnavn: "Dødsboavdelingen".into(),
                organisasjonsnummer: None,
                kontaktpersonnavn: Some(personnavn),
            });
        }
    }
    contact
}

pub(super) fn arrival(person: &Person, hand: &mut Hand<'_>) -> Innflytting {
    let old = current(&person.innflytting).and_then(|item| item.fraflyttingsland.clone());
    Innflytting {
        meta: hand.meta("Innvandring"),
        fraflyttingsland: Some(other_than(hand, &["SWE", "POL", "SYR"], old.as_ref())),
        fraflyttingssted_i_utlandet: Some("Malmö".into()),
    }
}

pub(super) fn departure(person: &Person, hand: &mut Hand<'_>) -> Utflytting {
    let old = current(&person.utflytting).and_then(|item| item.tilflyttingsland.clone());
    Utflytting {
        meta: hand.meta("Utflytting"),
        tilflyttingsland: Some(other_than(hand, &["SWE", "ESP", "THA"], old.as_ref())),
        tilflyttingssted_i_utlandet: Some("Göteborg".into()),
        utflyttingsdato: Some(day(hand, -5)),
    }
}

pub(super) fn svalbard(_: &Person, hand: &mut Hand<'_>) -> OppholdPaaSvalbard {
    let words = ["underSeksMaaneder", "overSeksMaaneder", "overTolvMaaneder", "ukjent"];
    let abroad = hand.dice.chance(200).then(|| country(hand)[1].into());
    let days_ago = hand.dice.below(300) as i32;
    OppholdPaaSvalbard {
        meta: hand.meta("Flytting innenlands"),
        antatt_oppholdsvarighet: hand.dice.pick(&words).into(),
        startdato: day(hand, -days_ago),
        sluttdato: None,
        fraflyttingskommunenummer: abroad.is_none().then_some("5501".into()),
        fraflyttingsland: abroad,
        antall_tidligere_opphold: Some(hand.dice.below(4) as i64),
    }
}

pub(super) fn sami_language(person: &Person, hand: &mut Hand<'_>) -> BrukAvSamiskSpraak {
    let words = ["nordsamisk", "soersamisk", "lulesamisk"];
    let old = current(&person.bruk_av_samisk_spraak).and_then(|item| item.spraak.first());
    let mut spraak = vec![other_than(hand, &words, old)];
    if hand.dice.chance(200) {
        spraak.push(other_than(hand, &words, Some(&spraak[0])));
    }
    BrukAvSamiskSpraak { meta: hand.meta("Patch"), spraak }
}

pub(super) fn sami_register(person: &Person, hand: &mut Hand<'_>) -> SametingetsValgmanntall {
    let words = ["innmeldt", "utmeldt", "aldriInnmeldt"];
    let old = current(&person.forhold_til_sametingets_valgmanntall).map(|item| &item.forhold);
    SametingetsValgmanntall {
        meta: hand.meta("Patch"),
        forhold: other_than(hand, &words, old),
        vedtaksdato: day(hand, -1),
    }
}
