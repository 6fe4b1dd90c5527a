//! What SSB and Kartverket serve, read as production reads it.

mod files;
mod people;
mod world;
