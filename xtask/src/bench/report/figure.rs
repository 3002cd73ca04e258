//! One figure: what it tells, in which unit, what each run found, and what it should be.

use serde_json::{Value, json};

use super::statistics::median;

/// One figure.
#[derive(Clone)]
pub(in crate::bench) struct Figure {
    /// For programs; never changes its meaning.
    pub(in crate::bench) key: String,
    /// For people.
    pub(in crate::bench) what: String,
    pub(in crate::bench) unit: &'static str,
    pub(in crate::bench) better: Better,
    /// What the figure should be, where the project promises something.
    pub(in crate::bench) goal: Option<f64>,
    /// What each run found; at least one.
    pub(in crate::bench) runs: Vec<f64>,
}

/// Which way is an improvement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::bench) enum Better {
    More,
    Less,
}

impl Figure {
    /// One of which more is better, such as jobs a second.
    pub(in crate::bench) fn gain(
        key: impl Into<String>,
        what: impl Into<String>,
        unit: &'static str,
        runs: Vec<f64>,
    ) -> Self {
        Self { key: key.into(), what: what.into(), unit, better: Better::More, goal: None, runs }
    }

    /// One of which less is better, such as milliseconds and mebibytes.
    pub(in crate::bench) fn cost(
        key: impl Into<String>,
        what: impl Into<String>,
        unit: &'static str,
        runs: Vec<f64>,
    ) -> Self {
        Self { better: Better::Less, ..Self::gain(key, what, unit, runs) }
    }

    /// With what it should be at least, or at most where less is better.
    pub(in crate::bench) fn goal(self, bound: impl Into<Option<f64>>) -> Self {
        Self { goal: bound.into(), ..self }
    }

    /// The median of its runs.
    pub(in crate::bench) fn value(&self) -> f64 {
        median(&self.runs)
    }

    /// The least and the greatest of its runs.
    pub(in crate::bench) fn spread(&self) -> (f64, f64) {
        let fold = |by: fn(f64, f64) -> f64| self.runs.iter().copied().fold(f64::NAN, by);
        (fold(f64::min), fold(f64::max))
    }

    /// Whether the median is as it should be; nothing where nothing was promised.
    pub(in crate::bench) fn is_met(&self) -> Option<bool> {
        let value = self.value();
        self.goal.map(|goal| match self.better {
            Better::More => value >= goal,
            Better::Less => value <= goal,
        })
    }

    pub(super) fn goal_text(&self) -> Option<String> {
        let sign = match self.better {
            Better::More => '≥',
            Better::Less => '≤',
        };
        self.goal.map(|goal| format!("{sign} {}", rounded(goal)))
    }

    pub(super) fn to_json(&self) -> Value {
        let goal = self.goal.map(|bound| json!({"bound": bound, "text": self.goal_text(), "met": self.is_met()}));
        let (min, max) = self.spread();
        let better = match self.better {
            Better::More => "more",
            Better::Less => "less",
        };
        json!({
            "key": self.key, "what": self.what, "unit": self.unit, "better": better,
            "value": self.value(), "min": min, "max": max, "runs": self.runs, "goal": goal,
        })
    }

    /// Figure, median, least and greatest run, unit, goal, verdict.
    pub(super) fn cells(&self) -> [String; 6] {
        let verdict = self.is_met().map_or("", |met| if met { "met" } else { "MISSED" });
        let (min, max) = self.spread();
        let spread = if self.runs.len() > 1 { format!("{}–{}", rounded(min), rounded(max)) } else { String::new() };
        [
            self.what.clone(),
            rounded(self.value()),
            spread,
            self.unit.to_owned(),
            self.goal_text().unwrap_or_default(),
            verdict.to_owned(),
        ]
    }
}

/// With as many digits as a measurement is good for, and thousands apart.
pub(in crate::bench) fn rounded(value: f64) -> String {
    let digits = match value.abs() {
        value if value >= 100.0 || value == 0.0 => 0,
        value if value >= 10.0 => 1,
        value if value >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let digits_before = |at: usize| whole.len() - at;
    let mut apart = String::with_capacity(text.len() + 4);
    for (at, digit) in whole.char_indices() {
        if at > 0 && digits_before(at) % 3 == 0 && digit.is_ascii_digit() && !apart.ends_with('-') {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_held_against_the_goal() {
        let rate = Figure::gain("jobs", "jobs", "jobs/s", vec![4000.0, 6000.0, 5000.0]).goal(5000.0);
        assert_eq!(rate.is_met(), Some(true));
        assert_eq!(rate.cells(), ["jobs", "5,000", "4,000–6,000", "jobs/s", "≥ 5,000", "met"]);
        let time = Figure::cost("p99", "p99", "ms", vec![25.1]).goal(25.0);
        assert_eq!(time.cells(), ["p99", "25.1", "", "ms", "≤ 25.0", "MISSED"]);
        assert_eq!(time.to_json()["goal"], json!({"bound": 25.0, "text": "≤ 25.0", "met": false}));
        assert_eq!(time.goal(None).is_met(), None);
    }

    #[test]
    fn programs_get_every_run() {
        let json = Figure::cost("p50", "p50", "ms", vec![2.0, 1.0, 9.0]).to_json();
        assert_eq!(json["runs"], json!([2.0, 1.0, 9.0]));
        assert_eq!([&json["value"], &json["min"], &json["max"]], [&json!(2.0), &json!(1.0), &json!(9.0)]);
    }

    #[test]
    fn thousands_stand_apart() {
        let texts = [0.0, 0.0456, 1.5, 48.26, 999.4, 1_234_567.8, -1234.0, -123.0].map(rounded);
        assert_eq!(texts, ["0", "0.046", "1.50", "48.3", "999", "1,234,568", "-1,234", "-123"]);
    }
}
