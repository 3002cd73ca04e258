//! A setting as it is shown to those who run the host.

use serde_json::Value;

/// One setting. Values that open something are never in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its key, such as `job.memory`.
    pub key: String,
    /// What holds.
    pub value: Value,
    /// What would hold if nobody had chosen.
    pub default: Value,
    /// Where the value was written.
    pub origin: SettingOrigin,
}

impl SettingOrigin {
    /// The file, variable or flag; nothing for a default.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Default => None,
            Self::File(place) | Self::Variable(place) | Self::Flag(place) => Some(place),
        }
    }
}

/// Where the value of a setting was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingOrigin {
    /// Nowhere: nobody has chosen.
    Default,
    /// In this file.
    File(String),
    /// In this environment variable.
    Variable(String),
    /// In this flag of the command line.
    Flag(String),
}
