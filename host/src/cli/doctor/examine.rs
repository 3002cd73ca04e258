//! `cofferdam doctor` without `--hostile`: every check, said as it stands.

use super::check::{Check, Verdict};
use super::server::Named;
use super::{folders, machine, server};
use crate::cli::client::Client;
use crate::cli::output::Look;
use crate::cli::session::{Form, say};
use crate::cli::{Exit, Failure};
use crate::config::Settings;

/// Looks at everything, and says what it saw.
pub(super) fn examine(
    settings: &Settings,
    client: &Client,
    named: Named,
    form: Form,
    look: Look,
) -> Result<Exit, Failure> {
    let checks = [machine::look(settings), folders::look(settings), server::look(client, named)].concat();
    for check in &checks {
        match form {
            Form::Json => say(&serde_json::to_string(check).expect("texts"))?,
            Form::People => say(&check.render(look))?,
        }
    }
    Ok(if worst(&checks) == Verdict::Problem { Exit::Failed } else { Exit::Done })
}

fn worst(checks: &[Check]) -> Verdict {
    let has = |verdict| checks.iter().any(|check| check.verdict == verdict);
    if has(Verdict::Problem) {
        Verdict::Problem
    } else if has(Verdict::Warning) {
        Verdict::Warning
    } else {
        Verdict::Ok
    }
}
