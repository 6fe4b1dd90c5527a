//! The record that a number begins with: decided by the seed and the number, none of them stored.
//!
//! Shares are of a thousand and follow what is published of the real register roughly; what a test
//! of some thousand persons would hardly see is raised.

use std::fmt::Write as _;

use super::contact::{Channel, Contact, Form, Mailbox, Status, date_that_ends_from};
use crate::calendar::Moment;
use crate::dice::Dice;

const DAY_S: i64 = 86_400;
/// A channel whose newest date is no older than this is fresh, whatever months lie between.
const FRESH_DAYS: u64 = 530;
/// One whose newest date is older than this is not.
const STALE_DAYS: u64 = 560;
const OLDEST_DAYS: u64 = 3_000;
/// Mail addresses by their first part; nobody has these domains (RFC 2606).
const LOCAL_PARTS: [&str; 8] =
    ["kari", "Ola.Nordmann", "bjørn.ås", "siri_marie", "o'neil+krr", "nils.ante", "æsa", "post"];
const DOMAINS: [&str; 3] = ["example.no", "example.com", "mail.example.org"];
const LANGUAGES: [&str; 8] = ["nb", "nb", "nb", "nb", "nn", "nn", "en", "se"];

/// What decides a record besides the seed.
#[derive(Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) number: &'a str,
    /// Age in years at the start.
    pub(crate) age: i32,
    pub(crate) dead: bool,
    /// Whether it is the number that its holder uses.
    pub(crate) in_use: bool,
}

/// Which channels are fresh.
#[derive(Clone, Copy, PartialEq)]
enum Freshness {
    Both,
    Mail,
    Phone,
    Neither,
    /// Notices are allowed now and forbidden within days, some within hours.
    Soon,
}

/// Cumulated, of a thousand.
const FRESHNESS: [(u64, Freshness); 5] = [
    (790, Freshness::Both),
    (845, Freshness::Mail),
    (900, Freshness::Phone),
    (980, Freshness::Neither),
    (1000, Freshness::Soon),
];

/// What dice take for a number.
pub(super) fn key(number: &str) -> u64 {
    number.bytes().fold(0, |sum, byte| sum * 10 + u64::from(byte & 15))
}

/// The record of a number when the register starts.
pub(crate) fn contact(seed: u64, holder: Holder<'_>, start: Moment) -> Contact {
    let mut dice = Dice::new(&[seed, 0xC0AC7, key(holder.number)]);
    // Active, and with those taken out.
    let (active, deleted) = match holder {
        Holder { age: ..15, .. } => (0, 0),
        Holder { dead: true, .. } => (120, 900),
        Holder { in_use: false, .. } => (250, 850),
        Holder { age: 15..18, .. } => (550, 560),
        _ => (850, 875),
    };
    let roll = dice.below(1000);
    if roll < active {
        let living = holder.in_use && !holder.dead;
        return registered(&mut dice, holder.number, start, living);
    }
    let mut contact = Contact::not_registered(holder.number);
    contact.form = any_form(&mut dice);
    if roll < deleted {
        contact.status = Status::Deleted;
        contact.answered = dice.chance(100).then(|| before(&mut dice, start, OLDEST_DAYS));
    }
    contact
}

/// A registered number; one whose holder is gone has dates that nobody has looked after.
fn registered(dice: &mut Dice, number: &str, start: Moment, living: bool) -> Contact {
    let mut contact = bare(dice, number);
    let roll = dice.below(1000);
    let drawn = FRESHNESS.iter().find(|row| roll < row.0).map_or(Freshness::Both, |row| row.1);
    let freshness = if living { drawn } else { Freshness::Neither };
    let has = match (freshness, dice.below(1000)) {
        (Freshness::Both | Freshness::Neither, 0..70) => (true, false),
        (Freshness::Both | Freshness::Neither, 70..150) => (false, true),
        _ => (true, true),
    };
    let (mail_fresh, phone_fresh) = match freshness {
        Freshness::Both => (true, true),
        Freshness::Mail | Freshness::Soon => (true, false),
        Freshness::Phone => (false, true),
        Freshness::Neither => (false, false),
    };
    contact.mail = has.0.then(|| channel(dice, mail_address, start, mail_fresh));
    contact.phone = has.1.then(|| channel(dice, phone_number, start, phone_fresh));
    if freshness == Freshness::Soon {
        expire_soon(dice, &mut contact, start);
    }
    contact.mailbox = mailbox(dice, start);
    if dice.chance(550) {
        contact.language = Some((dice.pick(&LANGUAGES), before(dice, start, OLDEST_DAYS)));
    }
    reserve_some(dice, &mut contact, start);
    contact
}

/// A number that is registered at this moment.
pub(crate) fn fresh(dice: &mut Dice, number: &str, now: Moment) -> Contact {
    let mut contact = bare(dice, number);
    contact.mail = Some(Channel::new(mail_address(dice), now));
    contact.phone = dice.chance(850).then(|| Channel::new(phone_number(dice), now));
    contact.language = Some((dice.pick(&LANGUAGES), now));
    contact
}

