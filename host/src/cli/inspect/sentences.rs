//! What is told about a file, for people.

use serde_json::Value;

use super::field::{Field, fields};
use super::report::Report;
use super::table;
use crate::cli::output::{Cell, Facts, Look, Table, count, escape, style};
use crate::config::show_size;

/// The whole page: what it is, what it asks for, what it takes, and whether a host would take it.
pub(super) fn render(report: &Report, look: Look) -> String {
    let mut parts = vec![facts(report, look)];
    if !report.imports.is_empty() {
        parts.push(table(&report.imports, look));
        parts.push(grants(report));
    }
    parts.extend(report.inputs_schema.as_ref().map(|schema| takes("inputs", schema, look)));
    parts.extend(report.settings_schema.as_ref().map(|schema| takes("settings", schema, look)));
    parts.push(verdict(report, look));
    parts.join("\n\n")
}

fn facts(report: &Report, look: Look) -> String {
    let mut facts = Facts::new(look);
    facts.add("file", escape::one_line(&report.file));
    if let (Some(name), Some(version)) = (&report.name, &report.version) {
        facts.add("module", format!("{}@{}", escape::one_line(name), escape::one_line(version)));
    }
    facts.add("description", escape::text(report.description.as_deref().unwrap_or_default().trim_end()));
    facts.add("digest", report.digest.as_str());
    facts.add("size", format!("{} ({} bytes)", show_size(report.size_bytes), count(report.size_bytes)));
    if let Some(time_ms) = report.compile_time_ms {
        facts.add("compiled in", format!("{} ms", count(time_ms)));
    }
    if let (Some(start_bytes), Some(describe_bytes)) = (report.start_memory_bytes, report.describe_memory_bytes) {
        let (start, describe) = (show_size(start_bytes), show_size(describe_bytes));
        facts.add("memory", format!("{start} once it is instantiated, {describe} at most until `describe` returned"));
    }
    facts.add("exports", listed(&report.exports));
    facts.render()
}

fn grants(report: &Report) -> String {
    if report.not_granted.is_empty() {
        return "grants: it imports nothing that would have to be granted.".to_owned();
    }
    let wanted = report.not_granted.join(", ");
    format!(
        "grants: if it really uses them, it would need to be granted: {wanted}. Toolchains often import what the module \
         never uses.\nNothing is granted unless the operator does (`cofferdam module grant`): without that, such calls get errors, \
         or nothing to see. Sockets are never granted."
    )
}

fn takes(which: &str, schema: &Value, look: Look) -> String {
    let fields = fields(schema);
    if fields.is_empty() {
        let what = if *schema == Value::Bool(false) { "nothing is accepted" } else { "any object; no field is named" };
        return format!("{which}: {what}");
    }
    let mut table = Table::new(look, &[which, "type", "required", "default", "description"]).flexible(4);
    for Field { name, kind, required, default, description } in fields {
        table.row(vec![
            Cell::Text(name),
            Cell::Text(kind),
            Cell::Text(if required { "yes" } else { "no" }.to_owned()),
            Cell::Text(default.unwrap_or_default()),
            Cell::Text(description),
        ]);
    }
    table.render()
}

fn verdict(report: &Report, look: Look) -> String {
    if report.accepted {
        return format!("{}: a host with these settings takes this module", look.paint(style::GREEN, "accepted"));
    }
    let word = look.paint(style::ERROR, "refused");
    let reasons = report.refusals.iter().map(|refusal| format!("\n  - {}", escape::text(&refusal.detail)));
    format!("{word}: a host would not take this file:{}", reasons.collect::<String>())
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| escape::one_line(name)).collect::<Vec<_>>().join("\n")
}
