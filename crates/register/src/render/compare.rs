//! What differs between two served forms.

use super::ServedForm;
use crate::part::PartSet;
use crate::part::list::SERVED;

/// The parts of which the two forms do not say the same, history included. An item that no longer
/// holds is another than one that does.
pub fn differing_parts(one: &ServedForm<'_>, other: &ServedForm<'_>) -> PartSet {
    let differs = |fragment| one.fragment(fragment) != other.fragment(fragment);
    SERVED.iter().filter(|row| differs(row.fragment)).map(|row| row.part).collect()
}
