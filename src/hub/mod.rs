//! Who is listening to what, and what waits for them: channels with their listeners, and the fan-out
//! of finished frames. Knows no protocol: an encoder that it is given makes the bytes.

mod channel;
mod encode;
mod outbox;
mod stage;

pub use channel::{Channel, Listener};
pub use encode::{Encoder, Flavour, Utterance};
#[cfg(test)]
pub use outbox::Importance;
pub use outbox::{Closing, Outbox, Pushed, TAKE_MAX_FRAMES};
pub use stage::Stage;
