//! What handlers take from a request, parsed and typed, with a problem document for whatever is wrong.

mod body;
mod caller;
mod component;
#[doc(hidden)]
pub mod fuzzing;
mod json_body;
mod module_names;
mod path;
mod peer;
mod query;

pub(crate) use caller::Who;
pub(crate) use component::Component;
pub(crate) use json_body::parse as parse_json;
pub(crate) use json_body::{JsonBody, JsonRequest, KeyedJson, present};
pub(crate) use module_names::module_names;
pub(crate) use path::{DeliveryPath, JobPath, ModulePath, SchedulePath, SecretPath, TokenPath, WebhookPath};
pub(crate) use peer::Peer;
pub(crate) use query::{PageLimit, Params, Position, limit_schema, part};
