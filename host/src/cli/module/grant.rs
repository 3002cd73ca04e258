//! `cofferdam module grant`.

use std::path::PathBuf;

use clap::Args;

use super::grants::tell;
use crate::cli::client::api::read;
use crate::cli::local::read_grants;
use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::config::Size;
use crate::domain::grants::{DirGrant, GuestPath, HttpGrant, SecretGrant};
use crate::domain::{Grants, LimitGrants, ModuleRef, SecretName};

/// Say what a module may do
#[derive(Debug, Args)]
#[command(after_help = "\
What is named is added to what the module may do already; --clear begins with nothing, --file with what the file says.
It holds for attempts that begin from now on, for these bytes of the module alone, and within the operator's ceiling
(settings grants.*).

Examples:
  cofferdam module grant link-check --http api.example.com --http '*.example.org:8443'
  cofferdam module grant report --dir /srv/data:/data --dir /srv/out:/out:rw --env MODE=fast
  cofferdam module grant report --http-private http://127.0.0.1:8080
  cofferdam module grant report --http billing.example.com --secret billing-key=API_KEY
  cofferdam module grant report --limit memory='64 MiB' --limit max_duration=10m
  cofferdam module grant report --file grants.json
  cofferdam module grant report --clear")]
pub struct Grant {
    /// Which module.
    #[arg(help = "NAME (its highest version), NAME@VERSION or sha256:DIGEST")]
    module: ModuleRef,
    /// A host to call.
    #[arg(
        long,
        value_name = "HOST",
        help = "Let it call this host, with every method: api.example.com, *.example.org:8443 (https), http://a.example"
    )]
    http: Vec<HttpGrant>,
    /// A host to call at a private address.
    #[arg(long, value_name = "HOST", help = "The same for a private address, such as http://127.0.0.1:8080")]
    http_private: Vec<HttpGrant>,
    /// Let it see an environment variable
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<(String, String)>,
    /// Let it see a folder of the host, with :rw behind it also change what is there
    #[arg(long, value_name = "HOST:GUEST[:rw]", value_parser = folder)]
    dir: Vec<DirGrant>,
    /// Let it have a secret put into its requests; it finds the placeholder in the variable (NAME in capitals)
    #[arg(long, value_name = "NAME[=VARIABLE]", value_parser = secret)]
    secret: Vec<SecretGrant>,
    /// Lower a limit of its jobs, such as memory='64 MiB'
    #[arg(long, value_name = "NAME=VALUE", value_parser = limit)]
    limit: Vec<(String, serde_json::Value)>,
    /// Begin with the grants in this JSON file
    #[arg(long, value_name = "FILE", conflicts_with = "clear")]
    file: Option<PathBuf>,
    /// Begin with nothing
    #[arg(long)]
    clear: bool,
}

impl Grant {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        let begin = match &self.file {
            Some(file) => read_grants(file)?,
            None if self.clear => Grants::default(),
            None if self.names_nothing() => {
                return Err(Failure::usage("nothing to grant was named")
                    .next("`cofferdam module grants MODULE` shows what it may do; --clear takes all of it away"));
            }
            None => read(&session.client.grants(&self.module)?)?,
        };
        let module = self.module.clone();
        let json = session.client.put_grants(&module, &self.added_to(begin)?)?;
        tell(session, &json).map(|()| Exit::Done)
    }

    fn names_nothing(&self) -> bool {
        self.http.is_empty()
            && self.http_private.is_empty()
            && self.env.is_empty()
            && self.dir.is_empty()
            && self.secret.is_empty()
            && self.limit.is_empty()
    }

    fn added_to(self, mut grants: Grants) -> Result<Grants, Failure> {
        let private = self.http_private.into_iter().map(|http| HttpGrant { private: true, ..http });
        for http in self.http.into_iter().chain(private) {
            if !grants.http.contains(&http) {
                grants.http.push(http);
            }
        }
        grants.env.extend(self.env);
        for dir in self.dir {
            grants.dirs.retain(|other| other.guest != dir.guest);
            grants.dirs.push(dir);
        }
        for secret in self.secret {
            grants.secrets.retain(|other| other.env != secret.env);
            grants.secrets.push(secret);
        }
        let limits = serde_json::to_value(&grants.limits).expect("limits are texts and numbers");
        let mut limits = limits.as_object().cloned().unwrap_or_default();
        limits.extend(self.limit);
        grants.limits =
            serde_json::from_value(limits.into()).map_err(|error| Failure::usage(format!("--limit: {error}")))?;
        Ok(grants)
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn folder(text: &str) -> Result<DirGrant, String> {
    let (paths, write) = match text.strip_suffix(":rw") {
        Some(paths) => (paths, true),
        None => (text, false),
    };
    let (host, guest) = paths.rsplit_once(':').ok_or("write it as HOST:GUEST, such as /srv/data:/data")?;
    Ok(DirGrant { host: PathBuf::from(host), guest: GuestPath::parse(guest)?, write })
}

fn secret(text: &str) -> Result<SecretGrant, String> {
    let (name, env) = match text.split_once('=') {
        Some((name, env)) => (name, env.to_owned()),
        None => (text, text.to_ascii_uppercase().replace('-', "_")),
    };
    let name = SecretName::parse(name).map_err(|error| error.to_string())?;
    Ok(SecretGrant { name, env })
}

fn limit(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE, such as memory='64 MiB'")?;
    if !LimitGrants::NAMES.contains(&name) {
        return Err(format!("`{name}` is no limit; the limits are {}", LimitGrants::NAMES.join(", ")));
    }
    if LimitGrants::is_duration(name) {
        return Ok((name.to_owned(), value.into()));
    }
    let size: Size = serde_json::from_value(value.into()).map_err(|error| error.to_string())?;
    Ok((name.to_owned(), size.0.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_secrets_and_limits_are_read_as_they_are_written() {
        assert_eq!(secret("api-key").expect("a secret").env, "API_KEY");
        assert_eq!(secret("api-key=KEY").expect("a secret").env, "KEY");
        assert!(secret("API_KEY").is_err());
        let dir = folder("/srv/a:b:/data:rw").expect("a folder");
        assert_eq!((dir.host.to_str(), dir.guest.as_str(), dir.write), (Some("/srv/a:b"), "/data", true));
        assert!(folder("/srv/data").is_err() && folder("/srv/data:data").is_err());
        assert_eq!(limit("memory=64 MiB").expect("a limit").1, serde_json::json!(64 << 20));
        assert_eq!(limit("max_duration=1m").expect("a limit").1, serde_json::json!("1m"));
        assert!(limit("memry=1").expect_err("no limit").contains("the limits are memory, "));
        assert!(limit("memory=lots").is_err());
    }
}
