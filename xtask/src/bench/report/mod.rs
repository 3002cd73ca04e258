//! What the bench found: for people as tables and a chart, for programs as JSON, beside an earlier run as ratios.

mod chart;
mod comparison;
mod figure;
mod page;
mod report;
mod statistics;

pub(super) use chart::draw;
pub(super) use comparison::Comparison;
pub(super) use figure::{Figure, rounded};
pub(super) use page::Part;
pub(super) use report::{Host, Report};
pub(super) use statistics::{Times, mean, median, milliseconds};
