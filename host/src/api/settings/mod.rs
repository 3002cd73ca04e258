//! `/v1/settings`: what the operator chose, read-only.

pub(crate) mod get;
mod setting;

pub use setting::{Setting, SettingOrigin};
