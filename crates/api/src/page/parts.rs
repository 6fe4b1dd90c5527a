//! The information parts on the page: the source's name, a word and a line for each, and the rights
//! as the register's own list has them.

use register::part::InformationPart::{self, *};
use register::part::PartSet;
use register::person::PersonDocument;
use register::rights::{PartRights, Seen, part_rights};

use utoipa::PartialSchema;

use super::html::{self, Language, escape};

/// What a reader is told of a part that the code does not know by itself.
struct Row {
    part: InformationPart,
    freg: Option<&'static str>,
    title: &'static str,
    norwegian: &'static str,
    english: &'static str,
}

const fn row(
    part: InformationPart,
    freg: Option<&'static str>,
    title: &'static str,
    norwegian: &'static str,
    english: &'static str,
) -> Row {
    Row { part, freg, title, norwegian, english }
}

/// In the contract's order.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    row(
        AddressProtection,
        Some("adressebeskyttelse"),
        "Adressebeskyttelse",
        "Hvor hemmelig boligen er: ugradert, fortrolig eller strengt fortrolig.",
        "How secret the dwelling is: unclassified, confidential or strictly confidential.",
    ),
    row(
        CitizenshipRetention,
        Some("bibehold"),
        "Bibehold av statsborgerskap",
        "At norsk statsborgerskap er beholdt av en som har vokst opp i utlandet.",
        "That somebody who grew up abroad has kept Norwegian citizenship.",
    ),
    row(
        ResidentialAddress,
        Some("bostedsadresse"),
        "Bostedsadresse",
        "Der personen er registrert bosatt, med kommune, grunnkrets og bydel.",
        "Where the person is registered as living, with municipality, basic unit and urban \
         district.",
    ),
    row(
        UseOfSamiLanguage,
        Some("brukAvSamiskSpraak"),
        "Bruk av samisk språk",
        "Hvilke samiske språk personen bruker.",
        "Which Sámi languages the person uses.",
    ),
    row(
        SharedResidence,
        Some("deltBosted"),
        "Delt bosted",
        "Det andre hjemmet til et barn med foreldre som bor hver for seg.",
        "The other home of a child whose parents live apart.",
    ),
    row(
        Death,
        Some("doedsfall"),
        "Dødsfall",
        "At personen er død, og når.",
        "That the person is dead, and since when.",
    ),
    row(
        FalseIdentity,
        Some("falskIdentitet"),
        "Falsk identitet",
        "At identiteten bak oppføringen er falsk.",
        "That the identity behind the entry is false.",
    ),
    row(
        FamilyRelation,
        Some("familierelasjon"),
        "Familierelasjon",
        "Foreldre, barn, søsken, ektefelle eller partner.",
        "Parents, children, siblings, spouse or partner.",
    ),
    row(
        Birth,
        Some("foedsel"),
        "Fødsel",
        "Når og hvor personen ble født.",
        "When and where the person was born.",
    ),
    row(
        BirthInNorway,
        Some("foedselINorge"),
        "Fødsel i Norge",
        "Det fødselsmeldingen legger til: institusjon og rekkefølge.",
        "What the notice of birth adds: the institution and the order.",
    ),
    row(
        ParentalResponsibility,
        Some("foreldreansvar"),
        "Foreldreansvar",
        "Hvem som har ansvar for barnet, og for hvilke barn den voksne har ansvar.",
        "Who is responsible for the child, and for which children the adult is.",
    ),
    row(
        SamiParliamentElectoralRegistryStatus,
        Some("forholdTilSametingetsValgmanntall"),
        "Sametingets valgmanntall",
        "Ikke levert av Folkeregisteret siden april 2023.",
        "Not delivered by the population register since April 2023.",
    ),
    row(
        NorwegianIdentificationNumber,
        Some("identifikasjonsnummer"),
        "Identifikasjonsnummer",
        "Fødselsnummer, D-nummer eller hjelpenummer, i bruk og tidligere.",
        "National number, D-number or help number, in use and former.",
    ),
    row(
        IdentityVerification,
        Some("identitetsgrunnlag"),
        "Identitetsgrunnlag",
        "Hvor godt identiteten er kontrollert.",
        "How well the identity has been checked.",
    ),
    row(
        ImmigrationToNorway,
        Some("innflytting"),
        "Innflytting",
        "Innflytting til Norge, og hvorfra.",
        "A move to Norway, and from where.",
    ),
    row(
        Gender,
        Some("kjoenn"),
        "Kjønn",
        "Det registrerte kjønnet.",
        "The recorded sex.",
    ),
    row(
        ResiduaryEstateContactInformation,
        Some("kontaktinformasjonForDoedsbo"),
        "Kontakt for dødsbo",
        "Hvem man kontakter om boet etter en død person.",
        "Whom to contact about a dead person's estate.",
    ),
    row(
        IdentificationDocument,
        Some("legitimasjonsdokument"),
        "Legitimasjonsdokument",
        "Dokumenter som personen har vist hvem den er med.",
        "Documents by which the person has proved who they are.",
    ),
    row(
        Name,
        Some("navn"),
        "Navn",
        "Navnet nå, og tidligere navn.",
        "The name now, and former names.",
    ),
    row(
        ResidencePermit,
        Some("opphold"),
        "Oppholdstillatelse",
        "Tillatelse til å oppholde seg i Norge.",
        "A permit to stay in Norway.",
    ),
    row(
        StayOnSvalbard,
        Some("oppholdPaaSvalbard"),
        "Opphold på Svalbard",
        "At personen oppholder seg på Svalbard.",
        "That the person stays on Svalbard.",
    ),
    row(
        PresentAddress,
        Some("oppholdsadresse"),
        "Oppholdsadresse",
        "Der personen oppholder seg uten å være registrert bosatt.",
        "Where the person stays without being registered as living there.",
    ),
    row(
        PostalAddress,
        Some("postadresse"),
        "Postadresse",
        "Der post i Norge skal sendes.",
        "Where post within Norway is sent.",
    ),
    row(
        ForeignPostalAddress,
        Some("postadresseIUtlandet"),
        "Postadresse i utlandet",
        "Der post utenfor Norge skal sendes.",
        "Where post outside Norway is sent.",
    ),
    row(
        PreferredContactAddress,
        Some("preferertKontaktadresse"),
        "Foretrukket kontaktadresse",
        "Tømt av Folkeregisteret i 2021.",
        "Emptied by the population register in 2021.",
    ),
    row(
        MaritalStatus,
        Some("sivilstand"),
        "Sivilstand",
        "Om personen er gift, og hvordan det ble slik.",
        "Whether the person is married, and how that came about.",
    ),
    row(
        Citizenship,
        Some("statsborgerskap"),
        "Statsborgerskap",
        "Ett eller flere statsborgerskap som gjelder samtidig.",
        "One or several citizenships that hold at once.",
    ),
    row(
        Status,
        Some("status"),
        "Personstatus",
        "Bosatt, utflyttet, død, opphørt og så videre.",
        "Resident, emigrated, dead, discontinued and so on.",
    ),
    row(
        ForeignPersonIdentificationNumber,
        Some("utenlandskPersonidentifikasjon"),
        "Utenlandsk personidentifikasjon",
        "Nummer som et annet land har gitt personen.",
        "A number that another country gave the person.",
    ),
    row(
        EmigrationFromNorway,
        Some("utflytting"),
        "Utflytting",
        "Utflytting fra Norge, og hvorhen.",
        "A move out of Norway, and where to.",
    ),
    row(
        ImmigrationAuthoritiesIdentificationNumber,
        Some("utlendingsmyndighetenesIdentifikasjonsnummer"),
        "DUF-nummer",
        "Utlendingsmyndighetenes nummer på personen.",
        "The immigration authorities' number for the person.",
    ),
    row(
        GuardianshipOrFuturePowerOfAttorney,
        Some("vergemaalEllerFremtidsfullmakt"),
        "Vergemål eller fremtidsfullmakt",
        "At noen handler for personen, og i hva.",
        "That somebody acts for the person, and in what.",
    ),
    row(
        DeprivedLegalAuthority,
        Some("fratattRettsligHandleevne"),
        "Fratatt rettslig handleevne",
        "Aldri levert; se LegalAuthority.",
        "Never delivered; see LegalAuthority.",
    ),
    row(
        CommonContactRegisterInformation,
        None,
        "Kontakt- og reservasjonsregisteret",
        "Digital kontaktinformasjon, og reservasjon mot digital post (KRR).",
        "Digital contact details, and reservation against digital post (KRR).",
    ),
    row(
        LegalAuthority,
        Some("rettsligHandleevne"),
        "Rettslig handleevne",
        "Grenser for hva personen selv kan bestemme.",
        "Limits to what the person may decide.",
    ),
];

