//! The register of a population of some size: shares, forms, and what changes lead to.
//!
//! What it writes is read by the reader that reads the real one.

mod feed;
mod follow;

use std::collections::BTreeMap;
use std::sync::Arc;

use sources::krr::lookup;
use sources::krr::record::Record;

use super::*;
use crate::calendar::{Day, Moment};
use crate::change::{Done, Kind, Maker, PlanError};
use crate::population::Population;
use crate::world::World;

const DAY_S: i64 = 86_400;

fn start() -> Moment {
    Moment::at(Day::of(2026, 3, 4), 36_000, 0)
}

struct Setting {
    world: Arc<World>,
    krr: Arc<Krr>,
    maker: Maker,
}

impl Setting {
    fn of(persons: u64) -> Setting {
        Setting::with_seed(persons, 11)
    }

    fn with_seed(persons: u64, seed: u64) -> Setting {
        let world = Arc::new(World::new(Population::new(seed, persons)));
        let krr = Arc::new(Krr::new(world.clone(), start()));
        Setting { maker: Maker::new(world.clone(), krr.clone()), krr, world }
    }

    fn change_at(&self, kind: &str, asked: Option<&str>, now: Moment) -> Result<Done, PlanError> {
        self.maker.make(Kind::from_name(kind).expect("a kind"), asked, now)
    }

    fn change(&self, kind: &str, asked: Option<&str>) -> Done {
        self.change_at(kind, asked, start()).expect("somebody fits")
    }

    /// Everybody's number with the first record and whether the holder is alive.
    fn everybody(&self) -> impl Iterator<Item = (i32, bool, Arc<Contact>)> {
        let population = &self.world.population;
        (0..population.persons()).map(|index| {
            let person = population.person(index);
            let number = person.number();
            let born = crate::population::Lane::of(number).expect("a number from here").0.born;
            let living = person.doedsfall.is_none() && person.uses(number);
            (start().day().years_since(born), living, self.krr.record(number))
        })
    }
}

fn text(contact: &Contact, now: Moment) -> String {
    Value::Object(write(contact, Shown::ALL, now)).to_string()
}

/// What the real reader makes of a record.
fn mapped(contact: &Contact, now: Moment) -> sources::krr::record::Mapped {
    let stamp = jiff::Timestamp::from_second(now.unix).expect("in range");
    let record = Record::read(text(contact, now).as_bytes()).expect("readable");
    record.into_information(stamp.into())
}

/// Percent with one decimal, times ten.
fn per_mille(part: usize, whole: usize) -> usize {
    part * 1000 / whole.max(1)
}

#[test]
fn the_shares_are_those_of_the_country() {
    let setting = Setting::of(20_000);
    let everybody: Vec<_> = setting.everybody().collect();
    let select = |ages: std::ops::Range<i32>, living: bool| -> Vec<&Contact> {
        let fits = everybody.iter().filter(|one| ages.contains(&one.0) && one.1 == living);
        fits.map(|one| &*one.2).collect()
    };
    let share = |of: &[&Contact], fits: &dyn Fn(&Contact) -> bool| {
        per_mille(of.iter().filter(|contact| fits(contact)).count(), of.len())
    };
    let adults = select(18..130, true);
    assert!(adults.len() > 8_000);
    assert!((835..865).contains(&share(&adults, &Contact::is_active)));
    assert!((15..35).contains(&share(&adults, &|contact| contact.status == Status::Deleted)));
    let youths = select(15..18, true);
    assert!((450..650).contains(&share(&youths, &Contact::is_active)), "{}", youths.len());
    let children = select(0..15, true);
    assert_eq!(share(&children, &|contact| contact.status == Status::NotRegistered), 1000);
    let gone = select(15..130, false);
    assert!((80..300).contains(&share(&gone, &Contact::is_active)));
    assert!((550..850).contains(&share(&gone, &|contact| contact.status == Status::Deleted)));

    let active: Vec<&Contact> = adults.into_iter().filter(|one| one.is_active()).collect();
    let reserved = share(&active, &|contact| contact.reserved.is_some());
    assert!((30..50).contains(&reserved), "{reserved}");
    let open = share(&active, &|contact| contact.can_be_notified(start()));
    assert!((840..900).contains(&open), "{open}");
    let soon = |contact: &Contact| {
        contact.can_be_notified(start()) && !contact.can_be_notified(start().plus(4 * DAY_S))
    };
    assert!((8..35).contains(&share(&active, &soon)), "{}", share(&active, &soon));
    let within_an_hour =
        |contact: &Contact| soon(contact) && !contact.can_be_notified(start().plus(4_200));
    assert!(share(&active, &within_an_hour) > 2);
    let one_sided = |contact: &Contact| {
        let fresh = |channel: &Channel| channel.stale_from() > Some(start());
        let fresh: Vec<bool> = contact.channels().map(fresh).collect();
        fresh == [true, false] || fresh == [false, true]
    };
    assert!((80..170).contains(&share(&active, &one_sided)));
}

