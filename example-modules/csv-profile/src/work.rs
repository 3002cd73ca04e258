//! The work: through the table once, with a checkpoint every few thousand rows, then one result a column.

use cofferdam_sdk::{Failure, Job};
use csv::StringRecord;

use crate::options::{Inputs, Settings};
use crate::state::State;
use crate::table::Table;

/// Rows from one progress report to the next.
const PROGRESS_EVERY: u64 = 100;
/// Ragged rows that are logged one by one; the others are only counted.
const RAGGED_ROWS_LOGGED: u64 = 10;

pub(crate) fn profile(job: &Job, inputs: &Inputs, settings: &Settings) -> Result<(), Failure> {
    let table = Table::open(&inputs.csv, settings.delimiter_byte()?)?;
    let mut state = start(job, &table)?;
    if !read_rows(job, &table, settings, &mut state)? {
        log::info!("stopping after the checkpoint of row {}", state.rows);
        return Ok(());
    }
    log::info!("{} rows, {} of them with missing or surplus cells", state.rows, state.ragged_rows);
    save_profiles(job, &table, settings, &state)
}

fn start(job: &Job, table: &Table<'_>) -> Result<State, Failure> {
    if let Some(state) = State::load(job, table)? {
        log::info!("attempt {} goes on after row {}", job.attempt, state.rows);
        return Ok(state);
    }
    log::info!("profiling {} columns in {} bytes", table.header.len(), table.bytes());
    Ok(State::new(table))
}

/// Returns `false` when the job was asked to stop. The rows since the last checkpoint are read again then: a checkpoint
/// at a place that depends on the moment would make the estimates depend on it too.
fn read_rows(job: &Job, table: &Table<'_>, settings: &Settings, state: &mut State) -> Result<bool, Failure> {
    let mut rows = table.rows_from(state.place)?;
    let mut row = StringRecord::new();
    loop {
        let line = rows.next_place().line;
        if !rows.read(&mut row)? {
            break;
        }
        if job.is_cancelled() {
            return Ok(false);
        }
        add_row(state, &row, line, settings);
        state.place = rows.next_place();
        if state.rows.is_multiple_of(PROGRESS_EVERY) {
            job.report_progress(state.place.byte, table.bytes());
        }
        if state.rows.is_multiple_of(settings.checkpoint_every) {
            state.save(job, table)?;
            log::info!("{} rows so far", state.rows);
        }
    }
    job.report_progress(table.bytes(), table.bytes());
    Ok(true)
}

fn add_row(state: &mut State, row: &StringRecord, line: u64, settings: &Settings) {
    state.rows += 1;
    if row.len() != state.columns.len() {
        state.ragged_rows += 1;
        if state.ragged_rows <= RAGGED_ROWS_LOGGED {
            log::warn!("row {} (line {line}) has {} cells, not {}", state.rows, row.len(), state.columns.len());
        }
    }
    for (position, column) in state.columns.iter_mut().enumerate() {
        match row.get(position) {
            Some(cell) => column.add(cell, settings),
            None => column.add_missing(),
        }
    }
}

fn save_profiles(job: &Job, table: &Table<'_>, settings: &Settings, state: &State) -> Result<(), Failure> {
    for (position, (name, column)) in (1..).zip(table.header.iter().zip(&state.columns)) {
        let profile = column.profile(name, position, state.rows, settings);
        log::info!(
            "column {name:?}: {}, {} gaps, {}{} distinct values",
            profile.column_type.name(),
            profile.gaps,
            if profile.distinct.exact { "" } else { "about " },
            profile.distinct.count
        );
        job.save_result(&profile)?;
    }
    Ok(())
}
