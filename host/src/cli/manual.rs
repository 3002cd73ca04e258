//! `cofferdam manual`: manual pages, made from the same definition as `--help`.

use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::{Cli, Exit, Failure};

/// Write manual pages into a folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam manual ~/.local/share/man/man1      then: man cofferdam-job-start")]
pub struct Manual {
    /// The folder; it is made when it is not there
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

impl Manual {
    pub(super) fn execute(self) -> Result<Exit, Failure> {
        let failed = |error: std::io::Error| {
            Failure::failed(format!("the manual pages cannot be written to {}: {error}", self.folder.display()))
        };
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        clap_mangen::generate_to(Cli::command(), &self.folder).map_err(failed)?;
        Ok(Exit::Done)
    }
}
