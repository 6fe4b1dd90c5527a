//! Small edits that every kind of change is made of.

use crate::calendar::{Day, Moment, Spelling};
use crate::dice::Dice;
use crate::freg::wire::{Element, Meta, Status, Text};

/// The hand that changes a document: the time it is, and everything random.
#[derive(Debug)]
pub(crate) struct Hand<'a> {
    pub(crate) now: Moment,
    pub(crate) dice: &'a mut Dice,
}

impl Hand<'_> {
    /// Metadata of an item that holds from today.
    pub(super) fn meta(&self, reason: &'static str) -> Meta {
        meta(self.now, self.now.day(), reason)
    }
}

/// Metadata of an item that a change writes now and that holds from a day.
pub(super) fn meta(now: Moment, from: Day, reason: &'static str) -> Meta {
    Meta {
        ajourholdstidspunkt: Some(now.write(Spelling::PLAIN).into()),
        er_gjeldende: true,
        kilde: Some("folkeregisteret".into()),
        aarsak: Some(reason.into()),
        gyldighetstidspunkt: Some(midnight(from)),
        opphoerstidspunkt: None,
    }
}

/// Norwegian midnight as the register writes it.
pub(super) fn midnight(day: Day) -> Text {
    Moment::midnight(day).write(Spelling { fraction: 0, ..Spelling::PLAIN }).into()
}

/// Makes the current items historic and puts the new one before them.
pub(super) fn replace<T: Element>(items: &mut Vec<T>, new: T) {
    retire(items);
    items.insert(0, new);
}

/// Puts the new item beside those that are current.
pub(super) fn add<T: Element>(items: &mut Vec<T>, new: T) {
    items.insert(0, new);
}

/// Puts the right value in the place of the current one, as if it had always been there.
pub(super) fn correct<T: Element>(items: &mut [T], mut right: T) {
    if let Some(wrong) = items.iter_mut().find(|item| item.meta().er_gjeldende) {
        let from = wrong.meta().gyldighetstidspunkt.clone();
        right.meta_mut().gyldighetstidspunkt = from;
        *wrong = right;
    }
}

/// Makes the current items historic: something else replaces them.
pub(super) fn retire<T: Element>(items: &mut [T]) {
    for item in items {
        item.meta_mut().er_gjeldende = false;
    }
}

/// Ends the current items with nothing in their place.
pub(super) fn end<T: Element>(items: &mut [T], now: Moment) {
    for item in items.iter_mut().filter(|item| item.meta().er_gjeldende) {
        let meta = item.meta_mut();
        meta.er_gjeldende = false;
        meta.ajourholdstidspunkt = Some(now.write(Spelling::PLAIN).into());
        meta.opphoerstidspunkt = Some(midnight(now.day()));
    }
}

/// Writes the current items anew at this time and for this reason; true if there were any.
pub(super) fn touch<T: Element>(items: &mut [T], now: Moment, reason: &'static str) -> bool {
    let mut any = false;
    for item in items.iter_mut().filter(|item| item.meta().er_gjeldende) {
        let meta = item.meta_mut();
        meta.ajourholdstidspunkt = Some(now.write(Spelling::PLAIN).into());
        meta.aarsak = Some(reason.into());
        any = true;
    }
    any
}

/// A status from today on.
pub(super) fn status(now: Moment, word: &'static str, reason: &'static str) -> Status {
    Status { meta: meta(now, now.day(), reason), status: word.into() }
}
