//! The arguments of `cofferdam doctor`, and what they come to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::examine::examine;
use super::hostile::{Listing, Plan, Row, Visited, list, rows, show, visit};
use super::server::Named;
use crate::cli::local::{Interrupts, block_on};
use crate::cli::output::{Bar, Looks};
use crate::cli::session::Session;
use crate::cli::settings_arguments::SettingsArguments;
use crate::cli::{Exit, Failure, Global};
use crate::config::{Environment, Flag};

/// Look at an installation, or let hostile modules loose on it
#[derive(Debug, Args)]
#[command(after_help = "\
Without flags it looks at this machine, at the folders of the settings and at the server, and says what it saw and what
to do about it. Ends with 1 when something does not work.

With --hostile it uploads modules that misbehave to the server, runs each as a job, and holds each one's end against a
table, which is that of the default limits. Meanwhile honest jobs run and the API is asked how quick it is. Everything is
taken back at the end, also after Ctrl-C. Ends with 0 only if every row is as it should be and nobody else was harmed.
The server is busy meanwhile, and its database grows by a few hundred megabytes, which it uses again.

Examples:
  cofferdam doctor
  cofferdam doctor --data-dir /var/lib/cofferdam --json
  cofferdam doctor --hostile
  cofferdam doctor --hostile --only spin --only eat-memory
  cofferdam doctor --hostile --list")]
pub struct Doctor {
    /// Let hostile modules loose on the server
    #[arg(long)]
    hostile: bool,
    /// Only this row of the table; may be repeated
    #[arg(long, value_name = "BEHAVIOUR", requires = "hostile")]
    only: Vec<String>,
    /// Print the table without running anything
    #[arg(long, requires = "hostile")]
    list: bool,
    /// How many rows run at the same time
    #[arg(long, value_name = "ROWS", requires = "hostile", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    at_once: u16,
    /// The data folder of the installation [default: cofferdam-data]
    #[arg(long, value_name = "FOLDER", conflicts_with = "hostile")]
    data_dir: Option<String>,
    #[command(flatten)]
    settings: SettingsArguments,
}

impl Doctor {
    pub(in crate::cli) fn execute(
        self,
        global: &Global,
        environment: &Environment,
        looks: Looks,
    ) -> Result<Exit, Failure> {
        let session = Session::open(global, environment, looks)?;
        if self.hostile {
            return self.hostile(session);
        }
        let flag = |value| Flag { name: "--data-dir".to_owned(), key: "data_dir".to_owned(), value };
        let resolved = self.settings.resolve(self.data_dir.map(flag).into_iter().collect(), environment)?;
        let is_named = global.server.is_some() || environment.get("COFFERDAM_SERVER").is_some();
        let named = if is_named { Named::Explicitly } else { Named::ByDefault };
        examine(&resolved.settings, &session.client, named, session.form, looks.out)
    }

    fn hostile(self, session: Session) -> Result<Exit, Failure> {
        let rows = chosen(&self.only)?;
        let listing = Listing { form: session.form, look: session.looks.out };
        if self.list {
            list(&rows, listing)?;
            return Ok(Exit::Done);
        }
        let bar = Bar::start(session.looks.err, "hostile modules");
        let plan = Plan { rows, at_once: self.at_once.into(), bar };
        let (visited, broken_off) = block_on(interruptible(session, plan))??;
        show(&visited, listing)?;
        if broken_off {
            return Err(Failure::failed("broken off; what was uploaded is taken back"));
        }
        Ok(if visited.is_ok() { Exit::Done } else { Exit::Failed })
    }
}

/// Visits the server on a thread of its own. Ctrl-C ends the visit, which takes everything back first.
async fn interruptible(session: Session, plan: Plan) -> Result<(Visited, bool), Failure> {
    let mut interrupts = Interrupts::listen()?;
    let broken_off = Arc::new(AtomicBool::new(false));
    let (client, signal) = (session.client.clone(), Arc::clone(&broken_off));
    let mut visiting = tokio::task::spawn_blocking(move || visit(client, plan, signal));
    let visited = tokio::select! {
        visited = &mut visiting => visited,
        () = interrupts.any() => {
            broken_off.store(true, Ordering::Relaxed);
            session.note("taking back what was uploaded");
            visiting.await
        }
    };
    let visited = visited.map_err(|error| Failure::failed(format!("the visit went wrong: {error}")))??;
    Ok((visited, broken_off.load(Ordering::Relaxed)))
}

/// The rows with these names, or all.
fn chosen(only: &[String]) -> Result<Vec<Row>, Failure> {
    let mut rows = rows();
    if let Some(unknown) = only.iter().find(|name| rows.iter().all(|row| row.name != name.as_str())) {
        return Err(Failure::usage(format!("the table has no row `{unknown}`"))
            .next("`cofferdam doctor --hostile --list` shows them all"));
    }
    rows.retain(|row| only.is_empty() || only.iter().any(|name| row.name == name));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_chosen_by_name() {
        let only = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(chosen(&only(&["spin", "unreachable"])).map(|rows| rows.len()), Ok(2));
        assert!(chosen(&[]).is_ok_and(|rows| rows.len() >= 40));
        let failure = chosen(&only(&["spinn"])).err().expect("no such row");
        assert_eq!(failure.exit(), Exit::Usage);
    }
}
