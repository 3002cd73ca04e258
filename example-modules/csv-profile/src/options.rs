//! What a job may ask for.

use cofferdam_sdk::Failure;
use schemars::JsonSchema;
use serde::Deserialize;

/// The table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The table's text. Its first line names the columns.
    pub csv: String,
}

/// How to read the table, and how exactly.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What separates the cells of a row: one ASCII character.
    pub delimiter: char,
    /// Cells that stand for a missing value, compared after blanks around the cell were removed.
    pub gaps: Vec<String>,
    /// Which quantiles to compute, each from 0 to 1.
    #[schemars(inner(range(min = 0, max = 1)))]
    pub quantiles: Vec<f64>,
    /// Up to this many distinct values, and this many numbers, a column is counted exactly; beyond, it is estimated in
    /// bounded memory.
    pub exact_up_to: usize,
    /// Rows from one checkpoint to the next.
    #[schemars(range(min = 1))]
    pub checkpoint_every: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            delimiter: ',',
            gaps: vec![String::new(), "NA".into()],
            quantiles: vec![0.05, 0.25, 0.5, 0.75, 0.95],
            exact_up_to: 2_000,
            checkpoint_every: 2_000,
        }
    }
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.delimiter_byte()?;
        if let Some(wrong) = self.quantiles.iter().find(|quantile| !(0.0..=1.0).contains(*quantile)) {
            return Err(Failure::permanent(format!("settings.quantiles holds {wrong}, and each must be from 0 to 1")));
        }
        if self.checkpoint_every == 0 {
            return Err(Failure::permanent("settings.checkpoint_every is 0, and must be at least 1"));
        }
        Ok(())
    }

    pub(crate) fn delimiter_byte(&self) -> Result<u8, Failure> {
        match u8::try_from(self.delimiter) {
            Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(byte),
            _ => Err(Failure::permanent(format!(
                "settings.delimiter is {:?}, and must be one ASCII character other than a quote or a line break",
                self.delimiter
            ))),
        }
    }
}
