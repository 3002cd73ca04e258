//! Floor 3: the HTTP API.
//!
//! Owns how a request becomes one call of the scheduler or the registry, and how the answer looks. The folder is the
//! path, the file is the verb; `routes` lists them all. It decides nothing about jobs or modules and never sees the
//! database.

mod admin;
mod admission;
mod audit;
mod cursor;
mod dashboard;
mod document;
mod entrance;
mod error;
mod events;
mod extract;
mod figures;
mod health;
mod jobs;
mod json;
mod limits_json;
mod modules;
mod problem;
mod retention;
mod routes;
mod schedules;
mod secrets;
mod settings;
mod state;
mod status;
mod stream;
mod stream_tickets;
mod tokens;
mod webhooks;

pub use entrance::{AllowedHosts, Tls, TlsError, serve};
pub(crate) use error::code_of;
#[doc(hidden)]
pub use extract::fuzzing;
pub use figures::Metrics;
pub use routes::router;
pub use settings::{Setting, SettingOrigin};
pub use state::ApiState;
pub use stream::StreamSeats;
pub(crate) use webhooks::event_bodies;
