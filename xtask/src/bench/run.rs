//! The bench from the build to the report.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::postgres::{self, Setting};
use super::report::Report;
use super::{hostile, idle, instantiate, languages, latency, log_lines, machine, recovery, stalled, throughput};
use crate::guests::{self, Way};
use crate::host::{self, Profile};
use crate::process::say;
use crate::server::{Api, Server, Start};
use crate::workspace::Workspace;

/// What the command line asks for.
pub(crate) struct Bench {
    /// Where the figures go as JSON.
    pub(crate) json: Option<PathBuf>,
    /// Jobs of each kind in the measurement of throughput.
    pub(crate) jobs: u32,
    /// Connections that start them.
    pub(crate) connections: u32,
    pub(crate) scope: Scope,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Everything,
    /// What a module costs in each language, alone.
    Languages,
    /// What every hostile guest at once does to the host, alone.
    Hostile,
}

impl Scope {
    /// Where the figures go unless the command line says otherwise.
    const fn file(self) -> &'static str {
        match self {
            Self::Everything => "bench.json",
            Self::Languages => "languages.json",
            Self::Hostile => "hostile.json",
        }
    }
}

/// Measures, prints tables and writes the JSON.
pub(crate) fn run(workspace: &Workspace, way: Way, bench: &Bench) -> Result<()> {
    guests::build_rust(workspace, way)?;
    if bench.scope != Scope::Hostile {
        guests::build_languages(workspace, way)?;
    }
    if bench.scope == Scope::Everything {
        crate::postgres::install()?;
    }
    let binary = host::build(workspace, Profile::Release)?;
    let folder = workspace.target.join("bench");
    fs::create_dir_all(&folder)?;
    let data = tempfile::Builder::new().prefix("data-").tempdir_in(&folder)?;
    let mut report = Report::new(machine::describe(data.path())?);

    match bench.scope {
        Scope::Everything => {
            measure_host(workspace, &binary, data.path(), bench, &mut report)?;
            hostile::measure(workspace, &binary, &data.path().join("hostile"), &mut report)?;
        }
        Scope::Hostile => {
            let ends = hostile::measure(workspace, &binary, &data.path().join("hostile"), &mut report)?;
            println!("\n{ends}");
        }
        Scope::Languages => {}
    }
    let mut table = None;
    if bench.scope != Scope::Hostile {
        table = Some(languages::measure(workspace, &binary, &data.path().join("languages"), &mut report)?);
    }
    print!("\n{report}");
    if let Some(table) = table {
        print!("\n{table}");
        if bench.scope == Scope::Languages {
            languages::publish(workspace, &table, &report.machine())?;
        }
    }
    let file = bench.json.clone().unwrap_or_else(|| folder.join(bench.scope.file()));
    fs::write(&file, format!("{:#}\n", report.to_json()))
        .with_context(|| format!("cannot write {}", file.display()))?;
    println!("\nthe same as JSON: {}", file.display());
    Ok(())
}

fn measure_host(workspace: &Workspace, binary: &Path, data: &Path, bench: &Bench, report: &mut Report) -> Result<()> {
    let server = Server::start(&Start::usual(binary, "127.0.0.1:0", data))?;
    measure(workspace, &server, bench, report)?;
    server.stop().context("after the measurements")?;

    let module = workspace.component("hostile")?;
    say(format_args!("bench: {} interrupted jobs", recovery::JOBS));
    recovery::measure(binary, &data.join("recovery"), &module, report)?;
    say(format_args!("bench: log lines beside {} readers that do not read", stalled::READERS));
    stalled::measure(binary, &data.join("stalled"), &module, report)?;
    let setting = Setting { binary, data, module: &module, bench };
    postgres::measure(&setting, report)?;

    say("bench: instantiate and call, beside a bare wasmtime loop");
    instantiate::measure(workspace, report)
}

fn measure(workspace: &Workspace, server: &Server, bench: &Bench, report: &mut Report) -> Result<()> {
    let mut api = Api::connect(server.address())?;
    for name in ["hello", "hostile"] {
        api.add_module(&workspace.component(name)?)?;
    }
    say(format_args!("bench: idle for {} s", idle::SECONDS));
    idle::measure(server.pid(), report)?;
    say("bench: latency of single jobs");
    latency::measure(&mut api, report)?;
    for kind in throughput::KINDS {
        say(format_args!("bench: {} {}", bench.jobs, kind.name));
        throughput::measure(&mut api, server.address(), &kind, bench, report)?;
    }
    for flood in log_lines::FLOODS {
        say(format_args!("bench: {} × {} log lines", flood.jobs, flood.lines));
        log_lines::measure(&mut api, server.address(), &flood, report)?;
    }
    idle::measure_memory(server.pid(), "resident memory after all that", report)
}
