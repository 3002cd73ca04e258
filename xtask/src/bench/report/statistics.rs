//! The middle and the ends of what was measured.

use std::time::{Duration, Instant};

use anyhow::Result;

/// The middle one of several measurements: one slow round does not count. Of an even number the mean of the middle two.
pub(in crate::bench) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// All of them together over their number.
#[expect(clippy::cast_precision_loss, reason = "nobody measures 2^53 times")]
pub(in crate::bench) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// In the unit of most figures.
pub(in crate::bench) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// How long something took, each time.
#[derive(Default)]
pub(in crate::bench) struct Times {
    sorted_ms: Vec<f64>,
}

impl Times {
    /// Of milliseconds in any order.
    pub(in crate::bench) fn of(mut each_ms: Vec<f64>) -> Self {
        each_ms.sort_by(f64::total_cmp);
        Self { sorted_ms: each_ms }
    }

    /// Of something that is done so often, one time after the other.
    pub(in crate::bench) fn measured(count: u32, mut work: impl FnMut() -> Result<()>) -> Result<Self> {
        let each = (0..count).map(|_| {
            let start = Instant::now();
            work().map(|()| milliseconds(start.elapsed()))
        });
        each.collect::<Result<_>>().map(Self::of)
    }

    /// The least number of milliseconds within which so many percent were done: the nearest rank, so it is always one that
    /// was measured.
    pub(in crate::bench) fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.sorted_ms.len() * percent).div_ceil(100).max(1);
        self.sorted_ms.get(rank - 1).copied().unwrap_or(f64::NAN)
    }

    pub(in crate::bench) fn slowest(&self) -> f64 {
        self.percentile(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_round_does_not_count() {
        assert!((median(&[3.0, 900.0, 1.0]) - 3.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_percentile_is_the_least_time_within_which_so_many_were_done() {
        let times = Times::of((1..=200).rev().map(f64::from).collect());
        let of = |percent| times.percentile(percent);
        assert_eq!(
            [of(0), of(50), of(99), times.slowest()].map(f64::to_bits),
            [1.0, 100.0, 198.0, 200.0].map(f64::to_bits)
        );
        let one = Times::of(vec![7.0]);
        assert_eq!([one.percentile(50), one.percentile(99)].map(f64::to_bits), [7.0, 7.0].map(f64::to_bits));
        assert!(Times::default().percentile(50).is_nan());
    }
}
