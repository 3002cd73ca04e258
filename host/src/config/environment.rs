//! The process's environment, read once and then passed on.
//!
//! Each setting has one variable: its key in capitals, its dots as underscores, behind `COFFERDAM_`
//! (`job.memory` is `COFFERDAM_JOB_MEMORY`). `log.filter` is also called `COFFERDAM_LOG`.

use std::collections::BTreeMap;

use super::known::Known;
use super::layer::Layer;

/// What all variables of this program begin with.
const PREFIX: &str = "COFFERDAM_";
/// Variables that are read elsewhere: by the command line and its client.
const ELSEWHERE: [&str; 6] = [
    "COFFERDAM_CA_FILE",
    "COFFERDAM_CONFIG",
    "COFFERDAM_SERVER",
    "COFFERDAM_TOKEN",
    "COFFERDAM_TOKEN_FILE",
    "COFFERDAM_TOOLS",
];
/// How a variable is called in messages, before its name.
pub(super) const VARIABLE: &str = "environment variable ";
/// Short for `COFFERDAM_LOG_FILTER`.
const LOG: &str = "COFFERDAM_LOG";

/// Variables by name. What is empty counts as not set, as container files often leave it.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The environment of this process. A value that is not UTF-8 is read with replacement characters.
    pub fn of_process() -> Self {
        std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
            .collect()
    }

    /// A variable's value, unless it is missing or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// One layer for each variable that is a setting, and a sentence for each that looks like one and is none.
    pub(super) fn layers(&self, known: &Known) -> (Vec<Layer>, Vec<String>) {
        let (mut layers, mut problems) = (Vec::new(), Vec::new());
        for (name, value) in &self.0 {
            if !name.starts_with(PREFIX) || ELSEWHERE.contains(&name.as_str()) || is_service_link(name) {
                continue;
            }
            let key = if name == LOG { Some("log.filter") } else { known.keys().find(|key| variable(key) == *name) };
            match key {
                Some(key) => layers.push(Layer::of_text(format!("{VARIABLE}{name}"), key, value, known)),
                None => problems.push(unknown(name, known)),
            }
        }
        (layers, problems)
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }
}

/// The variable of a key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "_").to_uppercase())
}

/// Kubernetes gives every container such variables when a service of the namespace is called `cofferdam`.
fn is_service_link(name: &str) -> bool {
    ["COFFERDAM_SERVICE_", "COFFERDAM_PORT_"].iter().any(|prefix| name.starts_with(prefix)) || name == "COFFERDAM_PORT"
}

fn unknown(name: &str, known: &Known) -> String {
    let written = name.trim_start_matches(PREFIX).to_lowercase();
    match super::known::nearest(&written, known.keys()) {
        Some(near) => {
            format!("the environment variable {name} is no setting; did you mean {}?", variable(near))
        }
        None => {
            format!("the environment variable {name} is no setting; `cofferdam config example` lists them all")
        }
    }
}
