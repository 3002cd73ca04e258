//! Where a scenario plays: hosts with empty folders, the guests, and what the command line asked for.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::command::Bench;
use super::report::Report;
use crate::server::{Api, Server, Start};
use crate::workspace::Workspace;

/// Lines of a host's log that are shown when it does not start.
const LAST_LINES: usize = 6;

/// What every scenario is given.
pub(super) struct Stage<'a> {
    pub(super) workspace: &'a Workspace,
    /// The host that is measured.
    pub(super) binary: &'a Path,
    /// Where the components are.
    pub(super) modules: &'a Path,
    /// The scenario's own folder; it is removed with it.
    pub(super) data: &'a Path,
    pub(super) bench: &'a Bench,
}

impl Stage<'_> {
    /// A host with an empty folder and these settings, `KEY=VALUE`.
    pub(super) fn host(&self, report: &mut Report, settings: &[&str]) -> Result<Server> {
        self.host_in(&self.folder("host")?, report, settings)
    }

    /// A host in this folder, which may have held one before.
    pub(super) fn host_in(&self, folder: &Path, report: &mut Report, settings: &[&str]) -> Result<Server> {
        // Where the database is says nothing about the host.
        let telling = settings.iter().filter(|setting| !setting.starts_with("database="));
        telling.for_each(|setting| report.add_setting(setting));
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let log = folder.join("host.log");
        let start = Start { settings: &settings, log: Some(&log), ..Start::usual(self.binary, "127.0.0.1:0", folder) };
        Server::start(&start).with_context(|| {
            let text = fs::read_to_string(&log).unwrap_or_default();
            let lines: Vec<_> = text.lines().collect();
            lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
        })
    }

    /// A new and empty folder.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf> {
        Ok(tempfile::Builder::new().prefix(&format!("{name}-")).tempdir_in(self.data)?.keep())
    }

    /// A connection to a host to which these modules were added first.
    pub(super) fn connect(&self, server: &Server, modules: &[&str]) -> Result<Api> {
        let mut api = Api::connect(server.address())?;
        modules.iter().try_for_each(|module| api.add_module(&self.component(module)?).map(drop))?;
        Ok(api)
    }

    /// A component's bytes.
    pub(super) fn component(&self, name: &str) -> Result<Vec<u8>> {
        let file = self.modules.join(name).with_extension("wasm");
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
    }

    /// The numbers of the runs.
    pub(super) fn runs(&self) -> std::ops::Range<u32> {
        0..self.bench.runs
    }
}
