//! Geography: where addresses lie, and what persons gain from it.

mod changes;
mod golden;
mod people;
mod tables;
mod world;
