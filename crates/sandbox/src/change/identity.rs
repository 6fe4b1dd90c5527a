//! Numbers that change, persons that turn out to be one or two, and data that were wrong.

use crate::calendar::Moment;
use crate::change::edit::{meta, replace, retire, status};
use crate::change::{Announcement, Outcome, Subject, home};
use crate::freg::wire::{Element, Folkeregisterperson, Identifikasjonsnummer, Innflytting};
use crate::population::Home;

/// From D-number to national number in two steps: the old number ceases, then its holder settles
/// under the new one. Between the two events the person has no number in use.
pub(super) fn give_national_number(
    mut subject: Subject,
    number: String,
    to: &Home,
    now: Moment,
) -> Outcome {
    let person = &mut subject.person;
    let old = person.number().to_owned();
    cease(&mut person.identifikasjonsnummer);
    let half_way = person.clone();
    let later = now.plus(2);
    replace(
        &mut person.identifikasjonsnummer,
        Identifikasjonsnummer {
            meta: meta(later, now.day(), "Innvandring"),
            status: "iBruk".into(),
            foedsels_eller_d_nummer: number.into(),
            identifikatortype: "foedselsnummer".into(),
        },
    );
    replace(&mut person.status, status(later, "bosatt", "Innvandring"));
    let country = person.foedsel.first().and_then(|birth| birth.foedeland.clone());
    person.innflytting.push(Innflytting {
        meta: meta(later, now.day(), "Innvandring"),
        fraflyttingsland: country,
        fraflyttingssted_i_utlandet: None,
    });
    home::settle(person, to, later, "Innvandring");
    let mut outcome = Outcome::default();
    let kind = "endringIIdentifikasjonsnummer";
    outcome.documents.push((subject.entity, half_way));
    outcome.announcements.push(Announcement { number: old, kind, document: Some(0), at: now });
    outcome.tell(subject, &["personErBosatt"], later);
    outcome
}

fn cease(numbers: &mut [Identifikasjonsnummer]) {
    retire(numbers);
    for item in numbers {
        item.status = "opphoert".into();
    }
}

/// Two turn out to be one. The survivor lists both numbers; the other's event comes right after,
/// at the same time, and has no document.
pub(super) fn merge(mut survivor: Subject, other: &Subject, now: Moment) -> Outcome {
    let mut taken = other.person.identifikasjonsnummer.clone();
    cease(&mut taken);
    let numbers = taken.iter().map(|item| item.foedsels_eller_d_nummer.to_string()).collect();
    survivor.person.identifikasjonsnummer.extend(taken);
    let mut outcome =
        Outcome { merged: Some((other.entity, survivor.entity, numbers)), ..Outcome::default() };
    outcome.tell(survivor, &["personErViderefoertSomGjeldendeVedSammenslaaing"], now);
    outcome.announcements.push(Announcement {
        number: other.person.number().to_owned(),
        kind: "personErOpphoertSomDublett",
        document: None,
        at: now,
    });
    outcome
}

/// The merge was wrong: the kept person loses the other's numbers, and the other is back as it was.
pub(super) fn split(mut kept: Subject, mut restored: Subject, now: Moment) -> Outcome {
    let numbers: Vec<String> = restored
        .person
        .identifikasjonsnummer
        .iter()
        .map(|item| item.foedsels_eller_d_nummer.to_string())
        .collect();
    kept.person
        .identifikasjonsnummer
        .retain(|item| !numbers.iter().any(|number| item.foedsels_eller_d_nummer == **number));
    for item in &mut restored.person.identifikasjonsnummer {
        if item.meta().er_gjeldende {
            item.meta = meta(now, now.day(), "Splitting");
        }
    }
    let mut outcome = Outcome { split: Some((restored.entity, numbers)), ..Outcome::default() };
    outcome.tell(kept, &["personErEndretVedSplitting"], now);
    outcome.tell(restored, &["personErGjenopprettetVedSplitting"], now);
    outcome
}

/// Removes what was never true, without a trace: the newest historic address, name or marital
/// status.
pub(super) fn erase(mut subject: Subject, now: Moment) -> Outcome {
    let kind = erase_one(&mut subject.person);
    let mut outcome = Outcome::default();
    outcome.tell(subject, kind.as_slice(), now);
    outcome
}

/// The event of what was erased, or nothing if there is nothing to erase.
pub(super) fn erase_one(person: &mut Folkeregisterperson) -> Option<&'static str> {
    if erase_historic(&mut person.bostedsadresse) {
        Some("endringIBostedsadresse")
    } else if erase_historic(&mut person.navn) {
        Some("endringINavn")
    } else if erase_historic(&mut person.sivilstand) {
        Some("endringISivilstand")
    } else {
        None
    }
}

fn erase_historic<T: Element>(items: &mut Vec<T>) -> bool {
    let found = items.iter().position(|item| !item.meta().er_gjeldende);
    if let Some(position) = found {
        items.remove(position);
    }
    found.is_some()
}
