//! Numbers that change, persons that turn out to be one or two, and data that were wrong.

use crate::calendar::Day;
use crate::change::edit::{Hand, meta, replace, retire, status};
use crate::change::need;
use crate::change::scene::{PlanError, Scene};
use crate::change::{Outcome, Planned, Subject, home, life, value};
use crate::freg::wire::{
    Element, Folkeregisterperson, Identifikasjonsnummer, Innflytting, current,
};
use crate::population::{Home, Lane, Sex};

const MERGED: [&str; 2] =
    ["personErViderefoertSomGjeldendeVedSammenslaaing", "personErOpphoertSomDublett"];
const NUMBER: &str = "endringIIdentifikasjonsnummer";

/// From D-number to national number in two steps: the old number ceases, then its holder settles
/// under the new one. Between the two events the person has no number in use.
pub(super) fn give_national_number(scene: &mut Scene<'_>) -> Planned {
    let mut subject = scene.pick(need::D_NUMBER)?;
    let old = subject.person.number().to_owned();
    cease(&mut subject.person.identifikasjonsnummer);
    let mut outcome = Outcome::default();
    outcome.tell_of(&old, subject.clone(), &[NUMBER], scene.now);
    let mut hand = Hand { now: scene.now.plus(2), dice: scene.dice };
    settle(&mut subject.person, &mut hand);
    outcome.about = Some(subject.person.number().to_owned());
    let later = hand.now;
    outcome.tell(subject, &["personErBosatt"], later);
    Ok(outcome)
}

/// The first of the two steps alone.
pub(super) fn cease_d_number(person: &mut Folkeregisterperson, _: &mut Hand<'_>) {
    cease(&mut person.identifikasjonsnummer);
}

/// The second of the two steps alone: under the new number the person becomes a resident.
pub(super) fn settle(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let Some(number) = need::number_due(person) else { return };
    let to = Home::new(hand.dice);
    replace(
        &mut person.identifikasjonsnummer,
        Identifikasjonsnummer {
            meta: hand.meta("Innvandring"),
            status: "iBruk".into(),
            foedsels_eller_d_nummer: number.into(),
            identifikatortype: "foedselsnummer".into(),
        },
    );
    replace(&mut person.status, status(hand.now, "bosatt", "Innvandring"));
    let country = person.foedsel.first().and_then(|birth| birth.foedeland.clone());
    person.innflytting.push(Innflytting {
        meta: hand.meta("Innvandring"),
        fraflyttingsland: country,
        fraflyttingssted_i_utlandet: None,
    });
    home::settle(person, &to, hand.now, "Innvandring");
}

fn cease(numbers: &mut [Identifikasjonsnummer]) {
    retire(numbers);
    for item in numbers {
        item.status = "opphoert".into();
    }
}

/// A new number because the day of birth was wrong.
pub(super) fn number_for_birth_date(scene: &mut Scene<'_>) -> Planned {
    let subject = scene.pick(need::NUMBERED_RESIDENT)?;
    let (lane, _) = Lane::of(subject.person.number()).ok_or(NO_NUMBER)?;
    let right = lane.born.plus(-1 - scene.dice.below(28) as i32);
    renumber(scene, subject, right, lane.sex, &["endringIFoedsel", NUMBER], |person, hand| {
        let mut birth = current(&person.foedsel).cloned().unwrap_or_default();
        birth.meta = meta(hand.now, right, "Patch");
        birth.foedselsdato = Some(right.iso().into());
        birth.foedselsaar = right.year().to_string().into();
        person.foedsel = vec![birth];
    })
}

/// A new number because the sex was wrong, or has changed.
pub(super) fn number_for_sex(scene: &mut Scene<'_>) -> Planned {
    let subject = scene.pick(need::NUMBERED_RESIDENT)?;
    let (lane, _) = Lane::of(subject.person.number()).ok_or(NO_NUMBER)?;
    let sex = if need::is_female(&subject.person) { Sex::Male } else { Sex::Female };
    renumber(scene, subject, lane.born, sex, &["endringIKjoenn", NUMBER], |person, hand| {
        let right = value::sex(person, hand);
        replace(&mut person.kjoenn, right);
    })
}

