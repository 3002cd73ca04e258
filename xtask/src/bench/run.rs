//! The bench from the build to the report.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::abort::Aborts;
use super::command::Bench;
use super::machine;
use super::report::{Comparison, Host, Report, draw};
use super::scenario::{self, Need, Scenario};
use super::stage::Stage;
use super::stamps::Moment;
use crate::guests::{self, Way};
use crate::host::{self, Profile};
use crate::process::{say, stdout_of};
use crate::workspace::Workspace;

/// Measures, prints tables and writes the JSON. What was found before a scenario broke off is not lost with it.
pub(crate) fn run(workspace: &Workspace, way: Way, bench: &Bench) -> Result<()> {
    if bench.list {
        print!("{}", scenario::list());
        return Ok(());
    }
    let scenarios = scenario::chosen(&bench.only)?;
    let before = bench.compare.as_deref().map(Comparison::read).transpose()?;
    let (binary, modules) = prepare(workspace, way, bench, &scenarios)?;
    let folder = workspace.target.join("bench");
    fs::create_dir_all(&folder)?;
    let file = bench.json.clone().unwrap_or_else(|| folder.join(file_name(&bench.only)));

    let all_data = tempfile::Builder::new().prefix("data-").tempdir_in(&folder)?;
    let aborts = Aborts::watch(all_data.path().to_owned())?;

    let mut report = Report::new(machine::describe(&folder)?, measured_host(workspace, &binary, bench)?);
    // Where the figures cannot be written, that is said before all the measuring.
    save(&report, before.as_ref(), &file)?;
    for Scenario { name, measure, .. } in scenarios {
        say(format_args!("bench: {name}"));
        report.begin(name);
        let data = tempfile::Builder::new().prefix(name).tempdir_in(&all_data)?;
        let stage = Stage { workspace, binary: &binary, modules: &modules, data: data.path(), bench };
        let measured = measure(&stage, &mut report);
        aborts.wait_if_any();
        if let Err(error) = measured {
            say(format_args!("bench: {name} broke off: {error:#}"));
            report.fail(&error);
        }
        save(&report, before.as_ref(), &file)?;
    }
    show(workspace, bench, &report, before.as_ref())?;
    println!("\nthe same as JSON: {}", file.display());
    match report.failed().as_slice() {
        [] => Ok(()),
        failed => bail!("broke off: {}", failed.join(", ")),
    }
}

fn save(report: &Report, before: Option<&Comparison>, file: &Path) -> Result<()> {
    let json = format!("{:#}\n", report.to_json(before));
    fs::write(file, json).with_context(|| format!("cannot write {}", file.display()))
}

/// Builds what has to be there; gives the host and the folder of the guests.
fn prepare(workspace: &Workspace, way: Way, bench: &Bench, scenarios: &[&Scenario]) -> Result<(PathBuf, PathBuf)> {
    let is_needed = |need| scenarios.iter().any(|scenario| scenario.needs.contains(&need));
    let modules = bench.modules.clone().unwrap_or_else(|| workspace.modules());
    if bench.modules.is_none() {
        guests::build_rust(workspace, way)?;
        if is_needed(Need::Languages) {
            guests::build_languages(workspace, way)?;
        }
    }
    if is_needed(Need::Postgres) {
        crate::postgres::install()?;
    }
    let binary = match &bench.host {
        Some(binary) => fs::canonicalize(binary).with_context(|| format!("cannot find {}", binary.display()))?,
        None => host::build(workspace, Profile::Release)?,
    };
    Ok((binary, modules))
}

fn measured_host(workspace: &Workspace, binary: &Path, bench: &Bench) -> Result<Host> {
    let version = stdout_of(Command::new(binary).arg("--version"))?;
    // Of another program nobody knows from which commit it is, and a copy of the sources may have none.
    let mut ask = Command::new("git");
    ask.current_dir(&workspace.root).args(["describe", "--always", "--dirty", "--abbrev=12"]);
    let commit = if bench.host.is_none() { stdout_of(&mut ask).ok() } else { None };
    let date = humantime::format_rfc3339_seconds(Moment::now().wall()).to_string();
    Ok(Host { version, commit, date, asked: bench.asked() })
}

/// Where the figures go unless the command line says otherwise.
fn file_name(only: &[String]) -> String {
    let name = if only.is_empty() { "bench".to_owned() } else { only.join("-") };
    name + ".json"
}

fn show(workspace: &Workspace, bench: &Bench, report: &Report, before: Option<&Comparison>) -> Result<()> {
    print!("\n{report}");
    if let Some(before) = before {
        print!("\n{}", before.table(report.figures()));
    }
    if let Some(chart) = &bench.chart {
        draw(report, before, chart)?;
        println!("\nthe chart: {}", chart.display());
    }
    if bench.publish {
        report.parts().iter().try_for_each(|part| part.write_below(&workspace.root))?;
    }
    Ok(())
}
