//! Modules from an OCI registry: Debian's `docker-registry`, on loopback, with a folder of its own.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use cofferdam_text_guest::TextGuest;
use oci_client::client::{ClientConfig, ClientProtocol, Config, ImageLayer};
use oci_client::manifest::OciImageManifest;
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};

use crate::harness::{Host, ModuleView, Process, cofferdam, eventually, installed};

const CONFIG: &str = "application/vnd.wasm.config.v0+json";
pub(super) const COMPONENT: &str = "application/wasm";

/// A registry server. It ends with its test.
pub(super) struct Registry {
    address: SocketAddr,
    _process: Process,
    folder: tempfile::TempDir,
}

impl Registry {
    /// Starts one; nothing where Debian's package is not installed and could not be.
    pub(super) fn start() -> Option<Self> {
        let program = program()?;
        let folder = tempfile::tempdir().expect("a folder");
        let (address, process) = serve(&program, folder.path(), "", "");
        Some(Self { address, _process: process, folder })
    }

    /// Serves the same folder once more, over TLS and to this user alone.
    pub(super) fn secured(&self, cert: &Path, key: &Path, htpasswd: &Path) -> (SocketAddr, Process) {
        let tls = format!(", tls: {{certificate: {}, key: {}}}", cert.display(), key.display());
        let auth = format!("auth: {{htpasswd: {{realm: tests, path: {}}}}}\n", htpasswd.display());
        serve(&program().expect("it runs already"), self.folder.path(), &tls, &auth)
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The file in which it keeps what has this digest.
    pub(super) fn file_of(&self, digest: &str) -> PathBuf {
        let hex = digest.strip_prefix("sha256:").expect("a digest");
        let blobs = self.folder.path().join("storage/docker/registry/v2/blobs/sha256");
        blobs.join(&hex[..2]).join(hex).join("data")
    }

    fn reference(&self, name: &str) -> Reference {
        format!("{}/{name}", self.address).parse().expect("a reference")
    }

    /// Pushes an image with these layers; gives the digest of its manifest.
    pub(super) fn push(&self, name: &str, layers: &[(&[u8], &str)]) -> String {
        let layers: Vec<_> =
            layers.iter().map(|(bytes, kind)| ImageLayer::new(bytes.to_vec(), (*kind).to_owned(), None)).collect();
        let config = Config::new(b"{}".to_vec(), CONFIG.to_owned(), None);
        let manifest = OciImageManifest::build(&layers, &config, None);
        let reference = self.reference(name);
        let protocol = ClientProtocol::HttpsExcept(vec![self.address.to_string()]);
        // A proxy that is used for nothing keeps the environment's out.
        // Only fails where another test has chosen one before.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let client = Client::new(ClientConfig {
            protocol,
            http_proxy: Some("http://127.0.0.1:9".to_owned()),
            no_proxy: Some("127.0.0.1".to_owned()),
            ..ClientConfig::default()
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let pushed = client.push(&reference, &layers, config, &RegistryAuth::Anonymous, Some(manifest)).await;
            pushed.expect("the registry takes it");
            let fetched = client.fetch_manifest_digest(&reference, &RegistryAuth::Anonymous).await;
            fetched.expect("the registry has it")
        })
    }
}

fn program() -> Option<PathBuf> {
    installed("docker-registry", ["/usr/bin".into()])
}

/// Serves the storage in a folder, with these parts of its configuration.
fn serve(program: &Path, folder: &Path, tls: &str, auth: &str) -> (SocketAddr, Process) {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = free.local_addr().expect("it is bound");
    drop(free);
    let config = folder.join(format!("{}.yml", address.port()));
    let storage = format!("{{filesystem: {{rootdirectory: {}}}}}", folder.join("storage").display());
    let http = format!("{{addr: '{address}'{tls}}}");
    let text = format!("version: 0.1\nlog: {{level: error}}\nstorage: {storage}\nhttp: {http}\n{auth}");
    fs::write(&config, text).expect("written");
    let process = Process::spawn(Command::new(program).arg("serve").arg(&config));
    eventually("the registry listens", || TcpStream::connect(address).ok().map(drop));
    (address, process)
}

/// `cofferdam module add` with these arguments: its exit code, and what it said where.
pub(super) fn add(host: &Host, arguments: &[&str]) -> (Option<i32>, String, String) {
    add_with(host, arguments, &[])
}

/// The same with these variables.
pub(super) fn add_with(host: &Host, arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let server = format!("http://{}", host.address());
    let arguments = ["module", "add", "--server", &server].into_iter().chain(arguments.iter().copied());
    let mut process = Process::spawn(cofferdam(arguments).envs(variables.iter().copied()));
    let status = process.wait();
    (status.code(), process.stdout(), process.stderr())
}

#[test]
fn a_module_is_added_from_a_registry_and_pinned_by_its_digest() {
    let Some(registry) = Registry::start() else { return };
    let host = Host::start();
    let first = TextGuest::new("words", "1.0.0").component();
    let digest = registry.push("acme/words:stable", &[(&first, COMPONENT)]);
    let address = format!("oci://{}/acme/words:stable", registry.address);
    let (code, said, told) = add(&host, &[&address]);
    assert!(code == Some(0) && said.starts_with("added words@1.0.0"), "{said}{told}");
    let shown: ModuleView = host.get("/v1/modules/words").read(200);
    assert_eq!(shown.source, Some(format!("{address}@{digest}")));

    // The tag moves; the pinned address does not.
    let second = TextGuest::new("words", "2.0.0").component();
    let moved = registry.push("acme/words:stable", &[(&second, COMPONENT)]);
    assert_ne!(moved, digest);
    let (code, said, told) = add(&host, &[&format!("{address}@{digest}")]);
    assert!(code == Some(0) && said.starts_with("there already: words@1.0.0"), "{said}{told}");
    let (code, said, told) = add(&host, &[&address]);
    assert!(code == Some(0) && said.starts_with("added words@2.0.0"), "{said}{told}");
}

#[test]
fn what_is_no_component_or_not_there_is_told() {
    let Some(registry) = Registry::start() else { return };
    let host = Host::start();
    let component = TextGuest::new("words", "1.0.0").component();
    registry.push("acme/page:1", &[(b"<html>", "text/html")]);
    registry.push("acme/two:1", &[(&component, COMPONENT), (b"\0asm", COMPONENT)]);
    for (name, words) in [
        ("acme/page:1", "none of its layers is WebAssembly (text/html)"),
        ("acme/two:1", "it has several layers of WebAssembly"),
        ("acme/nobody:1", "cannot be fetched from"),
        (&format!("acme/page@sha256:{}", "0".repeat(64)), "cannot be fetched from"),
    ] {
        let (code, said, told) = add(&host, &[&format!("oci://{}/{name}", registry.address)]);
        assert!(code == Some(1) && told.contains(words), "{name}: {said}{told}");
    }
    let modules: serde_json::Value = host.get("/v1/modules").read(200);
    assert_eq!(modules["modules"], serde_json::json!([]));
}
