//! The demonstration from the build to the end.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use anyhow::{Result, bail};

use super::{profile, words};
use crate::dashboard;
use crate::guests::{self, Way};
use crate::host::{self, Profile};
use crate::interrupt::Interrupts;
use crate::process::say;
use crate::server::{Api, Server, Start};
use crate::workspace::Workspace;

/// What the command line asks for.
pub(crate) struct Demo {
    pub(crate) listen: String,
    pub(crate) afterwards: Afterwards,
}

/// What happens when everything was shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Afterwards {
    /// The host stays up until Ctrl-C.
    Stay,
    /// The host is ended.
    Exit,
}

/// Shows everything; an error when anything failed, the comparison of the figures included.
pub(crate) fn run(workspace: &Workspace, way: Way, demo: &Demo) -> Result<()> {
    guests::build_rust(workspace, way)?;
    dashboard::build_if_possible(workspace, way)?;
    let binary = host::build(workspace, Profile::Dev)?;
    let interrupts = Interrupts::watch()?;

    let folder = workspace.target.join("demo");
    fs::create_dir_all(&folder)?;
    // A fresh one each time: the demonstration shows the same whatever was tried before, and two do not meet.
    let data = tempfile::Builder::new().prefix("data-").tempdir_in(&folder)?;
    let listen = free_address(&demo.listen);
    let mut server = Server::start(&Start::usual(&binary, &listen, data.path()))?;
    println!("\nCofferdam listens on http://{}, its data is in {}\n", server.address(), data.path().display());

    let mut api = Api::connect(server.address())?;
    add_examples(workspace, &mut api)?;
    profile::run(workspace, &mut api, server.address())?;
    if demo.afterwards == Afterwards::Stay {
        words::print_what_to_try(&binary, server.address());
        wait_for_the_end(&mut server, &interrupts)?;
    }
    server.stop()?;
    println!("Cofferdam has ended in order.");
    Ok(())
}

/// The address asked for, or a port that the system picks when it is taken.
fn free_address(listen: &str) -> String {
    match TcpListener::bind(listen) {
        Ok(_) => listen.to_owned(),
        Err(error) => {
            let host = listen.rsplit_once(':').map_or("127.0.0.1", |(host, _)| host);
            say(format_args!("demo: {listen} cannot be used ({error}): taking a free port"));
            format!("{host}:0")
        }
    }
}

fn add_examples(workspace: &Workspace, api: &mut Api) -> Result<()> {
    println!("POST /v1/modules");
    for name in workspace.examples() {
        let component = workspace.component(name)?;
        let module = api.add_module(&component)?;
        let text = |field: &str| module[field].as_str().unwrap_or_default();
        println!("  {:<20} {:>7} KiB  {}", text("id"), component.len().div_ceil(1024), text("description"));
    }
    println!();
    Ok(())
}

fn wait_for_the_end(server: &mut Server, interrupts: &Interrupts) -> Result<()> {
    while !interrupts.any() {
        if let Some(status) = server.ended()? {
            bail!("the server ended by itself with {status}");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("\nending …");
    Ok(())
}
