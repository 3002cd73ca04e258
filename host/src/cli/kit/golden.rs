//! Golden files: what a case's results were when somebody looked at them and found them right.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::Failure;
use crate::cli::output::json_line;
use crate::domain::JsonObject;

/// Results in a file beside a case, one JSON object a line.
pub(super) struct Golden {
    path: PathBuf,
}

impl Golden {
    /// The file of this name in the folder of the case.
    pub(super) fn beside(case: &Path, name: &str) -> Self {
        Self { path: case.with_file_name(name) }
    }

    pub(super) fn path(&self) -> String {
        self.path.display().to_string()
    }

    /// The results; says what is wrong with the file.
    pub(super) fn read(&self) -> Result<Vec<Value>, String> {
        let text = fs::read_to_string(&self.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => format!("golden: `{}` is not there; --update makes it", self.path()),
            _ => format!("golden: `{}` cannot be read: {error}", self.path()),
        })?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(at, line)| {
                let object = JsonObject::parse(line).map_err(|error| {
                    format!("golden: line {} of `{}`: {error}; each line is one result", at + 1, self.path())
                })?;
                Ok(object.value())
            })
            .collect()
    }

    /// Writes the results, unless they stand there already; answers whether it did.
    pub(super) fn update(&self, results: &[JsonObject]) -> Result<bool, Failure> {
        let text: String = results.iter().flat_map(|result| [json_line(result.as_str()), "\n".to_owned()]).collect();
        if fs::read_to_string(&self.path).is_ok_and(|there| there == text) {
            return Ok(false);
        }
        fs::write(&self.path, text).map_err(|error| {
            Failure::failed(format!("the golden file `{}` cannot be written: {error}", self.path()))
        })?;
        Ok(true)
    }
}