#[test]
fn records_follow_from_seed_number_and_start() {
    let texts = |setting: &Setting| -> Vec<String> {
        setting.everybody().map(|one| text(&one.2, start())).collect()
    };
    let first = texts(&Setting::of(1_500));
    assert_eq!(first, texts(&Setting::of(1_500)));
    // A larger population has the same persons, but for the last family.
    assert_eq!(first[..1_400], texts(&Setting::of(3_000))[..1_400]);
    assert_ne!(first, texts(&Setting::with_seed(1_500, 12)));
}

#[test]
fn the_real_reader_understands_every_record_and_agrees_on_who_may_be_notified() {
    let setting = Setting::of(6_000);
    for (_, _, contact) in setting.everybody() {
        for now in [start(), start().plus(3 * DAY_S)] {
            let read = mapped(&contact, now);
            assert!(read.unknown.is_empty(), "{:?}", read.unknown);
            let served = serde_json::to_value(&read.information).expect("serialises");
            let may = served["notificationStatus"] == "CanBeNotified";
            let said = text(&contact, now).contains("\"KAN_VARSLES\"");
            assert_eq!((may, said), (contact.can_be_notified(now), may));
        }
    }
}

#[test]
fn every_looseness_of_the_real_register_occurs() {
    const SEEN: &[&str] = &[
        "+02\"",
        "+01\"",
        "Z\"",
        "+01:00\"",
        "+02:00\"",
        r#""postkasseadresse":"""#,
        r#""sertifikat":"""#,
        r#""sertifikat":"MIIB"#,
        "sertifikat_utloeper",
        r#""epostadresse_duplisert":"JA""#,
        r#""mobiltelefonnummer_duplisert":"JA""#,
        "epostadresse_sist_validert",
        "mobiltelefonnummer_sist_validert",
        r#""mobiltelefonnummer":"+4710"#,
        r#""mobiltelefonnummer":"10"#,
        r#""mobiltelefonnummer":"+4477009"#,
        "984661185",
        "922020175",
        "mobiltelefonnummer_valideringstoken",
        r#""oppdatert""#,
        r#""kilde""#,
        r#""spraak":"nb""#,
        r#""spraak":"nn""#,
        r#""spraak":"en""#,
        r#""spraak":"se""#,
        "spraak_oppdatert",
        r#""reservasjon":"JA""#,
        "reservasjonstidspunkt",
        "bjørn.ås",
        "æsa",
        r#""status":"SLETTET""#,
        r#""status":"IKKE_REGISTRERT""#,
    ];
    let setting = Setting::of(6_000);
    let mut missing: Vec<&str> = SEEN.to_vec();
    let (mut long, mut bare, mut d_numbers) = (0, 0, 0);
    for (_, _, contact) in setting.everybody() {
        let text = text(&contact, start());
        missing.retain(|seen| !text.contains(seen));
        long += usize::from(contact.mail.is_some_and_longer_than(50));
        let active = contact.is_active();
        bare += usize::from(active && contact.channels().next().is_none());
        d_numbers += usize::from(active && contact.number.as_bytes()[0] >= b'4');
        assert!(active || !text.contains("kontaktinformasjon"), "nothing but who is registered");
    }
    assert!(missing.is_empty(), "{missing:?}");
    assert!(long > 5 && bare > 10 && d_numbers > 100, "{long} {bare} {d_numbers}");
}

trait Longer {
    fn is_some_and_longer_than(&self, length: usize) -> bool;
}

impl Longer for Option<Channel> {
    fn is_some_and_longer_than(&self, length: usize) -> bool {
        self.as_ref().is_some_and(|channel| channel.address.chars().count() > length)
    }
}

#[test]
fn an_old_number_has_been_taken_out_or_left_behind() {
    let setting = Setting::of(6_000);
    let population = &setting.world.population;
    let mut old: BTreeMap<&str, usize> = BTreeMap::new();
    for index in 0..population.persons() {
        let person = population.person(index);
        for item in person.identifikasjonsnummer.iter().filter(|item| item.status == "opphoert") {
            let number = &item.foedsels_eller_d_nummer;
            let record = setting.krr.record(number);
            assert!(!record.can_be_notified(start()), "nobody looks after it");
            *old.entry(match record.status {
                Status::Active => "active",
                Status::Deleted => "deleted",
                Status::NotRegistered => "none",
            })
            .or_default() += 1;
        }
    }
    assert!(old["deleted"] > old["active"] && old["active"] > 5, "{old:?}");
}

