//! `cofferdam token create`.

use std::time::Duration;

use clap::Args;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::offline::{self, Place};
use crate::access::NewToken;
use crate::cli::client::api::read;
use crate::cli::client::{TokenBody, TokenView};
use crate::cli::output::Looks;
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure, Global};
use crate::config::Environment;
use crate::domain::module::is_name;
use crate::domain::{Reach, Scope, TokenName};

/// Make a token and print it, this once
#[derive(Debug, Args)]
#[command(after_help = "\
The token alone goes to stdout; nothing can show it again. Scopes:
  jobs:read      look at jobs, results, checkpoints, the status, and watch jobs change
  jobs:write     start, resume and delete jobs
  jobs:stop      ask jobs to stop
  logs:read      read and follow logs
  modules:read   look at modules        modules:write   add, replace and remove them
  webhooks:read  look at webhooks       webhooks:write  make, change, try and remove them
  admin          everything, tokens included; the first token must have it

With --data-dir or --database no server is asked: the database itself is opened. That is how the first token is made for
a server that other machines are to reach.

Examples:
  cofferdam token create ada --scope admin
  cofferdam token create ci --scope jobs:write --scope jobs:read --module csv-profile --expires 90d
  cofferdam token create ada --scope admin --data-dir /var/lib/cofferdam > token")]
pub struct Create {
    /// What to call it, for those who keep it
    name: TokenName,
    /// What it lets its holder do; may be repeated
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// For how long, such as 30d; for ever unless given
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    expires: Option<Duration>,
    /// Lets its holder see and start the jobs of this module alone; may be repeated
    #[arg(long = "module", value_name = "NAME", value_parser = module_name)]
    modules: Vec<String>,
    #[command(flatten)]
    place: Place,
}

/// What the API answers.
#[derive(Deserialize)]
struct Created {
    secret: String,
    token: Box<RawValue>,
}

impl Create {
    pub(super) fn execute(self, global: &Global, environment: &Environment, looks: Looks) -> Result<Exit, Failure> {
        if self.place.is_given() {
            return self.offline(Form::of(global), environment);
        }
        let session = Session::open(global, environment, looks)?;
        let json = session.client.create_token(&TokenBody {
            name: self.name.to_string(),
            scopes: self.scopes.iter().map(|scope| scope.as_str()).collect(),
            expires_in: self.expires,
            modules: self.modules,
        })?;
        if session.form == Form::Json {
            session.say_json(&json)?;
            return Ok(Exit::Done);
        }
        let Created { secret, token } = read(&json)?;
        let token: TokenView = read(token.get())?;
        shown_once(&secret, &token.id)
    }

    /// The same without a server, in the database itself.
    fn offline(self, form: Form, environment: &Environment) -> Result<Exit, Failure> {
        let new = NewToken {
            name: self.name,
            scopes: self.scopes.into_iter().collect(),
            reach: Reach::of(self.modules),
            lifetime: self.expires,
        };
        let created = offline::create(&self.place, environment, new)?;
        let (secret, id) = (created.text.reveal(), created.token.id.to_string());
        match form {
            Form::Json => {
                say(&serde_json::json!({"secret": secret, "token": {"id": id}}).to_string())?;
                Ok(Exit::Done)
            }
            Form::People => shown_once(secret, &id),
        }
    }
}

/// The token alone on stdout; the rest is for whoever looks.
fn shown_once(secret: &str, id: &str) -> Result<Exit, Failure> {
    eprintln!("token {id} was made; it is not kept and cannot be shown again:");
    say(secret)?;
    Ok(Exit::Done)
}

fn module_name(text: &str) -> Result<String, String> {
    if is_name(text) { Ok(text.to_owned()) } else { Err("a module's name is needed, such as csv-profile".to_owned()) }
}
