//! What happens after the sync: events go to their listeners in the order in which they were decided,
//! then their askers get their answers. One task does it for all conversations.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::{
    lane::Lane,
    meters::{Asker, Meters},
};
use crate::{
    domain::{command::Done, event::Event, redact::Notice},
    hub::{Encoder, Stage},
    runtime::Clock,
};

/// How many finished commits are taken at a time.
const BATCH_MAX: usize = 256;

/// A change that is on disk.
pub struct Finish {
    pub lane: Arc<Lane>,
    pub event: Arc<Event>,
    /// How many were listening when it was decided: what a repeat of the request answers too.
    pub delivered: u64,
    /// What the asker is told about it.
    pub notice: Option<Box<Notice>>,
    pub answer: oneshot::Sender<Done>,
    /// The asker's place among those who wait; given back with the answer.
    pub waiting: Option<Asker>,
}

/// Publishes until every sender is gone.
pub async fn publish(
    mut finished: mpsc::UnboundedReceiver<Finish>,
    (stage, encoder): (Arc<Stage>, Arc<dyn Encoder>),
    (meters, clock): (Arc<Meters>, Clock),
) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while finished.recv_many(&mut batch, BATCH_MAX).await > 0 {
        for finish in batch.drain(..) {
            let Finish { lane, event, delivered, notice, answer, waiting } = finish;
            let mut taken = 0;
            stage.publish(event.position, || taken = lane.channel.publish(&*encoder, &event));
            meters.published(&event, taken, waiting.as_ref(), &clock);
            let done = Done::Stored {
                seq: event.seq,
                at: event.at,
                delivered,
                repeat: false,
                event: Some(event),
                notice,
            };
            // An asker that has gone away does not need its answer.
            let _ = answer.send(done);
            drop(waiting);
        }
        tokio::task::yield_now().await;
    }
}
