//! The feed: pages, ids, order, and those who come twice.

use std::collections::{BTreeSet, HashMap};

use sources::krr::changes;

use super::*;

/// A page as the real reader has it.
fn page(setting: &Setting, from: i64) -> changes::Changes {
    let page = setting.krr.page(from);
    let list: Vec<_> = page.list.iter().map(|one| write(one, Shown::ALL, start())).collect();
    let body = json!({
        "list": list,
        "fraEndringsId": from,
        "tilEndringsId": page.to,
        "sisteEndringsId": page.last,
    });
    changes::read(body.to_string().as_bytes()).expect("readable, and with headway")
}

/// All pages from an id on: each one's end, and every number with how often it came.
fn all(setting: &Setting, from: i64) -> (Vec<i64>, HashMap<String, usize>) {
    let (mut ends, mut seen) = (vec![from], HashMap::new());
    loop {
        let page = page(setting, ends[ends.len() - 1]);
        assert!(page.persons.unreadable.is_empty());
        for person in &page.persons.listed {
            *seen.entry(person.number.as_str().to_owned()).or_default() += 1;
        }
        ends.push(page.to);
        if page.is_last() {
            return (ends, seen);
        }
    }
}

#[test]
fn from_the_beginning_it_tells_of_everybody_who_is_or_was_registered() {
    let setting = Setting::of(1_500);
    setting.krr.set_page(100);
    let changed = setting.change("contact-confirmed", None).number;
    let (ends, seen) = all(&setting, 0);
    assert!(ends.len() > 8);
    assert!(ends.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(ends[1] > i64::from(u32::MAX), "ids need more than 32 bits");
    assert_eq!(ends.last(), Some(&setting.krr.last_id()));
    assert_eq!(seen[&changed], 1, "whoever has changed comes once, where the change is");
    let expected = setting.everybody().filter(|one| one.2.status != Status::NotRegistered);
    let expected: BTreeSet<String> = expected.map(|one| one.2.number.clone()).collect();
    assert!(expected.iter().all(|number| seen.contains_key(number)));
    let others = seen.keys().filter(|number| !expected.contains(*number));
    for number in others {
        let version = setting.world.find(number).expect("known");
        assert!(!version.person.uses(number), "an old number, or one that has ceased");
    }
    assert!(seen.values().all(|times| *times == 1));
}

#[test]
fn pages_are_no_larger_than_asked_for_and_leave_nobody_out() {
    let setting = Setting::of(600);
    let whole = all(&setting, 0).1;
    for size in [1, 2, 7, 10_000] {
        setting.krr.set_page(size);
        let mut from = 0;
        loop {
            let page = setting.krr.page(from);
            // One who comes twice stays on one page.
            assert!(page.list.len() <= size.max(4), "{size}: {}", page.list.len());
            from = page.to;
            if page.to >= page.last {
                break;
            }
        }
        assert_eq!(all(&setting, 0).1, whole, "{size}");
    }
}

#[test]
fn the_order_within_a_page_is_not_that_of_the_changes() {
    let setting = Setting::of(600);
    let from = setting.krr.last_id();
    let made: Vec<String> =
        (0..30).map(|_| setting.change("contact-confirmed", None).number).collect();
    let page = setting.krr.page(from);
    let told: Vec<String> = page.list.iter().map(|one| one.number.clone()).collect();
    assert_eq!(told.len(), 30);
    assert_ne!(told, made);
    let sorted = |mut numbers: Vec<String>| {
        numbers.sort();
        numbers
    };
    assert_eq!(sorted(told), sorted(made));
}

#[test]
fn a_reader_at_the_end_gets_nothing_and_one_beyond_it_stays_there() {
    let setting = Setting::of(300);
    let last = setting.krr.last_id();
    for from in [last, last + 10, i64::MAX] {
        let page = setting.krr.page(from);
        assert_eq!((page.list.len(), page.to, page.last), (0, from, last));
    }
    assert_eq!(Setting::of(0).krr.page(0).list.len(), 0);
}

#[test]
fn one_who_changes_again_and_again_is_kept_twice_at_most() {
    let setting = Setting::of(300);
    let from = setting.krr.last_id();
    let number = setting.change("contact-confirmed", None).number;
    for _ in 0..5 {
        setting.change("contact-confirmed", Some(&number));
    }
    let page = page(&setting, from);
    assert_eq!((page.persons.listed.len(), page.persons.repeated.len()), (1, 1));
    assert_eq!(setting.krr.page(from).list.len(), 2);
}

#[test]
fn a_silent_change_is_answered_and_told_to_nobody_who_has_read_so_far() {
    let setting = Setting::of(300);
    let told = setting.change("contact-confirmed", None).number;
    let from = setting.krr.last_id();
    for asked in [None, Some(told.as_str())] {
        let before = asked.map(|number| text(&setting.krr.record(number), start()));
        let done = setting.change("contact-silent", asked);
        assert_eq!((done.contacts.len(), done.numbers), (0, vec![done.number.clone()]));
        let now = text(&setting.krr.record(&done.number), start());
        assert_ne!(Some(&now), before.as_ref());
        assert_eq!((setting.krr.last_id(), setting.krr.page(from).list.len()), (from, 0));
        // One who begins anew gets what is answered.
        let anew = (0..300).scan(0, |at, _| {
            let page = setting.krr.page(*at);
            *at = page.to;
            (!page.list.is_empty()).then_some(page.list)
        });
        let anew: Vec<_> = anew.flatten().filter(|one| one.number == done.number).collect();
        assert!(anew.iter().any(|one| text(one, start()) == now));
    }
}

#[test]
fn whoever_is_repeated_is_told_of_twice_on_a_page_with_the_newer_one_newer() {
    let setting = Setting::of(600);
    let (mut kept, mut deleted) = (0, 0);
    for round in 0..40 {
        let from = setting.krr.last_id();
        // Somebody may be drawn again: a later change has later dates.
        let now = start().plus(100 * round);
        let done = setting.change_at("contact-repeated", None, now).expect("somebody fits");
        assert_eq!(done.contacts.len(), 2);
        let page = page(&setting, from);
        let person = &page.persons.listed[0];
        assert!(page.persons.repeated.contains(&person.number));
        let now = setting.krr.record(&done.number);
        if now.is_active() {
            assert_eq!(person.record.get(), text(&now, start()), "the dates tell the newer one");
            kept += 1;
        } else {
            deleted += 1;
        }
    }
    assert!(kept > 15 && deleted > 2, "{kept} {deleted}");
}

#[test]
fn the_beginning_has_some_who_come_twice() {
    let setting = Setting::of(6_000);
    let mut from = 0;
    let mut repeated = 0;
    loop {
        let page = page(&setting, from);
        repeated += page.persons.repeated.len();
        from = page.to;
        if page.is_last() {
            break;
        }
    }
    assert!((3..60).contains(&repeated), "{repeated}");
}
