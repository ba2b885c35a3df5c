//! Records of who may come in: service keys and local accounts. Knows hashes only, no secret.

use serde::{Deserialize, Serialize};

use super::codec::{self, Decode, Encode, Nothing, Shape, wrong};
use crate::{
    domain::{id::UserId, time::Millis},
    store::Fault,
};

/// A back end's credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    pub id: String,
    /// SHA-256 of the whole text of the key.
    pub hash: [u8; 32],
    pub name: String,
    pub scopes: Vec<String>,
    pub created_at: Millis,
    pub last_used: Option<Millis>,
    pub revoked_at: Option<Millis>,
}

/// A local account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    pub user: UserId,
    pub name: String,
    pub role: String,
    /// PHC string.
    pub password: String,
    pub created_at: Millis,
    pub disabled: bool,
}

#[derive(Serialize, Deserialize)]
struct KeyV1 {
    id: String,
    hash: [u8; 32],
    name: String,
    scopes: Vec<String>,
    created_at: u64,
    last_used: Option<u64>,
    revoked_at: Option<u64>,
}

impl Shape for KeyV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for KeyRecord {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&KeyV1 {
            id: self.id.clone(),
            hash: self.hash,
            name: self.name.clone(),
            scopes: self.scopes.clone(),
            created_at: self.created_at.0,
            last_used: self.last_used.map(|at| at.0),
            revoked_at: self.revoked_at.map(|at| at.0),
        })
    }
}

impl Decode for KeyRecord {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let v: KeyV1 = codec::read(place, bytes)?;
        Ok(Self {
            id: v.id,
            hash: v.hash,
            name: v.name,
            scopes: v.scopes,
            created_at: Millis(v.created_at),
            last_used: v.last_used.map(Millis),
            revoked_at: v.revoked_at.map(Millis),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct AccountV1 {
    user: String,
    name: String,
    role: String,
    password: String,
    created_at: u64,
    disabled: bool,
}

impl Shape for AccountV1 {
    const VERSION: u8 = 1;
    type Older = Nothing;
    fn upgrade(older: Nothing) -> Self {
        match older {}
    }
}

impl Encode for AccountRecord {
    fn encode(&self) -> Result<Vec<u8>, Fault> {
        codec::write(&AccountV1 {
            user: self.user.as_str().into(),
            name: self.name.clone(),
            role: self.role.clone(),
            password: self.password.clone(),
            created_at: self.created_at.0,
            disabled: self.disabled,
        })
    }
}

impl Decode for AccountRecord {
    fn decode(place: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let v: AccountV1 = codec::read(place, bytes)?;
        Ok(Self {
            user: UserId::new(&v.user).ok_or_else(|| wrong(place, "user"))?,
            name: v.name,
            role: v.role,
            password: v.password,
            created_at: Millis(v.created_at),
            disabled: v.disabled,
        })
    }
}
