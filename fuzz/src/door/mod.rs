//! What each target does, a file for each door through which bytes come.

pub(crate) mod address;
pub(crate) mod component;
pub(crate) mod domain;
pub(crate) mod grants;
pub(crate) mod http;
pub(crate) mod log;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod signature;
