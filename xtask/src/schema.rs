//! `cargo xtask schema-test`: asks a running host what its own OpenAPI document allows, and what it does not, and holds
//! each answer against the document.
//!
//! Schemathesis does the asking. It is installed into a virtual environment among the tools.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use cofferdam_build::virtual_environment;

use crate::guests::{self, Way};
use crate::host::{self, Profile};
use crate::process::{self, say, stdout_of};
use crate::server::{Api, Server, Start};
use crate::workspace::Workspace;

/// What every answer is held against.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                      negative_data_rejection";
/// What cannot be asked like the rest: a stream's answer has no end.
const STREAMS: [&str; 2] = ["stream_events", "stream_logs"];
/// It would take the token away that all the rest is asked with; so it is asked by itself, and refused.
const REVOKING: &str = "revoke_token";
/// Exact, so that a run can be repeated.
const VERSION: &str = "4.32.5";
/// How long the program may take beyond what it was given.
const GRACE: Duration = Duration::from_mins(2);
/// Components are bytes, which Schemathesis has to be told.
const HOOKS: &str = "\
import schemathesis

@schemathesis.serializer(\"application/wasm\")
def component(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
";
/// What the host has, so that questions meet modules and jobs.
const MODULES: [&str; 3] = ["hello", "csv-profile", "prime-count"];

/// Asks for about so long.
pub(crate) fn run(workspace: &Workspace, way: Way, limit: Duration) -> Result<()> {
    guests::build_rust(workspace, way)?;
    let binary = host::build(workspace, Profile::Dev)?;
    let program = install(workspace, way)?;
    let folder = tempfile::tempdir()?;
    let (data, log) = (folder.path().join("data"), folder.path().join("host.log"));
    let start = Start { log: Some(&log), ..Start::usual(&binary, "127.0.0.1:0", &data) };
    let server = Server::start(&start)?;
    fill(workspace, &server)?;
    let address = format!("http://{}", server.address());
    let token = stdout_of(
        Command::new(&binary)
            .args(["token", "create", "schema-test", "--scope", "admin"])
            .env("COFFERDAM_SERVER", &address),
    )?;
    say(format_args!("schema-test: schemathesis {VERSION} for {} s", limit.as_secs()));
    let exclude = STREAMS.iter().chain([&REVOKING]).flat_map(|name| ["--exclude-operation-id", name]);
    ask(&program, folder.path(), (&address, token.trim()), limit, &exclude.collect::<Vec<_>>())?;
    // Whoever must not administer may not revoke either, so a token of little worth finds out what is refused.
    let weak = stdout_of(
        Command::new(&binary)
            .args(["token", "create", "weak", "--scope", "jobs:read"])
            .env("COFFERDAM_SERVER", &address)
            .env("COFFERDAM_TOKEN", token.trim()),
    )?;
    let alone = ["--include-operation-id", REVOKING];
    ask(&program, folder.path(), (&address, weak.trim()), Duration::from_secs(5), &alone)?;
    server.stop().context("the host did not outlive it")?;
    let said = std::fs::read_to_string(&log)?;
    ensure!(!said.contains("panicked"), "the host panicked:\n{said}");
    Ok(())
}

/// Modules, and jobs that have ended.
fn fill(workspace: &Workspace, server: &Server) -> Result<()> {
    let mut api = Api::connect(server.address())?;
    for module in MODULES {
        api.add_module(&workspace.component(module)?)?;
    }
    for _ in 0..3 {
        let job = api.start_job(br#"{"module_id": "hello"}"#)?;
        api.follow_to_end(&job, |_| ())?;
    }
    Ok(())
}

fn ask(
    program: &Path,
    folder: &Path,
    (address, token): (&str, &str),
    limit: Duration,
    operations: &[&str],
) -> Result<()> {
    // In a file: everybody on the machine can read arguments.
    let settings = folder.join("schemathesis.toml");
    std::fs::write(folder.join("hooks.py"), HOOKS)?;
    std::fs::write(&settings, format!("hooks = \"hooks.py\"\n[headers]\nAuthorization = \"Bearer {token}\"\n"))?;
    let mut command = Command::new(program);
    command.current_dir(folder).arg("--config-file").arg(&settings).args(["run", "--checks", CHECKS]);
    command.args(["--max-time", &limit.as_secs().to_string(), "--request-timeout", "30", "--no-color"]);
    command.args(["--warnings", "off"]).args(operations).arg(format!("{address}/openapi.json"));
    process::run_within(limit + GRACE, &mut command).context("the host does not do what its document says")
}

/// The program, in an environment of its own.
fn install(workspace: &Workspace, way: Way) -> Result<PathBuf> {
    guests::prepare_python();
    let (name, package) = (format!("schemathesis-{VERSION}"), format!("schemathesis=={VERSION}"));
    let environment = virtual_environment(&guests::workshop(workspace, way), &name, &[&package], "schemathesis")?;
    Ok(environment.join("bin/schemathesis"))
}
