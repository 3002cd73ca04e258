//! The shape of the results, one a column.

use serde::Serialize;
use serde_json::Value;

use crate::kind::{ColumnType, Kinds};

/// What the module says about one column.
#[derive(Debug, Serialize)]
pub(crate) struct Profile {
    /// The name in the first line.
    pub(crate) column: String,
    /// 1 for the first column.
    pub(crate) position: usize,
    #[serde(rename = "type")]
    pub(crate) column_type: ColumnType,
    pub(crate) rows: u64,
    /// Rows whose cell is a gap marker or is missing.
    pub(crate) gaps: u64,
    pub(crate) kinds: Kinds,
    /// Distinct texts, gaps not among them.
    pub(crate) distinct: Count,
    /// The most frequent texts, or `null` when they were too many to count one by one.
    pub(crate) top: Option<Vec<Frequency>>,
    /// The smallest cell: a number in a column of numbers, else a text.
    pub(crate) minimum: Value,
    pub(crate) maximum: Value,
    /// Over those cells that are numbers, whatever the column's type; `null` when there are none.
    pub(crate) numbers: Option<Numbers>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Count {
    pub(crate) count: u64,
    /// `false` for an estimate.
    pub(crate) exact: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Frequency {
    pub(crate) value: String,
    pub(crate) count: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct Numbers {
    pub(crate) count: u64,
    pub(crate) mean: Value,
    /// Of a sample: the sum of squares is divided by `count - 1`. `null` for a single number.
    pub(crate) standard_deviation: Value,
    pub(crate) quantiles: QuantileList,
}

#[derive(Debug, Serialize)]
pub(crate) struct QuantileList {
    /// `false` for estimates.
    pub(crate) exact: bool,
    pub(crate) values: Vec<Quantile>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Quantile {
    pub(crate) at: f64,
    pub(crate) value: Value,
}
