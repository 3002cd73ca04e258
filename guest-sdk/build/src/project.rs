//! A module's sources: where they are, in which language, and where its SDK and the contract are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::{BuildError, Language};

/// The files with the contract's worlds.
const CONTRACT: [&str; 2] = ["module.wit", "module-http.wit"];

/// A folder with a module's sources.
#[derive(Debug, Clone)]
pub struct Project {
    pub(crate) folder: PathBuf,
    pub(crate) language: Language,
    /// The SDK's folder.
    pub(crate) sdk: PathBuf,
    /// The folder with the contract.
    pub(crate) wit: PathBuf,
}

impl Project {
    /// The project in a folder that [`begin`](crate::begin) has made, or one like it: its SDK is in `sdk/`, and the
    /// contract in `sdk/wit/`.
    pub fn open(folder: &Path) -> Result<Self, BuildError> {
        let sdk = folder.join("sdk");
        let wit = sdk.join("wit");
        Self::with_sdk(folder, &sdk, &wit)
    }

    /// A project whose SDK and contract are elsewhere.
    pub fn with_sdk(folder: &Path, sdk: &Path, wit: &Path) -> Result<Self, BuildError> {
        let folder = folder.canonicalize().map_err(BuildError::file("find", folder))?;
        let Some(language) = Language::of(&folder) else {
            let markers: Vec<_> =
                Language::ALL.map(|language| format!("{} ({language})", language.marker())).into_iter().collect();
            return Err(BuildError::Project(format!(
                "{} holds no module's project: it has no {}; begin one with `cofferdam new NAME --language LANGUAGE`",
                folder.display(),
                markers.join(", no ")
            )));
        };
        if let Some(missing) = CONTRACT.map(|file| wit.join(file)).into_iter().find(|file| !file.is_file()) {
            return Err(BuildError::Project(format!(
                "{} is missing: the project's SDK belongs in `sdk/`, as `cofferdam new` writes it",
                missing.display()
            )));
        }
        let whole = |path: &Path| path.canonicalize().map_err(BuildError::file("find", path));
        Ok(Self { language, sdk: whole(sdk)?, wit: whole(wit)?, folder })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether a component is there that is newer than every source: those of the project, the SDK and the contract.
    pub fn is_built(&self, component: &Path) -> bool {
        is_newer(component, &[&self.folder, &self.sdk, &self.wit])
    }

    /// Where its component goes unless somebody says otherwise: `build/NAME.wasm`, named after the folder.
    pub fn component(&self) -> PathBuf {
        let name = self.folder.file_name().unwrap_or("module".as_ref());
        self.folder.join("build").join(name).with_extension("wasm")
    }
}

/// Folders that hold no sources.
const MADE: [&str; 6] = ["build", "target", "node_modules", ".git", ".venv", "__pycache__"];

/// Whether a file is there that is newer than every source in these folders.
pub fn is_newer(made: &Path, folders: &[&Path]) -> bool {
    let Ok(made) = fs::metadata(made).and_then(|file| file.modified()) else { return false };
    folders.iter().all(|folder| newest(folder).is_none_or(|changed| changed < made))
}

/// When a source in a folder changed last.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let sources = entries.filter(|entry| !MADE.contains(&entry.file_name().to_string_lossy().as_ref()));
    let changed = sources.filter_map(|entry| {
        let path = entry.path();
        if path.is_dir() { newest(&path) } else { entry.metadata().and_then(|data| data.modified()).ok() }
    });
    changed.max()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_folder_without_a_project_says_what_is_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = Project::open(folder.path()).expect_err("it is empty").to_string();
        assert!(error.contains("pyproject.toml (python)") && error.contains("cofferdam new NAME"), "{error}");
        std::fs::write(folder.path().join("go.mod"), "module x\n").expect("written");
        let error = Project::open(folder.path()).expect_err("it has no SDK").to_string();
        assert!(error.contains("module.wit is missing"), "{error}");
    }

    #[test]
    fn the_component_is_named_after_the_folder() {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("word-count");
        std::fs::create_dir_all(folder.join("sdk/wit")).expect("folders");
        std::fs::write(folder.join("go.mod"), "module x\n").expect("written");
        for file in CONTRACT {
            std::fs::write(folder.join("sdk/wit").join(file), "").expect("written");
        }
        let project = Project::open(&folder).expect("a project");
        assert!(!project.is_built(&project.component()), "there is none");
        std::fs::create_dir(folder.join("build")).expect("a folder");
        let component = std::fs::File::create(project.component()).expect("a file");
        let source = std::fs::File::options().write(true).open(folder.join("go.mod")).expect("it is there");
        // What is written in the same moment has the same time, which may be that of a source changed since.
        let (now, second) = (SystemTime::UNIX_EPOCH + Duration::from_hours(500_000), Duration::from_secs(1));
        for file in std::fs::read_dir(folder.join("sdk/wit")).expect("the contract").flatten() {
            let file = std::fs::File::options().write(true).open(file.path()).expect("it is there");
            file.set_modified(now).expect("it can be set");
        }
        source.set_modified(now).expect("it can be set");
        component.set_modified(now).expect("it can be set");
        assert!(!project.is_built(&project.component()), "nobody knows which came first");
        component.set_modified(now + second).expect("it can be set");
        assert!(project.is_built(&project.component()));
        source.set_modified(now + 2 * second).expect("it can be set");
        assert!(!project.is_built(&project.component()), "a source has changed");
        assert_eq!(project.language(), Language::Go);
        assert!(project.component().ends_with("word-count/build/word-count.wasm"), "{:?}", project.component());
    }
}
