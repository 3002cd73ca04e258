//! The files of the dashboard as the host serves them. What it shows is tested in a browser, by the tests beside its
//! sources.

use serde_json::json;

use crate::harness::{Answer, Host, Request, Shared};

static HOST: Shared = Shared::new();

/// The addresses of assets in the page; none when the host was built without a dashboard, which it then has to say.
fn assets(page: &Answer) -> Vec<String> {
    let text = page.text();
    let links = text.split('"').filter(|part| part.starts_with("/assets/"));
    let assets: Vec<_> = links.map(str::to_owned).collect();
    assert!(!assets.is_empty() || text.contains("cargo xtask dashboard"), "{text}");
    assets
}

#[test]
fn each_page_of_the_dashboard_opens_by_its_address_and_is_never_kept() {
    let host = HOST.host();
    for path in
        ["/", "/login", "/jobs", "/jobs/01890a5d-ac96-774b-bcce-b302099a8057", "/modules/a@1.0.0/start", "/audit"]
    {
        let page = host.get(path).expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-store");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assets(&page);
    }
    for path in ["/jobs/", "/jobs/a/b", "/module", "/assets", "/assets/index.html", "/assets/nothing.js"] {
        host.get(path).problem(404, "unknown_path");
    }
    let answer = host.send(Request::new("POST", "/"));
    assert!(answer.header("allow").contains("GET"));
    answer.problem(405, "method_not_allowed");
}

#[test]
fn assets_are_kept_for_ever_and_come_packed_to_who_can_unpack_them() {
    let host = HOST.host();
    for asset in assets(&host.get("/").expect(200)) {
        let plain = host.send(Request::new("GET", &asset).header("accept-encoding", "identity")).expect(200);
        assert!(plain.header("cache-control").ends_with("immutable"), "{asset}");
        assert_eq!(plain.header("content-encoding"), "");
        let known = Request::new("GET", &asset).header("if-none-match", plain.header("etag"));
        let again = host.send(known).expect(304);
        assert_eq!((again.header("cache-control"), again.body.len()), (plain.header("cache-control"), 0));
    }
}

#[test]
fn the_page_is_public_and_what_it_asks_for_is_not() {
    let host = Host::start();
    let token = json!({"name": "ada", "scopes": ["admin"]});
    host.post("/v1/tokens", &token).expect(201);
    let page = host.get("/jobs").expect(200);
    for asset in assets(&page) {
        host.get(&asset).expect(200);
    }
    host.get("/v1/jobs").problem(401, "unauthenticated");
    host.get("/openapi.json").problem(401, "unauthenticated");
}
