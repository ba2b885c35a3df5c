//! What an idle connection costs in memory.

use super::{
    super::{connection::Connection, dialogue::NativeDialogue},
    hall::Hall,
};
use crate::hub::Outbox;

#[test]
fn an_idle_connection_is_small() {
    let sizes = (size_of::<Connection<NativeDialogue<Hall>>>(), size_of::<Outbox>());
    assert!(sizes.0 <= 376, "the task's own state: {sizes:?}");
    let socketio = super::super::engine::connection_bytes();
    assert!(socketio <= 560, "the same of Socket.IO: {socketio}");
    assert!(sizes.1 <= 128, "its queue: {sizes:?}");
}
