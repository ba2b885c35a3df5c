//! How the store is to behave. Knows no configuration file; `ops` fills these in.

const MIB: u64 = 1024 * 1024;

/// When a change counts as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// After the sync of its group: an acknowledged change survives a power cut.
    Sync,
    /// As soon as it is written; a sync follows within this many milliseconds or 64 KiB of writes,
    /// whichever comes first. A crash of the program loses at most that, and so does a power cut.
    Interval { interval_ms: u64 },
}

/// The store's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    pub durability: Durability,
    /// Memory for pages that were read or written lately.
    pub cache_max_bytes: u64,
    /// Writing is refused while the file system has less free space than this.
    pub free_floor_bytes: u64,
    /// Size of a file that only takes up space, so that an administrator of a full disk has
    /// something to delete; 0: no such file.
    pub ballast_bytes: u64,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            durability: Durability::Sync,
            cache_max_bytes: 48 * MIB,
            free_floor_bytes: 256 * MIB,
            ballast_bytes: 64 * MIB,
        }
    }
}
