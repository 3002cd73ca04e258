//! `cofferdam token revoke`.

use clap::Args;

use crate::cli::session::Session;
use crate::cli::{Exit, Failure};
use crate::domain::TokenId;

/// Revoke a token: it lets nobody in any more
#[derive(Debug, Args)]
#[command(after_help = "\
At once on the server that is asked, within 2 seconds on others that share its database. Streams that the token opened
are cut.

Example:
  cofferdam token revoke 01890a5d-ac96-774b-bcce-b302099a8057")]
pub struct Revoke {
    /// The token's id
    #[arg(value_parser = token_id)]
    token: TokenId,
}

impl Revoke {
    pub(super) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        session.client.revoke_token(self.token)?;
        session.note("revoked");
        Ok(Exit::Done)
    }
}

fn token_id(text: &str) -> Result<TokenId, String> {
    text.parse().map_err(|_| "the id of a token is a UUID; `cofferdam token list` shows them".to_owned())
}
