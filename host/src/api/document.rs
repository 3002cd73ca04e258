//! `GET /openapi.json`: the description of the whole API for programs, made from the handlers' own signatures and
//! types.

use std::future::{Ready, ready};
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, Schema};

use super::problem::{FieldError, ProblemJson};
use super::routes::offered;

#[derive(OpenApi)]
#[openapi(
    info(title = "Cofferdam", description = "Runs third-party WebAssembly components as long, durable jobs."),
    tags(
        (name = "modules", description = "The components that jobs run"),
        (name = "jobs", description = "Durable requests to run a module"),
        (name = "schedules", description = "Jobs that are started again and again"),
        (name = "secrets", description = "Values that modules may use in requests and never see"),
        (name = "webhooks", description = "Who is told when jobs end"),
        (name = "host", description = "The host itself"),
        (name = "tokens", description = "Who may use it"),
    ),
    components(schemas(ProblemJson, FieldError))
)]
struct Head;

/// What the way to show a token is called in the document.
pub(crate) const TOKEN_SCHEME: &str = "token";

/// The document before any path is in it.
pub(crate) fn head() -> utoipa::openapi::OpenApi {
    let mut head = Head::openapi();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of this host. None is asked for until the first one is made."))
        .build();
    let components = head.components.get_or_insert_default();
    components.add_security_scheme(TOKEN_SCHEME, SecurityScheme::Http(bearer));
    head
}

/// Schemas of which fields may be left out; every other one is an answer and always carries all its fields.
const WITH_OPTIONAL_FIELDS: [&str; 16] = [
    "CreateToken",
    "StartJob",
    "ResumeJob",
    "SelectJobs",
    "JobQueue",
    "UniqueJob",
    "PutSchedule",
    "PutCatchUp",
    "Problem",
    "Grants",
    "HttpGrantObject",
    "DirGrant",
    "LimitGrants",
    "WebhookDefinition",
    "CreateWebhook",
    "RotateSecret",
];

/// The whole document: answers carry all their fields, and each operation may also answer with a problem.
pub(crate) fn whole() -> utoipa::openapi::OpenApi {
    let (_, mut document) = offered().into_parts();
    let schemas = document.components.iter_mut().flat_map(|components| &mut components.schemas);
    for (name, schema) in schemas {
        if let RefOr::T(Schema::Object(object)) = schema
            && !WITH_OPTIONAL_FIELDS.contains(&name.as_str())
        {
            object.required = object.properties.keys().cloned().collect();
        }
    }
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let response = ResponseBuilder::new()
                .description("A refusal: what was wrong, where, and what would be right")
                .content("application/problem+json", problem)
                .build();
            operation.responses.responses.insert("default".to_owned(), response.into());
        }
    }
    document
}

/// Describe the API
#[utoipa::path(get, path = "/openapi.json", operation_id = "get_openapi", tag = "host", responses((status = 200, description = "This document", body = Object)))]
pub(crate) fn openapi() -> Ready<Response> {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let text = TEXT.get_or_init(|| whole().to_json().expect("the document has text keys").into());
    ready(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text.clone()).into_response())
}

/// Every operation of a path.
pub(crate) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten()
}

