//! Names that lead where they should not, by a resolver that lies: whatever it answers, nothing is connected to that was not
//! checked.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use cofferdam::app::{Host, HostOptions};
use cofferdam::domain::{Ceiling, Grants};
use cofferdam::outbound::Resolver;
use cofferdam::sandbox::Compiler;
use serde_json::{Value, json};

use super::{add, ended, hostile, results};

/// Public for everybody who looks at it, and nobody's: IANA has given nothing of `2d00::/8` to anyone.
const PUBLIC: &str = "2d00::1";

/// Each name has its answers, one after the other; the last one stays. It notes what it was asked.
#[derive(Debug, Default)]
struct Liar {
    answers: BTreeMap<&'static str, Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Liar {
    fn with(mut self, name: &'static str, answers: &[&[&str]]) -> Self {
        let addresses = |texts: &&[&str]| texts.iter().map(|text| text.parse().expect(text)).collect();
        self.answers.insert(name, answers.iter().map(addresses).collect());
        self
    }

    fn asked(&self, name: &str) -> usize {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().filter(|asked| *asked == name).count()
    }
}

impl Resolver for Liar {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let before = self.asked(name);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(name.to_owned());
        let answers = self.answers.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(answers[before.min(answers.len() - 1)].clone())
    }
}

/// Answers every request on 127.0.0.1 by leading to `mapped.example`, and notes the requests' `Host`.
struct Server {
    port: u16,
    hosts: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let hosts = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&hosts);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut head = [0; 4096];
                let length = stream.read(&mut head).unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..length]).into_owned();
                let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("nobody");
                notes.lock().unwrap_or_else(PoisonError::into_inner).push(host.to_owned());
                let location = format!("http://mapped.example:{port}/");
                let _ = write!(stream, "HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
            }
        });
        Self { port, hosts }
    }

    fn hosts(&self) -> Vec<String> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What came of a request to each of these names at this port.
async fn called(host: &Host, port: u16, names: &[&str]) -> Vec<Value> {
    let calls: Vec<_> =
        names.iter().map(|name| json!({ "authority": format!("{name}:{port}"), "path": "/" })).collect();
    let inputs = json!({ "behaviour": "call_out", "calls": calls }).to_string();
    let job = host.scheduler.start_job(hostile(&inputs)).await.expect("accepted");
    ended(host, job, 0).await;
    results(host, job).await.iter().map(|data| serde_json::from_str(data).expect("JSON")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_lead_to_addresses_of_this_machine_are_never_followed() {
    let server = Server::start();
    let (port, folder) = (server.port, tempfile::tempdir().expect("a temporary folder"));
    let private = [
        ("mapped.example", "::ffff:127.0.0.1"),
        ("compatible.example", "::127.0.0.1"),
        ("sixtofour.example", "2002:7f00:1::"),
        ("nat64.example", "64:ff9b::7f00:1"),
        ("loopback.example", "127.0.0.1"),
        ("unspecified.example", "0.0.0.0"),
        ("metadata.example", "169.254.169.254"),
    ];
    let liar = Liar::default()
        .with("ours.example", &[&["127.0.0.1"]])
        .with("rebound.example", &[&[PUBLIC], &["127.0.0.1"], &["169.254.169.254"]])
        .with("mixed.example", &[&["127.0.0.1", PUBLIC, "10.0.0.1", "::1"]])
        .with("cloud.example", &[&["169.254.169.254"], &["::ffff:169.254.169.254"], &["fd00:ec2::254"]]);
    let liar = Arc::new(private.iter().fold(liar, |liar, (name, address)| liar.with(name, &[&[address]])));
    let options = HostOptions::in_folder(folder.path(), Compiler::InProcess);
    let (resolver, ceiling) = (Arc::clone(&liar) as Arc<dyn Resolver>, Ceiling::everything());
    let host = Host::open(HostOptions { resolver, ceiling, ..options }).await.expect("the host opens");
    add(&host, "hostile").await;
    // Every name is granted; private addresses behind two of them alone.
    let own = |name: &str| json!({ "host": format!("http://{name}:{port}"), "private": true });
    let grants = json!({ "http": ["http://*:*", own("ours.example"), own("cloud.example")] }).to_string();
    let grants = Grants::from_json(&grants).expect("grants");
    host.registry.set_grants(&"hostile".parse().expect("a name"), grants).await.expect("granted");

    let ours = called(&host, port, &["ours.example"]).await;
    assert_eq!((&ours[0]["status"], server.hosts().len()), (&json!(302), 1), "what was granted is reached: {ours:?}");
    let location = ours[0]["location"].as_str().expect("a redirect");
    assert!(location.starts_with("http://mapped.example:"), "{location}");

    let refused = "ErrorCode::DestinationIpProhibited";
    for outcome in called(&host, port, &private.map(|(name, _)| name)).await {
        assert_eq!(outcome["error"], refused, "{outcome}");
    }
    for outcome in called(&host, port, &["cloud.example"; 3]).await {
        assert_eq!(outcome["error"], refused, "no grant opens it: {outcome}");
    }
    // What is nobody's may keep a connection waiting until its time is up.
    let (mixed, rebound) =
        tokio::join!(called(&host, port, &["mixed.example"]), called(&host, port, &["rebound.example"; 3]));
    assert!(mixed[0]["error"].is_string() && mixed[0]["error"] != refused, "the public one was tried: {mixed:?}");
    assert!(rebound[0]["error"].is_string() && rebound[0]["error"] != refused, "{rebound:?}");
    assert_eq!((&rebound[1]["error"], &rebound[2]["error"]), (&json!(refused), &json!(refused)), "{rebound:?}");
    assert_eq!((liar.asked("rebound.example"), liar.asked("mixed.example")), (3, 1), "one look-up a request");
    assert_eq!(
        called(&host, port, &["nobody.example"]).await[0]["error"].as_str().map(|e| e.contains("Dns")),
        Some(true)
    );
    assert_eq!(server.hosts(), [format!("ours.example:{port}")], "nobody else came");
    host.shutdown().await;
}
