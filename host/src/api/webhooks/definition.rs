//! What a client says of a webhook.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::extract::{JsonRequest, module_names};
use crate::api::problem::{INVALID_WEBHOOK, Problem};
use crate::domain::limits::KIB;
use crate::domain::{Ends, HttpAddress, LabelSelector, Reach};
use crate::webhooks::WebhookDefinition;

/// Characters of a description.
const DESCRIPTION_CHARS: usize = 500;

/// A webhook as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookDefinition)]
pub(crate) struct DefinitionBody {
    /// Where it is told: an address of https. Private addresses and http are refused unless the operator has allowed them.
    #[schema(max_length = 2048, example = "https://hooks.example.com/cofferdam")]
    url: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 500)]
    description: String,
    /// Which ends are told: `completed`, `failed`, `stopped`; all unless given.
    #[schema(min_items = 1, example = json!(["failed"]))]
    ends: Option<Vec<String>>,
    /// Only of jobs of these modules; of all unless given. A token that is for some modules must name some of them.
    #[serde(default, deserialize_with = "module_names")]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 100)]
    modules: Option<Vec<String>>,
    /// Only of jobs that have all of these labels; at most 8.
    #[serde(default)]
    #[schema(example = json!({"team": "billing"}))]
    labels: BTreeMap<String, String>,
    /// Whether it is told anything.
    #[serde(default = "on")]
    #[schema(default = true)]
    enabled: bool,
}

const fn on() -> bool {
    true
}

impl JsonRequest for DefinitionBody {
    const BODY_BYTES: u64 = 64 * KIB;
}

impl TryFrom<DefinitionBody> for WebhookDefinition {
    type Error = Problem;

    fn try_from(body: DefinitionBody) -> Result<Self, Problem> {
        let wrong = |field: &str, detail: &dyn std::fmt::Display| {
            Problem::in_field(INVALID_WEBHOOK, field, format!("`{field}` {detail}"))
        };
        let url = HttpAddress::parse(&body.url).map_err(|error| wrong("url", &error))?;
        if body.description.chars().count() > DESCRIPTION_CHARS {
            return Err(wrong("description", &format_args!("has more than {DESCRIPTION_CHARS} characters")));
        }
        if body.description.contains('\0') {
            return Err(wrong("description", &"has a zero character in it, which cannot be stored"));
        }
        let ends = body.ends.map_or_else(|| Ok(Ends::all()), |ends| Ends::named(ends.iter().map(String::as_str)));
        Ok(Self {
            url,
            description: body.description,
            ends: ends.map_err(|error| wrong("ends", &format_args!("is wrong: {error}")))?,
            modules: Reach::of(body.modules.unwrap_or_default()),
            labels: LabelSelector::try_from(body.labels)
                .map_err(|error| wrong("labels", &format_args!("is wrong: {error}")))?,
            enabled: body.enabled,
        })
    }
}
