//! Every kind of change: its name, the events it gives, how often it happens, and what it does.
//!
//! The rates are events of a week in the whole country, about 40 000 in all: 61 000 births, 67 000
//! immigrations and 95 000 D-numbers a year among some two million changes. Kinds that the register
//! uses now and then have a small number; what only a test wants has none. KRR's have so much that
//! one change in five is one of them.

mod contact;
mod element;

use crate::change::edit::Hand;
use crate::change::need::{self, Need};
use crate::change::{Does, Kind, bond, home, identity, life};
use crate::freg::wire::Folkeregisterperson;

/// Every kind. Those that give somebody an element come before those that take it away.
pub(crate) fn kinds() -> impl Iterator<Item = &'static Kind> {
    [LIFE, NUMBERS, HOMES, BONDS]
        .into_iter()
        .flatten()
        .chain(element::ELEMENTS)
        .chain(OTHER)
        .chain(contact::KINDS)
}

type Edit = fn(&mut Folkeregisterperson, &mut Hand<'_>);

const fn alone(
    name: &'static str,
    weekly: u32,
    about: &'static str,
    events: &'static [&'static str],
    need: Need,
    edit: Edit,
) -> Kind {
    Kind { name, about, events, weekly, does: Does::Alone(need, edit) }
}

macro_rules! story {
    ($name:literal, $weekly:literal, $about:literal, [$($event:literal),*], $story:expr) => {
        Kind {
            name: $name,
            about: $about,
            events: &[$($event),*],
            weekly: $weekly,
            does: Does::Story($story),
        }
    };
}

const LIFE: &[Kind] = &[
    story!(
        "birth",
        1_170,
        "a child is born, and its parents get relation and responsibility",
        ["personErOpprettet", "endringIFamilierelasjon", "endringIForeldreansvar"],
        life::birth
    ),
    story!(
        "arrival",
        1_830,
        "somebody from abroad gets a D-number, with three numbers from there",
        ["personErOpprettet", "endringIUtenlandskPersonidentifikasjon"],
        life::arrive
    ),
    story!(
        "death",
        830,
        "a resident dies, and leaves a widow if married",
        ["personErDoed", "endringISivilstand", "endringIFamilierelasjon"],
        life::death
    ),
    alone(
        "death-date-correction",
        6,
        "the day of death was wrong",
        &["endringIDoedsfall"],
        need::DEATH_DAY,
        life::correct_death,
    ),
    alone(
        "reactivation-death-date",
        4,
        "a reactivation that only corrects the day of death: nobody comes alive",
        &["personErReaktivert", "endringIDoedsfall"],
        need::DEATH_DAY,
        life::correct_death,
    ),
    alone(
        "death-annulment",
        2,
        "the death was somebody else's: the person is reactivated",
        &["personErReaktivert", "endringIDoedsfall", "endringIStatus"],
        need::DEAD,
        life::annul_death,
    ),
    alone(
        "emigration",
        650,
        "a resident leaves the country",
        &["personErUtflyttet", "endringIUtflytting", "endringIKontaktinformasjon"],
        need::HOME,
        life::emigrate,
    ),
    alone(
        "return",
        180,
        "an emigrant comes back",
        &["personErBosatt", "endringIInnflytting"],
        need::EMIGRANT,
        life::come_back,
    ),
    alone(
        "inactivity",
        400,
        "a D-number has not been used for five years",
        &["endringIStatus"],
        need::TEMPORARY,
        |person, hand| life::become_status(person, hand, "inaktiv", "Person med d-nummer"),
    ),
    alone(
        "reactivation",
        60,
        "an inactive person is active again",
        &["personErReaktivert", "endringIStatus"],
        need::INACTIVE,
        |person, hand| life::become_status(person, hand, "midlertidig", "Person med d-nummer"),
    ),
    alone(
        "inactivity-older-type",
        0,
        "as inactivity, under a type outside of the enumeration",
        &["personErInaktiv"],
        need::TEMPORARY,
        |person, hand| life::become_status(person, hand, "inaktiv", "Person med d-nummer"),
    ),
    alone(
        "discontinuation",
        15,
        "the register has no use for the person any longer",
        &["personErOpphoert", "endringIStatus"],
        need::D_NUMBER,
        life::discontinue,
    ),
    alone(
        "disappearance",
        2,
        "nobody knows where a resident is",
        &["endringIStatus"],
        need::RESIDENT,
        |person, hand| life::become_status(person, hand, "forsvunnet", "Patch"),
    ),
    alone(
        "false-identity",
        2,
        "an identity turns out to be false",
        &["endringIFalskIdentitet", "personErOpphoert"],
        need::D_NUMBER,
        life::expose,
    ),
    alone(
        "false-identity-annulment",
        1,
        "it was not false after all",
        &["endringIFalskIdentitet", "endringIStatus"],
        need::FALSE_IDENTITY,
        life::clear,
    ),
];

