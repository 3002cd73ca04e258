//! Modules in WebAssembly text: a few instructions become a whole component, without any toolchain.
//!
//! For what no compiler would write. The tests of the host use it, and `cofferdam doctor --hostile`, whose modules are in
//! the program itself. All texts are written by programmers beside their use, so a text that is none panics with the place.

pub mod binary;
mod calls;
mod component;
mod guest;

pub use component::{component_of_text, with_core_module, with_core_module_bytes};
pub use guest::TextGuest;
