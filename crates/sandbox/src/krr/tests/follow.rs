//! What KRR makes of new numbers, merges and deaths in FREG.

use super::*;

/// The numbers in order, with whether each is active, that the feed tells of after an id.
fn told(setting: &Setting, after: i64) -> Vec<(String, Status)> {
    let page = setting.krr.page(after);
    page.list.iter().map(|one| (one.number.clone(), one.status)).collect()
}

/// Somebody with a D-number in use and a record.
fn d_number(setting: &Setting) -> String {
    let d = setting.everybody().filter(|one| one.1 && one.2.number.as_bytes()[0] >= b'4');
    d.map(|one| one.2).find(|one| one.is_active()).expect("somebody").number.clone()
}

#[test]
fn a_new_number_takes_the_record_over_some_changes_later() {
    let setting = Setting::of(1_500);
    let after = setting.krr.last_id();
    let old = d_number(&setting);
    let was = setting.krr.record(&old);
    let new = setting.change("d-number-to-foedselsnummer", Some(&old)).number;
    assert_ne!(old, new);
    assert!(told(&setting, after).is_empty(), "not at once");
    for _ in 0..3 {
        setting.change("name", None);
    }
    let mut now = told(&setting, after);
    now.retain(|row| row.0 == new);
    assert_eq!(now, [(new.clone(), Status::Active)]);
    let record = setting.krr.record(&new);
    assert!(record.mail == was.mail && record.phone == was.phone && record.number == new);
}

#[test]
fn it_comes_after_some_seconds_too_when_nothing_else_happens() {
    let setting = Setting::of(1_500);
    let after = setting.krr.last_id();
    let new = setting.change("d-number-to-foedselsnummer", Some(&d_number(&setting))).number;
    setting.krr.settle(start().plus(4));
    assert!(told(&setting, after).is_empty());
    setting.krr.settle(start().plus(5));
    assert!(setting.krr.record(&new).is_active());
    let ids = setting.krr.last_id();
    setting.krr.settle(start().plus(50));
    assert_eq!(setting.krr.last_id(), ids, "once");
}

#[test]
fn most_old_numbers_are_taken_out_and_a_few_are_left() {
    let setting = Setting::of(3_000);
    let mut left = [0, 0];
    for _ in 0..60 {
        let done = setting.change("d-number-to-foedselsnummer", None);
        let old = done.numbers.iter().find(|number| **number != done.number).expect("two");
        let had = setting.krr.record(old).is_active();
        setting.krr.settle(start().plus(10));
        let record = setting.krr.record(old);
        if had {
            left[usize::from(record.is_active())] += 1;
        }
    }
    assert!(left[0] > left[1] && left[1] > 0, "{left:?}");
}

#[test]
fn a_merge_takes_the_ceased_number_out_and_leaves_the_other_its_record() {
    let setting = Setting::of(3_000);
    let (mut gone, mut taken_over) = (0, 0);
    for _ in 0..60 {
        let done = setting.change("merge", None);
        let survivor = setting.krr.record(&done.number);
        let dead = done.numbers.iter().find(|number| **number != done.number).expect("two");
        let other = setting.krr.record(dead);
        setting.krr.settle(start().plus(10));
        let now = setting.krr.record(&done.number);
        gone += usize::from(other.is_active() && !setting.krr.record(dead).is_active());
        if survivor.status != Status::NotRegistered {
            assert!(*now == *survivor);
        } else if other.is_active() {
            assert!(now.is_active());
            taken_over += 1;
        }
    }
    assert!(gone > 10 && taken_over > 0, "{gone} {taken_over}");
}

#[test]
fn most_of_the_dead_are_taken_out() {
    let setting = Setting::of(3_000);
    let mut left = [0, 0];
    for _ in 0..60 {
        let done = setting.change("death", None);
        let had = setting.krr.record(&done.number).is_active();
        setting.krr.settle(start().plus(10));
        if had {
            left[usize::from(setting.krr.record(&done.number).is_active())] += 1;
        }
    }
    assert!(left[0] > 25 && left[1] > 0 && left[0] > 3 * left[1], "{left:?}");
}

#[test]
fn a_number_that_only_ceased_has_no_successor_yet() {
    let setting = Setting::of(1_500);
    let old = d_number(&setting);
    setting.change("d-number-ceases", Some(&old));
    setting.krr.settle(start().plus(10));
    assert!(setting.krr.record(&old).is_active(), "the record waits for the new number");
    let new = setting.change("new-number-settles", Some(&old)).number;
    setting.krr.settle(start().plus(10));
    assert!(setting.krr.record(&new).is_active());
}
