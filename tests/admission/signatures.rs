//! Modules that must be signed: taken and run only while a trusted key stands for them. The keys are minisign's.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cofferdam_text_guest::TextGuest;
use minisign::KeyPair;
use serde_json::json;

use crate::harness::{Answer, Host, ModuleView, Process, Request, Status, cofferdam};

fn key() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().expect("random numbers")
}

/// What `minisign -S` writes beside the file.
fn sign(key: &KeyPair, component: &[u8]) -> String {
    let comment = Some("timestamp:1\tfile:guest.wasm");
    let signature = minisign::sign(Some(&key.pk), &key.sk, Cursor::new(component), comment, None);
    signature.expect("it signs").into_string()
}

/// As minisign shows it.
fn id_of(key: &KeyPair) -> String {
    key.pk.keynum().iter().rev().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().concat()
}

fn upload(host: &Host, component: &[u8], signature: &str) -> Answer {
    let request = Request::new("POST", "/v1/modules").header("cofferdam-signature", BASE64.encode(signature));
    host.send(request.body("application/wasm", component))
}

/// A host that takes what this file's key has signed.
fn strict(keys: &Path) -> Host {
    let keys = format!("modules.trusted_keys={}", keys.display());
    Host::with(&["modules.require_signature=true", &keys])
}

fn trust(keys: &Path, key: &KeyPair) {
    fs::write(keys, key.pk.to_box().expect("a key").into_string()).expect("written");
}

#[test]
fn a_host_that_asks_for_signatures_takes_what_a_trusted_key_has_signed_and_nothing_else() {
    let (ours, theirs) = (key(), key());
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("minisign.pub");
    trust(&keys, &ours);
    let host = strict(&keys);
    let component = TextGuest::new("signed", "1.0.0").component();

    let problem = host.upload(&component).problem(422, "module_untrusted");
    assert!(problem.detail.contains("the module is not signed"), "{}", problem.detail);
    let problem = upload(&host, &component, &sign(&theirs, &component)).problem(422, "module_untrusted");
    assert!(problem.detail.contains(&format!("signed with the key {}", id_of(&theirs))), "{}", problem.detail);
    let problem = upload(&host, &component, &sign(&ours, b"other bytes")).problem(422, "invalid_signature");
    assert!(problem.detail.contains("for other bytes"), "{}", problem.detail);
    let changed = sign(&ours, &component).replace("file:guest", "file:other");
    upload(&host, &component, &changed).problem(422, "invalid_signature");
    upload(&host, &component, "signed by me").problem(422, "invalid_signature");
    let request = Request::new("POST", "/v1/modules").header("cofferdam-signature", "no base64!");
    host.send(request.body("application/wasm", component.clone())).problem(400, "invalid_header");
    host.get("/v1/modules/signed").problem(404, "unknown_module");

    let added: ModuleView = upload(&host, &component, &sign(&ours, &component)).read(201);
    assert_eq!(added.signed_by.as_deref(), Some(id_of(&ours).as_str()));
    assert_eq!(added.trusted_comment.as_deref(), Some("timestamp:1\tfile:guest.wasm"));
    assert_eq!(host.get("/v1/modules/signed").read::<ModuleView>(200), added.without_report());
    host.start_job(&json!({"module_id": "signed"})).reaches(Status::Completed);
    // It is there with its signature already.
    host.upload(&component).expect(200);
}

#[test]
fn a_module_whose_key_is_trusted_no_more_runs_no_more() {
    let (ours, new) = (key(), key());
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("minisign.pub");
    trust(&keys, &ours);
    let mut host = strict(&keys);
    let component = TextGuest::new("signed", "1.0.0").component();
    upload(&host, &component, &sign(&ours, &component)).expect(201);
    let job = host.start_job(&json!({"module_id": "signed"}));
    job.reaches(Status::Completed);
    assert!(host.terminate().success());

    trust(&keys, &new);
    host.start_again();
    let view = host.start_job(&json!({"module_id": "signed"})).ended();
    let error = view.error.expect("it failed");
    assert_eq!((view.status, error.code.as_str()), (Status::Failed, "module-untrusted"));
    let words = format!("signed with the key {}, which this host does not trust", id_of(&ours));
    assert!(error.message.contains(&words), "{}", error.message);
    assert_eq!(view.usage.cpu_time_ms, 0, "nothing of it ran");

    // Signed by somebody else, the same bytes run again.
    let added: ModuleView = upload(&host, &component, &sign(&new, &component)).read(200);
    assert_eq!(added.signed_by, Some(id_of(&new)));
    host.start_job(&json!({"module_id": "signed"})).reaches(Status::Completed);
}

#[test]
fn a_signature_is_checked_also_where_none_is_asked_for() {
    let ours = key();
    let host = Host::with(&[&format!("modules.trusted_keys={}", ours.pk.to_base64())]);
    let component = TextGuest::new("signed", "1.0.0").component();
    upload(&host, &component, &sign(&key(), &component)).problem(422, "module_untrusted");
    let unsigned: ModuleView = host.upload(&component).read(201);
    assert_eq!((unsigned.signed_by, unsigned.trusted_comment), (None, None));
    let signed: ModuleView = upload(&host, &component, &sign(&ours, &component)).read(200);
    assert_eq!(signed.signed_by, Some(id_of(&ours)));
}

#[test]
fn the_command_line_sends_the_signature_that_lies_beside_the_file() {
    let ours = key();
    let host =
        Host::with(&["modules.require_signature=true", &format!("modules.trusted_keys={}", ours.pk.to_base64())]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("guest.wasm");
    let component = TextGuest::new("signed", "1.0.0").component();
    fs::write(&file, &component).expect("written");
    let server = format!("http://{}", host.address());
    let add = |further: &[&str]| {
        let path = file.to_str().expect("a path in UTF-8");
        let arguments = ["module", "add", path, "--server", &server].into_iter().chain(further.iter().copied());
        let mut process = Process::spawn(&mut cofferdam(arguments));
        let status = process.wait();
        (status.code(), process.stdout(), process.stderr())
    };
    let (code, _, told) = add(&[]);
    assert!(code == Some(1) && told.contains("the module is not signed"), "{told}");
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, sign(&ours, &component)).expect("written");
    let (code, said, told) = add(&["--dry-run", "--signature", elsewhere.to_str().expect("a path in UTF-8")]);
    assert!(code == Some(0) && said.contains("signed@1.0.0 would be added"), "{said}{told}");
    fs::rename(&elsewhere, folder.path().join("guest.wasm.minisig")).expect("moved");
    let (code, said, told) = add(&[]);
    assert!(code == Some(0) && said.starts_with("added signed@1.0.0"), "{said}{told}");
}
