//! The sandbox through real HTTP, against fixtures written by hand from the published format.

mod ain;
mod control;
mod extract;
mod faults;
mod feed;
mod geography;
mod krr;
mod lookup;
mod shape;
mod support;
mod tokens;
