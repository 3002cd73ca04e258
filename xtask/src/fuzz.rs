//! `cargo xtask fuzz`: looks for bytes that make a target panic, with libFuzzer on the stable compiler.
//!
//! Only the workspace's own crates are made to count which of their branches are taken: this program stands between cargo
//! and the compiler for them (`RUSTC_WORKSPACE_WRAPPER`) and adds the flags. All other crates are those of the tests.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::{self, cargo, on_path, say};
use crate::table::Table;
use crate::workspace::Workspace;

/// Says that this program is to act as the compiler.
const AS_COMPILER: &str = "COFFERDAM_FUZZ_COMPILER";
/// The crates whose branches count: what is linked into the program, and runs there.
const COUNTED: [&str; 2] = ["cofferdam", "cofferdam_fuzz"];
/// What libFuzzer needs of the compiler, as `-C` flags of the stable one; and quicker code than that of the tests.
const FLAGS: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Copt-level=1",
    "-Ccodegen-units=16",
];
/// The largest input that is tried.
const INPUT_BYTES: &str = "-max_len=16384";

/// What the command line asks for.
pub(crate) struct Fuzz {
    /// How long each target is tried.
    pub(crate) seconds: u64,
    /// Only this target.
    pub(crate) target: Option<String>,
}

/// What trying one target came to.
struct Tried {
    name: String,
    executions: u64,
    a_second: u64,
    /// Branches that were taken.
    branches: u64,
    inputs: u64,
    crash: Option<PathBuf>,
}

/// Acts as the compiler if cargo runs this program as one; does not return then.
pub(crate) fn compile_instead() -> Option<ExitCode> {
    std::env::var_os(AS_COMPILER)?;
    let mut arguments = std::env::args_os().skip(1);
    let mut compiler = Command::new(arguments.next()?);
    let arguments: Vec<_> = arguments.collect();
    let follows = |name: &str, values: &[&str]| {
        arguments.windows(2).any(|pair| pair[0] == name && values.iter().any(|value| pair[1] == *value))
    };
    if follows("--crate-name", &COUNTED) && follows("--crate-type", &["lib", "bin"]) {
        compiler.args(FLAGS);
    }
    let error = compiler.args(arguments).exec();
    say(format_args!("the compiler cannot be started: {error}"));
    Some(ExitCode::FAILURE)
}

/// Tries every target, or one, for so long.
pub(crate) fn run(workspace: &Workspace, fuzz: &Fuzz) -> Result<()> {
    let targets = targets(workspace, fuzz.target.as_deref())?;
    let program = build(workspace)?;
    let mut all = Vec::new();
    for target in targets {
        say(format_args!("fuzz: {target} for {} s", fuzz.seconds));
        all.push(try_target(workspace, &program, target, fuzz.seconds)?);
    }
    let mut table = Table::new(&["target", "executions", "a second", "branches", "inputs", "crash"]);
    for tried in &all {
        let numbers = [tried.executions, tried.a_second, tried.branches, tried.inputs].map(|number| number.to_string());
        let crash = tried.crash.as_ref().map_or("none".to_owned(), |input| input.display().to_string());
        table.row([tried.name.clone()].into_iter().chain(numbers).chain([crash]));
    }
    println!("\n{table}");
    let crashed: Vec<_> = all.iter().filter(|tried| tried.crash.is_some()).map(|tried| tried.name.as_str()).collect();
    if !crashed.is_empty() {
        bail!(
            "crashed: {}; mend it, and move the input into fuzz/seeds/TARGET/ so that it stays mended",
            crashed.join(", ")
        );
    }
    Ok(())
}

/// The folders of seeds are the list of the targets; a test holds the two together.
fn targets(workspace: &Workspace, only: Option<&str>) -> Result<Vec<String>> {
    let folder = workspace.root.join("fuzz/seeds");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    match only {
        None => Ok(names),
        Some(only) if names.iter().any(|name| name == only) => Ok(vec![only.to_owned()]),
        Some(only) => bail!("there is no target `{only}`; there are {}", names.join(", ")),
    }
}

fn build(workspace: &Workspace) -> Result<PathBuf> {
    if ["c++", "clang++", "g++"].iter().all(|compiler| on_path(compiler).is_none()) {
        say("fuzz: libFuzzer is C++, and there is no compiler for it: installing Debian's package g++");
        process::apt_get(&["install", "--yes", "--no-install-recommends", "g++"])?;
    }
    say("fuzz: building the workspace's crates with counters");
    let mut build = cargo();
    build.current_dir(&workspace.root).args(["build", "--locked", "--workspace", "--bin", "cofferdam-fuzz"]);
    build.args(["--features", "cofferdam/failpoints,cofferdam-fuzz/libfuzzer"]);
    build.env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?).env(AS_COMPILER, "1");
    process::run(&mut build)?;
    Ok(workspace.target.join("debug/cofferdam-fuzz"))
}

fn try_target(workspace: &Workspace, program: &Path, name: String, seconds: u64) -> Result<Tried> {
    let work = workspace.target.join("fuzz").join(&name);
    let (corpus, artifacts) = (work.join("corpus"), work.join("crashes"));
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder)?;
    }
    let before = newest(&artifacts)?;
    let mut fuzzer = Command::new(program);
    fuzzer.arg(&corpus).arg(workspace.root.join("fuzz/seeds").join(&name));
    fuzzer.arg(format!("-max_total_time={seconds}")).arg(format!("-artifact_prefix={}/", artifacts.display()));
    fuzzer.args([INPUT_BYTES, "-print_final_stats=1", "-timeout=20", "-rss_limit_mb=4096", "-verbosity=1"]);
    let output = fuzzer.env("COFFERDAM_FUZZ_TARGET", &name).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot start {}", program.display()))?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let crash =
        if output.status.success() { None } else { newest(&artifacts)?.filter(|it| Some(it) != before.as_ref()) };
    if !output.status.success() {
        eprintln!("{told}");
        if crash.is_none() {
            bail!("the fuzzer ended with {} and left no input", output.status);
        }
    }
    let inputs = fs::read_dir(&corpus)?.count() as u64;
    let (executions, a_second) = (stat(&told, "number_of_executed_units"), stat(&told, "average_exec_per_sec"));
    Ok(Tried { name, executions, a_second, branches: branches(&told), inputs, crash })
}

/// The newest file of a folder.
fn newest(folder: &Path) -> Result<Option<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.metadata()?.modified()?, entry.path()));
    }
    Ok(files.into_iter().max().map(|(_, path)| path))
}

/// A line such as `stat::number_of_executed_units: 1234`.
fn stat(told: &str, name: &str) -> u64 {
    let line = told.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

/// The last `cov: 123` that the fuzzer told.
fn branches(told: &str) -> u64 {
    let of = |line: &str| line.split_once("cov: ")?.1.split_whitespace().next()?.parse().ok();
    told.lines().rev().find_map(of).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuzzers_figures_are_read() {
        let told = "#2\tINITED cov: 12 ft: 13 corp: 1/1b\n#99\tDONE   cov: 40 ft: 51 corp: 9/1Kb lim: 4 exec/s: 0\n\
                    stat::number_of_executed_units: 99\nstat::average_exec_per_sec:     33\n";
        assert_eq!((branches(told), stat(told, "number_of_executed_units")), (40, 99));
        assert_eq!((stat(told, "average_exec_per_sec"), stat(told, "no_such"), branches("")), (33, 0, 0));
    }
}
