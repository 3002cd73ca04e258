//! `cofferdam module grants`.

use clap::Args;

use crate::cli::client::api::read;
use crate::cli::output::{Facts, Look, escape};
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};
use crate::domain::{Grants, ModuleRef};

/// Show what a module may do
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cofferdam module grants csv-profile\n  cofferdam module grants csv-profile --json > grants.json"
)]
pub struct ShowGrants {
    /// Which module.
    #[arg(help = "NAME (its highest version), NAME@VERSION or sha256:DIGEST")]
    module: ModuleRef,
}

impl ShowGrants {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let json = session.client.grants(&self.module)?;
        tell(session, &json).map(|()| Exit::Done)
    }
}

/// Shows the server's answer.
pub(super) fn tell(session: &Session, json: &str) -> Result<(), Failure> {
    match session.form {
        Form::Json => session.say_json(json),
        Form::People => say(&render(&read(json)?, session.looks.out)),
    }
}

/// What a module may do, for people.
pub(super) fn render(grants: &Grants, look: Look) -> String {
    if grants.is_empty() {
        return "nothing is granted".to_owned();
    }
    let mut facts = Facts::new(look);
    let lines = |lines: Vec<String>| lines.iter().map(|line| escape::one_line(line)).collect::<Vec<_>>().join("\n");
    facts.add("http", lines(grants.http.iter().map(ToString::to_string).collect()));
    facts.add("env", lines(grants.env.iter().map(|(name, value)| format!("{name}={value}")).collect()));
    let dir = |dir: &crate::domain::grants::DirGrant| {
        let write = if dir.write { " (writable)" } else { "" };
        format!("{} as {}{write}", dir.host.display(), dir.guest)
    };
    facts.add("dirs", lines(grants.dirs.iter().map(dir).collect()));
    let secrets = grants.secrets.iter().map(|secret| format!("{} as {}", secret.name, secret.env));
    facts.add("secrets", lines(secrets.collect()));
    let limits = serde_json::to_value(&grants.limits).expect("limits are texts and numbers");
    let limits = limits.as_object().into_iter().flatten().map(|(name, value)| match value.as_str() {
        Some(text) => format!("{name}={text}"),
        None => format!("{name}={value}"),
    });
    facts.add("limits", lines(limits.collect()));
    facts.render()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_granted_is_shown() {
        let grants = Grants::from_json(
            r#"{"http": ["a.example", {"host": "http://127.0.0.1:8080", "methods": ["GET"], "private": true}],
                "env": {"MODE": "fast"}, "dirs": [{"host": "/srv/x", "guest": "/x", "write": true}],
                "secrets": [{"name": "api-key", "env": "API_KEY"}],
                "limits": {"memory": 5, "max_duration": "1m"}}"#,
        )
        .expect("grants");
        let shown = render(&grants, Look::Plain);
        for words in [
            "a.example",
            "GET http://127.0.0.1:8080 (private)",
            "MODE=fast",
            "/srv/x as /x (writable)",
            "api-key as API_KEY",
            "memory=5",
            "max_duration=1m",
        ] {
            assert!(shown.contains(words), "not `{words}`: {shown}");
        }
        assert_eq!(render(&Grants::default(), Look::Plain), "nothing is granted");
    }
}
