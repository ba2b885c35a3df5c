//! Service keys and local accounts.

use super::{
    AccountRecord, Fault, KeyRecord, Store, keys,
    records::{Decode, Encode},
};
use crate::domain::{id::UserId, time::Millis};

/// Ends the key of the row that says when a service key was last used: that row is written lazily
/// and must not bring back an older state of the key beside it.
const LAST_USED: &str = "\0used";

impl Store {
    /// Writes a service key; on disk when this returns. Its `last_used` is not taken from here.
    pub fn put_key(&self, record: &KeyRecord) -> Result<(), Fault> {
        let mut batch = self.batch();
        batch.put(keys::named(keys::SERVICE_KEYS, &record.id), record.encode()?);
        self.write(batch)
    }

    /// The service key with this id.
    pub fn key(&self, id: &str) -> Result<Option<KeyRecord>, Fault> {
        let key = keys::named(keys::SERVICE_KEYS, id);
        let Some(bytes) = self.engine.row(&key)? else { return Ok(None) };
        let mut record = KeyRecord::decode("service key", &bytes)?;
        record.last_used = self.last_used(id)?.or(record.last_used);
        Ok(Some(record))
    }

    /// All service keys, the revoked ones too.
    pub fn keys(&self) -> Result<Vec<KeyRecord>, Fault> {
        let rows = self.collect(&[keys::SERVICE_KEYS.byte], None, usize::MAX, |key, bytes| {
            if key.ends_with(LAST_USED.as_bytes()) {
                return Ok(None);
            }
            KeyRecord::decode("service key", bytes).map(Some)
        })?;
        let mut records: Vec<KeyRecord> = rows.into_iter().flatten().collect();
        for record in &mut records {
            record.last_used = self.last_used(&record.id)?.or(record.last_used);
        }
        Ok(records)
    }

    /// Notes that a service key was used; on disk within a second or two.
    pub fn touch_key(&self, id: &str, at: Millis) {
        let key = keys::named(keys::SERVICE_KEYS, &format!("{id}{LAST_USED}"));
        self.engine.inbox().push_lazy(key.into(), at.0.to_be_bytes().to_vec().into());
    }

    fn last_used(&self, id: &str) -> Result<Option<Millis>, Fault> {
        let key = keys::named(keys::SERVICE_KEYS, &format!("{id}{LAST_USED}"));
        let row = self.engine.row(&key)?;
        Ok(row.and_then(|at| keys::number_at(&at, 0)).map(Millis))
    }

    /// Writes an account; on disk when this returns.
    pub fn put_account(&self, record: &AccountRecord) -> Result<(), Fault> {
        let mut batch = self.batch();
        batch.put(keys::named(keys::ACCOUNTS, record.user.as_str()), record.encode()?);
        self.write(batch)
    }

    /// The account of this user.
    pub fn account(&self, user: &UserId) -> Result<Option<AccountRecord>, Fault> {
        let row = self.engine.row(&keys::named(keys::ACCOUNTS, user.as_str()))?;
        row.map(|bytes| AccountRecord::decode("account", &bytes)).transpose()
    }

    /// All accounts, the disabled ones too.
    #[cfg_attr(not(test), expect(dead_code, reason = "the administrator's list of accounts"))]
    pub fn accounts(&self) -> Result<Vec<AccountRecord>, Fault> {
        self.collect(&[keys::ACCOUNTS.byte], None, usize::MAX, |_, bytes| {
            AccountRecord::decode("account", bytes)
        })
    }
}
