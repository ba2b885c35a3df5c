//! One conversation's listeners. Publishing moves the channel's published position and hands the
//! same bytes to every listener; joining is atomic with respect to it, so that a listener that has
//! read the log up to the position it joins at misses nothing and gets nothing twice.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    num::NonZeroU64,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::Notify;

use super::{
    encode::{Encoder, Flavour, Utterance},
    outbox::{Importance, Outbox, Pushed},
};
use crate::domain::{
    event::{Event, Signal},
    id::Seq,
};

/// Where the frames of a subscription go. Both together say who listens: one connection may listen to the
/// same conversation in several flavours.
#[derive(Clone, Debug)]
pub struct Listener {
    pub outbox: Arc<Outbox>,
    pub flavour: Flavour,
}

impl Listener {
    fn is(&self, other: &Self) -> bool {
        self.flavour == other.flavour && Arc::ptr_eq(&self.outbox, &other.outbox)
    }
}

/// A conversation's listeners and how far it has been published.
pub struct Channel {
    state: Mutex<State>,
    moved: Notify,
}

struct State {
    published: Seq,
    listeners: Vec<Listener>,
}

impl Channel {
    /// A channel whose log has been published up to `published`.
    #[must_use]
    pub fn new(published: Seq) -> Self {
        let state = State { published, listeners: Vec::new() };
        Self { state: Mutex::new(state), moved: Notify::new() }
    }

    /// The last seq that listeners were given.
    pub fn published(&self) -> Seq {
        self.state().published
    }

    pub fn listeners(&self) -> usize {
        self.state().listeners.len()
    }

    /// Waits until everything up to `seq` has been published.
    pub async fn settled(&self, seq: Seq) {
        loop {
            let moved = self.moved.notified();
            if self.published() >= seq {
                return;
            }
            moved.await;
        }
    }

    /// Adds a listener that knows the log up to `known`. A listener that is there already stays.
    ///
    /// # Errors
    /// The published position, if more has been published meanwhile: read up to it, try again.
    pub fn join(&self, listener: &Listener, known: Seq) -> Result<(), Seq> {
        let mut state = self.state();
        if state.published > known {
            return Err(state.published);
        }
        state.add(listener);
        Ok(())
    }

    /// Adds a listener here and now; returns the last seq that was published before. A listener that is
    /// there already stays.
    pub fn join_now(&self, listener: &Listener) -> Seq {
        let mut state = self.state();
        state.add(listener);
        state.published
    }

    /// Removes a listener; returns whether it was there.
    pub fn leave(&self, listener: &Listener) -> bool {
        let mut state = self.state();
        let Some(at) = state.listeners.iter().position(|known| known.is(listener)) else {
            return false;
        };
        state.listeners.swap_remove(at);
        true
    }

    /// Gives an event to every listener, in the order of the calls; returns how many took it. One
    /// that is over its budget does not: it is closed resumably by its own task.
    pub fn publish(&self, encoder: &dyn Encoder, event: &Event) -> u64 {
        let mut frames = Frames::new(encoder, Utterance::Event(event));
        let mut taken = 0;
        let mut state = self.state();
        for listener in &state.listeners {
            if let Some(frame) = frames.of(listener.flavour)
                && listener.outbox.push(frame, Importance::Durable) == Pushed::Ok
            {
                taken += 1;
            }
        }
        state.published = state.published.max(event.seq);
        drop(state);
        self.moved.notify_waiters();
        taken
    }

    /// Gives a passing signal to every listener but those of its origin. It may be dropped, and of several
    /// that wait about the same person only the newest is sent.
    pub fn signal(&self, encoder: &dyn Encoder, signal: &Signal, origin: Option<&Arc<Outbox>>) {
        let mut frames = Frames::new(encoder, Utterance::Signal(signal));
        let subject = subject(signal);
        let state = self.state();
        for listener in &state.listeners {
            if origin.is_some_and(|origin| Arc::ptr_eq(origin, &listener.outbox)) {
                continue;
            }
            if let Some(frame) = frames.of(listener.flavour) {
                // Each flavour has its own last word.
                let turned = subject.get().rotate_left(u32::from(listener.flavour.0));
                listener.outbox.push_latest(frame, NonZeroU64::new(turned).unwrap_or(subject));
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, listener: &Listener) {
        if !self.listeners.iter().any(|known| known.is(listener)) {
            self.listeners.push(listener.clone());
        }
    }
}

/// The frames of one utterance, made once per flavour.
struct Frames<'a> {
    encoder: &'a dyn Encoder,
    utterance: Utterance<'a>,
    made: Vec<(Flavour, Option<Bytes>)>,
}

impl<'a> Frames<'a> {
    fn new(encoder: &'a dyn Encoder, utterance: Utterance<'a>) -> Self {
        Self { encoder, utterance, made: Vec::new() }
    }

    fn of(&mut self, flavour: Flavour) -> Option<Bytes> {
        if let Some((_, frame)) = self.made.iter().find(|(made, _)| *made == flavour) {
            return frame.clone();
        }
        let frame = self.encoder.encode(flavour, self.utterance);
        self.made.push((flavour, frame.clone()));
        frame
    }
}

/// What a signal is about; two with the same subject replace each other.
fn subject(signal: &Signal) -> NonZeroU64 {
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(signal).hash(&mut hasher);
    let (Signal::Typing { conversation, user, .. } | Signal::Read { conversation, user, .. }) =
        signal;
    (conversation, user).hash(&mut hasher);
    NonZeroU64::new(hasher.finish()).unwrap_or(NonZeroU64::MIN)
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;
    use crate::domain::id::{ConversationId, UserId};

    /// Says everything as its flavour's number.
    struct Numbers;

    impl Encoder for Numbers {
        fn encode(&self, flavour: Flavour, _: Utterance<'_>) -> Option<Bytes> {
            Some(Bytes::copy_from_slice(&[flavour.0]))
        }
    }

    #[test]
    fn one_connection_listens_in_several_flavours_and_leaves_each_alone() {
        let (channel, outbox) = (Channel::new(Seq(3)), Arc::new(Outbox::new(1000)));
        let listener = |flavour| Listener { outbox: outbox.clone(), flavour: Flavour(flavour) };
        let conversation = ConversationId::parse("r").expect("a name");
        let user = UserId::new("anna").expect("a name");
        let heard = || {
            let signal =
                Signal::Typing { conversation: conversation.clone(), user: user.clone(), on: true };
            channel.signal(&Numbers, &signal, None);
            channel.signal(&Numbers, &signal, None);
            let mut frames = Vec::new();
            let _ = outbox.poll_take(&Context::from_waker(Waker::noop()), &mut frames);
            frames.concat()
        };
        for flavour in [1, 2, 2] {
            assert_eq!(channel.join_now(&listener(flavour)), Seq(3));
        }
        assert_eq!((channel.listeners(), heard()), (2, vec![1, 2]));
        assert!(channel.leave(&listener(1)) && !channel.leave(&listener(1)));
        assert!(!channel.leave(&Listener { outbox: Arc::new(Outbox::new(1)), ..listener(2) }));
        assert_eq!((channel.listeners(), heard()), (1, vec![2]));
    }
}
