//! Quantiles of a column's numbers: exact while the numbers are few, then estimated by a t-digest.
//!
//! The exact ones are of type 7 of Hyndman and Fan (1996), as in Python's `statistics.quantiles(…, method="inclusive")`,
//! R's `quantile` and numpy's `percentile`: the quantile `q` of `n` sorted numbers stands at `(n - 1) · q`, counted from
//! zero, and between two numbers it is interpolated linearly.

use datasketches::tdigest::TDigestMut;
use serde::{Deserialize, Serialize};

/// About 200 centroids in 3 KiB; ranks are within half a percent in the middle, and closer towards both ends.
const COMPRESSION: u16 = 100;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum Quantiles {
    /// All numbers, in the table's order.
    Exact(Vec<f64>),
    Sketch(#[serde(with = "tdigest_bytes")] TDigestMut),
}

impl Default for Quantiles {
    fn default() -> Self {
        Self::Exact(Vec::new())
    }
}

impl Quantiles {
    /// Takes one finite number.
    pub(crate) fn add(&mut self, number: f64, exact_up_to: usize) {
        match self {
            Self::Sketch(sketch) => sketch.update(number),
            Self::Exact(numbers) => {
                numbers.push(number);
                if numbers.len() > exact_up_to {
                    *self = Self::Sketch(sketch_of(numbers));
                }
            }
        }
    }

    pub(crate) fn is_exact(&self) -> bool {
        matches!(self, Self::Exact(_))
    }

    /// The quantiles at these places from 0 to 1, or none when there are no numbers.
    pub(crate) fn at(&self, places: &[f64]) -> Vec<f64> {
        match self {
            Self::Exact(numbers) => {
                let mut sorted = numbers.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                places.iter().filter_map(|&place| interpolated(&sorted, place)).collect()
            }
            Self::Sketch(sketch) => {
                let quantiles = sketch.clone().quantiles(places);
                quantiles.expect("the places were checked to be from 0 to 1").unwrap_or_default()
            }
        }
    }
}

fn sketch_of(numbers: &[f64]) -> TDigestMut {
    let mut sketch = TDigestMut::new(COMPRESSION).expect("100 is within the sketch's bounds");
    for &number in numbers {
        sketch.update(number);
    }
    sketch
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the position is between 0 and the number of cells, which a double holds exactly"
)]
fn interpolated(sorted: &[f64], place: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = last as f64 * place;
    let below = position as usize;
    let above = (below + 1).min(last);
    let share = position - below as f64;
    // Both products, not the difference, which could overflow.
    Some(sorted[below] * (1.0 - share) + sorted[above] * share)
}

/// The sketch in its own portable format.
mod tdigest_bytes {
    use datasketches::tdigest::TDigestMut;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(sketch: &TDigestMut, serializer: S) -> Result<S::Ok, S::Error> {
        sketch.clone().serialize().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TDigestMut, D::Error> {
        TDigestMut::deserialize(&Vec::<u8>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_have_exact_quantiles() {
        let mut quantiles = Quantiles::default();
        assert_eq!(quantiles.at(&[0.5]), [] as [f64; 0]);
        for number in [4.0, 1.0, 3.0, 2.0] {
            quantiles.add(number, 10);
        }
        // statistics.quantiles([1, 2, 3, 4], n=4, method="inclusive") is [1.75, 2.5, 3.25].
        assert_eq!(quantiles.at(&[0.0, 0.25, 0.5, 0.75, 1.0]), [1.0, 1.75, 2.5, 3.25, 4.0]);
        assert!(quantiles.is_exact());
    }

    #[test]
    fn many_numbers_have_close_quantiles() {
        let mut quantiles = Quantiles::default();
        // Every number below 100,003 once, in a scrambled order.
        for step in 0..100_003_u32 {
            quantiles.add(f64::from(u32::try_from(u64::from(step) * 54_321 % 100_003).expect("small")), 100);
        }
        assert!(!quantiles.is_exact());
        for (place, found) in
            [0.01, 0.25, 0.5, 0.75, 0.99].into_iter().zip(quantiles.at(&[0.01, 0.25, 0.5, 0.75, 0.99]))
        {
            let rank = found / 100_002.0;
            assert!((rank - place).abs() < 0.005, "the quantile {place} has rank {rank}");
        }
    }
}
