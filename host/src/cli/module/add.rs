//! `cofferdam module add`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::client::api::read;
use crate::cli::client::{Added, ModuleView};
use crate::cli::failure::Verbosity;
use crate::cli::output::{Bar, escape};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::config::show_size;

/// Upload modules
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam module add target/wasm32-wasip2/release/csv_profile.wasm
  cofferdam module add --replace one.wasm two.wasm")]
pub struct Add {
    /// The components
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Move an existing version to the new bytes; older jobs keep theirs
    #[arg(long)]
    replace: bool,
}

impl Add {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let replace = self.replace.then_some("true");
        if let [file] = &self.files[..] {
            return add(session, file, replace).map(|()| Exit::Done);
        }
        let mut exit = Exit::Done;
        // One file that is wrong does not keep the others out.
        for file in &self.files {
            if let Err(failure) = add(session, file, replace) {
                eprintln!("{}: {}", file.display(), failure.render(session.looks.err, Verbosity::Brief));
                exit = failure.exit();
            }
        }
        Ok(exit)
    }
}

fn add(session: &Session, file: &Path, replace: Option<&str>) -> Result<(), Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::usage(format!("the file `{}` cannot be read: {error}", file.display())))?;
    let bar = Bar::start(session.looks.err, format!("adding {} ({})", file.display(), show_size(bytes.len() as u64)));
    let added = session.client.add_module(&bytes, replace);
    bar.end();
    let (json, added) = added?;
    if session.form == Form::Json {
        return session.say_json(&json);
    }
    let view: ModuleView = read(&json)?;
    let word = match added {
        Added::New => "added",
        Added::Known => "there already:",
    };
    say(&format!(
        "{word} {} ({}, {})",
        escape::one_line(&view.id),
        show_size(view.size_bytes),
        escape::one_line(&view.digest)
    ))
}
