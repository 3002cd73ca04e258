//! All targets by name.

use crate::door::{address, component, domain, grants, http, log, secrets, settings, signature};

/// A function that must not panic.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// How `cargo xtask fuzz` and the folder of its seeds call it.
    pub name: &'static str,
    /// What it must bear.
    pub run: fn(&[u8]),
}

const fn target(name: &'static str, run: fn(&[u8])) -> Target {
    Target { name, run }
}

/// Every target.
pub const TARGETS: &[Target] = &[
    // Uploads: any bytes at all, and a component with a few of its bytes changed.
    target("upload", component::upload),
    target("component", component::component),
    target("signature", signature::signature),
    // What modules write.
    target("log-lines", log::lines),
    target("log-texts", log::texts),
    target("json-object", domain::json_object),
    target("masker", secrets::masker),
    // Whom they call.
    target("address", address::address),
    target("request-target", grants::request_target),
    // What clients send.
    target("json-body", http::json_body),
    target("cursor", http::cursor),
    target("query", http::query),
    target("stream", http::stream),
    target("reference", domain::reference),
    // What operators write.
    target("settings", settings::settings),
    target("grants", grants::grants),
];

/// The target with this name.
pub fn named(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
