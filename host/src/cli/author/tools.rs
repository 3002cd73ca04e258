//! The workshop of this command line: where its tools are kept, and what its troubles look like.

use std::path::{Path, PathBuf};

use cofferdam_build::{BuildError, Project, Workshop};

use crate::cli::Failure;
use crate::config::Environment;

/// The project in a folder, and a workshop to build it.
pub(super) fn open(folder: &Path, environment: &Environment) -> Result<(Project, Workshop), Failure> {
    let project = Project::open(folder).map_err(refuse)?;
    let Some(tools) = tools_folder(environment) else {
        return Err(Failure::failed("there is no folder to install tools into").next("set COFFERDAM_TOOLS to one"));
    };
    Ok((project, Workshop::new(tools, say)))
}

/// `COFFERDAM_TOOLS`, or a folder of the user's own that may be lost at any time.
fn tools_folder(environment: &Environment) -> Option<PathBuf> {
    let folder = |variable| environment.get(variable).map(PathBuf::from);
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    folder("COFFERDAM_TOOLS").or_else(|| cache.map(|cache| cache.join("cofferdam/tools")))
}

fn say(what: &str) {
    eprintln!("{what}");
}

/// A compiler's own words come as they are, with the command that said them.
pub(super) fn refuse(error: BuildError) -> Failure {
    match error {
        BuildError::Tool { what, by_hand } => Failure::failed(what).next(by_hand),
        other => Failure::failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_go_where_the_user_says_or_into_the_cache() {
        let folder = |pairs: &[(&str, &str)]| {
            tools_folder(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        let (home, cache) = (("HOME", "/h"), ("XDG_CACHE_HOME", "/c"));
        assert_eq!(folder(&[home, cache, ("COFFERDAM_TOOLS", "/t")]), Some("/t".into()));
        assert_eq!(folder(&[home, cache]), Some("/c/cofferdam/tools".into()));
        assert_eq!(folder(&[home]), Some("/h/.cache/cofferdam/tools".into()));
        assert_eq!(folder(&[]), None);
    }
}
