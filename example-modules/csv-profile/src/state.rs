//! All that is known at one moment, and the checkpoint that holds it.
//!
//! A checkpoint keeps place and counts readable, and the columns as base64 of their binary form: that is compact, and
//! every floating-point number comes back as the same bits.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cofferdam_sdk::{Failure, Job};
use serde::{Deserialize, Serialize};

use crate::column::Column;
use crate::table::{Place, Table};

#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Where the next row starts.
    pub(crate) place: Place,
    pub(crate) rows: u64,
    /// Rows with more or fewer cells than the header.
    pub(crate) ragged_rows: u64,
    pub(crate) columns: Vec<Column>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Checkpoint {
    place: Place,
    rows: u64,
    ragged_rows: u64,
    /// Bytes of the table, by which another table is told apart.
    table_bytes: u64,
    columns: String,
}

impl State {
    /// Before the first row.
    pub(crate) fn new(table: &Table<'_>) -> Self {
        let columns = vec![Column::default(); table.header.len()];
        Self { place: table.first_row, rows: 0, ragged_rows: 0, columns }
    }

    /// The job's checkpoint, if it has one.
    pub(crate) fn load(job: &Job, table: &Table<'_>) -> Result<Option<Self>, Failure> {
        let Some(checkpoint) = job.checkpoint::<Checkpoint>()? else { return Ok(None) };
        let columns = decode(&checkpoint.columns)?;
        if checkpoint.table_bytes != table.bytes() || columns.len() != table.header.len() {
            return Err(Failure::permanent(format!(
                "the checkpoint is of another table: {} columns in {} bytes, not {} in {}",
                columns.len(),
                checkpoint.table_bytes,
                table.header.len(),
                table.bytes()
            )));
        }
        let Checkpoint { place, rows, ragged_rows, .. } = checkpoint;
        Ok(Some(Self { place, rows, ragged_rows, columns }))
    }

    /// Saves the checkpoint, and goes on with exactly what was saved: a sketch that was written and read again may
    /// have its centroids merged, and a job that resumes must not differ from one that ran through.
    pub(crate) fn save(&mut self, job: &Job, table: &Table<'_>) -> Result<(), Failure> {
        let columns = STANDARD.encode(postcard::to_allocvec(&self.columns)?);
        self.columns = decode(&columns)?;
        job.save_checkpoint(&Checkpoint {
            place: self.place,
            rows: self.rows,
            ragged_rows: self.ragged_rows,
            table_bytes: table.bytes(),
            columns,
        })?;
        Ok(())
    }
}

fn decode(columns: &str) -> Result<Vec<Column>, Failure> {
    let unreadable = |reason: String| Failure::permanent(format!("checkpoint.columns is not readable: {reason}"));
    let bytes = STANDARD.decode(columns).map_err(|error| unreadable(error.to_string()))?;
    postcard::from_bytes(&bytes).map_err(|error| unreadable(error.to_string()))
}
