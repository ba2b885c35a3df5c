//! What an idle connection costs in memory.

use super::{
    super::{connection::Connection, dialogue::NativeDialogue},
    hall::Hall,
};
use crate::hub::Outbox;

#[test]
fn an_idle_connection_is_small() {
    let sizes = (size_of::<Connection<NativeDialogue<Hall>>>(), size_of::<Outbox>());
    assert!(sizes.0 <= 560, "the task's own state: {sizes:?}");
    assert!(super::super::engine::connection_bytes() <= 928, "the same of Socket.IO");
    assert!(sizes.1 <= 128, "its queue: {sizes:?}");
}
