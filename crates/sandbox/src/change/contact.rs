//! Changes in KRR: what somebody says about how they can be reached.

use crate::calendar::Moment;
use crate::change::scene::{PlanError, Scene};
use crate::change::{Outcome, Planned, need};
use crate::krr::{Channel, Contact, Status, contact, derive};
use crate::population::Sex;

/// The kind that takes a number of seconds.
pub(crate) const EXPIRES: &str = "contact-expires";
/// In how many seconds when none are asked for.
const EXPIRES_IN_S: u32 = 5;
/// The youngest who may register.
const AGE_MIN: i32 = 15;

/// Whose record a change can happen to, in words and as a test.
#[derive(Clone, Copy)]
struct Wanted {
    text: &'static str,
    met: fn(&Contact) -> bool,
}

const ACTIVE: Wanted = Wanted { text: "somebody registered in KRR", met: Contact::is_active };
const REACHABLE: Wanted = Wanted {
    text: "somebody registered in KRR with an address",
    met: |contact| contact.is_active() && contact.channels().next().is_some(),
};
const OPEN: Wanted = Wanted {
    text: "somebody registered in KRR who has not refused",
    met: |contact| contact.is_active() && contact.reserved.is_none(),
};
const RESERVED: Wanted = Wanted {
    text: "somebody registered in KRR who has refused",
    met: |contact| contact.is_active() && contact.reserved.is_some(),
};
const ABSENT: Wanted = Wanted {
    text: "somebody of fifteen or more who is not registered in KRR",
    met: |contact| !contact.is_active(),
};

/// The record of the number asked for, or of anyone living who is old enough and uses the number.
fn pick(scene: &mut Scene<'_>, wanted: Wanted) -> Result<Contact, PlanError> {
    let krr = scene.krr;
    if let Some(number) = scene.asked {
        if !krr.knows(number) && scene.world.find(number).is_none() {
            return Err(PlanError::UnknownNumber);
        }
        let contact = krr.record(number);
        let fits = (wanted.met)(&contact);
        return if fits {
            Ok(Contact::clone(&contact))
        } else {
            Err(PlanError::Unsuitable(wanted.text))
        };
    }
    let subject = scene.anyone(wanted.text, |_, subject| {
        let person = &subject.person;
        let may = person.doedsfall.is_none() && need::age_in_years(person) >= AGE_MIN;
        may && person.uses(person.number()) && (wanted.met)(&krr.record(person.number()))
    })?;
    Ok(Contact::clone(&krr.record(subject.person.number())))
}

fn outcome(contacts: Vec<Contact>) -> Outcome {
    let about = contacts.last().map(|contact| contact.number.clone());
    Outcome { contacts, about, ..Outcome::default() }
}

/// Picks a record and changes it.
fn change(
    scene: &mut Scene<'_>,
    wanted: Wanted,
    edit: impl FnOnce(&mut Contact, &mut Scene<'_>),
) -> Planned {
    let mut contact = pick(scene, wanted)?;
    edit(&mut contact, scene);
    Ok(outcome(vec![contact]))
}

pub(super) fn confirm(scene: &mut Scene<'_>) -> Planned {
    change(scene, REACHABLE, |contact, scene| confirm_at(contact, scene.now))
}

fn confirm_at(contact: &mut Contact, now: Moment) {
    for channel in contact.channels_mut() {
        channel.verified = Some(now);
    }
}

pub(super) fn new_address(scene: &mut Scene<'_>) -> Planned {
    change(scene, ACTIVE, move_address)
}

/// Another address, another number, or both.
fn move_address(contact: &mut Contact, scene: &mut Scene<'_>) {
    let roll = scene.dice.below(3);
    if roll < 2 {
        contact.mail = Some(Channel::new(derive::mail_address(scene.dice), scene.now));
    }
    if roll > 0 {
        contact.phone = Some(Channel::new(derive::phone_number(scene.dice), scene.now));
    }
}

/// As when KRR corrects its data: another address, and the feed does not tell.
pub(super) fn silent(scene: &mut Scene<'_>) -> Planned {
    let mut contact = pick(scene, ACTIVE)?;
    move_address(&mut contact, scene);
    let about = Some(contact.number.clone());
    Ok(Outcome { silent_contacts: vec![contact], about, ..Outcome::default() })
}

pub(super) fn register(scene: &mut Scene<'_>) -> Planned {
    change(scene, ABSENT, |contact, scene| {
        *contact = derive::fresh(scene.dice, &contact.number, scene.now);
    })
}

pub(super) fn delete(scene: &mut Scene<'_>) -> Planned {
    change(scene, ACTIVE, |contact, _| contact.delete())
}

pub(super) fn reserve(scene: &mut Scene<'_>) -> Planned {
    change(scene, OPEN, |contact, scene| {
        contact.reserved = Some(scene.now);
        contact.answered = Some(scene.now);
    })
}

pub(super) fn unreserve(scene: &mut Scene<'_>) -> Planned {
    change(scene, RESERVED, |contact, scene| {
        contact.reserved = None;
        contact.answered = Some(scene.now);
    })
}

/// Both channels' dates are moved so that the later end is the one asked for. On the few days of a
/// year that nothing ends on, it is the same hour of the next day that something does.
pub(super) fn expire(scene: &mut Scene<'_>) -> Planned {
    let seconds = scene.seconds.unwrap_or(EXPIRES_IN_S);
    let end = Moment { nanos: 0, ..scene.now.plus(i64::from(seconds)) };
    let date = contact::date_that_ends_from(end);
    let date = date.ok_or(PlanError::NobodyFits("a time that can be reckoned with"))?;
    change(scene, OPEN, |contact, scene| {
        let address = derive::mail_address(scene.dice);
        contact.mail.get_or_insert_with(|| Channel::new(address, date));
        for channel in contact.channels_mut() {
            channel.date(date.plus(-86_400), Some(date));
        }
    })
}

/// Somebody with a number that FREG never gives anyone.
pub(super) fn register_unknown(scene: &mut Scene<'_>) -> Planned {
    const WHO: &str = "a number that FREG does not have";
    if scene.asked.is_some() {
        return Err(PlanError::Unsuitable(WHO));
    }
    let number = (0..20).find_map(|_| {
        let born = scene.now.day().plus_years(-20).plus(-scene.dice.between(0, 20_000));
        let sex = scene.dice.pick(&[Sex::Female, Sex::Male]);
        let number = scene.world.free_number(born, sex, scene.dice)?;
        (!scene.krr.knows(&number)).then_some(number)
    });
    let number = number.ok_or(PlanError::NobodyFits(WHO))?;
    Ok(outcome(vec![derive::fresh(scene.dice, &number, scene.now)]))
}

/// A change and a newer one of the same person. Now and then the newer one takes the person out,
/// which no date shows.
pub(super) fn repeat(scene: &mut Scene<'_>) -> Planned {
    let mut first = pick(scene, REACHABLE)?;
    confirm_at(&mut first, scene.now.plus(-60));
    let mut second = first.clone();
    if scene.dice.chance(250) {
        second.delete();
    } else {
        move_address(&mut second, scene);
    }
    debug_assert!(second.status != Status::NotRegistered);
    Ok(outcome(vec![first, second]))
}
