//! What is known of one column after some rows.

use average::{Estimate, Variance};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::distinct::Distinct;
use crate::kind::{Cell, ColumnType, Kinds};
use crate::options::Settings;
use crate::profile::{Numbers, Profile, Quantile, QuantileList};
use crate::quantiles::Quantiles;

/// How many of the most frequent values a profile names.
const TOP: usize = 5;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Column {
    gaps: u64,
    kinds: Kinds,
    distinct: Distinct,
    /// Smallest and largest cell in the order of their texts.
    text_range: Option<(String, String)>,
    /// Smallest and largest number.
    number_range: Option<(f64, f64)>,
    moments: Variance,
    quantiles: Quantiles,
}

impl Column {
    /// Takes the next row's cell.
    pub(crate) fn add(&mut self, text: &str, settings: &Settings) {
        if settings.gaps.iter().any(|gap| gap == text) {
            self.gaps += 1;
            return;
        }
        let cell = Cell::of(text);
        self.kinds.count(cell);
        self.distinct.add(text, settings.exact_up_to);
        self.stretch_text_range(text);
        if let Cell::Integer(number) | Cell::Number(number) = cell {
            let (smallest, largest) = self.number_range.unwrap_or((number, number));
            self.number_range = Some((smallest.min(number), largest.max(number)));
            self.moments.add(number);
            self.quantiles.add(number, settings.exact_up_to);
        }
    }

    /// Takes a cell that its row does not have.
    pub(crate) fn add_missing(&mut self) {
        self.gaps += 1;
    }

    /// Sums the column up. `position` counts from 1.
    pub(crate) fn profile(&self, name: &str, position: usize, rows: u64, settings: &Settings) -> Profile {
        let column_type = self.kinds.column_type();
        let (minimum, maximum) = self.extremes(column_type);
        Profile {
            column: name.to_owned(),
            position,
            column_type,
            rows,
            gaps: self.gaps,
            kinds: self.kinds,
            distinct: self.distinct.count(),
            top: self.distinct.top(TOP),
            minimum,
            maximum,
            numbers: self.number_range.map(|_| self.numbers(&settings.quantiles)),
        }
    }

    fn stretch_text_range(&mut self, text: &str) {
        let Some((smallest, largest)) = &mut self.text_range else {
            self.text_range = Some((text.to_owned(), text.to_owned()));
            return;
        };
        if text < smallest.as_str() {
            text.clone_into(smallest);
        } else if text > largest.as_str() {
            text.clone_into(largest);
        }
    }

    /// In the order of numbers for a column of numbers, else in the order of texts.
    fn extremes(&self, column_type: ColumnType) -> (Value, Value) {
        match (column_type, self.number_range, &self.text_range) {
            (ColumnType::Integer | ColumnType::Number, Some((smallest, largest)), _) => {
                (number(smallest), number(largest))
            }
            (_, _, Some((smallest, largest))) => (smallest.as_str().into(), largest.as_str().into()),
            (_, _, None) => (Value::Null, Value::Null),
        }
    }

    fn numbers(&self, places: &[f64]) -> Numbers {
        let values = places.iter().zip(self.quantiles.at(places));
        Numbers {
            count: self.moments.len(),
            mean: number(self.moments.mean()),
            standard_deviation: number(self.moments.sample_variance().sqrt()),
            quantiles: QuantileList {
                exact: self.quantiles.is_exact(),
                values: values.map(|(&at, value)| Quantile { at, value: number(value) }).collect(),
            },
        }
    }
}

/// Whole numbers without a fraction, and `null` for what JSON cannot say.
fn number(value: f64) -> Value {
    // Up to 2^53, where a double still tells neighbours apart.
    if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 {
        let digits = format!("{value:.0}");
        return digits.parse::<i64>().map_or(Value::Null, Value::from);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::number;
    use serde_json::{Value, json};

    #[test]
    fn numbers_are_written_as_a_reader_would() {
        assert_eq!(number(3.0), json!(3));
        assert_eq!(number(-0.0), json!(0));
        assert_eq!(number(-2.5), json!(-2.5));
        assert_eq!(number(1e300), json!(1e300));
        assert_eq!(number(f64::NAN), Value::Null);
    }
}
