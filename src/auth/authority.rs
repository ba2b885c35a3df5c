//! The one face of this folder: everything that turns a credential into a proof, and everything that
//! makes or takes back a credential.

use std::sync::{Arc, PoisonError, RwLock};

use super::{
    accounts::{self, Login, LoginError, NewAccount},
    fault::Fault,
    keyring::Keyring,
    password::Passwords,
    proof::{Actor, Service},
    service_keys::ServiceKeys,
    settings::AuthSettings,
    token::{self, Expected, Mint},
};
use crate::{
    domain::{id::UserId, refusal::Refusal, time::Millis},
    runtime::Clock,
    store::{KeyRecord, Store},
};

/// Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Auth(Arc<Shared>);

struct Shared {
    store: Store,
    clock: Clock,
    keys: ServiceKeys,
    tokens: RwLock<Arc<Tokens>>,
    passwords: Passwords,
}

/// Makes access tokens with our own secret alone, without a store.
pub struct Minter(Tokens);

impl Minter {
    /// # Errors
    /// Unusable keys.
    pub fn new(settings: &AuthSettings) -> Result<Self, Fault> {
        Tokens::load(settings).map(Self)
    }

    /// Makes an access token.
    ///
    /// # Errors
    /// [`Fault::Unacceptable`] for what no token may say.
    pub fn mint(&self, what: &Mint<'_>, now: Millis) -> Result<String, Fault> {
        token::mint(&self.0.ring, &self.0.expected, what, now)
    }
}

/// What [`Auth::reload`] replaces as a whole.
struct Tokens {
    ring: Keyring,
    expected: Expected,
    ttl_s: u64,
}

impl Auth {
    /// # Errors
    /// Unusable keys, or a store that cannot be read.
    pub fn open(store: Store, settings: &AuthSettings, clock: Clock) -> Result<Self, Fault> {
        let keys = ServiceKeys::default();
        keys.reload(&store)?;
        let tokens = RwLock::new(Arc::new(Tokens::load(settings)?));
        let passwords = Passwords::start()?;
        Ok(Self(Arc::new(Shared { store, clock, keys, tokens, passwords })))
    }

    /// Takes new settings and reads the service keys again. On an error everything stays as it was.
    ///
    /// # Errors
    /// As [`Auth::open`].
    pub fn reload(&self, settings: &AuthSettings) -> Result<(), Fault> {
        let tokens = Arc::new(Tokens::load(settings)?);
        self.0.keys.reload(&self.0.store)?;
        *self.0.tokens.write().unwrap_or_else(PoisonError::into_inner) = tokens;
        Ok(())
    }

    /// The bearer of an access token. Costs one signature check.
    ///
    /// # Errors
    /// [`Refusal::TokenExpired`], [`Refusal::Unauthenticated`].
    pub fn authenticate_token(&self, token: &str) -> Result<Actor, Refusal> {
        let tokens = self.tokens();
        token::verify(&tokens.ring, &tokens.expected, token, self.0.clock.now())
    }

    /// Somebody who brings no credential at all. Whether visitors are let in is not decided here.
    #[must_use]
    pub fn visitor() -> Actor {
        Actor::visitor()
    }

    /// The bearer of a service key. Costs one hash.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`].
    pub fn authenticate_key(&self, text: &str) -> Result<Service, Refusal> {
        self.0.keys.check(text, &self.0.store, self.0.clock.now())
    }

    /// Makes an access token signed with our own secret.
    ///
    /// # Errors
    /// [`Fault::Unacceptable`] for what no token may say.
    pub fn mint(&self, what: &Mint<'_>) -> Result<String, Fault> {
        let tokens = self.tokens();
        token::mint(&tokens.ring, &tokens.expected, what, self.0.clock.now())
    }

    /// A token for a local account. An administrator's opens every room, everybody else's opens what
    /// they are a member of.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`]; [`Refusal::RateLimited`] when too many are waiting.
    pub async fn login(&self, user: &str, password: String) -> Result<Login, LoginError> {
        let store = &self.0.store;
        let account = accounts::check(user, password, &self.0.passwords, store).await?;
        let ttl_s = self.tokens().ttl_s;
        let access = self.mint(&Mint {
            user: &account.user,
            rooms: if account.role == "admin" { "*" } else { "" },
            role: &account.role,
            name: Some(&account.name),
            ttl_s,
        })?;
        let actor = self.authenticate_token(&access).map_err(LoginError::Refused)?;
        Ok(Login { access, expires_in_s: ttl_s, actor })
    }

    /// Makes a service key; its text is returned here and kept nowhere.
    ///
    /// # Errors
    /// [`Fault::Unacceptable`] for a name or scope that does not exist, or the store's.
    pub fn create_key(&self, name: &str, scopes: &[String]) -> Result<(String, KeyRecord), Fault> {
        self.0.keys.create(name, scopes, &self.0.store, self.0.clock.now())
    }

    /// All service keys, revoked ones too.
    ///
    /// # Errors
    /// The store's.
    pub fn keys(&self) -> Result<Vec<KeyRecord>, Fault> {
        Ok(self.0.store.keys()?)
    }

    /// Makes a service key stop working at once; `false` if no working key has this id.
    ///
    /// # Errors
    /// The store's.
    pub fn revoke_key(&self, id: &str) -> Result<bool, Fault> {
        self.0.keys.revoke(id, &self.0.store, self.0.clock.now())
    }

    /// Makes or overwrites a local account. Takes tens of milliseconds.
    ///
    /// # Errors
    /// [`Fault::Unacceptable`] says what is wrong with it, or the store's.
    pub fn create_account(&self, new: NewAccount<'_>) -> Result<(), Fault> {
        Ok(self.0.store.put_account(&accounts::make(new, self.0.clock.now())?)?)
    }

    /// Whether there is an account of this name.
    ///
    /// # Errors
    /// The store's.
    pub fn has_account(&self, user: &UserId) -> Result<bool, Fault> {
        Ok(self.0.store.account(user)?.is_some())
    }

    fn tokens(&self) -> Arc<Tokens> {
        self.0.tokens.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Tokens {
    fn load(settings: &AuthSettings) -> Result<Self, Fault> {
        Ok(Self {
            ring: Keyring::load(settings)?,
            expected: Expected {
                issuer: settings.issuer.clone(),
                audience: settings.audience.clone(),
                leeway_ms: settings.leeway_s.saturating_mul(1000),
            },
            ttl_s: settings.token_ttl_s,
        })
    }
}
