//! The form in which a person is stored for one rights package: what is stored is what is served.
//!
//! ```text
//! byte 0       version, now 1
//! byte 1       how many fragments
//! each of them fragment number (1 byte), length of what holds now (4), whole length (4)
//! the rest     the fragments one after another, in the order of the index
//! ```
//!
//! Lengths are little-endian. A fragment is the JSON of a part's items, joined by commas, without
//! the brackets: what holds now stands first, so that "without history" is a prefix of "with
//! history". A fragment's start is the sum of the lengths before it. Parts without items have no
//! fragment.

mod compare;
mod served;

use std::borrow::Cow;

pub use compare::differing_parts;
pub use served::{RenderError, ServedForm};

use crate::package::Package;
use crate::part::list::{self, Item};
use crate::person::Person;
use crate::rights::Viewer;
pub use crate::rights::{Circumstances, masked_parts, withheld_parts};

pub(crate) const VERSION: u8 = 1;
pub(crate) const HEADER_LEN: usize = 2;
pub(crate) const ENTRY_LEN: usize = 9;

/// Renders what a package sees of a person, with history.
pub fn render(person: &Person, package: Package, circumstances: &Circumstances) -> Vec<u8> {
    let viewer = Viewer::new(person, package, circumstances);
    let mut fragments = Fragments::default();
    list::write_fragments(person, &viewer, &mut fragments);
    fragments.into_served_form()
}

/// The fragments of a form that is being written.
#[derive(Default)]
pub(crate) struct Fragments {
    count: u8,
    index: Vec<u8>,
    body: Vec<u8>,
}

impl Fragments {
    /// Writes a part's items, which stand with what holds now first.
    pub(crate) fn write<T: Item>(&mut self, items: &[Cow<'_, T>]) {
        if items.is_empty() {
            return;
        }
        let start = self.body.len();
        let mut current_end = start;
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.body.push(b',');
            }
            serde_json::to_writer(&mut self.body, item.as_ref())
                .expect("structs with text keys always serialise into memory");
            if item.is_current() {
                current_end = self.body.len();
            }
        }
        self.count += 1;
        self.index.push(T::FRAGMENT);
        self.index.extend(length(current_end - start));
        self.index.extend(length(self.body.len() - start));
    }

    fn into_served_form(mut self) -> Vec<u8> {
        let mut form = Vec::with_capacity(HEADER_LEN + self.index.len() + self.body.len());
        form.extend([VERSION, self.count]);
        form.append(&mut self.index);
        form.append(&mut self.body);
        form
    }
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).expect("a person's document is far below 4 GiB").to_le_bytes()
}
