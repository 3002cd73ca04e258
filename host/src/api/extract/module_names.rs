//! Names of modules, as tokens and webhooks have them.

use serde::{Deserialize as _, Deserializer};

use crate::domain::module::is_name;

/// The most modules that can be named.
const MODULES: usize = 100;

/// Names of modules; none would mean all, so it is refused.
pub(crate) fn module_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    use serde::de::Error as _;
    let Some(names) = Option::<Vec<String>>::deserialize(deserializer)? else { return Ok(None) };
    if !(1..=MODULES).contains(&names.len()) {
        return Err(D::Error::custom(format!("1 to {MODULES} names of modules are needed; leave it out for all")));
    }
    match names.iter().find(|name| !is_name(name)) {
        Some(wrong) => {
            let shown: String = wrong.chars().take(50).collect();
            Err(D::Error::custom(format!("`{shown}` is not the name of a module, such as `csv-profile`")))
        }
        None => Ok(Some(names)),
    }
}
