//! Reading the served form and answering from it, without parsing any JSON.

use std::fmt;
use std::io::Write;

use super::{ENTRY_LEN, HEADER_LEN, VERSION};
use crate::id::PersonId;
use crate::part::list::SERVED;
use crate::part::{InformationPart, PartSet};
use crate::version::{Version, items_in_v2};

/// Why bytes are no served form. The bytes are never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// There is nothing, or the form ends before what its index promises.
    #[error("the served form is cut short")]
    Short,
    /// Written by another version of the program.
    #[error("the served form has version {0}, which this program does not read")]
    Version(u8),
    /// The index contradicts itself or the length of the form.
    #[error("the served form's index does not fit its contents")]
    Index,
}

/// A person as one rights package sees them, ready to be answered with.
#[derive(Clone, Copy)]
pub struct ServedForm<'a> {
    index: &'a [u8],
    body: &'a [u8],
    version: Version,
}

impl fmt::Debug for ServedForm<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts(true);
        out.debug_struct("ServedForm").field("parts", &parts).finish_non_exhaustive()
    }
}

/// One line of the index.
struct Entry {
    fragment: u8,
    current: usize,
    total: usize,
}

impl<'a> ServedForm<'a> {
    /// Reads a form and checks every bound in it. Fragments that this program does not know, from
    /// a newer one, are passed over.
    ///
    /// # Errors
    /// [`RenderError`] for anything that [`render`](super::render) did not write.
    pub fn read(form: &'a [u8]) -> Result<Self, RenderError> {
        let (header, rest) = form.split_at_checked(HEADER_LEN).ok_or(RenderError::Short)?;
        if header[0] != VERSION {
            return Err(RenderError::Version(header[0]));
        }
        let index_len = usize::from(header[1]) * ENTRY_LEN;
        let (index, body) = rest.split_at_checked(index_len).ok_or(RenderError::Short)?;
        let served = Self { index, body, version: Version::V3 };
        let mut promised = 0_usize;
        for entry in served.entries() {
            if entry.current > entry.total {
                return Err(RenderError::Index);
            }
            promised = promised.checked_add(entry.total).ok_or(RenderError::Index)?;
        }
        match promised.cmp(&body.len()) {
            std::cmp::Ordering::Equal => Ok(served),
            std::cmp::Ordering::Greater => Err(RenderError::Short),
            std::cmp::Ordering::Less => Err(RenderError::Index),
        }
    }

    /// The same person, to be answered with in this version of the contract. A form that was just
    /// read answers in version 3.
    #[must_use]
    pub fn in_version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    fn entries(&self) -> impl Iterator<Item = Entry> + use<'a> {
        self.index.chunks_exact(ENTRY_LEN).map(|entry| Entry {
            fragment: entry[0],
            current: length(&entry[1..5]),
            total: length(&entry[5..9]),
        })
    }

    /// The parts of which there is something, with history or without.
    pub fn parts(&self, history: bool) -> PartSet {
        let filled =
            self.entries().filter(|entry| if history { entry.total } else { entry.current } > 0);
        filled.filter_map(|entry| row(entry.fragment)).map(|(part, _)| part).collect()
    }

    /// The JSON of a part's items with history, joined by commas; nothing for a part without items.
    pub fn items(&self, part: InformationPart) -> Option<&'a [u8]> {
        let row = SERVED.iter().find(|row| row.part == part)?;
        self.fragment(row.fragment).map(|(_, items)| items)
    }

    /// How much of a fragment holds now, and the whole of it.
    pub(super) fn fragment(&self, fragment: u8) -> Option<(usize, &'a [u8])> {
        let mut start = 0;
        for entry in self.entries() {
            if entry.fragment == fragment {
                return Some((entry.current, &self.body[start..start + entry.total]));
            }
            start += entry.total;
        }
        None
    }

    /// Appends the JSON object of a person with the chosen parts to `out`. In version 3 it copies
    /// slices and allocates nothing but what `out` has to grow; in version 2 a part that has changed
    /// since is parsed and written anew.
    pub fn write_json(
        &self,
        out: &mut Vec<u8>,
        id: PersonId,
        sequence: i64,
        parts: PartSet,
        history: bool,
    ) {
        out.push(b'{');
        let mut start = 0;
        for entry in self.entries() {
            let len = if history { entry.total } else { entry.current };
            let items = &self.body[start..start + len];
            start += entry.total;
            if let Some((part, many)) = row(entry.fragment)
                && parts.contains(part)
            {
                match self.version {
                    Version::V2 => {
                        let older = items_in_v2(part, items);
                        write_part(out, part, many, older.as_deref().unwrap_or(items));
                    }
                    Version::V3 => write_part(out, part, many, items),
                }
            }
        }
        out.extend(b"\"id\":\"");
        out.extend(id.0.hyphenated().encode_lower(&mut [0; 36]).bytes());
        out.extend(b"\",\"sequenceNumber\":");
        write!(out, "{sequence}").expect("writing into memory cannot fail");
        out.push(b'}');
    }
}

fn length(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

/// The part with this fragment number, and whether it is an array in the answer.
fn row(fragment: u8) -> Option<(InformationPart, bool)> {
    SERVED.iter().find(|row| row.fragment == fragment).map(|row| (row.part, row.many))
}

fn write_part(out: &mut Vec<u8>, part: InformationPart, many: bool, items: &[u8]) {
    if items.is_empty() {
        return;
    }
    // A property is named as its part, with a small first letter.
    let (first, rest) = part.name().as_bytes().split_at(1);
    out.push(b'"');
    out.extend(first.iter().map(u8::to_ascii_lowercase));
    out.extend(rest);
    out.extend(if many { b"\":[".as_slice() } else { b"\":" });
    out.extend(items);
    out.extend(if many { b"],".as_slice() } else { b"," });
}
