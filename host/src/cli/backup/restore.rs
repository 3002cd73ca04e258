//! `cofferdam restore`.

use std::path::PathBuf;

use clap::Args;

use super::facts::{refused, show};
use crate::cli::local::block_on;
use crate::cli::output::{Look, Looks};
use crate::cli::session::Form;
use crate::cli::{Exit, Failure, Global};
use crate::store::restore;

/// Make the data folder of a new server out of a backup
#[derive(Debug, Args)]
#[command(after_help = "\
The backup is checked first; the folder must be empty or not be there. Start a server on it with
`cofferdam serve --data-dir DIR`: jobs that ran when the backup was taken go on from their checkpoints.

The server that the backup was taken of must not run on meanwhile: both would run the same jobs, and what these do outside
would be done twice. Secrets open only with that server's secrets.key: copy it into the folder before the start.

Example:
  cofferdam restore cofferdam-monday.tar --data-dir /var/lib/cofferdam-new")]
pub struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
}

impl Restore {
    pub(in crate::cli) fn execute(self, global: &Global, looks: Looks) -> Result<Exit, Failure> {
        let manifest = block_on(restore(&self.file, &self.data_dir))?.map_err(|error| refused(&error))?;
        show(&manifest, Form::of(global), looks.out)?;
        if Form::of(global) == Form::People && looks.err != Look::Plain {
            let (folder, key) =
                (self.data_dir.display(), if manifest.secrets > 0 { " (copy secrets.key there first)" } else { "" });
            eprintln!(
                "\n`cofferdam serve --data-dir {folder}` goes on from it{key}; the old server must not run any more"
            );
        }
        Ok(Exit::Done)
    }
}
