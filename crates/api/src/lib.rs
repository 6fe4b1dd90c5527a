//! HTTP: routes, authentication, problems and the interface description of the Person API.
//!
//! Read [`serve`] first: two listeners, one for clients and one for health and metrics. `router`
//! shows what a request passes; `auth` who may come in; `lookup` and `events` what they get.

mod admission;
mod app;
mod auth;
mod body;
mod config;
mod events;
mod health;
mod listener;
mod lookup;
mod metrics;
mod openapi;
mod page;
mod parameters;
mod path;
mod ping;
mod places;
pub mod problem;
mod request_log;
mod router;
mod search;
mod serve;
mod version;

pub use config::{ApiConfig, HelseIdConfig, LimitConfig, TimeoutConfig, Version2Config};
pub use health::serve_health;
pub use openapi::{openapi, to_json};
pub use page::{PageConfig, freg_element};
pub use serve::{ApiError, Server, serve};
