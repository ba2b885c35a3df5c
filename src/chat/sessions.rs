//! Remembering live sessions, so that whoever was cut off, also by a crash of the server, can go on
//! where it was. They are forgotten after a while.

use std::sync::{MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{Chat, Error};
use crate::{
    domain::{
        event::Entrance,
        id::{ConversationId, UserId},
        time::Millis,
    },
    runtime,
    store::{Batch, Fault, SessionDigest, records::Session, session_digest},
};

/// How many sessions are looked at in one go when old ones are forgotten.
const PAGE_MAX: usize = 128;
/// How often that happens.
const SWEEP_EVERY: std::time::Duration = std::time::Duration::from_hours(1);

/// A live session: whose it is and what it listens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub user: UserId,
    /// Where the protocol keeps sessions apart, else empty.
    pub namespace: String,
    /// What it listens to, and where it joined.
    pub rooms: Vec<(ConversationId, Entrance)>,
    /// When it was remembered last.
    pub at: Millis,
}

impl Chat {
    /// Remembers a live session under its secret, in the place of what was remembered there. Resolves
    /// when that is on disk. The time is that of the call; it has to be remembered again well before
    /// `recovery_window_ms` is over if it goes on.
    ///
    /// # Errors
    /// A full disk, or a fault of the server.
    pub async fn remember(&self, pid: &str, session: &Remembered) -> Result<(), Error> {
        self.shared.store.room_to_write()?;
        let session = Session {
            user: session.user.clone(),
            namespace: session.namespace.clone(),
            epoch: self.epoch(),
            at: self.shared.clock.now(),
            rooms: session.rooms.clone(),
        };
        let digest = session_digest(pid);
        self.write(|batch| batch.put_session(&digest, &session))?.await.map_err(|_| Error::Lost)
    }

    /// The live session with this secret, if it can still be taken up again.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn recall(&self, pid: &str) -> Result<Option<Remembered>, Error> {
        let session = self.shared.store.session(&session_digest(pid))?;
        let session = session.filter(|session| !self.is_over(session));
        Ok(session.map(|session| Remembered {
            user: session.user,
            namespace: session.namespace,
            rooms: session.rooms,
            at: session.at,
        }))
    }

    /// Forgets a live session that has ended. On disk soon, not at once.
    pub fn forget(&self, pid: &str) {
        let digest = session_digest(pid);
        if let Err(fault) = self.write(|batch| batch.remove_session(&digest)) {
            tracing::warn!(%fault, "a live session that ended could not be forgotten");
        }
    }

    /// Whether a session can no longer be taken up: its seqs belong to another life of the database,
    /// or it is too old.
    fn is_over(&self, session: &Session) -> bool {
        let age_ms = self.shared.clock.now().since(session.at);
        session.epoch != self.epoch() || age_ms > self.settings().recovery_window_ms
    }

    /// Makes a batch about sessions and submits it; what is returned resolves when it is on disk.
    fn write(
        &self,
        make: impl FnOnce(&mut Batch) -> Result<(), Fault>,
    ) -> Result<oneshot::Receiver<()>, Fault> {
        let (done, on_disk) = oneshot::channel();
        let _one_by_one = self.one_by_one();
        let mut batch = self.shared.store.batch();
        make(&mut batch)?;
        self.shared.store.submit(batch, move |synced| {
            if synced.is_ok() {
                // Whoever asked may have gone away.
                let _ = done.send(());
            }
        });
        Ok(on_disk)
    }

    fn one_by_one(&self) -> MutexGuard<'_, ()> {
        self.shared.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets what is over, at the start and each hour, until the program stops.
pub async fn sweep(chat: Chat) {
    loop {
        match sweep_once(&chat).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old live sessions were forgotten"),
            Err(fault) => tracing::error!(%fault, "old live sessions could not be forgotten"),
        }
        tokio::select! {
            () = chat.shared.drain.begun() => return,
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}

/// Looks at all sessions, a page at a time, and forgets those that are over; returns how many.
pub(super) async fn sweep_once(chat: &Chat) -> Result<usize, Error> {
    let (mut after, mut count) = (None, 0);
    while !chat.shared.drain.has_begun() {
        let working = chat.clone();
        let swept = runtime::blocking(move || sweep_page(&working, after.as_ref())).await;
        let Some((last, forgotten, on_disk)) = swept.ok_or(Error::Lost)?? else { break };
        count += forgotten;
        after = Some(last);
        // The next page waits, so that a great many do not fill the store's queue.
        if let Some(on_disk) = on_disk {
            on_disk.await.map_err(|_| Error::Lost)?;
        }
    }
    Ok(count)
}

type Swept = (SessionDigest, usize, Option<oneshot::Receiver<()>>);

/// One page: where it ended, how many sessions are forgotten, and when that is on disk.
fn sweep_page(chat: &Chat, after: Option<&SessionDigest>) -> Result<Option<Swept>, Error> {
    let store = &chat.shared.store;
    let page = store.sessions(after, PAGE_MAX)?;
    let Some((last, _)) = page.last() else { return Ok(None) };
    let last = *last;
    let over: Vec<_> =
        page.into_iter().filter(|(_, s)| chat.is_over(s)).map(|(digest, _)| digest).collect();
    if over.is_empty() {
        return Ok(Some((last, 0, None)));
    }
    let mut count = 0;
    let on_disk = chat.write(|batch| {
        for digest in &over {
            // It may have been remembered anew since the page was read.
            if store.session(digest)?.is_some_and(|session| chat.is_over(&session)) {
                batch.remove_session(digest)?;
                count += 1;
            }
        }
        Ok(())
    })?;
    Ok(Some((last, count, Some(on_disk))))
}
