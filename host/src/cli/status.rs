//! `cofferdam status`: what the server is doing.

use clap::Args;

use super::client::StatusView;
use super::client::api::read;
use super::output::{Cell, Facts, Look, Table, ago, count, escape, status_word};
use super::session::{Form, Session, say};
use super::{Exit, Failure};
use crate::config::show_size;
use crate::domain::Status;

/// Show what the server is doing
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cofferdam status\n  cofferdam status --json")]
pub struct StatusCommand {}

impl StatusCommand {
    pub(super) fn execute(session: &Session) -> Result<Exit, Failure> {
        let json = session.client.status()?;
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People => say(&render(&read(&json)?, session.looks.out))?,
        }
        Ok(Exit::Done)
    }
}

fn render(view: &StatusView, look: Look) -> String {
    let jobs = [
        (Status::Pending, view.jobs.pending),
        (Status::Running, view.jobs.running),
        (Status::Completed, view.jobs.completed),
        (Status::Failed, view.jobs.failed),
        (Status::Stopped, view.jobs.stopped),
    ];
    let jobs = jobs.map(|(status, number)| format!("{} {}", count(number), status_word(status, look))).join("   ");
    let mut facts = Facts::new(look);
    facts.add("version", escape::one_line(&view.version));
    facts.add("up for", escape::one_line(&view.uptime));
    facts.add("modules", count(view.modules));
    facts.add("jobs", jobs);
    facts.add("running", view.running.iter().map(|id| escape::one_line(id)).collect::<Vec<_>>().join("\n"));
    let mut nodes = Table::new(look, &["node", "version", "slots", "guest memory", "heartbeat"]);
    for node in &view.nodes {
        let (used, budget) = (show_size(node.guest_memory_bytes), show_size(node.guest_memory_budget_bytes));
        nodes.row(vec![
            Cell::Text(node.id.clone()),
            Cell::Text(node.version.clone()),
            Cell::Text(format!("{} of {}", count(node.running), count(node.slots))),
            Cell::Text(format!("{used} of {budget}")),
            Cell::Text(ago(&node.heartbeat_at)),
        ]);
    }
    format!("{}\n\n{}", facts.render(), nodes.render())
}
