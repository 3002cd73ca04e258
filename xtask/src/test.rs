//! `cargo xtask test`: the guests, the host's binary, then every test of the workspace.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::dashboard;
use crate::dist;
use crate::guests::{self, Way};
use crate::host::{self, Profile, TEST_FEATURES};
use crate::postgres;
use crate::process::{cargo, say};
use crate::promtool;
use crate::registry;
use crate::schema;
use crate::workspace::Workspace;

/// How long the host is asked what its OpenAPI document says.
const ASKING: Duration = Duration::from_secs(45);

/// How many tests run at once.
const TEST_THREADS: &str = "RUST_TEST_THREADS";
/// So many for each processor: most of them wait for hosts half of the time.
const THREADS_EACH: usize = 2;

/// Runs the tests whose name contains `filter`, or all.
///
/// The tests find what was built in `COFFERDAM_BIN` (the host's binary) and `COFFERDAM_MODULES` (the components' folder).
pub(crate) fn run(workspace: &Workspace, way: Way, filter: Option<&str>) -> Result<()> {
    postgres::install()?;
    registry::install();
    promtool::install(&workspace.target.join("tools"));
    guests::build_rust(workspace, way)?;
    guests::build_javascript(workspace)?;
    guests::build_languages(workspace, way)?;
    dashboard::build(workspace, way)?;
    let binary = host::build(workspace, Profile::Dev)?;
    say("test: cargo test --workspace");
    let mut test = cargo();
    test.current_dir(&workspace.root).args(["test", "--locked", "--workspace", "--no-fail-fast"]);
    test.args(TEST_FEATURES).env("COFFERDAM_BIN", &binary).env("COFFERDAM_MODULES", workspace.modules());
    test.env("COFFERDAM_TOOLS", workspace.target.join("tools"));
    if std::env::var_os(TEST_THREADS).is_none() {
        test.env(TEST_THREADS, (THREADS_EACH * cores()).to_string());
    }
    if let Some(filter) = filter {
        test.args(["--", filter]);
    }
    let mut child = test.stdout(Stdio::piped()).spawn().context("cannot start `cargo test`")?;
    let stdout = child.stdout.take().context("stdout is a pipe")?;
    let mut count = Count::default();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        println!("{line}");
        count.add(&line);
    }
    let status = child.wait()?;
    println!("\n{} passed, {} failed, {} skipped", count.passed, count.failed, count.ignored);
    if !status.success() {
        bail!("`cargo test` ended with {status}");
    }
    if count.passed == 0 {
        bail!("no test ran: none has `{}` in its name", filter.unwrap_or_default());
    }
    if filter.is_some() {
        return Ok(());
    }
    say("test: what is handed out, made from this build");
    dist::make(workspace, &binary, Profile::Dev)?;
    dashboard::test(workspace, way, &binary)?;
    schema::run(workspace, way, ASKING)
}

/// Processors that this process may use.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The tests of all test programs together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    /// Takes a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; …`; leaves all others.
    fn add(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else { return };
        for part in counts.1.split("; ") {
            let Some((number, name)) = part.split_once(' ') else { continue };
            let number = number.parse::<u64>().unwrap_or_default();
            match name {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_test_programs_are_added_up() {
        let mut count = Count::default();
        count.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        count.add("test store::tests::says_test_result ... ok");
        count.add("test result: FAILED. 16 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.26s");
        assert_eq!(count, Count { passed: 19, failed: 3, ignored: 1 });
    }
}
