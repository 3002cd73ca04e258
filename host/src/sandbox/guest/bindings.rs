//! The world of the contract as Rust: generated from `wit/`.

wasmtime::component::bindgen!({
    path: "../wit",
    world: "cofferdam:module/module",
    imports: {
        "cofferdam:module/job-context.job-id": trappable,
        "cofferdam:module/job-context.is-cancelled": trappable,
        "cofferdam:module/job-context.report-progress": trappable,
        default: async | trappable,
    },
    exports: { default: async },
});
