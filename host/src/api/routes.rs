//! Every route there is, on one page, with what it asks of its caller. The path and method of each stand on its handler,
//! in the file that is named here.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use utoipa_axum::routes;

use super::entrance::{Needs, Rates, Routes, authenticate, check};
use super::error::{unknown_path, wrong_method};
use super::state::ApiState;
use super::{
    admin, audit, dashboard, document, events, figures, health, jobs, modules, retention, schedules, secrets, settings,
    status, stream_tickets, tokens, webhooks,
};
use crate::domain::Scope;

const JOBS_READ: Needs = Needs::Scope(Scope::JobsRead);
const JOBS_WRITE: Needs = Needs::Scope(Scope::JobsWrite);
const JOBS_STOP: Needs = Needs::Scope(Scope::JobsStop);
const LOGS_READ: Needs = Needs::Scope(Scope::LogsRead);
const MODULES_READ: Needs = Needs::Scope(Scope::ModulesRead);
const MODULES_WRITE: Needs = Needs::Scope(Scope::ModulesWrite);
const WEBHOOKS_READ: Needs = Needs::Scope(Scope::WebhooksRead);
const WEBHOOKS_WRITE: Needs = Needs::Scope(Scope::WebhooksWrite);
const ADMIN: Needs = Needs::Scope(Scope::Admin);

/// The HTTP API. Serve it with `ConnectInfo<SocketAddr>`, or all clients count as one.
pub fn router(state: ApiState) -> Router {
    let rates = Arc::new(Rates::new(state.clients.clone()));
    let (hosts, state) = (state.hosts.clone(), Arc::new(state));
    let (router, _) = offered().into_parts();
    router
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        // The last one is the first that a request meets.
        .layer(from_fn_with_state((Arc::clone(&state), rates), authenticate))
        // Files that anybody may have: they come before whoever asks for a token.
        .merge(dashboard::pages())
        .layer(from_fn_with_state(hosts, check))
        .layer(from_fn(figures::measure))
        .with_state(state)
}

/// What this version offers, with its part of the document.
pub(crate) fn offered() -> Routes {
    let parts = [of_modules, of_jobs, of_schedules, of_webhooks, of_administration, of_the_host];
    parts.into_iter().fold(Routes::described_by(document::head()), |routes, part| part(routes))
}

fn of_modules(routes: Routes) -> Routes {
    routes
        // /v1/modules, /v1/modules/{module_id}, /v1/modules/{module_id}/component, …/report, …/grants
        .with(MODULES_WRITE, routes!(modules::add::add))
        .with(MODULES_READ, routes!(modules::list::list))
        .with(MODULES_READ, routes!(modules::get::get))
        .with(MODULES_WRITE, routes!(modules::remove::remove))
        .with(MODULES_READ, routes!(modules::component::component))
        .with(MODULES_READ, routes!(modules::report::report))
        .with(MODULES_READ, routes!(modules::grants::get::get))
        .with(ADMIN, routes!(modules::grants::put::put))
}

fn of_jobs(routes: Routes) -> Routes {
    routes
        // /v1/jobs, /v1/jobs/batch, …/resume, …/stop, …/delete, …/history
        // /v1/jobs/{job_id}, …/stop, …/resume, …/keep
        .with(JOBS_WRITE, routes!(jobs::start::start))
        .with(JOBS_WRITE, routes!(jobs::batch::batch))
        .with(JOBS_WRITE, routes!(jobs::many::resume::resume))
        .with(JOBS_STOP, routes!(jobs::many::stop::stop))
        .with(JOBS_WRITE, routes!(jobs::many::delete::delete))
        .with(JOBS_READ, routes!(jobs::list::list))
        .with(JOBS_READ, routes!(jobs::history::history))
        .with(JOBS_READ, routes!(jobs::get::get))
        .with(JOBS_WRITE, routes!(jobs::delete::delete))
        .with(JOBS_STOP, routes!(jobs::stop::stop))
        .with(JOBS_WRITE, routes!(jobs::resume::resume))
        .with(JOBS_WRITE, routes!(jobs::keep::keep))
        // /v1/jobs/{job_id}/logs, …/logs/stream, …/attempts, …/results, …/checkpoint
        .with(LOGS_READ, routes!(jobs::logs::page::page))
        .with(LOGS_READ, routes!(jobs::logs::stream::stream))
        .with(JOBS_READ, routes!(jobs::attempts::attempts))
        .with(JOBS_READ, routes!(jobs::results::results))
        .with(JOBS_READ, routes!(jobs::checkpoint::checkpoint))
}

