//! `GET /v1/settings`: every setting, with where its value comes from.

use std::future::{Ready, ready};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Setting, SettingOrigin};
use crate::api::json::json;
use crate::api::state::Shared;

/// All settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Settings)]
pub(crate) struct SettingsJson<'s> {
    /// By key; empty where the program that embeds this host has none.
    settings: Vec<SettingJson<'s>>,
}

/// One setting of the node that answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Setting)]
pub(crate) struct SettingJson<'s> {
    /// Its key.
    #[schema(example = "job.memory")]
    key: &'s str,
    /// What holds: a text, a number, a switch, or a list. Passwords are left out of it.
    #[schema(value_type = Value, example = "256 MiB")]
    value: &'s Value,
    /// What would hold if nobody had chosen.
    #[schema(value_type = Value, example = "256 MiB")]
    default: &'s Value,
    /// Where the value was written.
    origin: OriginJson,
    /// Which file, variable or flag that is; null for a default.
    #[schema(example = "COFFERDAM_JOB_MEMORY")]
    place: Option<&'s str>,
}

/// Where a value was written.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SettingOrigin)]
pub(crate) enum OriginJson {
    Default,
    File,
    Variable,
    Flag,
}

/// Show all settings, with where each value comes from
///
/// Those of the node that answers. Secrets are no settings; a database's URL is shown without its password.
#[utoipa::path(get, path = "/v1/settings", operation_id = "get_settings", tag = "host",
    responses((status = 200, description = "All settings", body = SettingsJson)))]
pub(crate) fn get(State(api): State<Shared>) -> Ready<Response> {
    let settings = api.settings.get();
    let settings = settings.iter().map(SettingJson::from).collect();
    ready(json(StatusCode::OK, &SettingsJson { settings }))
}

impl<'s> From<&'s Setting> for SettingJson<'s> {
    fn from(setting: &'s Setting) -> Self {
        let origin = match &setting.origin {
            SettingOrigin::Default => OriginJson::Default,
            SettingOrigin::File(_) => OriginJson::File,
            SettingOrigin::Variable(_) => OriginJson::Variable,
            SettingOrigin::Flag(_) => OriginJson::Flag,
        };
        Self {
            key: &setting.key,
            value: &setting.value,
            default: &setting.default,
            origin,
            place: setting.origin.place(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::assert_documented;

    #[test]
    fn a_setting_is_what_the_document_says() {
        let setting = Setting {
            key: "job.memory".to_owned(),
            value: "512 MiB".into(),
            default: "256 MiB".into(),
            origin: SettingOrigin::Variable("COFFERDAM_JOB_MEMORY".to_owned()),
        };
        let shown = serde_json::to_value(SettingsJson { settings: vec![SettingJson::from(&setting)] }).expect("JSON");
        assert_documented("Settings", &shown);
        assert_documented("Setting", &shown["settings"][0]);
        assert_eq!(shown["settings"][0]["origin"], "variable");
    }
}
