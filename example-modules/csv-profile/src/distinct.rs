//! How many distinct values a column has: counted exactly while they are few, then estimated by a `HyperLogLog`
//! sketch.

use std::collections::BTreeMap;

use datasketches::hll::{HllSketch, HllType};
use serde::{Deserialize, Serialize};

use crate::profile::{Count, Frequency};

/// 2^12 registers: 2 KiB, and a standard error of 1.6 %.
const LG_REGISTERS: u8 = 12;
/// Few but long values are too much to keep as well.
const EXACT_BYTES_MAX: usize = 64 * 1024;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum Distinct {
    /// Every value with its frequency, and the sum of the values' bytes.
    Exact {
        values: BTreeMap<String, u64>,
        bytes: usize,
    },
    Sketch(#[serde(with = "hll_bytes")] HllSketch),
}

impl Default for Distinct {
    fn default() -> Self {
        Self::Exact { values: BTreeMap::new(), bytes: 0 }
    }
}

impl Distinct {
    pub(crate) fn add(&mut self, value: &str, exact_up_to: usize) {
        match self {
            Self::Sketch(sketch) => sketch.update(value),
            Self::Exact { values, bytes } => {
                if let Some(count) = values.get_mut(value) {
                    *count += 1;
                    return;
                }
                *bytes += value.len();
                values.insert(value.to_owned(), 1);
                if values.len() > exact_up_to || *bytes > EXACT_BYTES_MAX {
                    *self = Self::Sketch(sketch_of(values));
                }
            }
        }
    }

    pub(crate) fn count(&self) -> Count {
        match self {
            Self::Exact { values, .. } => Count { count: values.len() as u64, exact: true },
            Self::Sketch(sketch) => Count { count: rounded(sketch.estimate()), exact: false },
        }
    }

    /// The most frequent values, the most frequent first and equal ones in the order of their texts. `None` once they
    /// are no longer counted one by one.
    pub(crate) fn top(&self, length: usize) -> Option<Vec<Frequency>> {
        let Self::Exact { values, .. } = self else { return None };
        let mut top: Vec<_> = values.iter().collect();
        // Stable, so that equal ones keep the map's order.
        top.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        top.truncate(length);
        Some(top.into_iter().map(|(value, &count)| Frequency { value: value.clone(), count }).collect())
    }
}

fn sketch_of(values: &BTreeMap<String, u64>) -> HllSketch {
    let mut sketch = HllSketch::new(LG_REGISTERS, HllType::Hll4).expect("12 is within the sketch's bounds");
    for value in values.keys() {
        sketch.update(value.as_str());
    }
    sketch
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate of cells is small and positive"
)]
fn rounded(estimate: f64) -> u64 {
    estimate.round() as u64
}

/// The sketch in its own portable format.
mod hll_bytes {
    use datasketches::hll::HllSketch;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(sketch: &HllSketch, serializer: S) -> Result<S::Ok, S::Error> {
        sketch.serialize().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HllSketch, D::Error> {
        HllSketch::deserialize(&Vec::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_exactly_up_to_the_threshold_and_closely_beyond() {
        let mut distinct = Distinct::default();
        for round in 0..2 {
            for number in 0..100 {
                distinct.add(&format!("value {number}"), 100);
            }
            assert_eq!(distinct.count(), Count { count: 100, exact: true }, "round {round}");
        }
        for number in 100..50_000 {
            distinct.add(&format!("value {number}"), 100);
        }
        let Count { count, exact } = distinct.count();
        assert!(!exact);
        // Three standard errors.
        assert!(count.abs_diff(50_000) < 2_400, "estimated {count} of 50,000");
    }

    #[test]
    fn long_values_are_not_kept() {
        let mut distinct = Distinct::default();
        for number in 0..70 {
            distinct.add(&format!("{number:>1000}"), 2_000);
        }
        assert!(!distinct.count().exact);
        assert_eq!(distinct.top(5).map(|top| top.len()), None);
    }

    #[test]
    fn the_top_values_are_the_most_frequent_ones() {
        let mut distinct = Distinct::default();
        for value in ["b", "a", "c", "c", "d"] {
            distinct.add(value, 10);
        }
        let top: Vec<_> = distinct.top(3).expect("counted exactly").into_iter().map(|f| (f.value, f.count)).collect();
        assert_eq!(top, [("c".to_owned(), 2), ("a".to_owned(), 1), ("b".to_owned(), 1)]);
    }
}
