//! Variables that were granted, and no others.

use serde_json::json;

use crate::harness::{Guest, Host, Status};

#[test]
fn a_module_sees_the_variables_that_it_was_granted_and_no_others() {
    let host = Host::start();
    host.grant(Guest::Hostile, &json!({ "env": { "MODE": "fast", "ÄÖ": "ü" } }));
    let view = host.hostile(json!({ "behaviour": "read_environment" })).ended();
    let error = view.error.expect("it says what it saw");
    assert_eq!(error.message, r#"saw the variables ["MODE", "ÄÖ"] and the arguments []"#);
    host.grant(Guest::Hostile, &json!({}));
    host.hostile(json!({ "behaviour": "read_environment" })).reaches(Status::Completed);
}
