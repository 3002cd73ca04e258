//! Everything that a run of the bench found, with the machine and the host that it was measured on.

use std::fmt::{self, Display, Formatter};

use serde_json::{Map, Value, json};

use super::comparison::Comparison;
use super::figure::Figure;
use super::page::Part;
use super::statistics::Times;
use crate::table::Table;

/// Everything that a run of the bench found.
pub(in crate::bench) struct Report {
    machine: Vec<(&'static str, String)>,
    host: Host,
    chapters: Vec<Chapter>,
}

/// Which program was measured, and how.
pub(in crate::bench) struct Host {
    /// As `cofferdam --version` says.
    pub(in crate::bench) version: String,
    /// Of this checkout, where the host was built from it.
    pub(in crate::bench) commit: Option<String>,
    /// When the bench began.
    pub(in crate::bench) date: String,
    /// What the command line asked for.
    pub(in crate::bench) asked: Value,
}

/// What one scenario found.
struct Chapter {
    scenario: &'static str,
    /// Of the hosts that it started, as `KEY=VALUE`.
    settings: Vec<String>,
    figures: Vec<Figure>,
    /// What does not fit into figures, as text.
    notes: Vec<String>,
    /// Parts of documentation pages that are written from it.
    parts: Vec<Part>,
    /// Why it broke off, if it did.
    failure: Option<String>,
}

impl Report {
    pub(in crate::bench) const fn new(machine: Vec<(&'static str, String)>, host: Host) -> Self {
        Self { machine, host, chapters: Vec::new() }
    }

    /// What follows was found by this scenario.
    pub(in crate::bench) fn begin(&mut self, scenario: &'static str) {
        let (settings, figures) = (Vec::new(), Vec::new());
        self.chapters.push(Chapter {
            scenario,
            settings,
            figures,
            notes: Vec::new(),
            parts: Vec::new(),
            failure: None,
        });
    }

    pub(in crate::bench) fn add(&mut self, figure: Figure) {
        self.chapter().figures.push(figure);
    }

    /// The times of each run as two figures, p50 and p99, each with its goal if it has one.
    pub(in crate::bench) fn add_times(&mut self, key: &str, what: &str, runs: &[Times], goals: [Option<f64>; 2]) {
        for ((name, percent), goal) in [("p50", 50), ("p99", 99)].into_iter().zip(goals) {
            let values = runs.iter().map(|times| times.percentile(percent)).collect();
            self.add(Figure::cost(format!("{key}_ms_{name}"), format!("{what}, {name}"), "ms", values).goal(goal));
        }
    }

    /// The host was started with this setting.
    pub(in crate::bench) fn add_setting(&mut self, setting: &str) {
        let settings = &mut self.chapter().settings;
        if !settings.iter().any(|known| known == setting) {
            settings.push(setting.to_owned());
        }
    }

    /// Something to be read beside the figures.
    pub(in crate::bench) fn note(&mut self, text: impl Into<String>) {
        self.chapter().notes.push(text.into());
    }

    /// Something that belongs into a page of the documentation.
    pub(in crate::bench) fn add_part(&mut self, part: Part) {
        self.chapter().parts.push(part);
    }

    /// The scenario broke off.
    pub(in crate::bench) fn fail(&mut self, error: &anyhow::Error) {
        self.chapter().failure = Some(format!("{error:#}"));
    }

    /// The scenarios that broke off.
    pub(in crate::bench) fn failed(&self) -> Vec<&'static str> {
        self.chapters.iter().filter(|chapter| chapter.failure.is_some()).map(|chapter| chapter.scenario).collect()
    }

    /// The median of a figure that was found already.
    pub(in crate::bench) fn value(&self, key: &str) -> Option<f64> {
        self.figures().find(|figure| figure.key == key).map(Figure::value)
    }

    pub(in crate::bench) fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.chapters.iter().flat_map(|chapter| &chapter.figures)
    }

    /// What belongs into pages of the documentation: for each whole scenario its figures, and what else it made.
    pub(in crate::bench) fn parts(&self) -> Vec<Part> {
        let whole = self.chapters.iter().filter(|chapter| chapter.failure.is_none());
        whole
            .flat_map(|chapter| {
                let own = Part::of_figures(chapter.scenario, &chapter.figures, &self.measured());
                std::iter::once(own).chain(chapter.parts.iter().map(|part| part.signed(&self.measured())))
            })
            .collect()
    }

