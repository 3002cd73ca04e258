//! A door for `fuzz/`: settings that anybody wrote.

use super::resolve::{Resolved, file_text};
use super::{ConfigError, Environment, Flag, Sources};

/// Settings are refused in words, or taken; and what is shown of them as a file gives the same settings again.
pub fn settings(file: &str, variables: Vec<(String, String)>, flags: &[String]) {
    let Ok(resolved) = resolved(file, variables, flags) else { return };
    let shown = resolved.to_toml();
    let again = self::resolved(&shown, Vec::new(), &[]).expect("what is shown can be read");
    assert_eq!(again.settings, resolved.settings, "{shown}");
}

fn resolved(file: &str, variables: Vec<(String, String)>, flags: &[String]) -> Result<Resolved, ConfigError> {
    let file = file_text("fuzz.toml".into(), file).inspect_err(in_words)?;
    let flags = flags.iter().map(|flag| Flag::assignment(flag)).collect::<Result<_, _>>().inspect_err(in_words)?;
    let sources = Sources { file: None, environment: Environment::from_iter(variables), flags };
    sources.resolve_over(Some(file)).inspect_err(in_words)
}

fn in_words(error: &ConfigError) {
    assert!(!error.to_string().is_empty());
}
