//! The credentials of the first start: a service key, an administrator and a token to try things.
//! How they are made and kept is somebody else's; it is a face here.

use std::{error::Error, io};

use crate::auth::base64url;

/// Makes and knows credentials.
pub trait Credentials {
    /// Whether any service key was ever made, revoked ones too.
    fn has_key(&self) -> Result<bool, Box<dyn Error>>;
    /// Makes a service key with the scope of the bridge; returns its text.
    fn create_key(&self, name: &str) -> Result<String, Box<dyn Error>>;
    fn has_account(&self, user: &str) -> Result<bool, Box<dyn Error>>;
    /// Makes an account with the role `admin`.
    fn create_admin(&self, user: &str, password: &str) -> Result<(), Box<dyn Error>>;
    /// A token for `user` that opens `room`.
    fn mint(&self, user: &str, room: &str, ttl_s: u64) -> Result<String, Box<dyn Error>>;
}

/// What was made just now, in clear for the only time.
#[derive(Clone, PartialEq, Eq)]
pub struct Fresh {
    pub service_key: Option<String>,
    /// Name and password.
    pub admin: Option<(String, String)>,
    /// For [`ROOM`] and [`TOKEN_TTL_S`]; `None` where tokens are signed elsewhere.
    pub token: Option<String>,
}

pub(super) const ADMIN: &str = "admin";
pub(super) const ROOM: &str = "demo";
pub(super) const TOKEN_TTL_S: u64 = 86_400;
const PASSWORD_BYTES: usize = 18;

/// Makes the credentials that are missing; `None` if nothing was.
///
/// # Errors
/// The store's or the system's.
pub fn credentials(keeper: &impl Credentials) -> Result<Option<Fresh>, Box<dyn Error>> {
    let mut fresh = Fresh { service_key: None, admin: None, token: None };
    if !keeper.has_key()? {
        fresh.service_key = Some(keeper.create_key("first")?);
    }
    if !keeper.has_account(ADMIN)? {
        let password = random_text(PASSWORD_BYTES)?;
        keeper.create_admin(ADMIN, &password)?;
        fresh.admin = Some((ADMIN.to_owned(), password));
    }
    if fresh.service_key.is_none() && fresh.admin.is_none() {
        return Ok(None);
    }
    fresh.token = keeper.mint(ADMIN, ROOM, TOKEN_TTL_S).ok();
    Ok(Some(fresh))
}

/// `bytes` bytes from the system's generator as base64url (RFC 4648 section 5, without padding).
pub(super) fn random_text(bytes: usize) -> io::Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(base64url(&random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_rfc_4648s() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foobar", "Zm9vYmFy"),
            (&[0xfb, 0xff, 0xfe], "-__-"),
        ] {
            assert_eq!(base64url(bytes), text);
        }
        assert_eq!(random_text(32).unwrap().len(), 43);
        assert_ne!(random_text(32).unwrap(), random_text(32).unwrap());
    }
}