fn of_schedules(routes: Routes) -> Routes {
    routes
        // /v1/schedules, /v1/schedules/{schedule_id}, …/pause, …/resume, …/run, …/next, …/runs, /v1/schedule-preview
        .with(JOBS_WRITE, routes!(schedules::create::create))
        .with(JOBS_READ, routes!(schedules::list::list))
        .with(JOBS_READ, routes!(schedules::get::get))
        .with(JOBS_WRITE, routes!(schedules::replace::replace))
        .with(JOBS_WRITE, routes!(schedules::remove::remove))
        .with(JOBS_WRITE, routes!(schedules::pause::pause))
        .with(JOBS_WRITE, routes!(schedules::resume::resume))
        .with(JOBS_WRITE, routes!(schedules::run::run))
        .with(JOBS_READ, routes!(schedules::next::next))
        .with(JOBS_READ, routes!(schedules::runs::runs))
        .with(JOBS_READ, routes!(schedules::preview::preview))
}

fn of_webhooks(routes: Routes) -> Routes {
    routes
        // /v1/webhooks, /v1/webhooks/{webhook_id}, …/rotate-secret, …/test, …/resend, …/deliveries
        .with(WEBHOOKS_WRITE, routes!(webhooks::create::create))
        .with(WEBHOOKS_READ, routes!(webhooks::list::list))
        .with(WEBHOOKS_READ, routes!(webhooks::get::get))
        .with(WEBHOOKS_WRITE, routes!(webhooks::change::change))
        .with(WEBHOOKS_WRITE, routes!(webhooks::remove::remove))
        .with(WEBHOOKS_WRITE, routes!(webhooks::rotate::rotate))
        .with(WEBHOOKS_WRITE, routes!(webhooks::test::test))
        .with(WEBHOOKS_WRITE, routes!(webhooks::resend_failed::resend_failed))
        .with(WEBHOOKS_READ, routes!(webhooks::deliveries::deliveries))
        .with(WEBHOOKS_READ, routes!(webhooks::delivery::delivery))
        .with(WEBHOOKS_WRITE, routes!(webhooks::resend::resend))
}

fn of_administration(routes: Routes) -> Routes {
    routes
        // /v1/tokens, /v1/tokens/self, /v1/tokens/{token_id}
        .with(ADMIN, routes!(tokens::create::create))
        .with(ADMIN, routes!(tokens::list::list))
        .with(Needs::Token, routes!(tokens::own::own))
        .with(ADMIN, routes!(tokens::revoke::revoke))
        // /v1/stream-tickets, /v1/audit, /v1/settings
        .with(Needs::Token, routes!(stream_tickets::create))
        .with(ADMIN, routes!(audit::audit))
        .with(ADMIN, routes!(settings::get::get))
        // /v1/secrets, /v1/secrets/{secret_name}
        .with(ADMIN, routes!(secrets::list::list))
        .with(ADMIN, routes!(secrets::put::put))
        .with(ADMIN, routes!(secrets::remove::remove))
}

fn of_the_host(routes: Routes) -> Routes {
    routes
        // /v1/admin/backup
        .with(ADMIN, routes!(admin::backup::backup))
        // /v1/retention
        .with(JOBS_READ, routes!(retention::get::retention))
        // /v1/events, /v1/status, /metrics, /healthz, /readyz, /openapi.json
        .with(JOBS_READ, routes!(events::events))
        .with(JOBS_READ, routes!(status::status))
        .with(JOBS_READ, routes!(figures::figures))
        .with(Needs::Nothing, routes!(health::healthz))
        .with(Needs::Nothing, routes!(health::readyz))
        .with(Needs::Token, routes!(document::openapi))
}
