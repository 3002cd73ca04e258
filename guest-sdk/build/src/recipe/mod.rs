//! How the sources of each language become a component: one file a language.

mod c;
mod go;
mod javascript;
mod late;
mod python;
mod rust;
mod wrap;

pub(crate) use c::build as c;
pub(crate) use go::build as go;
pub(crate) use javascript::build as javascript;
pub(crate) use python::build as python;
pub(crate) use rust::build as rust;
