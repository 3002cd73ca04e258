//! The paths of the dashboard: its pages, which are one page to the host, and the files that it consists of.
//!
//! A page of its own stands here by its path, so that a path that is nobody's stays 404.

use std::future::{Ready, ready};

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::answer::{self, Keep};
use super::files;
use crate::api::error::{unknown_path, wrong_method};
use crate::api::state::Shared;

/// What people may open by its address, as the router in `dashboard/src/pages.tsx` has it.
const PAGES: [&str; 15] = [
    "/",
    "/login",
    "/jobs",
    "/jobs/{job_id}",
    "/modules",
    "/modules/{module_id}",
    "/modules/{module_id}/start",
    "/webhooks",
    "/webhooks/{webhook_id}",
    "/schedules",
    "/secrets",
    "/tokens",
    "/audit",
    "/nodes",
    "/settings",
];
/// Files whose names stay the same from build to build.
const FIXED: [&str; 2] = ["/color-scheme.js", "/favicon.svg"];

/// The routes of the dashboard. They ask for nothing, whoever comes.
pub(crate) fn pages() -> Router<Shared> {
    let pages = PAGES.into_iter().fold(Router::new(), |router, path| router.route(path, get(page)));
    let fixed = FIXED.into_iter().fold(pages, |router, path| router.route(path, get(fixed)));
    fixed.route("/assets/{file}", get(asset)).method_not_allowed_fallback(wrong_method)
}

fn page() -> Ready<Response> {
    ready(files::index().map_or_else(answer::no_dashboard, answer::page))
}

async fn fixed(headers: HeaderMap, uri: Uri) -> Response {
    match files::file(uri.path().trim_start_matches('/')) {
        Some(file) => answer::file(&file, Keep::AskEachTime, &headers),
        None => unknown_path(uri).await.into_response(),
    }
}

async fn asset(Path(name): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    match files::file(&format!("assets/{name}")) {
        Some(file) => answer::file(&file, Keep::ForEver, &headers),
        None => unknown_path(uri).await.into_response(),
    }
}