    /// When and on what, in one line.
    fn measured(&self) -> String {
        let machine: Vec<_> = self.machine.iter().map(|(what, value)| format!("{what}: {value}")).collect();
        let Host { version, commit, date, .. } = &self.host;
        let commit = commit.as_ref().map(|commit| format!(", commit {commit}")).unwrap_or_default();
        format!("{date}; {version}{commit}; {}", machine.join("; "))
    }

    pub(in crate::bench) fn to_json(&self, before: Option<&Comparison>) -> Value {
        let machine: Map<String, Value> =
            self.machine.iter().map(|(key, value)| ((*key).to_owned(), value.as_str().into())).collect();
        let figures = self.chapters.iter().flat_map(|chapter| {
            chapter.figures.iter().map(|figure| {
                let mut json = figure.to_json();
                json["scenario"] = chapter.scenario.into();
                if let Some(change) = before.and_then(|before| before.change(figure)) {
                    json["change"] = change.to_json();
                }
                json
            })
        });
        let settings: Map<String, Value> =
            self.chapters.iter().map(|chapter| (chapter.scenario.to_owned(), json!(chapter.settings))).collect();
        let failures: Map<String, Value> = self
            .chapters
            .iter()
            .filter_map(|chapter| Some((chapter.scenario.to_owned(), chapter.failure.as_deref()?.into())))
            .collect();
        json!({
            "date": self.host.date,
            "machine": machine,
            "host": {"version": self.host.version, "commit": self.host.commit},
            "asked": self.host.asked,
            "settings": settings,
            "figures": figures.collect::<Vec<_>>(),
            "failures": failures,
        })
    }
}

impl Report {
    fn chapter(&mut self) -> &mut Chapter {
        self.chapters.last_mut().expect("a scenario has begun before it finds anything")
    }
}

impl Display for Report {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "  date: {}\n  host: {}", self.host.date, self.host.version)?;
        for (what, value) in &self.machine {
            writeln!(formatter, "  {what}: {value}")?;
        }
        let mut table = Table::new(&["figure", "median", "min–max", "unit", "goal", ""]);
        for chapter in &self.chapters {
            table.row([format!("— {}", chapter.scenario)].into_iter().chain((1..6).map(|_| String::new())));
            for figure in &chapter.figures {
                table.row(figure.cells());
            }
        }
        write!(formatter, "\n{table}")?;
        for note in self.chapters.iter().flat_map(|chapter| &chapter.notes) {
            write!(formatter, "\n{note}\n")?;
        }
        for chapter in &self.chapters {
            if let Some(why) = &chapter.failure {
                writeln!(formatter, "\n{} broke off: {why}", chapter.scenario)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let host = Host {
            version: "cofferdam 1.2.3".to_owned(),
            commit: Some("abc".to_owned()),
            date: "2026-01-31".to_owned(),
            asked: json!({"runs": 3}),
        };
        let mut report = Report::new(vec![("cores", "2".to_owned())], host);
        report.begin("throughput");
        report.add_setting("node.slots=9");
        report.add_setting("node.slots=9");
        report.add(Figure::gain("jobs", "jobs", "1/s", vec![999.0]).goal(1000.0));
        report
    }

    #[test]
    fn a_missed_goal_is_said_to_people_and_to_programs() {
        let report = report();
        assert!(report.to_string().contains("MISSED"), "{report}");
        let json = report.to_json(None);
        assert_eq!(json["figures"][0]["goal"], json!({"bound": 1000.0, "text": "≥ 1,000", "met": false}));
        assert_eq!(json["figures"][0]["scenario"], "throughput");
        assert_eq!(json["machine"]["cores"], "2");
        assert_eq!(json["host"], json!({"version": "cofferdam 1.2.3", "commit": "abc"}));
        assert_eq!(json["settings"], json!({"throughput": ["node.slots=9"]}));
        assert_eq!(report.value("jobs"), Some(999.0));
        assert_eq!(report.value("nothing"), None);
    }

    #[test]
    fn a_scenario_that_broke_off_is_named_and_not_published() {
        let mut report = report();
        assert_eq!(report.parts().len(), 1);
        report.fail(&anyhow::anyhow!("no port").context("cannot start"));
        assert_eq!(report.failed(), ["throughput"]);
        assert!(report.to_string().contains("throughput broke off: cannot start: no port"), "{report}");
        assert_eq!(report.to_json(None)["failures"], json!({"throughput": "cannot start: no port"}));
        assert!(report.parts().is_empty());
    }
}
