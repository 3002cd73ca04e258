//! What guests can import: the interface `job-context`, and all of WASI 0.2, which is linked for everyone because most
//! toolchains import it unasked. What a guest may do with it is decided by what its store holds.

use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker};

use super::bindings::cofferdam::module::job_context;
use super::state::GuestState;

/// The one linker of an engine.
pub(in crate::sandbox) fn linker(engine: &Engine) -> wasmtime::Result<Linker<GuestState>> {
    let mut linker = Linker::new(engine);
    job_context::add_to_linker::<_, HasSelf<GuestState>>(&mut linker, |state| state)?;
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    Ok(linker)
}
