//! The dashboard: built by Vite, once for each state of its sources; its client generated from the host's own OpenAPI
//! document; its tests in a browser.

mod browser;
mod build;
mod client;
#[path = "../../../host/dashboard/sources.rs"]
mod sources;
mod steps;

pub(crate) use browser::test;
pub(crate) use build::{build, build_if_possible};
pub(crate) use steps::{Steps, run};