/// The element of the population register that the part comes from, in its own spelling; none for
/// a part of another source.
pub fn freg_element(part: InformationPart) -> Option<&'static str> {
    ROWS[part as usize].freg
}

/// The part in Norwegian, to begin a sentence with.
pub(super) fn title(part: InformationPart) -> &'static str {
    ROWS[part as usize].title
}

/// The parts that the contract has given up, as the interface's description marks them.
fn deprecated() -> PartSet {
    // Maps with text keys and plain values only: writing them cannot fail.
    let schema = serde_json::to_value(PersonDocument::schema()).unwrap_or_default();
    let is_deprecated = |part: &InformationPart| {
        let (first, rest) = part.name().split_at(1);
        let property = first.to_lowercase() + rest;
        schema["properties"][property]["deprecated"] == true
    };
    InformationPart::ALL.iter().copied().filter(is_deprecated).collect()
}

/// The rows of the table.
pub(super) fn table(language: Language) -> String {
    let deprecated = deprecated();
    let rows = part_rights();
    let rows = rows.iter().map(|row| table_row(row, deprecated.contains(row.part), language));
    rows.collect()
}

fn table_row(rights: &PartRights, is_deprecated: bool, language: Language) -> String {
    let Row { part, freg, title, norwegian, english } = &ROWS[rights.part as usize];
    let (name, code) = (part.name(), html::name(part.name()));
    let deprecated = if is_deprecated {
        let word = language.pick("utgår", "deprecated");
        format!(" <span class=\"tag\">{word}</span>")
    } else {
        String::new()
    };
    let freg = match freg {
        Some(element) => html::name(element),
        None => language.pick("annen kilde", "another source").to_owned(),
    };
    // The Norwegian word helps whoever knows the register and not the contract.
    let title = match language {
        Language::Norwegian => format!("<b>{}</b> ", escape(title)),
        Language::English => String::new(),
    };
    let text = escape(language.pick(norwegian, english));
    let (class, seen, meaning) = seen(rights.restricted, language);
    let history = match (rights.restricted, rights.restricted_history) {
        (Seen::Nothing, _) => "–",
        (_, true) => language.pick("vises", "shown"),
        (_, false) => language.pick("vises ikke", "not shown"),
    };
    let [right, of_history] =
        language.pick(["Begrenset tilgang", "Historikk"], ["Restricted", "History"]);
    format!(
        "<tr id=\"part-{name}\"><th scope=\"row\">{code}{deprecated}</th>\
         <td data-label=\"FREG\">{freg}</td><td>{title}{text}</td>\
         <td data-label=\"{right}\">\
         <span class=\"seen {class}\" title=\"{meaning}\">{seen}</span></td>\
         <td data-label=\"{of_history}\">{history}</td></tr>\n"
    )
}

