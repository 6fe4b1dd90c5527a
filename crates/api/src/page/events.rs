//! The event types on the page: what each means, who sees it, and what it announces.

use register::event::EventType::{self, *};
use register::event::{EventClass, visible_to_restricted};
use register::part::{InformationPart, PartSet};
use register::rights::{Seen, part_rights};

use super::html::{self, Language, escape};
use super::parts;

/// What the types mean that do more than announce one part.
#[rustfmt::skip]
const MEANINGS: &[(EventType, &str, &str)] = &[
    (Unknown,
        "Kilden meldte om noe vi ikke kjenner. Slå opp personen.",
        "The source told of something we do not know. Look the person up."),
    (PersonIsCreated, "En ny person er registrert.", "A new person has been registered."),
    (PersonIsReactivated, "En opphørt oppføring gjelder igjen.",
        "A discontinued entry holds again."),
    (PersonIsUpdated, "Noe er endret, uten at kilden sier hva.",
        "Something has changed; the source does not say what."),
    (PersonIsDiscontinued, "Oppføringen var aldri en person, eller gjelder ikke lenger.",
        "The entry never was a person, or no longer holds."),
    (PersonIsContinuedAsValidUponMerger,
        "To oppføringer viste seg å være én person. Denne går videre, med begge numrene.",
        "Two entries turned out to be one person. This one goes on, with both numbers."),
    (PersonIsDiscontinuedAsDuplicate,
        "To oppføringer viste seg å være én person. Denne er opphørt, men beholder sin id.",
        "Two entries turned out to be one person. This one has ended, but keeps its id."),
    (PersonIsChangedBySplitting, "Oppføringen hadde opplysninger om to personer, og er rettet.",
        "The entry held what belonged to two persons, and has been put right."),
    (PersonIsRestoredBySplitting, "Den andre av de to er en egen person igjen, med sin gamle id.",
        "The other of the two is a person again, with the id it had."),
    (PersonIsDeceased, "Personen er død.", "The person has died."),
    (PersonIsResident, "Personen er blitt bosatt.", "The person has become resident."),
    (PersonIsEmigrated, "Personen har flyttet fra Norge.", "The person has moved out of Norway."),
    (ChangeInAddressProtection,
        "Adressene skal kanskje skjules. Slå opp denne først av alle, og erstatt hele personen.",
        "Addresses may have to be hidden. Look this one up before all others, and replace the \
         whole person."),
    (ChangeInResidentialAddressWithoutRelocation,
        "Adressen er skrevet på en annen måte; ingen har flyttet.",
        "The address is written in another way; nobody has moved."),
    (ChangeInContactinformation, "En postadresse er endret.", "A postal address has changed."),
    (ChangeInCitizenship, "Statsborgerskap eller bibehold av det er endret.",
        "A citizenship, or its retention, has changed."),
    (ChangeInPerson, "Hva som helst kan være endret.", "Anything may have changed."),
    (PersonCorrected, "Vi har rettet det vi viser. Slå opp personen på nytt.",
        "We have corrected what we show. Look the person up again."),
    (PersonPopulated, "Personen kom med den første innlastingen.",
        "The person came with the first load."),
    (CreatedAlternateIdentificationNumber, "En person med felles hjelpenummer er opprettet.",
        "A person with a common help number has been created."),
    (UpdatedAlternateIdentificationNumber, "En person med felles hjelpenummer er endret.",
        "A person with a common help number has changed."),
];

/// The rows of the table.
pub(super) fn table(language: Language) -> String {
    EventType::ALL.iter().map(|event| table_row(*event, language)).collect()
}

fn table_row(event: EventType, language: Language) -> String {
    let name = event.name();
    let announced = event.announces();
    let announced = if announced == PartSet::ALL {
        language.pick("hele personen", "the whole person").to_owned()
    } else {
        announced.iter().map(parts::link).collect::<Vec<_>>().join(" ")
    };
    let (class, seen) = seen_by(event, language);
    let [who, what] = language.pick(["Vises for", "Gjelder"], ["Shown to", "Concerns"]);
    format!(
        "<tr id=\"event-{name}\"><th scope=\"row\">{}</th><td>{}</td>\
         <td data-label=\"{what}\">{announced}</td>\
         <td data-label=\"{who}\"><span class=\"seen {class}\">{seen}</span></td></tr>\n",
        html::name(name),
        escape(&meaning(event, language)),
    )
}

fn meaning(event: EventType, language: Language) -> String {
    if let Some((_, norwegian, english)) = MEANINGS.iter().find(|(row, ..)| *row == event) {
        return (*language.pick(norwegian, english)).to_owned();
    }
    let parts: Vec<InformationPart> = event.announces().iter().collect();
    let title = |part: &InformationPart| match language {
        Language::Norwegian => parts::title(*part),
        Language::English => part.name(),
    };
    let titles = parts.iter().map(title).collect::<Vec<_>>().join(", ");
    match language {
        Language::Norwegian => format!("{titles}: noe er endret."),
        Language::English => format!("Something in {titles} has changed."),
    }
}

/// Asked of the same function that decides it, once for a person of whom every address is masked
/// and once for a person of whom none is.
fn seen_by(event: EventType, language: Language) -> (&'static str, &'static str) {
    let rights = part_rights();
    let addresses = rights.iter().filter(|row| row.restricted == Seen::ByGrade);
    let addresses: PartSet = addresses.map(|row| row.part).collect();
    let without = visible_to_restricted(event, PartSet::EMPTY, PartSet::EMPTY);
    let with = visible_to_restricted(event, addresses, addresses);
    match (with, without) {
        (true, _) => ("whole", language.pick("begge", "both")),
        (false, true) => {
            let words = ("full; begrenset når adressen vises", "full; restricted if it sees it");
            ("grade", language.pick(words.0, words.1))
        }
        (false, false) => ("nothing", language.pick("bare full tilgang", "full access only")),
    }
}

/// How many types are always shown to both packages, whatever they are about.
pub(super) fn always_shown() -> usize {
    EventType::ALL.iter().filter(|event| event.class() != EventClass::Parts).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_on_the_page_with_a_meaning() {
        for language in Language::ALL {
            let table = table(language);
            for event in EventType::ALL.iter().copied() {
                assert!(table.contains(&format!("<tr id=\"event-{}\">", event.name())));
                assert!(table.contains(&escape(&meaning(event, language))), "{event:?}");
            }
        }
    }

    #[test]
    fn what_is_not_explained_announces_one_part() {
        let explained = |event: &EventType| MEANINGS.iter().any(|(row, ..)| row == event);
        for event in EventType::ALL.iter().filter(|event| !explained(event)) {
            assert_eq!(event.announces().iter().count(), 1, "{event:?} needs a row");
        }
    }

    #[test]
    fn who_sees_a_type_is_what_the_rights_say() {
        for (event, expected) in [
            (PersonIsDeceased, "both"),
            (ChangeInAddressProtection, "both"),
            (ChangeInName, "both"),
            (ChangeInPostalAddress, "full; restricted if it sees it"),
            (ChangeInFamilyRelation, "full access only"),
            (ChangeInCommonContactRegisterInformation, "full access only"),
        ] {
            assert_eq!(seen_by(event, Language::English).1, expected, "{event:?}");
        }
    }
}
