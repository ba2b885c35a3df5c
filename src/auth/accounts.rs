//! Local accounts: people who log in with a password here instead of at the back end. Knows no
//! conversation and no route.

use super::{
    fault::Fault,
    password::{self, PASSWORD_MAX_BYTES, Passwords},
    proof::Actor,
};
use crate::{
    domain::{id::UserId, refusal::Refusal, time::Millis},
    store::{AccountRecord, Store},
};

/// The shortest password, in characters.
const PASSWORD_MIN_CHARS: usize = 8;
const WORD_MAX_BYTES: usize = 200;

/// What a login gives.
#[derive(Clone, Debug)]
pub struct Login {
    /// The access token.
    pub access: String,
    /// How long it lives, in seconds.
    pub expires_in_s: u64,
    pub actor: Actor,
}

/// Why a login gave nothing.
#[derive(Debug)]
pub enum LoginError {
    /// The caller's fault, or too many are waiting.
    Refused(Refusal),
    Fault(Fault),
}

/// An account to be made, or to be overwritten.
#[derive(Clone, Copy)]
pub struct NewAccount<'a> {
    pub user: &'a UserId,
    /// The name for display.
    pub name: &'a str,
    pub role: &'a str,
    pub password: &'a str,
}

/// The account with this name and password.
///
/// # Errors
/// [`Refusal::Unauthenticated`], the same whatever is wrong; [`Refusal::RateLimited`] when too many
/// passwords are waiting to be checked.
pub async fn check(
    user: &str,
    password: String,
    passwords: &Passwords,
    store: &Store,
) -> Result<AccountRecord, LoginError> {
    let wrong = || {
        LoginError::Refused(Refusal::Unauthenticated("the user or the password is wrong".into()))
    };
    if password.len() > PASSWORD_MAX_BYTES {
        return Err(wrong());
    }
    let account = match UserId::new(user) {
        Some(user) => store.account(&user).map_err(Fault::from)?,
        None => None,
    };
    let hash = account.as_ref().filter(|a| !a.disabled).map(|a| a.password.clone());
    let fits = passwords
        .fits(password, hash)
        .map_err(|_full| LoginError::Refused(Refusal::RateLimited { retry_after_ms: 2_000 }))?;
    match (fits.await?, account) {
        (true, Some(account)) => Ok(account),
        _ => Err(wrong()),
    }
}

/// The record of a new account. Takes tens of milliseconds.
///
/// # Errors
/// [`Fault::Unacceptable`] says what is wrong with the account.
pub fn make(new: NewAccount<'_>, now: Millis) -> Result<AccountRecord, Fault> {
    if new.password.chars().count() < PASSWORD_MIN_CHARS || new.password.len() > PASSWORD_MAX_BYTES
    {
        return Err(Fault::Unacceptable(format!(
            "a password needs {PASSWORD_MIN_CHARS} characters and at most {PASSWORD_MAX_BYTES} bytes"
        )));
    }
    for (what, word) in [("name", new.name), ("role", new.role)] {
        if word.is_empty() || word.len() > WORD_MAX_BYTES || word.chars().any(char::is_control) {
            return Err(Fault::Unacceptable(format!(
                "a {what} has 1 to {WORD_MAX_BYTES} bytes and no control characters"
            )));
        }
    }
    Ok(AccountRecord {
        user: new.user.clone(),
        name: new.name.to_owned(),
        role: new.role.to_owned(),
        password: password::hash(new.password)?,
        created_at: now,
        disabled: false,
    })
}

impl From<Fault> for LoginError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
