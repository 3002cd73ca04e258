//! Cofferdam: a WebAssembly plugin host and job engine.
//!
//! Third-party modules are WebAssembly components; a job is a durable request to run one. [`app::Host`] is the whole
//! engine without HTTP, for programs that embed it:
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use cofferdam::app::{Host, HostOptions};
//! use cofferdam::registry::OnConflict;
//! use cofferdam::sandbox::Compiler;
//! use cofferdam::scheduler::{LogEvent, StartJob};
//!
//! let compiler = Compiler::Worker("/usr/bin/cofferdam".into());
//! let host = Host::open(HostOptions::in_folder("cofferdam-data", compiler)).await?;
//! let bytes = std::fs::read("hello.wasm")?;
//! host.registry.add(bytes.into(), OnConflict::Refuse).await?;
//! let job = host.scheduler.start_job(StartJob::of("hello".parse()?)).await?;
//! let mut log = host.scheduler.subscribe_logs(job, 0).await?;
//! while let Some(event) = log.next().await? {
//!     if let LogEvent::Lines(lines) = event {
//!         lines.iter().for_each(|line| println!("{}", line.message));
//!     }
//! }
//! drop(log);
//! host.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! The floors, from the ground up; a file uses floors below its own, never one above:
//!
//! | floor | modules | owns |
//! |---|---|---|
//! | 4 | [`app`], [`cli`], [`config`], [`reload`], [`telemetry`] | wiring, signals, settings, the command line |
//! | 3 | [`api`] | HTTP |
//! | 2 | [`scheduler`], [`registry`], [`access`], [`webhooks`] | what happens to jobs and modules; who may use the host; who is told |
//! | 1 | [`store`], [`sandbox`], [`outbound`] | durable state; running guests; connections to others |
//! | 0 | [`domain`], [`measured`] | ids, jobs, statuses, limits, time; what the host measures of itself |

pub mod access;
pub mod api;
pub mod app;
mod blocking;
pub mod cli;
pub mod config;
pub mod domain;
mod lifecycle;
pub mod measured;
pub mod outbound;
pub mod registry;
pub mod reload;
pub mod sandbox;
pub mod scheduler;
pub mod store;
pub mod telemetry;
pub mod traced;
mod traces;
pub mod webhooks;
