//! `cofferdam audit`: who did what.

use clap::Args;

use super::client::AuditView;
use super::client::api::read;
use super::output::{Cell, Table};
use super::session::{Form, Session, say};
use super::{Exit, Failure};

/// Show who did what on a server, newest last
#[derive(Debug, Args)]
#[command(after_help = "\
Every request that changed something or tried to, and every one that was not let in. Needs a token with the scope admin,
once there are tokens.

Examples:
  cofferdam audit
  cofferdam audit --after 0 --limit 1000 --json | jq 'select(.status == 401)'")]
pub struct Audit {
    /// Only entries after this number; the newest ones unless given
    #[arg(long, value_name = "NUMBER")]
    after: Option<u64>,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

impl Audit {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let after = match self.after {
            Some(after) => after,
            None => session.client.audit_end()?.saturating_sub(self.limit.into()),
        };
        let entries = session.client.audit(after, self.limit)?;
        if session.form == Form::Json {
            session.say_lines(&entries)?;
            return Ok(Exit::Done);
        }
        let heading = ["#", "time", "actor", "action", "object", "status", "address"];
        let mut table = Table::new(session.looks.out, &heading);
        for entry in &entries {
            let AuditView { seq, time, actor, action, object, status, peer } = read(entry.get())?;
            table.row(vec![
                Cell::Number(seq.to_string()),
                Cell::Text(time),
                Cell::Text(actor),
                Cell::Text(action),
                Cell::Text(object.unwrap_or_default()),
                Cell::Number(status.to_string()),
                Cell::Text(peer),
            ]);
        }
        if entries.is_empty() {
            session.note("nothing was changed yet");
        } else {
            say(&table.render())?;
        }
        Ok(Exit::Done)
    }
}
