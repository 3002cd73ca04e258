//! What a route asks of its caller, declared where the route is.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::record::{Action, ActionSlot, action_of};
use crate::access::Caller;
use crate::api::document::{TOKEN_SCHEME, operations};
use crate::api::problem::{INTERNAL, Problem, SCOPE_MISSING};
use crate::api::state::Shared;
use crate::domain::Scope;

/// What a caller must have shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing at all: for what watches over the process. Such a path stands in [`super::authenticate::PUBLIC`], too.
    Nothing,
    /// Any token that holds.
    Token,
    /// A token with this scope.
    Scope(Scope),
}

/// Routes, each with what it needs: there is no way to add one without.
pub(crate) struct Routes(OpenApiRouter<Shared>);

impl Routes {
    /// No route yet.
    pub(crate) fn described_by(document: OpenApi) -> Self {
        Self(OpenApiRouter::with_openapi(document))
    }

    /// The same, and one more route: one method, so that it has one name in the audit log.
    pub(crate) fn with(self, needs: Needs, routes: UtoipaMethodRouter<Shared>) -> Self {
        let (schemas, mut paths, methods) = routes;
        let mut action = None;
        for operation in paths.paths.values_mut().flat_map(operations) {
            operation.security = requirement(needs).map(|requirement| vec![requirement]);
            action = operation.operation_id.as_deref().map(action_of);
        }
        let guarded = methods.route_layer(from_fn_with_state((needs, action), guard));
        Self(self.0.routes((schemas, paths, guarded)))
    }

    /// The routes and their document.
    pub(crate) fn into_parts(self) -> (Router<Shared>, OpenApi) {
        self.0.split_for_parts()
    }
}

fn requirement(needs: Needs) -> Option<SecurityRequirement> {
    match needs {
        Needs::Nothing => None,
        Needs::Token => Some(SecurityRequirement::new(TOKEN_SCHEME, Vec::<String>::new())),
        Needs::Scope(scope) => Some(SecurityRequirement::new(TOKEN_SCHEME, [scope.as_str()])),
    }
}

/// Lets through who may come through, and says for the audit log what was asked for. The caller was recognised before.
async fn guard(State((needs, action)): State<(Needs, Option<Action>)>, request: Request, next: Next) -> Response {
    if let (Some(slot), Some(action)) = (request.extensions().get::<ActionSlot>(), action) {
        slot.set(action);
    }
    let Some(caller) = request.extensions().get::<Caller>() else {
        tracing::error!("a request came to its route without a caller");
        return Problem::of(INTERNAL).into_response();
    };
    match needs {
        Needs::Scope(scope) if !caller.may(scope) => {
            let detail = format!("this needs a token with the scope `{scope}`, which yours does not have");
            Problem::new(SCOPE_MISSING, detail).into_response()
        }
        Needs::Nothing | Needs::Token | Needs::Scope(_) => next.run(request).await,
    }
}
