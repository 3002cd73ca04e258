//! Registries that are not simply believed: over TLS, only for who logs in, and with bytes that are other than they should be.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cofferdam_text_guest::TextGuest;
use serde_json::{Value, json};

use super::registry::{COMPONENT, Registry, add, add_with};
use crate::harness::{Host, ModuleView};

/// What `htpasswd -B` writes for this user with the password `open sesame`.
const HTPASSWD: &str = "ali:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n";
/// No name of this machine: those are spoken to without TLS.
const NAME: &str = "registry.example";

/// A proxy as companies have it, through which every name leads to one server here; it notes whom it was asked for.
fn proxy_to(server: SocketAddr) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let notes = Arc::clone(&notes);
            thread::spawn(move || tunnel(client, server, &notes));
        }
    });
    (address, asked)
}

fn tunnel(mut client: TcpStream, server: SocketAddr, notes: &Mutex<Vec<String>>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && client.read_exact(&mut byte).is_ok() {
        head.push(byte[0]);
    }
    let line = String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned();
    notes.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    let Ok(mut upstream) = TcpStream::connect(server) else { return };
    let (Ok(mut from_client), Ok(mut to_server)) = (client.try_clone(), upstream.try_clone()) else { return };
    if client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").is_ok() {
        thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
        let _ = std::io::copy(&mut upstream, &mut client);
    }
}

/// Notes a password for the registry, as `docker login` does.
fn log_in(folder: &Path, registry: &str, password: &str) {
    let auth = BASE64.encode(format!("ali:{password}"));
    fs::write(folder.join("config.json"), json!({ "auths": { registry: { "auth": auth } } }).to_string())
        .expect("written");
}

#[test]
fn a_registry_over_tls_is_believed_for_its_certificate_and_believes_who_logs_in() {
    let Some(registry) = Registry::start() else { return };
    let component = TextGuest::new("words", "1.0.0").component();
    let digest = registry.push("acme/words:stable", &[(&component, COMPONENT)]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path
    };
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).expect("a certificate");
    let (cert, key) = (file("cert.pem", &made.cert.pem()), file("key.pem", &made.signing_key.serialize_pem()));
    let (server, _process) = registry.secured(&cert, &key, &file("htpasswd", HTPASSWD));
    let (proxy, asked) = proxy_to(server);
    let (place, docker) = (format!("{NAME}:{}", server.port()), folder.path().display().to_string());
    let address = format!("oci://{place}/acme/words:stable");
    let (cert, host) = (cert.display().to_string(), Host::start());
    let fetch = |cert: &str| {
        let variables = [
            ("https_proxy", proxy.as_str()),
            ("HTTPS_PROXY", &proxy),
            ("NO_PROXY", "127.0.0.1"),
            ("no_proxy", "127.0.0.1"),
            ("DOCKER_CONFIG", &docker),
            ("SSL_CERT_FILE", cert),
        ];
        add_with(&host, &[&address], &variables)
    };

    let (code, said, told) = fetch(&cert);
    assert!(code == Some(1) && told.contains(&format!("`docker login {place}`")), "nobody logged in: {said}{told}");
    log_in(folder.path(), &place, "open says me");
    let (code, said, told) = fetch(&cert);
    assert!(code == Some(1) && told.contains("cannot be fetched from"), "a wrong password: {said}{told}");
    log_in(folder.path(), &place, "open sesame");
    let other = rcgen::generate_simple_self_signed([NAME.to_owned()]).expect("a certificate");
    let other = file("other.pem", &other.cert.pem()).display().to_string();
    let (code, said, told) = fetch(&other);
    assert!(code == Some(1) && told.contains("cannot be fetched from"), "an unknown certificate: {said}{told}");
    let modules: Value = host.get("/v1/modules").read(200);
    assert_eq!(modules["modules"], json!([]));

    let (code, said, told) = fetch(&cert);
    assert!(code == Some(0) && said.starts_with("added words@1.0.0"), "{said}{told}");
    let shown: ModuleView = host.get("/v1/modules/words").read(200);
    assert_eq!(shown.source, Some(format!("{address}@{digest}")));
    let asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(asked.iter().all(|line| *line == format!("CONNECT {place} HTTP/1.1")) && asked.len() >= 4, "{asked:?}");
}

#[test]
fn bytes_that_do_not_fit_their_digest_are_refused() {
    let Some(registry) = Registry::start() else { return };
    let host = Host::start();
    let component = TextGuest::new("words", "1.0.0").component();
    let layer = TextGuest::new("words", "1.0.1").component();
    let manifest = registry.push("acme/manifest:1", &[(&component, COMPONENT)]);
    let pinned = format!("oci://{}/acme/manifest@{manifest}", registry.address());
    let described = fs::read(registry.file_of(&registry.push("acme/layer:1", &[(&layer, COMPONENT)])));
    let described: Value = serde_json::from_slice(&described.expect("a manifest")).expect("JSON");
    let digest = described["layers"][0]["digest"].as_str().expect("a digest");
    // As long as before, and as valid.
    let other = TextGuest::new("wards", "1.0.1").component();
    assert_eq!(other.len(), layer.len());
    fs::write(registry.file_of(digest), other).expect("written");
    let (code, said, told) = add(&host, &[&format!("oci://{}/acme/layer:1", registry.address())]);
    assert!(code == Some(1) && told.contains("digest") && !told.contains("added"), "{said}{told}");

    let file = registry.file_of(&manifest);
    let changed = fs::read_to_string(&file).expect("a manifest").replacen('{', "{ ", 1);
    fs::write(&file, changed).expect("written");
    let (code, said, told) = add(&host, &[&pinned]);
    assert!(code == Some(1) && told.contains("cannot be fetched from"), "{said}{told}");
    let modules: Value = host.get("/v1/modules").read(200);
    assert_eq!(modules["modules"], json!([]));
}
