//! What all elements share on their way into the register: taking values out, and currency.

use register::time::Instant;

use super::field::Field;

/// Takes the values out of one element's fields and notes, by the element's name, each one that
/// was not understood.
pub(super) struct Taker<'a> {
    element: &'static str,
    unknown: &'a mut Vec<&'static str>,
}

impl Taker<'_> {
    /// The value of a field; what cannot be read is left out and noted.
    pub(super) fn value<T>(&mut self, field: Field<T>) -> Option<T> {
        match field {
            Field::Read(value) => Some(value),
            Field::Absent => None,
            Field::Unreadable => {
                self.note();
                None
            }
        }
    }

    /// The values of a field that may hold several. Blank ones are left out, as they are alone.
    pub(super) fn values<T>(&mut self, fields: Vec<Field<T>>) -> Option<Vec<T>> {
        let values: Vec<T> = fields.into_iter().filter_map(|field| self.value(field)).collect();
        (!values.is_empty()).then_some(values)
    }

    /// The value of a field that the source must send; its absence is noted as well.
    pub(super) fn required<T>(&mut self, field: Field<T>) -> Option<T> {
        if matches!(field, Field::Absent) {
            self.note();
        }
        self.value(field)
    }

    /// Whether an item holds now (`erGjeldende`).
    ///
    /// FREG calls the field optional, though every document seen has it. An item without it is
    /// taken as current unless it says when it ended: history that is shown as current is seen
    /// and put right, a current fact that is hidden as history is not.
    pub(super) fn is_valid(
        &mut self,
        er_gjeldende: Field<bool>,
        opphoerstidspunkt: &Field<Instant>,
    ) -> Option<bool> {
        let ended = opphoerstidspunkt.value().is_some();
        Some(self.value(er_gjeldende).unwrap_or(!ended))
    }

    fn note(&mut self) {
        self.unknown.push(self.element);
    }
}

/// Maps every item of an element. Items that are alike in every field are one: lists have been
/// seen to hold the same thing twice.
pub(super) fn each<Item, Part: PartialEq>(
    element: &'static str,
    items: Vec<Item>,
    unknown: &mut Vec<&'static str>,
    into_part: fn(Item, &mut Taker) -> Part,
) -> Vec<Part> {
    let mut take = Taker { element, unknown };
    let mut parts = Vec::with_capacity(items.len());
    for item in items {
        let part = into_part(item, &mut take);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}
