//! Shows what a backup is.

use crate::cli::Failure;
use crate::cli::output::{Facts, Look, count, escape, shown_json};
use crate::cli::session::{Form, say};
use crate::config::show_size;
use crate::store::{Manifest, RestoreError};

/// Prints what a backup has.
pub(super) fn show(manifest: &Manifest, form: Form, look: Look) -> Result<(), Failure> {
    if form == Form::Json {
        let text = serde_json::to_string(manifest).map_err(|error| Failure::failed(error.to_string()))?;
        return say(&shown_json(&text, look));
    }
    let mut facts = Facts::new(look);
    facts.add("taken", escape::one_line(&manifest.created_at));
    facts.add("by", format!("cofferdam {}, schema {}", escape::one_line(&manifest.program), manifest.schema));
    let jobs = manifest.jobs.iter().filter(|(_, jobs)| **jobs > 0);
    let jobs: Vec<_> = jobs.map(|(status, jobs)| format!("{} {}", count(*jobs), escape::one_line(status))).collect();
    facts.add("jobs", if jobs.is_empty() { "none".to_owned() } else { jobs.join(", ") });
    facts.add("modules", count(manifest.modules));
    if manifest.secrets > 0 {
        facts.add("secrets", format!("{}, sealed with a key that is not in it", count(manifest.secrets)));
    }
    facts.add("database", show_size(manifest.files.iter().map(|file| file.bytes).sum()));
    say(&facts.render())
}

/// Says what is wrong with an archive or a folder, and what to do.
pub(super) fn refused(error: &RestoreError) -> Failure {
    let text = error.to_string();
    match error {
        RestoreError::NotEmpty { .. } => Failure::usage(text).next("name a folder that is empty or not there"),
        _ => Failure::failed(text),
    }
}
