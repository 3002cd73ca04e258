//! Whether a component fits the world: every import is offered, and the exports are there.

use std::collections::HashSet;

use wasmparser::ComponentExternalKind;
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ComponentInstanceType, ResourceId};
use wasmparser::types::Types;

use super::AdmissionError;
use super::offered::is_offered;
use super::outline::Outline;

const RUNNER: &str = "cofferdam:module/runner";
/// The versions of the interface that this host runs: 0.1 and whatever is compatible with it.
const RUNNER_TRACK: &str = "0.1";
const RUNNER_FUNCTIONS: [&str; 2] = ["describe", "run"];
/// Exports named when there is no `runner`; a component can have thousands.
const EXPORTS_NAMED: usize = 8;

/// Refuses imports that the host does not offer; names all of them, also single functions of known interfaces.
pub(super) fn check_imports(outline: &Outline, types: &Types) -> Result<(), AdmissionError> {
    let (mut missing, mut known) = (Vec::new(), HashSet::new());
    for name in &outline.imports {
        let Some(item) = types.as_ref().component_item_for_import(name) else { continue };
        match item.ty {
            ComponentEntityType::Instance(instance) => {
                let needed = needed_of(&types[instance], &mut known);
                missing.extend(missing_of(name, &needed));
            }
            // A type alone needs nothing from the host.
            ComponentEntityType::Type { .. } => {}
            ComponentEntityType::Module(_)
            | ComponentEntityType::Func(_)
            | ComponentEntityType::Value(_)
            | ComponentEntityType::Component(_) => missing.push(name.clone()),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort_unstable();
    Err(AdmissionError::Imports(missing))
}

/// What the host must have for an interface: its functions and its own resources. Other types need nothing, nor do
/// resources that came with an interface before it.
fn needed_of<'a>(interface: &'a ComponentInstanceType, known: &mut HashSet<ResourceId>) -> Vec<&'a str> {
    let mut is_needed = |ty: &ComponentEntityType| match ty {
        ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(id), .. } => known.insert(id.resource()),
        ComponentEntityType::Type { .. } => false,
        ComponentEntityType::Module(_)
        | ComponentEntityType::Func(_)
        | ComponentEntityType::Value(_)
        | ComponentEntityType::Instance(_)
        | ComponentEntityType::Component(_) => true,
    };
    interface.exports.iter().filter(|(_, item)| is_needed(&item.ty)).map(|(name, _)| name.as_str()).collect()
}

/// The interface by its name where the host has nothing of it, else what is missing of it.
fn missing_of(name: &str, needed: &[&str]) -> Vec<String> {
    let (interface, version) = parts(name);
    let track = track(version);
    let unknown: Vec<&str> = needed.iter().copied().filter(|item| !is_offered(interface, &track, item)).collect();
    if !unknown.is_empty() && unknown.len() == needed.len() {
        vec![name.to_owned()]
    } else {
        unknown.iter().map(|item| format!("`{item}` of {name}")).collect()
    }
}

/// Refuses a component without `runner`, or with another one than the host runs.
pub(super) fn check_exports(outline: &Outline, types: &Types) -> Result<(), AdmissionError> {
    let runners = || outline.exports.iter().filter(|(name, _)| parts(name).0 == RUNNER);
    let Some((name, _)) = runners().find(|(name, _)| is_runner(name)) else {
        return Err(match runners().next() {
            Some((name, _)) => AdmissionError::RunnerVersion(name.clone()),
            None => AdmissionError::NoRunner(exports_instead(outline)),
        });
    };
    let lacking = |functions: &dyn Fn(&str) -> bool| {
        let lacking: Vec<_> = RUNNER_FUNCTIONS.into_iter().filter(|function| !functions(function)).collect();
        if lacking.is_empty() { Ok(()) } else { Err(AdmissionError::RunnerLacks(lacking)) }
    };
    match types.as_ref().component_item_for_export(name).map(|item| item.ty) {
        Some(ComponentEntityType::Instance(instance)) => {
            let exports = &types[instance].exports;
            lacking(&|name| matches!(exports.get(name).map(|item| item.ty), Some(ComponentEntityType::Func(_))))
        }
        _ => lacking(&|_| false),
    }
}

/// Whether an export is the interface `runner` in a version that this host runs.
pub(super) fn is_runner(name: &str) -> bool {
    let (interface, version) = parts(name);
    interface == RUNNER && track(version) == RUNNER_TRACK
}

/// What a component offers instead of a runner, and what it may have been meant for.
fn exports_instead(outline: &Outline) -> String {
    let mut names: Vec<&str> = outline
        .exports
        .iter()
        .filter(|(_, kind)| *kind != ComponentExternalKind::Type)
        .map(|(name, _)| name.as_str())
        .collect();
    let meant_for = |interface: &str| names.iter().any(|name| parts(name).0 == interface);
    let hint = if meant_for("wasi:cli/run") {
        "it is a command-line program; "
    } else if meant_for("wasi:http/incoming-handler") {
        "it is an HTTP server; "
    } else {
        ""
    };
    if names.is_empty() {
        return "it exports nothing".to_owned();
    }
    let more = names.len().saturating_sub(EXPORTS_NAMED);
    names.truncate(EXPORTS_NAMED);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{hint}it exports {}{rest}", names.join(", "))
}

/// Interface and version of a name such as `wasi:io/poll@0.2.6`.
fn parts(name: &str) -> (&str, &str) {
    name.split_once('@').unwrap_or((name, ""))
}

/// What versions have in common that work together: the major number, or `0.minor`; for others, all of it.
fn track(version: &str) -> String {
    match semver::Version::parse(version) {
        Ok(version) if !version.pre.is_empty() => version.to_string(),
        Ok(version) if version.major > 0 => version.major.to_string(),
        Ok(version) if version.minor > 0 => format!("0.{}", version.minor),
        Ok(version) => version.to_string(),
        Err(_) => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_work_together_within_a_track() {
        for (version, expected) in
            [("0.2.6", "0.2"), ("1.4.0", "1"), ("0.0.3", "0.0.3"), ("0.2.0-rc.1", "0.2.0-rc.1"), ("", ""), ("1", "1")]
        {
            assert_eq!(track(version), expected);
        }
    }
}
