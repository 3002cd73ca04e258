//! TLS: with certificates made here, reloaded while the host runs.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;

use rustix::process::Signal;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::harness::{PATIENCE, Process, cofferdam, eventually};

/// A host that does TLS, on a folder of its own.
struct Host {
    process: Process,
    address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Host {
    fn start() -> (Self, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = new_certificate(folder.path());
        let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        let mut command = cofferdam(["serve", "--listen", "127.0.0.1:0", "--set", "tls.handshake_time=500ms"]);
        command.arg("--data-dir").arg(folder.path().join("data"));
        command.arg("--set").arg(format!("tls.cert={}", cert.display()));
        let process = Process::spawn(command.arg("--set").arg(format!("tls.key={}", key.display())));
        let line = process.stdout_line("the host listens", |_| true);
        let address = line.strip_prefix("listening on https://").and_then(|address| address.parse().ok());
        (Self { process, address: address.unwrap_or_else(|| panic!("{line}")), folder }, root)
    }

    /// The status of an answer to somebody who believes this root; nothing when the host is not believed.
    fn asked(&self, root: &str) -> Option<u16> {
        let root = Certificate::from_pem(root.as_bytes()).expect("a certificate");
        let tls = TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(vec![root]))).build();
        let agent: Agent = Agent::config_builder().tls_config(tls).timeout_global(Some(PATIENCE)).build().into();
        let answer = agent.get(format!("https://localhost:{}/healthz", self.address.port())).call().ok()?;
        assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
        Some(answer.status().as_u16())
    }
}

/// Makes a certificate and its key in a folder, and gives the root that vouches for it: itself.
fn new_certificate(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("a key");
    let cert = made.cert.pem();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("written");
    std::fs::write(folder.join("cert.pem"), &cert).expect("written");
    cert
}

#[test]
fn a_certificate_is_used_reloaded_and_kept_when_the_next_one_is_bad() {
    let (host, first) = Host::start();
    assert_eq!(host.asked(&first), Some(200));

    std::fs::write(host.folder.path().join("cert.pem"), "no certificate").expect("written");
    host.process.signal(Signal::HUP);
    host.process.stderr_line("it says why", |line| line.contains("the former one stays in use"));
    assert_eq!(host.asked(&first), Some(200), "the old one is still used");

    let second = new_certificate(host.folder.path());
    host.process.signal(Signal::HUP);
    eventually("the new one is used", || host.asked(&second));
    assert_eq!(host.asked(&first), None, "who believes the old one alone is not served");

    let third = new_certificate(host.folder.path());
    eventually("a changed file is seen without a signal", || host.asked(&third));
}

#[test]
fn the_command_line_believes_the_roots_that_it_is_told() {
    let (host, root) = Host::start();
    let file = host.folder.path().join("root.pem");
    std::fs::write(&file, root).expect("written");
    let server = format!("https://localhost:{}", host.address.port());
    let run = |ca: Option<&Path>, arguments: &[&str]| {
        let mut command = cofferdam(arguments);
        command.env("COFFERDAM_SERVER", &server);
        if let Some(ca) = ca {
            command.env("COFFERDAM_CA_FILE", ca);
        }
        let mut process = Process::spawn(&mut command);
        (process.wait().code(), process.stderr())
    };
    assert_eq!(run(Some(&file), &["status"]).0, Some(0));
    let (code, said) = run(None, &["status", "--ca-file", "/nowhere/at/all"]);
    assert!(code == Some(2) && said.contains("no certificates can be read"), "{said}");
    let (code, said) = run(None, &["status"]);
    assert!(code == Some(1), "the system does not know this root: {said}");
}

#[test]
fn who_does_not_shake_hands_in_time_is_left_and_plain_http_is_not_answered() {
    let (host, root) = Host::start();
    let mut silent = TcpStream::connect(host.address).expect("the host listens");
    silent.set_read_timeout(Some(PATIENCE)).expect("a time");
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).expect("the host closes");
    assert!(rest.is_empty());
    let plain: Agent = Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
    assert!(plain.get(format!("http://{}/healthz", host.address)).call().is_err());
    assert_eq!(host.asked(&root), Some(200));
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    new_certificate(folder.path());
    let cert = format!("tls.cert={}", folder.path().join("cert.pem").display());
    let other = tempfile::tempdir().expect("a folder");
    new_certificate(other.path());
    let key = format!("tls.key={}", other.path().join("key.pem").display());
    let data = folder.path().join("data").display().to_string();
    let run = |settings: &[&str]| {
        let mut command = cofferdam(["serve", "--listen", "127.0.0.1:0", "--data-dir", &data]);
        for setting in settings {
            command.args(["--set", setting]);
        }
        let mut process = Process::spawn(&mut command);
        (process.wait().code(), process.stderr())
    };
    let (code, said) = run(&[&cert, &key]);
    assert!(code == Some(1) && said.contains("cannot be used with the key"), "{said}");
    let (code, said) = run(&[&cert]);
    assert!(code == Some(2) && said.contains("tls.key") && said.contains("is missing"), "{said}");
}
