//! The figures and the machine that they were measured on, for people and for programs.

use std::fmt::{self, Display, Formatter};

use serde_json::{Map, Value, json};

use crate::table::Table;

/// Everything that a run of the bench found.
pub(super) struct Report {
    machine: Vec<(&'static str, String)>,
    figures: Vec<Figure>,
}

/// One figure.
pub(super) struct Figure {
    /// For programs.
    pub(super) key: String,
    /// For people.
    pub(super) what: String,
    pub(super) value: f64,
    pub(super) unit: &'static str,
    /// What the figure should be, where the project promises something.
    pub(super) goal: Option<Goal>,
}

/// A bound that the figure should keep.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::AtMost(most) => format!("≤ {most}"),
        }
    }
}

impl Report {
    pub(super) const fn new(machine: Vec<(&'static str, String)>) -> Self {
        Self { machine, figures: Vec::new() }
    }

    /// In one line.
    pub(super) fn machine(&self) -> String {
        let parts: Vec<_> = self.machine.iter().map(|(what, value)| format!("{what}: {value}")).collect();
        parts.join("; ")
    }

    pub(super) fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    pub(super) fn to_json(&self) -> Value {
        let machine: Map<String, Value> =
            self.machine.iter().map(|(key, value)| ((*key).to_owned(), value.as_str().into())).collect();
        let figures: Vec<Value> = self.figures.iter().map(Figure::to_json).collect();
        json!({"machine": machine, "figures": figures})
    }
}

impl Figure {
    fn to_json(&self) -> Value {
        let goal = self.goal.map(|goal| json!({"text": goal.text(), "met": goal.is_met_by(self.value)}));
        json!({"key": self.key, "what": self.what, "value": self.value, "unit": self.unit, "goal": goal})
    }

    fn row(&self) -> [String; 5] {
        let verdict = self.goal.map(|goal| if goal.is_met_by(self.value) { "met" } else { "MISSED" });
        let goal = self.goal.map(Goal::text);
        [
            self.what.clone(),
            rounded(self.value),
            self.unit.to_owned(),
            goal.unwrap_or_default(),
            verdict.unwrap_or_default().to_owned(),
        ]
    }
}

/// With as many digits as a measurement is good for.
pub(super) fn rounded(value: f64) -> String {
    let digits = match value.abs() {
        value if value >= 100.0 => 0,
        value if value >= 1.0 => 1,
        _ => 3,
    };
    format!("{value:.digits$}")
}

/// The middle one of several measurements: one slow round does not count.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

impl Display for Report {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        for (what, value) in &self.machine {
            writeln!(formatter, "  {what}: {value}")?;
        }
        let mut table = Table::new(&["figure", "value", "unit", "goal", ""]);
        for figure in &self.figures {
            table.row(figure.row());
        }
        write!(formatter, "\n{table}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_round_does_not_count() {
        assert!((median(vec![3.0, 900.0, 1.0]) - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_missed_goal_is_said_to_people_and_to_programs() {
        let mut report = Report::new(vec![("cores", "2".to_owned())]);
        let goal = Some(Goal::AtLeast(1000.0));
        report.add(Figure { key: "jobs".into(), what: "jobs".into(), value: 999.0, unit: "1/s", goal });
        assert!(report.to_string().contains("MISSED"), "{report}");
        assert_eq!(report.to_json()["figures"][0]["goal"], json!({"text": "≥ 1000", "met": false}));
        assert_eq!(report.to_json()["machine"]["cores"], "2");
    }
}
