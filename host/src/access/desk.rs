//! The service: recognises tokens, makes and revokes them, and keeps what it knows of them fresh.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::audit::AuditLog;
use super::caller::Caller;
use super::error::{CreateError, Denied, RevokeError};
use super::list::{TokenList, holding};
use super::secret::TokenText;
use crate::domain::{
    After, AuditEntry, AuditLimits, AuditPage, Clock, Live, Reach, Scope, Scopes, StoredToken, Timestamp, Token,
    TokenId, TokenName,
};
use crate::store::{Answer, Store, StoreError, Write};

/// How often a node that shares its database asks whether tokens have changed: a revocation on another node takes
/// effect here within this time.
const LOOK: Duration = Duration::from_secs(2);
/// A node that could not ask for so long lets nobody in: a token may have been revoked meanwhile.
const STALE: Duration = Duration::from_secs(10);
/// How often it is noted which tokens were used.
const NOTE: Duration = Duration::from_mins(1);

/// Who may use this host. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Access {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    list: RwLock<Arc<TokenList>>,
    /// Whether there ever was a token: nobody gets in without one from then on.
    closed: AtomicBool,
    /// One reading at a time, so that an older one never replaces a newer.
    reading: Mutex<()>,
    audit: AuditLog,
    /// Told of each new list.
    changed: watch::Sender<()>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

/// A token to make.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is called.
    pub name: TokenName,
    /// What it lets its holder do.
    pub scopes: Scopes,
    /// With which modules' jobs.
    pub reach: Reach,
    /// For how long it lets its holder in; for ever unless given.
    pub lifetime: Option<Duration>,
}

/// A token that was made, with its text, which nobody can find out again.
#[derive(Debug, Clone)]
pub struct CreatedToken {
    /// What everybody may know.
    pub token: Token,
    /// What its holder shows.
    pub text: TokenText,
}

impl Access {
    /// Reads the tokens, and keeps them fresh from then on. Call [`shutdown`](Self::shutdown) before the store is closed.
    pub async fn start(store: Store, clock: Arc<dyn Clock>, audit: Live<AuditLimits>) -> Result<Self, StoreError> {
        let access = Self::open(store, clock, audit).await?;
        access.inner.tasks.spawn(keep_fresh(Arc::clone(&access.inner)));
        let inner = Arc::clone(&access.inner);
        access.inner.tasks.spawn(async move { inner.audit.keep_writing(&inner.store, &inner.closing).await });
        access.inner.tasks.close();
        Ok(access)
    }