#[test]
fn scopes_open_their_fields() {
    let setting = Setting::of(600);
    let full = setting
        .everybody()
        .find(|one| one.2.mailbox.is_some() && one.2.mail.is_some() && one.2.language.is_some());
    let contact = full.expect("somebody has everything").2;
    let fields =
        |contact_open, mailbox| write(&contact, Shown { contact: contact_open, mailbox }, start());
    let (addresses, boxes) = (fields(true, false), fields(false, true));
    for name in ["varslingsstatus", "kontaktinformasjon", "spraak"] {
        assert!(addresses.contains_key(name) && !boxes.contains_key(name), "{name}");
    }
    for name in ["digital_post", "sertifikat"] {
        assert!(boxes.contains_key(name) && !addresses.contains_key(name), "{name}");
    }
    assert!(addresses.contains_key("reservasjon") && boxes.contains_key("reservasjon"));
}

#[test]
fn every_kind_of_change_does_what_it_says() {
    let setting = Setting::of(1_500);
    let before = |number: &str| {
        let population = &setting.world.population;
        let index = population.index_of(number).expect("of the population");
        let fresh = Krr::new(setting.world.clone(), start());
        assert_eq!(population.number(index), number);
        fresh.record(number)
    };
    let after = |kind: &str| {
        let done = setting.change(kind, None);
        assert_eq!(done.numbers, std::slice::from_ref(&done.number));
        let now = setting.krr.record(&done.number);
        assert_eq!(done.contacts.last(), Some(&setting.krr.last_id()));
        (done.number, now)
    };
    let (number, confirmed) = after("contact-confirmed");
    let old = before(&number);
    assert!(confirmed.channels().zip(old.channels()).all(|(new, old)| {
        (&new.address, new.updated) == (&old.address, old.updated) && new.verified == Some(start())
    }));
    let (number, moved) = after("contact-new-address");
    let newest = |contact: &Contact| contact.channels().filter_map(|one| one.updated).max();
    assert!(moved.is_active() && newest(&moved) == Some(start()));
    assert!(before(&number).is_active());
    let (number, reserved) = after("contact-reserved");
    assert_eq!((reserved.reserved, before(&number).reserved), (Some(start()), None));
    let (_, open) = after("contact-unreserved");
    assert_eq!((open.reserved, open.answered), (None, Some(start())));
    let (number, deleted) = after("contact-deleted");
    assert!(deleted.status == Status::Deleted && before(&number).is_active());
    let (number, registered) = after("contact-registered");
    assert!(registered.can_be_notified(start()) && !before(&number).is_active());
    let (number, unknown) = after("contact-of-unknown");
    assert!(unknown.is_active() && setting.world.find(&number).is_none());
}

#[test]
fn what_expires_does_so_at_the_second_that_was_asked_for() {
    let setting = Setting::of(1_500);
    for (asked, seconds) in [(None, 5), (Some(90), 90)] {
        let kind = Kind::from_name("contact-expires").expect("a kind");
        let done = setting.maker.make_ahead(kind, None, asked, start()).expect("somebody fits");
        let contact = setting.krr.record(&done.number);
        assert_eq!(contact.expires(), Some(start().plus(seconds)));
        let before = mapped(&contact, start().plus(seconds - 1)).information.notification_status;
        let after = mapped(&contact, start().plus(seconds)).information.notification_status;
        assert_ne!(before, after, "the reader of the real register agrees");
    }
    // On a day that nothing ends on it is the same hour of the next that something does.
    let odd = Moment::at(Day::of(2026, 8, 29), 36_000, 0);
    let done = setting.change_at("contact-expires", None, odd).expect("somebody fits");
    let next = Moment::at(Day::of(2026, 9, 1), 36_005, 0);
    assert_eq!(setting.krr.record(&done.number).expires(), Some(next));
}

#[test]
fn a_change_asked_for_somebody_needs_a_number_that_exists_and_fits() {
    let setting = Setting::of(600);
    let ask = |kind: &str, number: &str| setting.change_at(kind, Some(number), start()).map(drop);
    assert_eq!(ask("contact-deleted", "15908299902"), Err(PlanError::UnknownNumber));
    let unknown = setting.change("contact-of-unknown", None).number;
    assert_eq!(ask("contact-reserved", &unknown), Ok(()), "known here though not in FREG");
    assert!(matches!(ask("contact-reserved", &unknown), Err(PlanError::Unsuitable(_))));
    assert_eq!(ask("contact-unreserved", &unknown), Ok(()));
    assert_eq!(ask("contact-deleted", &unknown), Ok(()));
    assert!(matches!(ask("contact-confirmed", &unknown), Err(PlanError::Unsuitable(_))));
    assert_eq!(ask("contact-registered", &unknown), Ok(()));
    assert!(matches!(ask("contact-of-unknown", &unknown), Err(PlanError::Unsuitable(_))));
}

#[test]
fn a_look_up_of_a_thousand_is_read_whole() {
    let setting = Setting::of(1_000);
    let persons: Vec<_> =
        setting.everybody().map(|one| write(&one.2, Shown::ALL, start())).collect();
    let body = json!({ "personer": persons }).to_string();
    let read = lookup::read(body.as_bytes()).expect("readable");
    assert_eq!((read.listed.len(), read.repeated.len(), read.unreadable.len()), (1_000, 0, 0));
}
