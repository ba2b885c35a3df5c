//! What is known of one file of the plugin directory, and how that reads in the status. Pure.

use std::sync::Arc;

use super::{
    board::{PluginState, Row},
    directory::Stamp,
    health::backoff_ms,
    lock::Entry,
    set::Slot,
};
use crate::moderation::{
    settings::ModerationSettings,
    trouble::{Trouble, TroubleKind},
};

/// One file of the directory.
pub struct Tracked {
    pub stamp: Stamp,
    /// It changed at the last look; it is read when the next look finds it unchanged.
    pub settling: bool,
    /// The last look did not find it.
    pub gone: bool,
    pub standing: Standing,
    /// Of the bytes that were read last, in hex.
    pub sha: String,
    /// The version that runs; after a bad change that is the one before.
    pub slot: Option<Arc<Slot>>,
    tries: u32,
    retry_at: Option<u64>,
}

/// What came of the bytes that were read last.
#[derive(Clone, Debug)]
pub enum Standing {
    Unread,
    Running,
    Off { id: String },
    Refused { id: Option<String>, trouble: Trouble },
    Pending { reason: String },
    Revoked,
    RolledBack { sentence: String },
}

impl Tracked {
    pub fn new(stamp: Stamp) -> Self {
        Self {
            stamp,
            settling: true,
            gone: false,
            standing: Standing::Unread,
            sha: String::new(),
            slot: None,
            tries: 0,
            retry_at: None,
        }
    }

    /// Takes note of what the directory shows now. True if the file is to be read.
    pub fn seen(&mut self, stamp: Stamp, now: u64, force: bool) -> bool {
        self.gone = false;
        let unchanged = self.stamp == stamp;
        self.stamp = stamp;
        if !unchanged {
            self.settling = true;
            self.tries = 0;
            return force;
        }
        force || std::mem::take(&mut self.settling) || self.retry_at.is_some_and(|at| now >= at)
    }

    /// Takes note of what came of reading it; troubles that may pass by themselves are tried again.
    pub fn concluded(&mut self, standing: Standing, now: u64) {
        self.settling = false;
        self.retry_at = match &standing {
            Standing::Refused { trouble, .. } if may_pass(trouble.kind) => {
                let at = now.saturating_add(backoff_ms(self.tries));
                self.tries = self.tries.saturating_add(1);
                Some(at)
            }
            _ => {
                self.tries = 0;
                None
            }
        };
        self.standing = standing;
    }

    /// The id that this file provides, or should.
    pub fn id<'a>(&'a self, entry: Option<&'a Entry>) -> Option<&'a str> {
        let standing = match &self.standing {
            Standing::Off { id } | Standing::Refused { id: Some(id), .. } => Some(id.as_str()),
            _ => None,
        };
        let slot = self.slot.as_ref().map(|slot| slot.plugin.id.as_str());
        let known = entry.map(|entry| entry.id.as_str()).filter(|id| !id.is_empty());
        slot.or(standing).or(known)
    }

    pub fn row(&self, file: &str, entry: Option<&Entry>, settings: &ModerationSettings) -> Row {
        let (state, reason) = match &self.standing {
            _ if self.settling && self.slot.is_none() => (PluginState::Settling, None),
            Standing::Unread => (PluginState::Settling, None),
            Standing::Running => (PluginState::Running, None),
            Standing::Off { .. } => (PluginState::Off, None),
            Standing::Revoked => {
                (PluginState::Revoked, Some("was revoked by the administrator".to_owned()))
            }
            Standing::Pending { reason } => (PluginState::Pending, Some(reason.clone())),
            Standing::Refused { trouble, .. } => {
                (PluginState::Refused, Some(trouble.sentence.clone()))
            }
            Standing::RolledBack { sentence } => (PluginState::RolledBack, Some(sentence.clone())),
        };
        let version = self.slot.as_ref().map(|slot| slot.plugin.version.clone());
        let reason = match (&version, reason) {
            (Some(version), Some(reason)) => {
                Some(format!("{reason}; version {version} from before still runs"))
            }
            (_, reason) => reason,
        };
        let id = self.id(entry).unwrap_or_default().to_owned();
        let own = settings.plugins.get(&id);
        Row {
            dry_run: own.map(|own| own.dry_run.clone()).unwrap_or_default(),
            file: file.to_owned(),
            id,
            version: version.unwrap_or_default(),
            sha: self.sha.clone(),
            state,
            reason,
            slot: self.slot.clone(),
        }
    }
}

/// Whether the same bytes may load at another time.
fn may_pass(kind: TroubleKind) -> bool {
    !matches!(kind, TroubleKind::File | TroubleKind::Api | TroubleKind::Configure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kind: TroubleKind) -> Standing {
        Standing::Refused { id: None, trouble: Trouble::new(kind, "is bad") }
    }

    #[test]
    fn a_file_is_read_when_two_looks_agree() {
        let (old, new) = (Stamp::default(), Stamp::default().longer());
        let mut file = Tracked::new(old);
        for (stamp, force, read) in
            [(new, false, false), (old, false, false), (old, false, true), (old, true, true)]
        {
            assert_eq!(file.seen(stamp, 0, force), read);
        }
        file.concluded(Standing::Running, 0);
        assert!(!file.seen(old, u64::MAX, false));
    }

    #[test]
    fn troubles_that_may_pass_are_tried_again() {
        let mut file = Tracked::new(Stamp::default());
        let mut now = 0;
        for ms in [1_000, 2_000, 4_000, 8_000] {
            file.concluded(refused(TroubleKind::Host), now);
            assert!(!file.seen(Stamp::default(), now + ms - 1, false), "{ms}");
            now += ms;
            assert!(file.seen(Stamp::default(), now, false), "{ms}");
        }
        file.concluded(refused(TroubleKind::File), now);
        assert!(!file.seen(Stamp::default(), u64::MAX, false), "the same bytes stay bad");
    }
}
