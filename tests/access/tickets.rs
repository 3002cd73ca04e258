//! One-use tickets: what a browser opens streams with.

use std::net::TcpStream;

use cofferdam_test_postgres::Cluster;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, EventStream, Guest, Host, HostEvent, PATIENCE, Request, Status};

fn ticket(client: &Client) -> String {
    let made: Value = client.send(Request::new("POST", "/v1/stream-tickets")).read(201);
    assert!(made["expires_at"].is_string());
    made["ticket"].as_str().expect("a text").to_owned()
}

/// Opens a stream of events and ends it at once; the status says whether the ticket let anybody in.
fn used(client: &Client, ticket: &str) -> Answer {
    client.get(&format!("/v1/events?after=x&ticket={ticket}"))
}

#[test]
fn a_ticket_opens_one_stream_once_and_nothing_else() {
    let mut host = Host::start();
    host.has(Guest::Hello);
    let job = host.start_job(&json!({"module_id": "hello"}));
    job.reaches(Status::Completed);
    host.lock();
    let stranger = Client::new(host.address());
    stranger.send(Request::new("POST", "/v1/stream-tickets")).problem(401, "unauthenticated");

    let one = ticket(&host);
    stranger.get(&format!("/v1/jobs?ticket={one}")).problem(400, "ticket_not_here");
    let path = format!("{}?ticket={one}", job.path("/logs/stream"));
    let messages: Vec<_> =
        EventStream::<crate::harness::Message>::open(&stranger, Request::new("GET", &path)).collect();
    assert!(messages.len() > 1);
    stranger.get(&path).problem(401, "unauthenticated");

    let two = ticket(&host);
    let stream = TcpStream::connect(host.address()).expect("the host listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time");
    let uri = format!("ws://{}{}?ticket={two}", host.address(), job.path("/logs/stream"));
    tungstenite::client(&uri, stream).expect("the host upgrades");
    used(&stranger, &two).problem(401, "unauthenticated");

    let three = ticket(&host);
    used(&stranger, &three).problem(400, "invalid_query");
    let refusal = used(&stranger, &three).problem(401, "unauthenticated");
    assert!(refusal.detail.contains("each opens one stream"), "{}", refusal.detail);
    for wrong in ["", "x", &three[..20], &three.replace("ticket_", "ticket-")] {
        used(&stranger, wrong).problem(401, "unauthenticated");
    }
}

#[test]
fn a_ticket_allows_what_its_token_does_for_as_long_as_that_holds() {
    let mut host = Host::start();
    host.has(Guest::Hello);
    host.lock();
    let stranger = Client::new(host.address());
    let make = |scopes: Value, modules: Value| {
        host.make_token(&json!({"name": "short", "scopes": scopes, "modules": modules}))
    };
    let (secret, _) = make(json!(["logs:read"]), Value::Null);
    used(&stranger, &ticket(&stranger.with_token(&secret))).problem(403, "scope_missing");

    let (secret, id) = make(json!(["jobs:read"]), json!(["nothing"]));
    let client = stranger.with_token(&secret);
    let path = format!("/v1/events?ticket={}", ticket(&client));
    let mut events = EventStream::<HostEvent>::open(&stranger, Request::new("GET", &path));
    let late = ticket(&client);
    host.start_job(&json!({"module_id": "hello"})).reaches(Status::Completed);
    host.delete(&format!("/v1/tokens/{id}")).expect(204);
    assert!(events.next().is_none(), "it saw another module's job, or was not cut");
    used(&stranger, &late).problem(401, "unauthenticated");
}

#[test]
fn a_ticket_of_one_node_opens_a_stream_on_another() {
    let database = format!("database={}", Cluster::shared().create_database());
    let (mut one, other) = (Host::with(&[&database]), Host::with(&[&database]));
    one.lock();
    let stranger = Client::new(other.address());
    crate::harness::eventually("the other node has heard of it", || {
        (stranger.get("/v1/status").status == 401).then_some(())
    });
    let made = ticket(&one);
    used(&stranger, &made).problem(400, "invalid_query");
    used(&one, &made).problem(401, "unauthenticated");
}
