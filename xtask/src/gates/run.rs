//! The gates one after the other, the quick ones first; all of them run, so that one look tells everything.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::tools::{CARGO_DENY, CARGO_MACHETE, Tool};
use crate::demo::{self, Afterwards, Demo};
use crate::guests::Way;
use crate::host::TEST_FEATURES;
use crate::process::{self, cargo, say};
use crate::test;
use crate::workspace::Workspace;

/// Fetching the advisory database takes seconds, or never ends.
const ADVISORIES_LIMIT: Duration = Duration::from_mins(1);

/// Passes all, or fails with the names of those that did not.
pub(crate) fn run(workspace: &Workspace, way: Way) -> Result<()> {
    let mut gates = Gates::default();
    gates.pass("format", || process::run(&mut in_root(workspace, &["fmt", "--all", "--check"])));
    gates.pass("licences, bans, sources", || deny(workspace));
    gates.pass("unused dependencies", || machete(workspace));
    gates.pass("lints", || lint(workspace));
    gates.pass("documentation", || process::run(in_root(workspace, &DOCUMENTATION).env("RUSTDOCFLAGS", "-D warnings")));
    gates.pass("demonstration", || {
        let demo = Demo { listen: "127.0.0.1:0".to_owned(), afterwards: Afterwards::Exit };
        demo::run(workspace, way, &demo)
    });
    // Last, so that the count of tests ends the output.
    gates.pass("tests", || test::run(workspace, way, None));
    gates.verdict()
}

const LINTS: [&str; 4] = ["clippy", "--locked", "--workspace", "--all-targets"];
const DOCUMENTATION: [&str; 5] = ["doc", "--locked", "--workspace", "--no-deps", "--document-private-items"];

fn lint(workspace: &Workspace) -> Result<()> {
    process::run(in_root(workspace, &LINTS).args(TEST_FEATURES).args(["--", "-D", "warnings"]))
}

#[derive(Default)]
struct Gates {
    failed: Vec<&'static str>,
}

impl Gates {
    fn pass(&mut self, name: &'static str, gate: impl FnOnce() -> Result<()>) {
        say(format_args!("gate: {name}"));
        let start = Instant::now();
        let result = gate();
        let seconds = start.elapsed().as_secs();
        match result {
            Ok(()) => say(format_args!("gate: {name}: passed in {seconds} s")),
            Err(error) => {
                say(format_args!("gate: {name}: FAILED after {seconds} s: {error:#}"));
                self.failed.push(name);
            }
        }
    }

    fn verdict(self) -> Result<()> {
        if self.failed.is_empty() {
            say("gates: all passed");
            return Ok(());
        }
        bail!("these gates failed: {}", self.failed.join(", "));
    }
}

/// Advisories only where their database can be had: a gate that depends on the network's mood says nothing of the change.
fn deny(workspace: &Workspace) -> Result<()> {
    let deny = Tool::find_or_install(&CARGO_DENY, workspace)?;
    let mut check = deny.command(workspace);
    check.args(["--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]);
    if let Err(error) = process::run_within(ADVISORIES_LIMIT, deny.command(workspace).args(["fetch", "db"])) {
        say(format_args!("gate: the advisory database cannot be reached ({error:#}): advisories are not checked"));
    } else {
        check.arg("advisories");
    }
    process::run(&mut check)
}

fn machete(workspace: &Workspace) -> Result<()> {
    process::run(&mut Tool::find_or_install(&CARGO_MACHETE, workspace)?.command(workspace))
}

fn in_root(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = cargo();
    command.current_dir(&workspace.root).args(arguments);
    command
}