const NUMBERS: &[Kind] = &[
    story!(
        "d-number-to-foedselsnummer",
        900,
        "the D-number ceases, then its holder settles under a national number",
        ["endringIIdentifikasjonsnummer", "personErBosatt"],
        identity::give_national_number
    ),
    alone(
        "d-number-ceases",
        0,
        "the first half of that, and the person is left half-way",
        &["endringIIdentifikasjonsnummer"],
        need::D_NUMBER,
        identity::cease_d_number,
    ),
    alone(
        "new-number-settles",
        0,
        "the second half, for somebody left half-way",
        &["personErBosatt"],
        need::HALF_WAY,
        identity::settle,
    ),
    story!(
        "new-number-birth-date",
        4,
        "a new national number, because the day of birth was wrong",
        ["endringIFoedsel", "endringIIdentifikasjonsnummer"],
        identity::number_for_birth_date
    ),
    story!(
        "new-number-sex",
        6,
        "a new national number, because the sex has changed",
        ["endringIKjoenn", "endringIIdentifikasjonsnummer"],
        identity::number_for_sex
    ),
    story!(
        "merge",
        25,
        "two turn out to be one: two events side by side, the survivor's first",
        ["personErViderefoertSomGjeldendeVedSammenslaaing", "personErOpphoertSomDublett"],
        identity::merge
    ),
    story!(
        "merge-duplicate-first",
        5,
        "as merge, with the event of the one who ceases first",
        ["personErViderefoertSomGjeldendeVedSammenslaaing", "personErOpphoertSomDublett"],
        identity::merge_duplicate_first
    ),
    story!(
        "split",
        3,
        "a merge is undone, and the number moves back",
        ["personErEndretVedSplitting", "personErGjenopprettetVedSplitting"],
        identity::split
    ),
];

const HOMES: &[Kind] = &[
    story!(
        "move",
        15_000,
        "a household moves: one event for each",
        ["endringIBostedsadresse"],
        home::relocation
    ),
    alone(
        "move-to-old-municipality",
        2,
        "a move into a municipality number that no longer exists",
        &["endringIBostedsadresse"],
        need::HOME,
        home::move_to_old_number,
    ),
    alone(
        "address-correction",
        150,
        "the address was never right, and leaves no trace",
        &["endringIBostedsadresse"],
        need::ADDRESS,
        home::correct_home,
    ),
    alone(
        "address-annulment",
        5,
        "all addresses disappear; the person lives nobody knows where",
        &["endringIBostedsadresse"],
        need::ADDRESS,
        home::annul_home,
    ),
    alone(
        "client-address",
        10,
        "a move to an address that would tell too much",
        &["endringIBostedsadresse"],
        need::OPEN_HOME,
        home::client_address,
    ),
    alone(
        "address-without-move",
        900,
        "the street gets another name, and nobody moves",
        &["endringIBostedsadresseUtenFlytting"],
        need::ADDRESS,
        home::rename_street,
    ),
    alone(
        "municipality-change",
        0,
        "the municipality gets another number, under a type outside of the enumeration",
        &["endringIBostedsadresseVedKommuneregulering"],
        need::ADDRESS,
        home::renumber_municipality,
    ),
    alone(
        "protection",
        40,
        "a person's addresses become confidential, history too",
        &["endringIAdressebeskyttelse"],
        need::OPEN,
        home::protect,
    ),
    alone(
        "strict-protection",
        15,
        "a person's addresses become strictly confidential: they are taken away",
        &["endringIAdressebeskyttelse"],
        need::OPEN,
        home::protect_strictly,
    ),
    alone(
        "protection-off",
        30,
        "the protection ends",
        &["endringIAdressebeskyttelse"],
        need::PROTECTED,
        home::unprotect,
    ),
];

const BONDS: &[Kind] = &[
    story!(
        "marriage",
        420,
        "two marry: one event for each",
        ["endringISivilstand"],
        bond::marriage
    ),
    story!("separation", 210, "a couple separates", ["endringISivilstand"], bond::separation),
    story!(
        "divorce",
        190,
        "a separated couple is divorced, and no longer related",
        ["endringISivilstand", "endringIFamilierelasjon"],
        bond::divorce
    ),
    alone(
        "marital-status-correction",
        60,
        "the marital status was registered wrongly",
        &["endringISivilstand"],
        need::ALIVE,
        bond::correct_status,
    ),
    story!(
        "paternity",
        150,
        "a father becomes known, on both sides",
        ["endringIFamilierelasjon", "endringIForeldreansvar"],
        bond::paternity
    ),
];

const OTHER: &[Kind] = &[
    alone(
        "relative-abroad-correction",
        15,
        "what is known of a relative without a number was wrong",
        &["endringIFamilierelasjon"],
        need::RELATIVE_ABROAD,
        bond::correct_relative_abroad,
    ),
    alone(
        "relative-abroad-annulment",
        5,
        "a relative without a number never was one",
        &["endringIFamilierelasjon"],
        need::RELATIVE_ABROAD,
        bond::annul_relative_abroad,
    ),
    story!(
        "correction",
        300,
        "a historic address, name or marital status disappears without a trace",
        ["endringIBostedsadresse", "endringINavn", "endringISivilstand"],
        identity::erase
    ),
    story!(
        "refresh",
        100,
        "a move whose event was lost, told of by one that tells nothing",
        ["personErOppdatert"],
        home::refresh
    ),
    story!("silent", 20, "a move that no event tells of", [], home::silent_move),
    story!(
        "twelve-events",
        1,
        "twelve events for one person at once, each with its document",
        [
            "endringINavn",
            "endringIBostedsadresse",
            "endringIBostedsadresseUtenFlytting",
            "endringIIdentitetsgrunnlag",
            "endringIStatsborgerskap",
            "endringIOppholdsadresse",
            "endringIKontaktinformasjon",
            "endringIVergemaal",
            "endringILegitimasjonsdokument",
            "endringIBrukAvSamiskSpraak",
            "endringIAdressebeskyttelse",
            "endringIStatus"
        ],
        identity::twelve
    ),
];
