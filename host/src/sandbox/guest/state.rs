//! What the store of one guest holds.

use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::domain::limits::TABLE_ENTRIES;
use crate::sandbox::JobImports;

use super::Limiter;
use super::stdio::Stdio;
use super::wasi::{NoHttp, nothing_granted};

/// Bytes that the header fields of one HTTP message may take; requests are denied, but guests may still build them.
const HTTP_FIELD_BYTES: usize = 64 << 10;

/// One guest's state in the host.
pub(in crate::sandbox) struct GuestState {
    pub(super) imports: Arc<dyn JobImports>,
    pub(super) stdio: Arc<Stdio>,
    limiter: Limiter,
    /// Made at the guest's first WASI call: most runs make none, and it costs more than the rest of the store.
    wasi: Option<Box<WasiCtx>>,
    http: WasiHttpCtx,
    hooks: NoHttp,
    table: ResourceTable,
}

impl GuestState {
    /// For one store.
    pub(in crate::sandbox) fn new(imports: Arc<dyn JobImports>, limiter: Limiter, log_line_bytes: usize) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(TABLE_ENTRIES);
        let mut http = WasiHttpCtx::new();
        http.set_field_size_limit(HTTP_FIELD_BYTES);
        let stdio = Arc::new(Stdio::new(Arc::clone(&imports), log_line_bytes));
        Self { imports, stdio, limiter, wasi: None, http, hooks: NoHttp, table }
    }

    /// The guest's memory.
    pub(in crate::sandbox) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// The guest's memory, for wasmtime to ask.
    pub(in crate::sandbox) fn limiter_mut(&mut self) -> &mut Limiter {
        &mut self.limiter
    }

    /// The guest's standard streams.
    pub(in crate::sandbox) fn stdio(&self) -> &Arc<Stdio> {
        &self.stdio
    }
}

impl WasiView for GuestState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let ctx = self.wasi.get_or_insert_with(|| Box::new(nothing_granted(&self.stdio)));
        WasiCtxView { ctx, table: &mut self.table }
    }
}

impl WasiHttpView for GuestState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.hooks }
    }
}
