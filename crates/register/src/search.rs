//! Search: what a person is found by, and what a client may ask for.
//!
//! Both sides fold their texts in the same way ([`words`]), so that `Bjørnsøn` finds `BJOERNSOEN`.
//! A person is found by what the client's rights package is shown of them now, and by nothing else.
//!
//! ```text
//! Person ─ rows ─► SearchRows ─ keys ─► Keys       written with the person
//! form ─ read ─► Criteria ─ (names, place …) ─► what the store asks for
//! ```

mod criteria;
mod day;
mod fold;
mod form;
mod key;
mod place;
mod rows;
mod spelling;
mod tally;
mod way;

pub use criteria::{Criteria, NamePart, NameWord};
pub use day::Days;
pub use fold::{line, words};
pub use form::{Fault, Form, FormKind, read};
pub use key::{Key, bit_of_package, facts_of, keys};
pub use place::{Numbered, PlaceCriteria, Street};
pub use rows::{Facets, SearchRows, gender_number, rows, status_number};
pub use spelling::{is_near, shortened};
pub use tally::{EVERYBODY, Tally, block};
pub use way::{Group, Reading, Way};
