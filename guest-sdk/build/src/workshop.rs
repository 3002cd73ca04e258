//! Where modules are built.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{BuildError, Language, Project, Way, recipe};

/// Builds modules, with tools that it finds or installs.
pub struct Workshop {
    /// Where tools go that have to be installed.
    pub(crate) tools: PathBuf,
    /// How to get the standard library of Rust's wasm target.
    pub(crate) way: Way,
    say: fn(&str),
}

impl Workshop {
    /// Tools that are not there yet are installed into `tools`, which is made when it is needed. Whatever takes long or
    /// is installed is told to `say` before it begins.
    pub fn new(tools: impl Into<PathBuf>, say: fn(&str)) -> Self {
        Self { tools: tools.into(), way: Way::Auto, say }
    }

    /// The same, with a way to the standard library of Rust's wasm target.
    #[must_use]
    pub fn with_way(mut self, way: Way) -> Self {
        self.way = way;
        self
    }

    pub(crate) fn say(&self, what: impl AsRef<str>) {
        (self.say)(what.as_ref());
    }

    /// A folder among the tools; made if need be.
    pub(crate) fn tool_folder(&self, name: &str) -> Result<PathBuf, BuildError> {
        let folder = self.tools.join(name);
        fs::create_dir_all(&folder).map_err(BuildError::file("make", &folder))?;
        folder.canonicalize().map_err(BuildError::file("find", &folder))
    }

    /// Builds a project's component into a file. What a compiler has to say goes to standard error.
    pub fn build(&self, project: &Project, component: &Path) -> Result<(), BuildError> {
        let folder = component.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(BuildError::file("make", folder))?;
        let folder = folder.canonicalize().map_err(BuildError::file("find", folder))?;
        let Some(name) = component.file_name() else {
            return Err(BuildError::Project(format!("{} is no name of a file", component.display())));
        };
        let component = folder.join(name);
        match project.language {
            Language::Rust => recipe::rust(self, project, &component),
            Language::Python => recipe::python(self, project, &component),
            Language::JavaScript => recipe::javascript(self, project, &component),
            Language::Go => recipe::go(self, project, &component),
            Language::C => recipe::c(self, project, &component),
        }
    }
}
