//! What a host has measured of itself, as `GET /metrics` tells it.

/// All of it at one moment.
pub(crate) struct Metrics {
    text: String,
}

impl Metrics {
    pub(super) const fn of(text: String) -> Self {
        Self { text }
    }

    /// A figure by its name, whatever its labels are: all of them together. 0 when there is none yet.
    pub(crate) fn sum(&self, name: &str) -> f64 {
        self.sum_with(name, "")
    }

    /// The same of those alone that have this label, as `name="value"`.
    pub(crate) fn sum_with(&self, name: &str, label: &str) -> f64 {
        let values = self.text.lines().filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            let (labels, value) = match rest.as_bytes().first()? {
                b' ' => ("", rest),
                b'{' => rest.rsplit_once('}')?,
                _ => return None,
            };
            labels.contains(label).then(|| value.trim().parse::<f64>().ok())?
        });
        values.sum()
    }

    /// The mean of what a histogram took in since an earlier moment, and how many there were.
    pub(crate) fn mean_since(&self, earlier: &Self, histogram: &str) -> (f64, f64) {
        let grown = |what: &str| {
            let name = format!("{histogram}_{what}");
            self.sum(&name) - earlier.sum(&name)
        };
        let count = grown("count");
        (grown("sum") / count, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_by_their_whole_name_and_summed_over_their_labels() {
        let text = "# HELP jobs Jobs\njobs{status=\"a\"} 2\njobs{status=\"b\"} 3\njobs_more 40\n\
                    took_seconds_bucket{le=\"1\"} 9\ntook_seconds_sum 1.5\ntook_seconds_count 6\n";
        let metrics = Metrics::of(text.to_owned());
        assert!((metrics.sum("jobs") - 5.0).abs() < f64::EPSILON);
        assert!((metrics.sum_with("jobs", r#"status="b""#) - 3.0).abs() < f64::EPSILON);
        assert!(metrics.sum("nothing").abs() < f64::EPSILON);
        let earlier = Metrics::of("took_seconds_sum 0.5\ntook_seconds_count 2\n".to_owned());
        let (mean, count) = metrics.mean_since(&earlier, "took_seconds");
        assert!((mean - 0.25).abs() < f64::EPSILON && (count - 4.0).abs() < f64::EPSILON);
    }
}
