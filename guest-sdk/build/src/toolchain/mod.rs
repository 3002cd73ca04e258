//! What each language needs: found on the machine, or installed without a word to root where that is possible.

mod debian;
mod go;
mod node;
mod python;
mod wasm_target;
mod zig;

pub(crate) use go::go;
pub use node::Node;
pub(crate) use python::pip;
pub use python::virtual_environment;
pub use wasm_target::{UnknownWay, WasmCargo, Way};
pub(crate) use zig::compiler;
