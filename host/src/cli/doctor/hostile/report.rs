//! The table as people and programs see it: what should happen, and what did.

use serde::Serialize;

use super::honest::Honest;
use super::latency::Latency;
use super::row::Row;
use super::run::Visited;
use crate::cli::Failure;
use crate::cli::output::{Cell, Facts, Look, Table, count, escape, style};
use crate::cli::session::{Form, say};
use crate::config::show_size;

/// A row of the table, for programs.
#[derive(Serialize)]
struct RowJson<'r> {
    behaviour: &'r str,
    attacks: &'r str,
    does: &'r str,
    expected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ok: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    took_ms: Option<u128>,
}

/// What stands below the table, for programs.
#[derive(Serialize)]
struct SummaryJson<'r> {
    ok: bool,
    rows: usize,
    rows_ok: usize,
    honest_jobs: &'r Honest,
    status_latency: &'r Latency,
    guest_memory_before_bytes: u64,
    guest_memory_after_bytes: u64,
    left_behind: &'r [String],
    took_ms: u128,
}

impl<'r> RowJson<'r> {
    fn of(row: &'r Row) -> Self {
        let Row { name, attacks, does, expected, .. } = row;
        Self { behaviour: name, attacks, does, expected: expected.to_string(), seen: None, ok: None, took_ms: None }
    }
}

/// How the table is printed.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli::doctor) struct Listing {
    pub(in crate::cli::doctor) form: Form,
    pub(in crate::cli::doctor) look: Look,
}

/// Prints the rows without running any.
pub(in crate::cli::doctor) fn list(rows: &[Row], listing: Listing) -> Result<(), Failure> {
    if listing.form == Form::Json {
        return rows.iter().try_for_each(|row| say(&json(&RowJson::of(row))));
    }
    let mut table = Table::new(listing.look, &["behaviour", "attacks", "does", "expected"]).flexible(3);
    for row in rows {
        let cells = [row.name, row.attacks, row.does].map(|text| Cell::Text(text.to_owned()));
        table.row(cells.into_iter().chain([Cell::Text(row.expected.to_string())]).collect());
    }
    say(&table.render())
}

/// Prints what came of a visit.
pub(in crate::cli::doctor) fn show(visited: &Visited, listing: Listing) -> Result<(), Failure> {
    match listing.form {
        Form::Json => show_json(visited),
        Form::People => show_people(visited, listing.look),
    }
}

fn show_json(visited: &Visited) -> Result<(), Failure> {
    for (row, tried) in &visited.rows {
        let mut line = RowJson::of(row);
        line.ok = Some(tried.as_ref().is_some_and(|tried| tried.ok));
        line.seen = Some(tried.as_ref().map_or_else(|| "not tried".to_owned(), |tried| tried.seen.to_string()));
        line.took_ms = tried.as_ref().map(|tried| tried.took.as_millis());
        say(&json(&line))?;
    }
    say(&json(&SummaryJson {
        ok: visited.is_ok(),
        rows: visited.rows.len(),
        rows_ok: rows_ok(visited),
        honest_jobs: &visited.honest,
        status_latency: &visited.latency,
        guest_memory_before_bytes: visited.memory.before_bytes,
        guest_memory_after_bytes: visited.memory.after_bytes,
        left_behind: &visited.left,
        took_ms: visited.took.as_millis(),
    }))
}

fn show_people(visited: &Visited, look: Look) -> Result<(), Failure> {
    let mut table = Table::new(look, &["ok", "behaviour", "attacks", "took", "seen"]).flexible(4);
    for (row, tried) in &visited.rows {
        let (mark, took, seen) = match tried {
            Some(tried) if tried.ok => ("✓", tried.took.as_millis().to_string(), tried.seen.to_string()),
            Some(tried) => {
                let seen = format!("{}; it should be: {}", tried.seen, row.expected);
                ("✗", tried.took.as_millis().to_string(), seen)
            }
            None => ("–", String::new(), "not tried".to_owned()),
        };
        let texts = [mark, row.name, row.attacks].map(|text| Cell::Text(text.to_owned()));
        let rest = [Cell::Number(format!("{took} ms")), Cell::Text(seen)];
        table.row(texts.into_iter().chain(rest).collect());
    }
    say(&table.render())?;
    say("")?;
    say(&facts(visited, look).render())
}

fn facts(visited: &Visited, look: Look) -> Facts {
    let Visited { honest, latency, memory, .. } = visited;
    let mut facts = Facts::new(look);
    facts.add("hostile modules", format!("{} of {} ended as they should", rows_ok(visited), visited.rows.len()));
    let slowest = honest.longest_ms;
    facts.add(
        "honest jobs",
        format!("{} completed; the slowest twenty took {} ms", count(honest.completed as u64), count(slowest)),
    );
    facts.add("harmed", honest.failed.iter().map(|why| escape::one_line(why)).collect::<Vec<_>>().join("\n"));
    let Latency { answers, failed, p50_ms, p99_ms, max_ms, .. } = latency;
    facts.add(
        "GET /v1/status",
        format!("p50 {p50_ms} ms, p99 {p99_ms} ms, max {max_ms} ms of {} answers", count(*answers as u64)),
    );
    if *failed > 0 {
        facts.add("without answer", look.paint(style::RED, &count(*failed as u64)));
    }
    let sizes = [memory.before_bytes, latency.guest_memory_peak_bytes, memory.after_bytes].map(show_size);
    let [before, peak, after] = sizes;
    let others = if memory.others > 0 { format!(" ({} jobs of others run)", memory.others) } else { String::new() };
    facts.add("guest memory", format!("{before} before, {peak} at its peak, {after} after{others}"));
    facts.add("left behind", visited.left.join("\n"));
    facts.add("took", format!("{:.1} s", visited.took.as_secs_f64()));
    facts
}

fn rows_ok(visited: &Visited) -> usize {
    visited.rows.iter().filter(|(_, tried)| tried.as_ref().is_some_and(|tried| tried.ok)).count()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers")
}