fn bare(dice: &mut Dice, number: &str) -> Contact {
    let (form, extras) = (any_form(dice), dice.chance(80));
    Contact { status: Status::Active, form, extras, ..Contact::not_registered(number) }
}

fn any_form(dice: &mut Dice) -> Form {
    dice.pick(&[Form::HourOnly, Form::HourOnly, Form::Utc, Form::Utc, Form::Full])
}

/// Some moment of the days before.
fn before(dice: &mut Dice, start: Moment, days: u64) -> Moment {
    between(dice, start, 0, days)
}

/// Some moment between so many days ago and so many.
fn between(dice: &mut Dice, start: Moment, least: u64, most: u64) -> Moment {
    let ago = least as i64 * DAY_S + dice.below((most - least) * DAY_S as u64) as i64;
    let nanos = dice.below(1000) as u32 * 1_000_000;
    Moment { nanos, ..start.plus(-60 - ago) }
}

/// A way of reaching somebody. Either of the two dates makes it fresh, so that both orders occur:
/// confirmed long after it was changed, and changed without ever being confirmed.
fn channel(dice: &mut Dice, address: Address, start: Moment, fresh: bool) -> Channel {
    let newest = match (fresh, dice.chance(800)) {
        (true, true) => before(dice, start, 95),
        (true, false) => between(dice, start, 95, FRESH_DAYS),
        (false, _) => between(dice, start, STALE_DAYS, OLDEST_DAYS - 400),
    };
    let older = newest.plus(-(dice.below(400 * DAY_S as u64) as i64));
    let (updated, verified) = match dice.below(10) {
        0..5 => (older, Some(newest)),
        5..7 => (newest, Some(newest)),
        7 => (newest, Some(older)),
        _ => (newest, None),
    };
    let validated = dice.chance(300).then(|| updated.plus(180));
    let (address, shared) = (address(dice), dice.chance(60));
    Channel { address, updated: Some(updated), verified, validated, shared }
}

/// Moves the fresh one's dates so that it ends soon; where no date ends on that day, some days on.
fn expire_soon(dice: &mut Dice, contact: &mut Contact, start: Moment) {
    let hours = dice.pick(&[1, 6, 72]);
    let ahead = 600 + dice.below(hours * 3_600) as i64;
    let end = Moment { nanos: 0, ..start.plus(ahead) };
    let Some(date) = date_that_ends_from(end) else { return };
    for channel in contact.mail.iter_mut() {
        channel.date(date, dice.chance(700).then_some(date));
    }
    for channel in contact.phone.iter_mut() {
        let older = date.plus(-DAY_S * (40 + dice.below(900) as i64));
        channel.date(older, Some(older));
    }
}

/// Some refuse, a few of them without ever having given an address; some did once.
fn reserve_some(dice: &mut Dice, contact: &mut Contact, start: Moment) {
    match dice.below(1000) {
        roll @ 0..40 => {
            contact.reserved = Some(before(dice, start, OLDEST_DAYS));
            contact.answered = contact.reserved;
            if roll < 10 {
                (contact.mail, contact.phone) = (None, None);
            }
        }
        40..110 => contact.answered = Some(before(dice, start, OLDEST_DAYS)),
        _ => {}
    }
}

fn mailbox(dice: &mut Dice, start: Moment) -> Option<Mailbox> {
    let supplier = dice.below(2) as usize;
    match dice.below(1000) {
        0..300 => {
            let address = format!("{}#{:04X}", dice.pick(&["kari.n", "ola.n", "aase"]), code(dice));
            // The supplier's, the same for everybody who has it.
            let certificate = "MIIB".to_owned() + &["QUFB", "QkJC"][supplier].repeat(60) + "==";
            let ends = Moment { nanos: 0, ..start.plus((300 + supplier as i64) * DAY_S) };
            let certificate_ends = Some(ends);
            Some(Mailbox { address, supplier, certificate, certificate_ends })
        }
        300..450 => Some(Mailbox {
            address: String::new(),
            supplier,
            certificate: String::new(),
            certificate_ends: None,
        }),
        _ => None,
    }
}

fn code(dice: &mut Dice) -> u64 {
    dice.below(0x1_0000)
}

type Address = fn(&mut Dice) -> String;

/// A mail address in a domain that nobody can have; one in a hundred is longer than the fifty
/// characters that an old description allows.
pub(crate) fn mail_address(dice: &mut Dice) -> String {
    let mut address = String::from(dice.pick(&LOCAL_PARTS));
    if dice.chance(10) {
        address.push_str(&".mellomnavn".repeat(4));
    }
    let _ = write!(address, ".{}@{}", dice.below(10_000_000), dice.pick(&DOMAINS));
    address
}

/// A number that rings nowhere, in both forms: no Norwegian subscriber's begins with 1, and the
/// British regulator keeps 07700 900 free for films.
pub(crate) fn phone_number(dice: &mut Dice) -> String {
    match dice.below(20) {
        0 => format!("+447700900{:03}", dice.below(1000)),
        1..8 => format!("10{:06}", dice.below(1_000_000)),
        _ => format!("+4710{:06}", dice.below(1_000_000)),
    }
}
