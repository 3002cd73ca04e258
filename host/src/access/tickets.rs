//! Tickets: each opens one stream, once, soon. A browser cannot send a header with a WebSocket or an event source, and a
//! token must not stand in a URL.

use std::time::Duration;

use super::caller::Caller;
use super::desk::Access;
use super::error::{Denied, RedeemError, TicketError};
use super::secret::TicketText;
use crate::domain::Timestamp;
use crate::store::{Answer, NewTicket, Write};

/// How long a ticket waits to be used.
const LIFETIME: Duration = Duration::from_secs(30);

/// A ticket that was made, with its text, which nobody can find out again.
#[derive(Debug, Clone)]
pub struct CreatedTicket {
    /// What opens the stream.
    pub text: TicketText,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Access {
    /// Makes a ticket that lets its holder in as the caller, once, on any node.
    pub async fn create_ticket(&self, caller: &Caller) -> Result<CreatedTicket, TicketError> {
        let text = TicketText::random().map_err(|error| TicketError::Random(error.to_string()))?;
        let now = self.now();
        let expires_at = now.after(LIFETIME);
        let token = caller.token().map(|token| token.id);
        let ticket = NewTicket { hash: text.hash(), token, expires_at, at: now };
        match self.store().write(Write::CreateTicket(Box::new(ticket))).await? {
            Answer::Count(tickets) => Err(TicketError::TooMany(tickets)),
            _ => Ok(CreatedTicket { text, expires_at }),
        }
    }

    /// Who made this ticket, if it holds and was not used; it is used now.
    pub async fn redeem(&self, text: &str) -> Result<Caller, RedeemError> {
        let text: TicketText = text.parse().map_err(|_| Denied::NoTicket)?;
        match self.store().write(Write::TakeTicket(text.hash(), self.now())).await? {
            Answer::Ticket(Some(token)) => Ok(self.holder(token)?),
            Answer::Ticket(None) if self.is_open() => Ok(Caller::anybody()),
            _ => Err(Denied::NoTicket.into()),
        }
    }
}
