//! Test support: services, databases, builders, tokens. A dev-dependency only.

pub mod database;
pub mod dice;
pub mod proxy;
pub mod refusal;
pub mod said;
pub mod services;
