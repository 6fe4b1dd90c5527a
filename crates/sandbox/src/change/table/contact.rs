//! The kinds that happen in KRR. They give no event in FREG; the control interface tells the ids
//! of their changes in KRR's own feed, but for the one kind that is not told there.

use crate::change::contact::{self, EXPIRES};
use crate::change::scene::Scene;
use crate::change::{Does, Kind, Planned};

const fn kind(
    name: &'static str,
    weekly: u32,
    about: &'static str,
    story: fn(&mut Scene<'_>) -> Planned,
) -> Kind {
    Kind { name, about, events: &[], weekly, does: Does::Story(story) }
}

pub(super) const KINDS: &[Kind] = &[
    kind(
        "contact-confirmed",
        4_900,
        "KRR: somebody says that the addresses are right, and only dates move",
        contact::confirm,
    ),
    kind(
        "contact-new-address",
        2_400,
        "KRR: another e-mail address or telephone number",
        contact::new_address,
    ),
    kind("contact-registered", 1_500, "KRR: somebody registers", contact::register),
    kind("contact-deleted", 400, "KRR: somebody is taken out", contact::delete),
    kind("contact-reserved", 250, "KRR: somebody refuses digital communication", contact::reserve),
    kind("contact-unreserved", 100, "KRR: somebody no longer refuses", contact::unreserve),
    kind(
        EXPIRES,
        150,
        "KRR: dates that are eighteen months old in some seconds (five, or as asked for)",
        contact::expire,
    ),
    kind(
        "contact-of-unknown",
        50,
        "KRR: somebody registers whom FREG does not have",
        contact::register_unknown,
    ),
    kind(
        "contact-repeated",
        250,
        "KRR: two changes of one person side by side, which one page tells in any order",
        contact::repeat,
    ),
    kind(
        "contact-silent",
        0,
        "KRR: another address, and KRR's feed does not tell",
        contact::silent,
    ),
];