/// Checks that a value has exactly the fields that the document lists for a schema, and that an answer requires them all.
#[cfg(test)]
pub(crate) fn assert_documented(schema: &str, value: &serde_json::Value) {
    let document = serde_json::to_value(whole()).expect("JSON");
    let schema_of = &document["components"]["schemas"][schema];
    let empty = serde_json::Map::new();
    let documented: Vec<_> = schema_of["properties"].as_object().unwrap_or(&empty).keys().collect();
    let shown: Vec<_> = value.as_object().expect("an object").keys().collect();
    assert_eq!(documented, shown, "the fields of {schema}");
    if !WITH_OPTIONAL_FIELDS.contains(&schema) {
        let required = schema_of["required"].as_array().map_or(0, Vec::len);
        assert_eq!(required, shown.len(), "the required fields of {schema}");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// `docs/http-api.md`, line by line, but for what comes later; with the scope that each asks for, `token` for any token
    /// and `nothing` for none.
    const ROUTES: [(&str, &str); 65] = [
        ("delete /v1/jobs/{job_id}", "jobs:write"),
        ("delete /v1/modules/{module_id}", "modules:write"),
        ("delete /v1/schedules/{schedule_id}", "jobs:write"),
        ("delete /v1/secrets/{secret_name}", "admin"),
        ("delete /v1/tokens/{token_id}", "admin"),
        ("delete /v1/webhooks/{webhook_id}", "webhooks:write"),
        ("get /healthz", "nothing"),
        ("get /metrics", "jobs:read"),
        ("get /openapi.json", "token"),
        ("get /readyz", "nothing"),
        ("get /v1/audit", "admin"),
        ("get /v1/events", "jobs:read"),
        ("get /v1/jobs", "jobs:read"),
        ("get /v1/jobs/history", "jobs:read"),
        ("get /v1/jobs/{job_id}", "jobs:read"),
        ("get /v1/jobs/{job_id}/attempts", "jobs:read"),
        ("get /v1/jobs/{job_id}/checkpoint", "jobs:read"),
        ("get /v1/jobs/{job_id}/logs", "logs:read"),
        ("get /v1/jobs/{job_id}/logs/stream", "logs:read"),
        ("get /v1/jobs/{job_id}/results", "jobs:read"),
        ("get /v1/modules", "modules:read"),
        ("get /v1/modules/{module_id}", "modules:read"),
        ("get /v1/modules/{module_id}/component", "modules:read"),
        ("get /v1/modules/{module_id}/report", "modules:read"),
        ("get /v1/modules/{module_id}/grants", "modules:read"),
        ("get /v1/schedule-preview", "jobs:read"),
        ("get /v1/schedules", "jobs:read"),
        ("get /v1/schedules/{schedule_id}", "jobs:read"),
        ("get /v1/schedules/{schedule_id}/next", "jobs:read"),
        ("get /v1/schedules/{schedule_id}/runs", "jobs:read"),
        ("get /v1/retention", "jobs:read"),
        ("get /v1/secrets", "admin"),
        ("get /v1/settings", "admin"),
        ("get /v1/status", "jobs:read"),
        ("get /v1/tokens", "admin"),
        ("get /v1/tokens/self", "token"),
        ("get /v1/webhooks", "webhooks:read"),
        ("get /v1/webhooks/{webhook_id}", "webhooks:read"),
        ("get /v1/webhooks/{webhook_id}/deliveries", "webhooks:read"),
        ("get /v1/webhooks/{webhook_id}/deliveries/{event_id}", "webhooks:read"),
        ("post /v1/admin/backup", "admin"),
        ("post /v1/jobs", "jobs:write"),
        ("post /v1/jobs/batch", "jobs:write"),
        ("post /v1/jobs/delete", "jobs:write"),
        ("post /v1/jobs/resume", "jobs:write"),
        ("post /v1/jobs/stop", "jobs:stop"),
        ("post /v1/jobs/{job_id}/resume", "jobs:write"),
        ("post /v1/jobs/{job_id}/stop", "jobs:stop"),
        ("post /v1/modules", "modules:write"),
        ("post /v1/schedules", "jobs:write"),
        ("post /v1/schedules/{schedule_id}/pause", "jobs:write"),
        ("post /v1/schedules/{schedule_id}/resume", "jobs:write"),
        ("post /v1/schedules/{schedule_id}/run", "jobs:write"),
        ("post /v1/stream-tickets", "token"),
        ("post /v1/tokens", "admin"),
        ("post /v1/webhooks", "webhooks:write"),
        ("post /v1/webhooks/{webhook_id}/deliveries/{event_id}/resend", "webhooks:write"),
        ("post /v1/webhooks/{webhook_id}/resend", "webhooks:write"),
        ("post /v1/webhooks/{webhook_id}/rotate-secret", "webhooks:write"),
        ("post /v1/webhooks/{webhook_id}/test", "webhooks:write"),
        ("put /v1/jobs/{job_id}/keep", "jobs:write"),
        ("put /v1/modules/{module_id}/grants", "admin"),
        ("put /v1/schedules/{schedule_id}", "jobs:write"),
        ("put /v1/secrets/{secret_name}", "admin"),
        ("put /v1/webhooks/{webhook_id}", "webhooks:write"),
    ];

    fn document() -> Value {
        serde_json::to_value(whole()).expect("JSON")
    }

    fn each_operation(document: &Value) -> Vec<(String, &Value)> {
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, item)| {
            let item = item.as_object().expect("a path item");
            item.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
        });
        operations.collect()
    }

    #[test]
    fn every_route_of_the_api_is_in_the_document_and_no_other() {
        let document = document();
        let documented: BTreeSet<_> = each_operation(&document).into_iter().map(|(route, _)| route).collect();
        assert_eq!(documented, ROUTES.into_iter().map(|(route, _)| route.to_owned()).collect());
    }

    #[test]
    fn every_route_asks_for_its_scope_and_only_the_public_ones_for_nothing() {
        let document = document();
        for (route, operation) in each_operation(&document) {
            let asked = match &operation["security"] {
                Value::Null => "nothing",
                security => security[0][TOKEN_SCHEME][0].as_str().unwrap_or("token"),
            };
            assert!(ROUTES.contains(&(route.as_str(), asked)), "{route} asks for {asked}");
            let path = route.split_once(' ').map_or("", |(_, path)| path);
            assert_eq!(asked == "nothing", crate::api::entrance::PUBLIC.contains(&path), "{route}");
        }
        let scheme = &document["components"]["securitySchemes"][TOKEN_SCHEME];
        assert_eq!((&scheme["type"], &scheme["scheme"]), (&"http".into(), &"bearer".into()));
    }

    #[test]
    fn every_operation_has_its_own_name_a_summary_its_path_parameters_and_the_problem() {
        let document = document();
        let mut names = BTreeSet::new();
        for (route, operation) in each_operation(&document) {
            assert!(names.insert(operation["operationId"].to_string()), "{route}: {}", operation["operationId"]);
            assert!(operation["summary"].is_string(), "{route}");
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(problem, "#/components/schemas/Problem", "{route}");
            let parameters: Vec<_> = operation["parameters"].as_array().into_iter().flatten().collect();
            for part in route.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
                assert!(
                    parameters.iter().any(|given| given["name"] == part && given["in"] == "path"),
                    "{route}: {part}"
                );
            }
        }
    }

    #[test]
    fn every_reference_leads_to_a_schema() {
        let document = document();
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap_or_default();
            assert!(schemas.contains_key(name), "{name}");
        }
    }
}
