//! `cofferdam.dev.json`: what `cofferdam dev` runs a module with.

use std::path::Path;

use serde::Deserialize;

use crate::cli::Failure;
use crate::domain::JsonObject;

/// The file's name in a project.
pub(super) const NAME: &str = "cofferdam.dev.json";

/// Inputs and settings to try a module with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DevFile {
    #[serde(default = "JsonObject::empty")]
    pub(super) inputs: JsonObject,
    #[serde(default = "JsonObject::empty")]
    pub(super) settings: JsonObject,
}

impl DevFile {
    /// That of a project; a project without one runs with nothing.
    pub(super) fn read(project: &Path) -> Result<Self, Failure> {
        let path = project.join(NAME);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => b"{}".to_vec(),
            Err(error) => return Err(Failure::usage(format!("{NAME} cannot be read: {error}"))),
        };
        let mut reader = serde_json::Deserializer::from_slice(&text);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            Failure::usage(format!("{NAME} is wrong at `{}`: {}", error.path(), error.inner()))
                .next("it holds {\"inputs\": {…}, \"settings\": {…}}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::failure::Verbosity;
    use crate::cli::output::Look;

    fn read(text: &str) -> Result<DevFile, String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(NAME), text).expect("written");
        DevFile::read(folder.path()).map_err(|failure| failure.render(Look::Plain, Verbosity::Brief))
    }

    #[test]
    fn what_is_not_given_is_empty_and_what_is_wrong_is_named() {
        let file = read(r#"{"inputs": {"a": [1]}}"#).expect("it is right");
        assert_eq!((file.inputs.as_str(), file.settings.as_str()), (r#"{"a": [1]}"#, "{}"));
        assert!(DevFile::read(Path::new("/nowhere")).is_ok());
        let wrong = read(r#"{"inputs": [1]}"#).expect_err("no object");
        assert!(wrong.contains("wrong at `inputs`") && wrong.contains("it holds"), "{wrong}");
        assert!(read(r#"{"input": {}}"#).expect_err("unknown").contains("input"));
    }
}
