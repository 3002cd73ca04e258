//! Everything that can be measured, in the order in which it is.

use anyhow::{Result, bail};

use super::report::Report;
use super::stage::Stage;
use super::{hostile, idle, jobs, logs, many, postgres, sandbox};
use crate::table::Table;

/// One thing to measure.
pub(super) struct Scenario {
    /// For `--only`, the JSON, and the marks in docs/performance.md.
    pub(super) name: &'static str,
    /// For `--list`.
    what: &'static str,
    pub(super) needs: &'static [Need],
    pub(super) measure: fn(&Stage<'_>, &mut Report) -> Result<()>,
}

/// What has to be there beside the host and the guests in Rust.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// The guests in the other languages.
    Languages,
    /// The programs of a PostgreSQL server.
    Postgres,
}

/// All of them.
const ALL: [Scenario; 16] = [
    Scenario {
        name: "throughput",
        what: "jobs a second, started one by one and by batch",
        needs: &[],
        measure: jobs::throughput::measure,
    },
    Scenario {
        name: "latency",
        what: "from a job's request to its answer, its first instruction and its end, at two loads",
        needs: &[],
        measure: jobs::latency::measure,
    },
    Scenario {
        name: "instantiate",
        what: "one run in the sandbox, beside a bare wasmtime loop",
        needs: &[],
        measure: sandbox::instantiate::measure,
    },
    Scenario {
        name: "cpu",
        what: "a guest that computes, beside wasmtime without interruption",
        needs: &[],
        measure: sandbox::cpu::measure,
    },
    Scenario {
        name: "log-lines",
        what: "log lines a second of 1 and 100 jobs, with readers that keep up and without",
        needs: &[],
        measure: logs::log_lines::measure,
    },
    Scenario { name: "fan-out", what: "one job's log to 1,000 readers", needs: &[], measure: logs::fan_out::measure },
    Scenario {
        name: "stalled",
        what: "log lines a second beside 100 readers that do not read",
        needs: &[],
        measure: logs::stalled::measure,
    },
    Scenario {
        name: "sleepers",
        what: "10,000 Rust jobs and 1,000 Python jobs asleep at once",
        needs: &[Need::Languages],
        measure: many::sleepers::measure,
    },
    Scenario {
        name: "recovery",
        what: "1,000 and 10,000 jobs whose host was killed",
        needs: &[],
        measure: many::recovery::measure,
    },
    Scenario {
        name: "stop",
        what: "from the request to stop until the job has stopped",
        needs: &[],
        measure: jobs::stop::measure,
    },
    Scenario {
        name: "checkpoints",
        what: "checkpoints a second of 1 and 100 jobs",
        needs: &[],
        measure: jobs::checkpoints::measure,
    },
    Scenario {
        name: "languages",
        what: "what a module costs in each language, its start included",
        needs: &[Need::Languages],
        measure: jobs::languages::measure,
    },
    Scenario {
        name: "growth",
        what: "throughput and lists beside 1,000,000 ended jobs",
        needs: &[],
        measure: many::growth::measure,
    },
    Scenario {
        name: "idle",
        what: "a host without anything to do, on SQLite and on PostgreSQL",
        needs: &[Need::Postgres],
        measure: idle::measure,
    },
    Scenario {
        name: "postgres",
        what: "jobs a second on PostgreSQL with 1, 2 and 4 nodes",
        needs: &[Need::Postgres],
        measure: postgres::measure,
    },
    Scenario {
        name: "hostile",
        what: "every hostile guest at once, beside honest jobs",
        needs: &[],
        measure: hostile::measure,
    },
];

/// Those with these names, or all without names.
pub(super) fn chosen(names: &[String]) -> Result<Vec<&'static Scenario>> {
    if let Some(unknown) = names.iter().find(|name| ALL.iter().all(|scenario| scenario.name != name.as_str())) {
        let known: Vec<_> = ALL.iter().map(|scenario| scenario.name).collect();
        bail!("there is no scenario `{unknown}`; there are {}", known.join(", "));
    }
    let is_chosen = |scenario: &&Scenario| names.is_empty() || names.iter().any(|name| name == scenario.name);
    Ok(ALL.iter().filter(is_chosen).collect())
}

/// All of them with what they measure.
pub(super) fn list() -> Table {
    let mut table = Table::new(&["scenario", "measures"]);
    for scenario in &ALL {
        table.row([scenario.name, scenario.what].map(str::to_owned));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_chosen_by_name_in_their_own_order() {
        let names = |asked: &[&str]| -> Result<Vec<_>> {
            let asked: Vec<_> = asked.iter().map(|&name| name.to_owned()).collect();
            Ok(chosen(&asked)?.iter().map(|scenario| scenario.name).collect())
        };
        assert_eq!(names(&["latency", "throughput"]).expect("both exist"), ["throughput", "latency"]);
        assert_eq!(names(&[]).expect("all").len(), ALL.len());
        let error = names(&["throughputt"]).expect_err("there is none").to_string();
        assert!(error.contains("`throughputt`") && error.contains("throughput, latency"), "{error}");
    }

    #[test]
    fn each_has_its_place_in_the_page_about_performance() {
        let page = include_str!("../../../docs/performance.md");
        for Scenario { name, .. } in &ALL {
            let marks = [format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n")];
            assert!(marks.iter().all(|mark| page.contains(mark)), "docs/performance.md has no marks for {name}");
        }
    }
}
