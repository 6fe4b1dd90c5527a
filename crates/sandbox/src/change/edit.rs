//! Small edits that every kind of change is made of.

use crate::calendar::{Day, Moment, Spelling};
use crate::freg::wire::{Element, Meta, Status, Text};

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

/// A status from today on.
pub(super) fn status(now: Moment, word: &'static str, reason: &'static str) -> Status {
    Status { meta: meta(now, now.day(), reason), status: word.into() }
}
