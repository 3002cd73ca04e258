//! The figures of all languages, a row for each.

use std::fmt::Write;

use super::costs::Costs;
use crate::bench::report::{Figure, median, rounded};

/// One of the figures of each language.
pub(super) struct Column {
    key: &'static str,
    heading: &'static str,
    what: &'static str,
    unit: &'static str,
}

/// In the order in which an author meets them.
pub(super) const COLUMNS: [Column; 10] = [
    Column {
        key: "build_s",
        heading: "built first",
        what: "the first build of a new project, tools being there",
        unit: "s",
    },
    Column { key: "component_mb", heading: "component", what: "size of the component", unit: "MB" },
    Column { key: "add_ms", heading: "added first", what: "adding it, compiling included", unit: "ms" },
    Column { key: "add_again_ms", heading: "added again", what: "adding it again, compiled before", unit: "ms" },
    Column {
        key: "first_job_ms",
        heading: "first job",
        what: "the first job after it was added, at the client",
        unit: "ms",
    },
    Column {
        key: "restart_job_ms",
        heading: "after a restart",
        what: "the first job after a start of the host, at the client",
        unit: "ms",
    },
    Column {
        key: "start_ms",
        heading: "start",
        what: "from the claim of a later job to its first log line, mean",
        unit: "ms",
    },
    Column { key: "job_ms", heading: "a job", what: "a job that does nothing, at the client", unit: "ms" },
    Column { key: "job_memory_mib", heading: "its memory", what: "memory of that job at its peak", unit: "MiB" },
    Column { key: "lines_cpu_ms", heading: "10,000 lines", what: "CPU of a job that logs 10,000 lines", unit: "ms" },
];

/// What a language promises of one of its figures.
const GOALS: [(&str, &str, f64); 2] = [("python", "start_ms", 3.0), ("javascript", "start_ms", 1.0)];

/// One language with its figures.
pub(super) struct Row {
    pub(super) key: &'static str,
    pub(super) language: &'static str,
    pub(super) costs: Costs,
}

impl Row {
    pub(super) fn figures(&self) -> impl Iterator<Item = Figure> {
        COLUMNS.iter().zip(self.costs.runs()).map(|(column, runs)| {
            let goal = GOALS.iter().find(|(language, key, _)| (*language, *key) == (self.key, column.key));
            let key = format!("language_{}_{}", self.key, column.key);
            let what = format!("a module in {}: {}", self.language, column.what);
            Figure::cost(key, what, column.unit, runs).goal(goal.map(|(_, _, goal)| *goal))
        })
    }
}

/// As a table in Markdown.
pub(super) fn markdown(rows: &[Row]) -> String {
    let mut table = "| language |".to_owned();
    for column in &COLUMNS {
        write!(table, " {} |", column.heading).expect("a string takes everything");
    }
    table.push_str("\n|---|");
    table.push_str(&"--:|".repeat(COLUMNS.len()));
    for row in rows {
        write!(table, "\n| {} |", row.language).expect("a string takes everything");
        for (column, runs) in COLUMNS.iter().zip(row.costs.runs()) {
            write!(table, " {} {} |", rounded(median(&runs)), column.unit).expect("a string takes everything");
        }
    }
    table.push('\n');
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let costs = Costs {
            build_s: 33.3,
            component_mb: 0.2284,
            add_ms: 104.6,
            add_again_ms: vec![2.04],
            first_job_ms: 9.0,
            restart_job_ms: vec![4.0, 8.0, 6.0],
            start_ms: vec![1.0],
            job_ms: vec![1.5],
            job_memory_mib: 0.5625,
            lines_cpu_ms: vec![5.0],
        };
        Row { key: "python", language: "Python", costs }
    }

    #[test]
    fn the_table_has_a_column_for_each_figure() {
        let table = markdown(&[row()]);
        let lines: Vec<_> = table.lines().collect();
        let [heading, rule, row] = lines[..] else { panic!("not three lines: {table}") };
        assert!(heading.starts_with("| language | built first | component |"), "{heading}");
        assert_eq!(rule, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        let cells = "| Python | 33.3 s | 0.228 MB | 105 ms | 2.04 ms | 9.00 ms | 6.00 ms | 1.00 ms | 1.50 ms | 0.562 MiB | 5.00 ms |";
        assert_eq!(row, cells);
    }

    #[test]
    fn each_figure_has_a_key_of_its_language_and_its_goal() {
        let figures: Vec<_> = row().figures().collect();
        assert_eq!(figures[0].key, "language_python_build_s");
        let start = figures.iter().find(|figure| figure.key == "language_python_start_ms").expect("there is one");
        assert_eq!(start.is_met(), Some(true));
        assert_eq!(figures.iter().filter(|figure| figure.goal.is_some()).count(), 1);
    }
}
