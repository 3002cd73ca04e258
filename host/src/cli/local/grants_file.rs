//! Grants in a JSON file.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Failure;
use crate::domain::Grants;

/// What the module of a command without a server may do.
#[derive(Debug, Clone, Default, Args)]
pub(in crate::cli) struct GrantsArgument {
    /// Let the module do what this JSON file says, as `cofferdam module grants --json` shows it
    #[arg(long, value_name = "FILE")]
    grants: Option<PathBuf>,
}

impl GrantsArgument {
    /// The grants; nothing unless a file was named.
    pub(in crate::cli) fn read(&self) -> Result<Grants, Failure> {
        self.grants.as_deref().map_or_else(|| Ok(Grants::default()), read_grants)
    }
}

/// Reads a file of grants. A folder that is not written from the root on is meant from the folder of the file.
pub(in crate::cli) fn read_grants(file: &Path) -> Result<Grants, Failure> {
    let shown = file.display();
    let text =
        std::fs::read(file).map_err(|error| Failure::usage(format!("the grants `{shown}` cannot be read: {error}")))?;
    let mut reader = serde_json::Deserializer::from_slice(&text);
    let mut grants: Grants = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        Failure::usage(format!("the grants `{shown}` are wrong at `{}`: {}", error.path(), error.inner()))
            .next("they hold {\"http\": [\"api.example.com\"], \"env\": {…}, \"dirs\": [{\"host\", \"guest\", \"write\"}], \"limits\": {…}}")
    })?;
    let base = file.parent().unwrap_or(Path::new(""));
    for dir in grants.dirs.iter_mut().filter(|dir| !dir.host.is_absolute()) {
        let path = base.join(&dir.host);
        dir.host = path.canonicalize().map_err(|error| {
            Failure::usage(format!("the folder `{}` in `{shown}` cannot be opened: {error}", path.display()))
        })?;
    }
    Ok(grants)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::failure::Verbosity;
    use crate::cli::output::Look;

    #[test]
    fn a_file_is_read_and_what_is_wrong_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("grants.json");
        let read = |text: &str| {
            std::fs::write(&file, text).expect("written");
            read_grants(&file).map_err(|failure| failure.render(Look::Plain, Verbosity::Brief))
        };
        std::fs::create_dir(folder.path().join("data")).expect("a folder");
        let grants = read(r#"{"dirs": [{"host": "data", "guest": "/data"}]}"#).expect("grants");
        assert_eq!(grants.dirs[0].host, folder.path().canonicalize().expect("it is there").join("data"));
        let wrong = read(r#"{"http": ["a b"]}"#).expect_err("no host");
        assert!(wrong.contains("wrong at `http[0]`") && wrong.contains("they hold"), "{wrong}");
        assert!(
            read(r#"{"dirs": [{"host": "nowhere", "guest": "/data"}]}"#).expect_err("no folder").contains("nowhere")
        );
    }
}
