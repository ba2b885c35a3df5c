//! Joining a namespace: who is it, and does an earlier session go on?

use std::sync::Arc;

use super::{Hall, namespace::Namespace, pid::Pid, run::Seat};
use crate::{
    domain::{
        event::{Entrance, Offset},
        id::ConversationId,
    },
    gateway::{
        meters::Recovery,
        port::{Chat, Failure, Identity as _},
    },
    hub::Listener,
    runtime::meters::Way,
    wire::socketio::Credentials,
};

/// Somebody who wants to join.
pub(super) struct Knock<C: Chat> {
    pub hall: Arc<Hall<C>>,
    pub namespace: Namespace,
    pub credentials: Credentials,
    pub listener: Listener,
    /// Whether sessions of the namespace can be recovered.
    pub recovery: bool,
}

/// Somebody who may.
pub(super) struct Connected<C: Chat> {
    pub actor: Arc<C::Actor>,
    /// `None` where sessions are not recovered.
    pub pid: Option<Pid>,
    /// When the store was told last of the session, in milliseconds since 1970.
    pub kept_at: u64,
    /// An earlier session goes on.
    pub recovered: Option<Recovered<C>>,
}

/// What an earlier session heard, and the way back to it.
pub(super) struct Recovered<C: Chat> {
    pub rooms: Vec<(ConversationId, Entrance)>,
    pub seam: C::Seam,
}

impl<C: Chat> Knock<C> {
    /// # Errors
    /// A refusal: no valid token. Or a fault of ours.
    pub(super) async fn answer(self) -> Result<Connected<C>, Failure> {
        let comes_back = self.recovery && self.credentials.pid.is_some();
        let hall = self.hall.clone();
        let answer = self.admit().await;
        if comes_back {
            hall.meters.reconnect(Way::SocketIo);
            let result = match &answer {
                Ok(connected) if connected.recovered.is_some() => Recovery::Recovered,
                Ok(_) => Recovery::Fresh,
                Err(_) => Recovery::Refused,
            };
            hall.meters.recovery(Way::SocketIo, result);
        }
        answer
    }

    async fn admit(self) -> Result<Connected<C>, Failure> {
        let chat = &self.hall.chat;
        let actor = match &self.credentials.token {
            Some(token) => chat.authenticate(token).await?,
            None => chat.visit()?,
        };
        let actor = Arc::new(actor);
        if self.recovery
            && let Some(connected) = self.recover(&actor).await?
        {
            return Ok(connected);
        }
        // The store learns of the session with the first conversation that it hears: before that there
        // is nothing to go on with.
        let pid = if self.recovery { Pid::random() } else { None };
        if let Some(new) = pid {
            self.hall.take_over(new, &self.listener.outbox).keep();
        }
        let kept_at = self.hall.clock.now().0;
        Ok(Connected { actor, pid, kept_at, recovered: None })
    }

    async fn recover(&self, actor: &Arc<C::Actor>) -> Result<Option<Connected<C>>, Failure> {
        let Some(pid) = self.credentials.pid.as_deref().and_then(Pid::parse) else {
            return Ok(None);
        };
        let chat = &self.hall.chat;
        let Some(session) = chat.recall(pid.text()).await? else { return Ok(None) };
        // Whoever heard nothing begins anew: its wish to hear may have been lost with the connection.
        let own = session.user == *actor.user() && session.namespace == self.namespace.name();
        if !own || session.rooms.is_empty() {
            return Ok(None);
        }
        // The connection that it had is dead, even if we have not noticed yet.
        let claim = self.hall.take_over(pid, &self.listener.outbox);
        let offset = self.credentials.offset.as_deref().and_then(Offset::parse);
        let missed_max = self.hall.settings.missed_events_max;
        let seam = chat
            .seam(actor, session.rooms.clone(), offset, missed_max, self.listener.clone())
            .await?;
        let Some(seam) = seam else {
            drop(claim);
            chat.forget(pid.text());
            return Ok(None);
        };
        claim.keep();
        let recovered = Some(Recovered { rooms: session.rooms, seam });
        Ok(Some(Connected {
            actor: actor.clone(),
            pid: Some(pid),
            kept_at: session.at.0,
            recovered,
        }))
    }
}

/// Sends what an earlier session missed, and hears on.
pub(super) async fn feed<C: Chat>(
    hall: Arc<Hall<C>>,
    rooms: Vec<(ConversationId, Entrance)>,
    seam: C::Seam,
) -> Result<Vec<Seat<C>>, Failure> {
    let mut subscriptions = hall.chat.rejoin(seam).await?;
    // In the order in which they were joined, on which the next recovery relies.
    let seats = rooms.into_iter().filter_map(|(conversation, entrance)| {
        let at = subscriptions.iter().position(|(room, _)| *room == conversation)?;
        let (_, subscription) = subscriptions.swap_remove(at);
        Some(Seat { conversation, entrance, _subscription: subscription })
    });
    Ok(seats.collect())
}
