//! `cofferdam module show`.

use clap::Args;
use serde_json::value::RawValue;

use crate::cli::client::ModuleView;
use crate::cli::client::api::read;
use crate::cli::output::{Facts, Look, ago, count, escape};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::config::show_size;
use crate::domain::ModuleRef;

/// Show a module with what it takes
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cofferdam module show csv-profile
  cofferdam module show csv-profile@1.0.0 --json | jq .inputs_schema")]
pub struct Show {
    /// Which module.
    #[arg(help = "NAME (its highest version), NAME@VERSION or sha256:DIGEST")]
    module: ModuleRef,
}

impl Show {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let json = session.client.module(&self.module)?;
        match session.form {
            Form::Json => session.say_json(&json)?,
            Form::People => say(&render(&read(&json)?, session.looks.out))?,
        }
        Ok(Exit::Done)
    }
}

fn render(view: &ModuleView, look: Look) -> String {
    let mut facts = Facts::new(look);
    facts.add("module", escape::one_line(&view.id));
    facts.add("description", escape::text(view.description.trim_end()));
    facts.add("digest", escape::one_line(&view.digest));
    facts.add("size", format!("{} ({} bytes)", show_size(view.size_bytes), count(view.size_bytes)));
    facts.add("added", format!("{} ({})", ago(&view.created_at), escape::one_line(&view.created_at)));
    if let Some(source) = &view.source {
        facts.add("source", escape::one_line(source));
    }
    if let Some(key) = &view.signed_by {
        let comment = view.trusted_comment.as_deref().unwrap_or_default();
        facts.add("signed by", format!("{} ({})", escape::one_line(key), escape::one_line(comment)));
    }
    facts.add("imports", view.imports.iter().map(|import| escape::one_line(import)).collect::<Vec<_>>().join("\n"));
    facts.add("inputs", schema(&view.inputs_schema));
    facts.add("settings", schema(&view.settings_schema));
    facts.render()
}

/// A schema in several lines, as people write it.
fn schema(schema: &RawValue) -> String {
    let pretty = serde_json::from_str::<serde_json::Value>(schema.get()).map(|value| format!("{value:#}"));
    escape::json(pretty.as_deref().unwrap_or_else(|_| schema.get())).into_owned()
}
