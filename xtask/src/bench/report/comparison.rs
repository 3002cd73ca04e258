//! The figures of an earlier run beside those of this one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::figure::{Better, Figure, rounded};
use crate::table::Table;

/// Where one of the two was measured once, there is no spread to go beyond; then this much of a difference is one.
const WITHOUT_SPREAD: f64 = 0.1;

/// What an earlier run found, by key.
pub(in crate::bench) struct Comparison {
    before: BTreeMap<String, Before>,
}

/// A figure of the earlier run.
#[derive(Clone, Copy)]
struct Before {
    value: f64,
    min: f64,
    max: f64,
}

/// A figure beside what it was.
pub(in crate::bench) struct Change {
    before: Before,
    /// New over old.
    pub(super) ratio: f64,
    pub(super) verdict: Verdict,
}

/// Whether a difference is more than what runs differ by anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Better,
    Worse,
    Same,
}

impl Comparison {
    /// Reads the JSON that a run of the bench wrote.
    pub(in crate::bench) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let json = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
        Self::of(&json).with_context(|| format!("{} is not what `cargo xtask bench` writes", file.display()))
    }

    fn of(json: &Value) -> Result<Self> {
        let figures = json["figures"].as_array().context("it has no list `figures`")?;
        let mut before = BTreeMap::new();
        for figure in figures {
            let key = figure["key"].as_str().context("a figure without a key")?;
            let Some(value) = figure["value"].as_f64() else { continue };
            let end = |name: &str| figure[name].as_f64().unwrap_or(value);
            before.insert(key.to_owned(), Before { value, min: end("min"), max: end("max") });
        }
        if before.is_empty() {
            bail!("it has no figures");
        }
        Ok(Self { before })
    }

    /// How this figure has changed; nothing where it was not measured then, or has no ratio.
    pub(in crate::bench) fn change(&self, figure: &Figure) -> Option<Change> {
        let before = *self.before.get(&figure.key)?;
        let ratio = figure.value() / before.value;
        ratio.is_finite().then(|| Change { before, ratio, verdict: verdict(figure, before) })
    }

    /// All figures that both runs have.
    pub(in crate::bench) fn table<'f>(&self, figures: impl Iterator<Item = &'f Figure>) -> Table {
        let mut table = Table::new(&["figure", "unit", "before", "now", "ratio", ""]);
        for figure in figures {
            if let Some(Change { before, ratio, verdict }) = self.change(figure) {
                table.row([
                    figure.what.clone(),
                    figure.unit.to_owned(),
                    rounded(before.value),
                    rounded(figure.value()),
                    format!("{ratio:.2}"),
                    verdict.text().to_owned(),
                ]);
            }
        }
        table
    }
}

impl Change {
    pub(super) fn to_json(&self) -> Value {
        json!({"before": self.before.value, "ratio": self.ratio, "verdict": self.verdict.text()})
    }
}

impl Verdict {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "WORSE",
            Self::Same => "",
        }
    }
}

/// Beyond the spread is where the worst run of the one is better than the best of the other.
fn verdict(figure: &Figure, before: Before) -> Verdict {
    let widened = |(min, max): (f64, f64), has_spread: bool| {
        let by = if has_spread { 0.0 } else { WITHOUT_SPREAD / 2.0 };
        (min * (1.0 - by), max * (1.0 + by))
    };
    let has_spread = |(min, max): (f64, f64)| min < max;
    let (now, then) = (figure.spread(), (before.min, before.max));
    let both = has_spread(now) && has_spread(then);
    let (now, then) = (widened(now, both), widened(then, both));
    match figure.better {
        Better::More if now.0 > then.1 => Verdict::Better,
        Better::More if now.1 < then.0 => Verdict::Worse,
        Better::Less if now.1 < then.0 => Verdict::Better,
        Better::Less if now.0 > then.1 => Verdict::Worse,
        Better::More | Better::Less => Verdict::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before() -> Comparison {
        let rate = json!({"key": "rate", "value": 100.0, "min": 90.0, "max": 110.0});
        let old = json!({"key": "time", "value": 10.0});
        Comparison::of(&json!({"figures": [rate, old, {"key": "odd", "value": null}]})).expect("two figures")
    }

    fn rate(runs: &[f64]) -> Verdict {
        let figure = Figure::gain("rate", "rate", "1/s", runs.to_vec());
        before().change(&figure).expect("both have it").verdict
    }

    #[test]
    fn a_difference_counts_when_it_is_beyond_the_spread_of_both() {
        assert_eq!(rate(&[111.0, 120.0, 130.0]), Verdict::Better);
        assert_eq!(rate(&[109.0, 120.0, 130.0]), Verdict::Same);
        assert_eq!(rate(&[70.0, 89.0]), Verdict::Worse);
        assert_eq!(rate(&[70.0, 91.0]), Verdict::Same);
    }

    #[test]
    fn where_one_was_measured_once_a_tenth_is_a_difference() {
        let time = |value| {
            let figure = Figure::cost("time", "time", "ms", vec![value]);
            before().change(&figure).expect("both have it").verdict
        };
        assert_eq!([8.9, 9.5, 10.5, 11.2].map(time), [Verdict::Better, Verdict::Same, Verdict::Same, Verdict::Worse]);
        assert_eq!(rate(&[112.0]), Verdict::Same, "its spread is widened, too");
    }

    #[test]
    fn ratios_are_new_over_old() {
        let figures = [
            Figure::gain("rate", "jobs a second", "1/s", vec![150.0]),
            Figure::cost("new", "never measured before", "ms", vec![1.0]),
        ];
        let change = before().change(&figures[0]).expect("both have it");
        assert_eq!(change.to_json(), json!({"before": 100.0, "ratio": 1.5, "verdict": "better"}));
        let table = before().table(figures.iter()).to_string();
        assert!(table.contains("1.50  better") && !table.contains("never"), "{table}");
    }

    #[test]
    fn a_file_of_something_else_is_refused() {
        assert!(Comparison::of(&json!({"figures": []})).is_err());
        assert!(Comparison::of(&json!([])).is_err());
    }
}
