//! The contract of the repository's `wit/` folder as Rust, generated while compiling and never edited.
//!
//! The rest of the crate wraps it. It is public for modules that need the contract as it is, for example to send text
//! that is not JSON.

#![expect(missing_docs, reason = "the generator copies the contract's comments and adds items that have none")]
#![expect(clippy::pedantic, reason = "generated code follows the generator's style")]

wit_bindgen::generate!({
    path: "../../wit",
    world: "module",
    pub_export_macro: true,
    export_macro_name: "export_module",
    default_bindings_module: "cofferdam_sdk::bindings",
});