    /// Reads the tokens once, for whoever only makes or revokes some.
    pub async fn open(store: Store, clock: Arc<dyn Clock>, audit: Live<AuditLimits>) -> Result<Self, StoreError> {
        let list = TokenList::of(store.tokens().await?);
        let inner = Inner {
            store,
            clock,
            closed: AtomicBool::new(!list.is_empty()),
            list: RwLock::new(Arc::new(list)),
            reading: Mutex::default(),
            audit: AuditLog::new(audit),
            changed: watch::Sender::new(()),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Writes what waits of the audit log, notes which tokens were used, and ends.
    pub async fn shutdown(&self) {
        self.inner.closing.cancel();
        self.inner.tasks.wait().await;
    }

    /// Whether everybody is let in, because no token was ever made.
    pub fn is_open(&self) -> bool {
        !self.inner.closed.load(Ordering::Acquire)
    }

    /// Who shows this text, or nothing.
    pub fn recognise(&self, text: Option<&str>) -> Result<Caller, Denied> {
        if self.is_open() {
            return Ok(Caller::anybody());
        }
        let text: TokenText = text.ok_or(Denied::NoToken)?.parse().map_err(|_| Denied::Malformed)?;
        let (list, now) = (self.fresh_list()?, self.now());
        let held = list.holder_of(&text.hash(), now)?;
        held.touch(now);
        Ok(Caller(Some(held)))
    }

    /// The holder of a token that was recognised a moment ago, maybe elsewhere.
    pub(super) fn holder(&self, token: TokenId) -> Result<Caller, Denied> {
        let (list, now) = (self.fresh_list()?, self.now());
        let held = list.find(token).ok_or(Denied::Unknown)?;
        holding(held, now).map(|held| Caller(Some(held)))
    }

    fn fresh_list(&self) -> Result<Arc<TokenList>, Denied> {
        let list = self.inner.list();
        let stale = self.inner.store.is_shared() && list.read_at.elapsed() > STALE;
        if stale { Err(Denied::Stale) } else { Ok(list) }
    }

    /// The time of day, as the entries of the audit log have it.
    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(super) fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Notes that something was done; it is written within a quarter of a second.
    pub fn record(&self, entry: AuditEntry) {
        self.inner.audit.push(entry);
    }

    /// The same, written before this answers.
    pub async fn record_now(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.inner.audit.push(entry);
        self.inner.audit.write(&self.inner.store).await
    }

    /// What was done, oldest first, after an entry's number.
    pub async fn audit(&self, part: After) -> Result<AuditPage, StoreError> {
        self.inner.store.audit(part).await
    }

    /// Waits until a caller is not let in any more: the token is revoked or expires, or one is asked for now.
    pub async fn left(&self, caller: &Caller) {
        let mut changed = self.inner.changed.subscribe();
        loop {
            let now = self.inner.clock.now();
            let rest = match caller.token() {
                None if self.is_open() => Duration::MAX,
                None => return,
                Some(token) => {
                    let list = self.inner.list();
                    let Some(held) = list.find(token.id).filter(|held| held.token.holds(now)) else { return };
                    held.token.expires_at.map_or(Duration::MAX, |end| end.since(now))
                }
            };
            tokio::select! {
                // The sender lives as long as this service.
                _ = changed.changed() => {}
                // A clock may be set; a long wait is looked at again from time to time.
                () = sleep(rest.clamp(Duration::from_millis(10), NOTE)) => {}
            }
        }
    }

    /// Makes a token. From the first one on, everybody has to show one.
    pub async fn create_token(&self, new: NewToken) -> Result<CreatedToken, CreateError> {
        let now = self.inner.clock.now();
        let NewToken { name, scopes, reach, lifetime } = new;
        if scopes.is_empty() {
            return Err(CreateError::NoScope);
        }
        if self.is_open() && !scopes.allow(Scope::Admin) {
            return Err(CreateError::FirstIsNotAdmin);
        }
        if reach != Reach::All && (scopes.allow(Scope::Admin) || scopes.allow(Scope::ModulesWrite)) {
            return Err(CreateError::ReachesFurther);
        }
        if lifetime.is_some_and(|lifetime| lifetime < Duration::from_millis(1)) {
            return Err(CreateError::NoTime);
        }
        let expires_at = lifetime.map(|lifetime| now.after(lifetime));
        let text = TokenText::random().map_err(|error| CreateError::Random(error.to_string()))?;
        let id = TokenId::new();
        let token =
            Token { id, name, scopes, reach, expires_at, created_at: now, last_used_at: None, revoked_at: None };
        let stored = StoredToken { hash: text.hash(), token: token.clone() };
        match self.inner.store.write(Write::CreateToken(Box::new(stored))).await? {
            Answer::Count(tokens) => return Err(CreateError::TooMany(tokens)),
            _ => self.inner.read().await?,
        }
        Ok(CreatedToken { token, text })
    }

    /// Revokes a token: at once here, and on every other node within some seconds. One that is revoked stays so.
    pub async fn revoke_token(&self, token: TokenId) -> Result<(), RevokeError> {
        let now = self.inner.clock.now();
        let answer = self.inner.store.write(Write::RevokeToken(token, now)).await?;
        self.inner.read().await?;
        match answer {
            Answer::NotMatched if self.inner.list().find(token).is_none() => Err(RevokeError::Unknown(token)),
            _ => Ok(()),
        }
    }

    /// All tokens, oldest first, revoked ones included.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        Ok(self.inner.store.tokens().await?.into_iter().map(|stored| stored.token).collect())
    }
}

impl Inner {
    fn list(&self) -> Arc<TokenList> {
        Arc::clone(&self.list.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, list: TokenList) {
        if !list.is_empty() {
            self.closed.store(true, Ordering::Release);
        }
        *self.list.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(list);
        self.changed.send_replace(());
    }

    /// Reads all tokens anew.
    async fn read(&self) -> Result<(), StoreError> {
        self.note_use().await;
        let _one = self.reading.lock().await;
        self.set(TokenList::of(self.store.tokens().await?));
        Ok(())
    }

    /// Reads them if another node has changed some.
    async fn look(&self) -> Result<(), StoreError> {
        let counts = self.store.token_counts().await?;
        if counts != self.list().counts {
            return self.read().await;
        }
        let _one = self.reading.lock().await;
        let list = self.list().seen_again();
        *self.list.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(list);
        Ok(())
    }

    /// Notes in the database which tokens were used. What cannot be noted is of little worth and forgotten.
    async fn note_use(&self) {
        let list = self.list();
        let used: Vec<_> = list.all().filter_map(|held| Some((held.token.id, held.take_used()?))).collect();
        if used.is_empty() {
            return;
        }
        if let Err(error) = self.store.write(Write::TouchTokens(used)).await {
            tracing::debug!(%error, "when tokens were used was not noted");
        }
    }
}

/// Looks for what other nodes change, and notes what was used, until the service is shut down.
async fn keep_fresh(inner: Arc<Inner>) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut noted = Instant::now();
    loop {
        tokio::select! {
            () = inner.closing.cancelled() => break,
            _ = looks.tick() => {}
        }
        if inner.store.is_shared()
            && let Err(error) = inner.look().await
        {
            tracing::warn!(%error, "whether tokens have changed was not found out");
        }
        if noted.elapsed() >= NOTE {
            noted = Instant::now();
            inner.note_use().await;
        }
    }
    inner.note_use().await;
}
