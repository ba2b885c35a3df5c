//! Which sessions live, by their names. A name is a secret: whoever knows it speaks for the session.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::mpsc;

use super::letter::Letter;
use crate::auth::base64url;

/// 120 bits that nobody guesses, as 20 characters of base64.
const SID_BYTES: usize = 15;
const SID_CHARS: usize = SID_BYTES / 3 * 4;

/// A session's name.
pub(super) type Sid = [u8; SID_CHARS];

/// How a session is reached.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Its task takes requests.
    Polling(mpsc::Sender<Letter>),
    /// It has a WebSocket of its own and takes none.
    WebSocket,
}

/// All live sessions. How many there may be is the registry's business.
#[derive(Debug, Default)]
pub(super) struct Seats(Mutex<HashMap<Sid, Place>>);

/// One session's entry; dropping it takes it out.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    sid: Sid,
}

// === impl Seats ===

impl Seats {
    /// Enters a session.
    pub(super) fn enter(self: &Arc<Self>, sid: Sid, place: Place) -> Seat {
        self.lock().insert(sid, place);
        Seat { seats: self.clone(), sid }
    }

    pub(super) fn find(&self, sid: &str) -> Option<Place> {
        let sid: Sid = sid.as_bytes().try_into().ok()?;
        self.lock().get(&sid).cloned()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Sid, Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Seat ===

impl Seat {
    /// The session has a WebSocket of its own from now on.
    pub(super) fn upgrade(&self) {
        self.seats.lock().insert(self.sid, Place::WebSocket);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.lock().remove(&self.sid);
    }
}

/// A new name; `None` if the system has no randomness to give.
pub(super) fn fresh() -> Option<Sid> {
    let mut bytes = [0; SID_BYTES];
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "the system gives no randomness");
        return None;
    }
    base64url(&bytes).into_bytes().try_into().ok()
}

/// The name as text.
pub(super) fn text(sid: &Sid) -> String {
    sid.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_random_and_safe_in_urls() {
        let mut seen = std::collections::HashSet::new();
        for _ in 0..1000 {
            let sid = text(&fresh().unwrap());
            assert_eq!(sid.len(), 20);
            assert!(sid.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{sid}");
            assert!(seen.insert(sid));
        }
    }

    #[test]
    fn entries_come_and_go() {
        let seats = Arc::new(Seats::default());
        let (sender, _receiver) = mpsc::channel(1);
        let seat = seats.enter(*b"abcdefghijklmnopqrst", Place::Polling(sender));
        assert!(matches!(seats.find("abcdefghijklmnopqrst"), Some(Place::Polling(_))));
        for hostile in ["", "abcdefghijklmnopqrs", "abcdefghijklmnopqrsä", "../../etc/passwd-xyz"]
        {
            assert!(seats.find(hostile).is_none());
        }
        seat.upgrade();
        assert!(matches!(seats.find("abcdefghijklmnopqrst"), Some(Place::WebSocket)));
        drop(seat);
        assert_eq!(seats.len(), 0);
    }
}
