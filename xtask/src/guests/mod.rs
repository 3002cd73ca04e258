//! Builds the guests: every package below `example-modules/` and `tests/guests/`, in whichever language it is.
//!
//! The set-up that each language needs is done by the same workshop that authors of modules use, and always said before
//! it is done.

mod javascript;
mod languages;
mod npm;
mod python;
mod rust;
mod starlingmonkey;
mod workshop;

pub(crate) use cofferdam_build::Way;
pub(crate) use javascript::build as build_javascript;
pub(crate) use languages::build as build_languages;
pub(crate) use python::prepare as prepare_python;
pub(crate) use rust::build as build_rust;
pub(crate) use workshop::workshop;