/// A class, a word, and what the word means.
fn seen(seen: Seen, language: Language) -> (&'static str, &'static str, &'static str) {
    match (seen, language) {
        (Seen::Whole, Language::Norwegian) => ("whole", "alt", "Som ved full tilgang"),
        (Seen::Whole, Language::English) => ("whole", "all", "As under full access"),
        (Seen::Masked, Language::Norwegian) => {
            ("masked", "skjermet", "Noe er tatt ut eller gjort grovere")
        }
        (Seen::Masked, Language::English) => {
            ("masked", "masked", "Something is taken out or made coarser")
        }
        (Seen::ByGrade, Language::Norwegian) => {
            ("grade", "etter gradering", "Ugraderte adresser vises; av graderte vises bare graden")
        }
        (Seen::ByGrade, Language::English) => {
            ("grade", "by grade", "Unclassified addresses are shown; of graded ones only the grade")
        }
        (Seen::Nothing, Language::Norwegian) => ("nothing", "ingenting", "Holdes tilbake for alle"),
        (Seen::Nothing, Language::English) => ("nothing", "nothing", "Withheld of everybody"),
    }
}

/// How many parts restricted access sees in this way.
pub(super) fn count(seen: Seen) -> usize {
    part_rights().iter().filter(|row| row.restricted == seen).count()
}

/// The parts that restricted access sees in this way, each leading to its row.
pub(super) fn links(seen: Seen) -> String {
    let rows = part_rights();
    let named = rows.iter().filter(|row| row.restricted == seen).map(|row| link(row.part));
    named.collect::<Vec<_>>().join(" ")
}

/// The part's name, leading to its row.
pub(super) fn link(part: InformationPart) -> String {
    let name = part.name();
    format!("<a href=\"#part-{name}\">{}</a>", html::name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_row_in_its_place() {
        let named: Vec<_> = ROWS.iter().map(|row| row.part).collect();
        assert_eq!(named, InformationPart::ALL);
        let rights: PartSet = part_rights().iter().map(|row| row.part).collect();
        assert_eq!(rights, PartSet::ALL);
    }

    #[test]
    fn every_row_is_on_the_page_in_both_languages() {
        for language in Language::ALL {
            let table = table(language);
            for row in ROWS {
                let text = escape(language.pick(row.norwegian, row.english));
                assert!(table.contains(&format!("<tr id=\"part-{}\">", row.part.name())));
                assert!(!text.is_empty() && table.contains(&text), "{text}");
                assert!(row.freg.is_none_or(|freg| table.contains(&html::name(freg))), "{text}");
            }
        }
    }

    #[test]
    fn what_is_deprecated_is_what_the_description_says() {
        let expected = [PreferredContactAddress, DeprivedLegalAuthority];
        assert_eq!(deprecated(), expected.into_iter().collect());
        assert_eq!(table(Language::English).matches(">deprecated<").count(), 2);
    }
}
