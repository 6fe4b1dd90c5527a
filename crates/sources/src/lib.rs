//! Foreign formats as pure types that read and write them: bytes in, the register's own types out.
//!
//! This is the only crate with Norwegian identifiers; they are spelled as the source spells them.
//! Nothing here does input or output, and no error text quotes what was read.

pub mod ain;
mod delimited;
mod difference;
pub mod freg;
pub mod kartverket;
pub mod krr;
pub mod ssb;
pub mod unreadable;
