//! Where things lie in Norway: municipalities and counties, basic statistical units, urban
//! districts, and the addresses in them; and what a person's parts gain from it.
//!
//! Read in this order: `builder` (rows in, a [`Geography`] out), `area` (how an address becomes a
//! unit and a district), `enrich` (which fields of a person are filled), `change` (who is touched
//! when the tables change).
//!
//! **Which day.** Every table is dated, and an item is looked up on one day: what holds now on the
//! day that the caller gives, today; history on the day from which it held (where that is not
//! known, the day it was written down). History is not looked up on its last day, because most of
//! it was replaced and has none. So what is said of history does not change as time passes.
//!
//! **Which row on that day.** A *name* is the nearest in time: that of the day, else the last one
//! before, else the first one after. People are married in municipalities that are long gone, are
//! born before the tables begin, and some move into a number after its last day; the place still
//! has a name. A *district* of what holds now has to hold on the day: an abolished district serves
//! nobody. History takes the nearest, as names do.
//!
//! **Who has to be rendered anew.** [`enrich`] is a function of the answers to the questions it
//! asks, and [`enrich_with_keys`] returns what it asked as [`Key`]s, also where there was no
//! answer. [`Changes`] are the keys whose answer may differ between two geographies, or between two
//! days. If nothing that a person's enrichment asked is among them, then the first question had the
//! same answer, hence the second question was the same, and so on: the person is the same. So the
//! changes miss nobody, and the keys may be asked of the new geography as well as of the old: they
//! need not be stored.
//! They may name a few too many (a name corrected in a year that the person's item is not of);
//! those are told apart by enriching and comparing, which makes it exact.

mod address;
mod area;
mod builder;
mod change;
mod code;
mod dated;
mod digest;
mod enrich;
mod key;
mod lookup;
mod service;

pub use address::{Address, Door, Property};
pub use area::{Area, NamedDistrict, Place, When};
pub use builder::{Builder, NamedCode, Report, UnitDistrict};
pub use change::{Changes, Difference};
pub use code::{Code, County, District, Municipality, Unit};
pub use dated::Validity;
pub use digest::Version;
pub use enrich::{enrich, enrich_with_keys};
pub use key::Key;
pub use lookup::{Geography, Sizes};
pub use service::{Exception, ServedArea};