const NO_NUMBER: PlanError = PlanError::Unsuitable("a number that can change");

/// Gives a number for this day and sex. The events are about the new number: the old one has
/// ceased, and leads here too.
fn renumber(
    scene: &mut Scene<'_>,
    mut subject: Subject,
    born: Day,
    sex: Sex,
    kinds: &[&'static str],
    edit: impl Fn(&mut Folkeregisterperson, &mut Hand<'_>),
) -> Planned {
    let number = scene.world.free_number(born, sex, scene.dice);
    let number = number.ok_or(PlanError::NobodyFits("a free number of that day"))?;
    let mut hand = scene.hand();
    edit(&mut subject.person, &mut hand);
    cease(&mut subject.person.identifikasjonsnummer);
    replace(
        &mut subject.person.identifikasjonsnummer,
        Identifikasjonsnummer {
            meta: hand.meta("Patch"),
            status: "iBruk".into(),
            foedsels_eller_d_nummer: number.clone().into(),
            identifikatortype: "foedselsnummer".into(),
        },
    );
    let leads = vec![(number, subject.entity)];
    let mut outcome = Outcome { leads, ..Outcome::default() };
    outcome.tell(subject, kinds, scene.now);
    Ok(outcome)
}

/// Two turn out to be one. The survivor lists both numbers; the other's event comes right after,
/// at the same time, and has no document.
pub(super) fn merge(scene: &mut Scene<'_>) -> Planned {
    merge_in_order(scene, false)
}

/// As [`merge`], with the event of the one who ceases first.
pub(super) fn merge_duplicate_first(scene: &mut Scene<'_>) -> Planned {
    merge_in_order(scene, true)
}

fn merge_in_order(scene: &mut Scene<'_>, duplicate_first: bool) -> Planned {
    let mut survivor = scene.pick(need::RESIDENT)?;
    let other = scene.anyone("a D-number that nobody is related to", |world, other| {
        other.entity != survivor.entity
            && need::national_number(&other.person).is_some()
            && other.person.familierelasjon.is_empty()
            && world.merged_into(other.entity).is_none()
    })?;
    let mut taken = other.person.identifikasjonsnummer.clone();
    cease(&mut taken);
    let leads =
        taken.iter().map(|item| (item.foedsels_eller_d_nummer.to_string(), survivor.entity));
    let leads = leads.collect();
    survivor.person.identifikasjonsnummer.extend(taken);
    let merged = Some((other.entity, survivor.entity));
    let about = Some(survivor.person.number().to_owned());
    let mut outcome = Outcome { merged, leads, about, ..Outcome::default() };
    let dead = other.person.number().to_owned();
    if duplicate_first {
        outcome.tell_bare(dead, MERGED[1], scene.now);
        outcome.tell(survivor, &MERGED[..1], scene.now);
    } else {
        outcome.tell(survivor, &MERGED[..1], scene.now);
        outcome.tell_bare(dead, MERGED[1], scene.now);
    }
    Ok(outcome)
}

/// The merge was wrong: the kept person loses the other's numbers, and the other is back as it was.
pub(super) fn split(scene: &mut Scene<'_>) -> Planned {
    const WHO: &str = "somebody whom another was merged into";
    let asked = scene.asked;
    let version = match asked {
        Some(number) => scene.world.find(number).ok_or(PlanError::UnknownNumber)?,
        None => {
            let survivor = scene.world.any_merged().and_then(|dead| scene.world.survivor(dead));
            let found = survivor.and_then(|entity| scene.world.version(entity));
            found.ok_or(PlanError::NobodyFits(WHO))?
        }
    };
    let dead = scene.world.merged_into(version.entity);
    let dead = dead.and_then(|dead| scene.world.version(dead));
    let dead = dead.ok_or(PlanError::Unsuitable(WHO))?;
    let mut kept = Subject { entity: version.entity, person: version.person.clone() };
    let mut restored = Subject { entity: dead.entity, person: dead.person.clone() };
    let listed = &restored.person.identifikasjonsnummer;
    let numbers: Vec<String> =
        listed.iter().map(|item| item.foedsels_eller_d_nummer.to_string()).collect();
    kept.person
        .identifikasjonsnummer
        .retain(|item| !numbers.iter().any(|number| item.foedsels_eller_d_nummer == **number));
    let now = scene.now;
    for item in &mut restored.person.identifikasjonsnummer {
        if item.meta().er_gjeldende {
            item.meta = meta(now, now.day(), "Splitting");
        }
    }
    let leads = numbers.into_iter().map(|number| (number, restored.entity)).collect();
    let mut outcome = Outcome { restored: Some(restored.entity), leads, ..Outcome::default() };
    outcome.tell(kept, &["personErEndretVedSplitting"], now);
    outcome.tell(restored, &["personErGjenopprettetVedSplitting"], now);
    Ok(outcome)
}

/// Removes what was never true, without a trace: the newest historic address, name or marital
/// status.
pub(super) fn erase(scene: &mut Scene<'_>) -> Planned {
    let mut subject = scene.pick(need::HISTORY)?;
    let kind = erase_one(&mut subject.person);
    let mut outcome = Outcome::default();
    outcome.tell(subject, kind.as_slice(), scene.now);
    Ok(outcome)
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

/// Twelve events for one person at once, each with a document of its own.
pub(super) fn twelve(scene: &mut Scene<'_>) -> Planned {
    type Step = (&'static str, fn(&mut Folkeregisterperson, &mut Hand<'_>));
    const STEPS: [Step; 12] = [
        ("endringINavn", |p, h| replace_with(p, h, |p| &mut p.navn, value::name)),
        ("endringIBostedsadresse", home::move_to_old_number),
        ("endringIBostedsadresseUtenFlytting", home::rename_street),
        ("endringIIdentitetsgrunnlag", |p, h| {
            replace_with(p, h, |p| &mut p.identitetsgrunnlag, value::identity_check);
        }),
        ("endringIStatsborgerskap", |p, h| {
            replace_with(p, h, |p| &mut p.statsborgerskap, value::citizenship);
        }),
        ("endringIOppholdsadresse", |p, h| {
            replace_with(p, h, |p| &mut p.oppholdsadresse, home::present_address);
        }),
        ("endringIKontaktinformasjon", |p, h| {
            replace_with(p, h, |p| &mut p.postadresse, home::postal_address);
        }),
        ("endringIVergemaal", |p, h| {
            replace_with(p, h, |p| &mut p.vergemaal_eller_fremtidsfullmakt, value::guardianship);
        }),
        ("endringILegitimasjonsdokument", |p, h| {
            replace_with(p, h, |p| &mut p.legitimasjonsdokument, value::identity_document);
        }),
        ("endringIBrukAvSamiskSpraak", |p, h| {
            replace_with(p, h, |p| &mut p.bruk_av_samisk_spraak, value::sami_language);
        }),
        ("endringIAdressebeskyttelse", home::protect),
        ("endringIStatus", |p, h| life::become_status(p, h, "forsvunnet", "Patch")),
    ];
    let mut subject = scene.pick(need::TWELVE)?;
    let now = scene.now;
    let mut outcome = Outcome::default();
    for (kind, edit) in STEPS {
        edit(&mut subject.person, &mut scene.hand());
        outcome.tell(subject.clone(), &[kind], now);
    }
    Ok(outcome)
}

fn replace_with<T: Element>(
    person: &mut Folkeregisterperson,
    hand: &mut Hand<'_>,
    items: fn(&mut Folkeregisterperson) -> &mut Vec<T>,
    new: fn(&Folkeregisterperson, &mut Hand<'_>) -> T,
) {
    let new = new(person, hand);
    replace(items(person), new);
}
