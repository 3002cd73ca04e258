//! Settings from a file, the environment and flags.

use cofferdam::config::fuzzing;

/// The input is parted at NULs: the file, then flags, of which those with a name in capitals are variables.
pub(crate) fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut parts = text.split('\0');
    let file = parts.next().unwrap_or_default();
    let (mut variables, mut flags) = (Vec::new(), Vec::new());
    for part in parts {
        match part.split_once('=') {
            Some((name, value)) if name.starts_with(char::is_uppercase) => {
                variables.push((format!("COFFERDAM_{name}"), value.to_owned()));
            }
            Some(_) | None => flags.push(part.to_owned()),
        }
    }
    fuzzing::settings(file, variables, &flags);
}
