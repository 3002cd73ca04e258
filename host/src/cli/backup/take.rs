//! `cofferdam backup`.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::facts::{refused, show};
use crate::cli::local::block_on;
use crate::cli::output::Looks;
use crate::cli::session::{Form, Session};
use crate::cli::{Exit, Failure, Global};
use crate::config::Environment;
use crate::store::verify;

/// Take a backup of a running server, or check one
#[derive(Debug, Args)]
#[command(after_help = "\
One archive with the whole database as it is at a moment; jobs go on meanwhile. What comes is checked, page by page, before
the file gets its name. Needs a token with the scope admin, once there are tokens. A server on PostgreSQL is backed up with
PostgreSQL's own means. The key that opens secrets (secrets.key in the data folder) is not in it: keep a copy elsewhere.

Examples:
  cofferdam backup cofferdam-monday.tar
  cofferdam backup --verify cofferdam-monday.tar")]
pub struct Backup {
    /// The file to write, or to check
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only check the file; no server is asked
    #[arg(long)]
    verify: bool,
}

impl Backup {
    pub(in crate::cli) fn execute(
        self,
        global: &Global,
        environment: &Environment,
        looks: Looks,
    ) -> Result<Exit, Failure> {
        let folder = match self.file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        if self.verify {
            let manifest = block_on(verify(&self.file, &folder))?.map_err(|error| refused(&error))?;
            show(&manifest, Form::of(global), looks.out)?;
            return Ok(Exit::Done);
        }
        self.take(&Session::open(global, environment, looks)?, &folder)
    }

    fn take(&self, session: &Session, folder: &Path) -> Result<Exit, Failure> {
        let cannot = |error: io::Error| Failure::failed(format!("{} cannot be written: {error}", self.file.display()));
        if self.file.exists() {
            return Err(Failure::usage(format!("{} is there already", self.file.display()))
                .next("name another file: an older backup is not written over"));
        }
        let unfinished = tempfile::Builder::new().prefix(".cofferdam-backup-").tempfile_in(folder);
        let mut unfinished = unfinished.map_err(cannot)?;
        session.note("the server copies its database …");
        let mut archive = session.client.back_up()?;
        io::copy(&mut archive, &mut unfinished).map_err(|error| {
            Failure::failed(format!("the backup broke off: {error}")).next("take it again; nothing was written")
        })?;
        unfinished.flush().and_then(|()| unfinished.as_file().sync_all()).map_err(cannot)?;
        session.note("checking it …");
        let manifest = block_on(verify(unfinished.path(), folder))?.map_err(|error| refused(&error))?;
        unfinished.persist_noclobber(&self.file).map_err(|error| cannot(error.error))?;
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(cannot)?;
        show(&manifest, session.form, session.looks.out)?;
        Ok(Exit::Done)
    }
}
