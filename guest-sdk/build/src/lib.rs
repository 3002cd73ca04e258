//! Begins and builds modules in every language that has an SDK.
//!
//! A [`Project`] is a folder with a module's sources; its language is told by the file that every project of that
//! language has. A [`Workshop`] builds projects: it finds the tools that a language needs, or installs them into a
//! folder of its own and says so, and turns the sources into a component. [`begin`] writes a new project, SDK included:
//! nothing but the language's own tools comes from elsewhere.

mod error;
mod language;
pub mod process;
mod project;
mod recipe;
mod scaffold;
mod toolchain;
mod workshop;

pub use error::BuildError;
pub use language::{Language, UnknownLanguage};
pub use project::{Project, is_newer};
pub use scaffold::{InvalidName, ProjectName, begin};
pub use toolchain::{Node, UnknownWay, WasmCargo, Way, virtual_environment};
pub use workshop::Workshop;
