//! What the store of one guest holds.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::domain::limits::TABLE_ENTRIES;
use crate::domain::{HttpUsage, RunUsage};
use crate::sandbox::attempt::CpuTime;
use crate::sandbox::http::HttpClient;
use crate::sandbox::{Allowance, JobImports};

use super::Limiter;
use super::http::HttpHooks;
use super::pace::Pace;
use super::stdio::Stdio;
use super::wasi::{granted, without_folders};

/// Bytes that the header fields of one HTTP message may take.
const HTTP_FIELD_BYTES: usize = 64 << 10;

/// One guest's state in the host.
pub(in crate::sandbox) struct GuestState {
    pub(super) imports: Arc<dyn JobImports>,
    pub(super) stdio: Arc<Stdio>,
    limiter: Limiter,
    cpu_time: Arc<CpuTime>,
    pace: Pace,
    allowance: Allowance,
    /// Made at the guest's first WASI call: most runs make none, and it costs more than the rest of the store.
    wasi: Option<Box<WasiCtx>>,
    http: WasiHttpCtx,
    client: Arc<HttpClient>,
    /// Made at the guest's first HTTP call, as its WASI is.
    hooks: Option<Box<HttpHooks>>,
    table: ResourceTable,
}

impl GuestState {
    /// For one store.
    pub(in crate::sandbox) fn new(
        imports: Arc<dyn JobImports>,
        (limiter, cpu_time): (Limiter, Arc<CpuTime>),
        (allowance, client): (Allowance, Arc<HttpClient>),
    ) -> wasmtime::Result<Self> {
        let mut table = ResourceTable::new();
        table.set_max_capacity(TABLE_ENTRIES);
        let mut http = WasiHttpCtx::new();
        http.set_field_size_limit(HTTP_FIELD_BYTES);
        let log_line_bytes = usize::try_from(allowance.limits.log_line_bytes).unwrap_or(usize::MAX);
        let stdio = Arc::new(Stdio::new(Arc::clone(&imports), log_line_bytes, allowance.masker.clone()));
        let pace = Pace::new(allowance.limits.host_calls_per_s);
        // Folders are opened before the guest begins, so that it never finds one missing in the middle.
        let wasi = if allowance.folders.is_empty() { None } else { Some(Box::new(granted(&stdio, &allowance)?)) };
        Ok(Self { imports, stdio, limiter, cpu_time, pace, allowance, wasi, http, client, hooks: None, table })
    }

    /// The guest's memory.
    pub(in crate::sandbox) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// The guest's memory, for wasmtime to ask.
    pub(in crate::sandbox) fn limiter_mut(&mut self) -> &mut Limiter {
        &mut self.limiter
    }

    /// A call to the host, which costs it something.
    pub(super) fn count_call(&mut self) {
        self.pace.count();
    }

    /// How long the guest has to wait for the calls that it has made since it was last asked.
    pub(in crate::sandbox) fn pause(&mut self) -> Option<Duration> {
        self.pace.pause()
    }

    /// What the guest sent and received over HTTP.
    pub(in crate::sandbox) fn http_usage(&self) -> HttpUsage {
        self.hooks.as_ref().map_or_else(HttpUsage::default, |hooks| hooks.meter().usage())
    }

    /// What the guest has used, up to when it was last off its processor.
    pub(super) fn usage(&self) -> RunUsage {
        RunUsage {
            cpu_time: self.cpu_time.spent(),
            peak_memory_bytes: self.limiter.peak_bytes(),
            http: self.http_usage(),
        }
    }

    /// The guest's standard streams.
    pub(in crate::sandbox) fn stdio(&self) -> &Arc<Stdio> {
        &self.stdio
    }
}

impl WasiView for GuestState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.count_call();
        let Self { stdio, allowance, wasi, .. } = self;
        let ctx = wasi.get_or_insert_with(|| Box::new(without_folders(stdio, allowance)));
        WasiCtxView { ctx, table: &mut self.table }
    }
}

impl WasiHttpView for GuestState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.count_call();
        let Self { client, imports, allowance, hooks, .. } = self;
        let hooks = hooks.get_or_insert_with(|| Box::new(HttpHooks::new(Arc::clone(client), imports, allowance)));
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut **hooks }
    }
}
