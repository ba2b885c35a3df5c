//! The real chat and the real gateway behind the faces that HTTP needs.

use http_body_util::Full;
use hyper::{Request, body::Incoming, header::HeaderValue};

use super::{
    answer,
    listen::Peer,
    port::{Failure, Later, Port, SocketIo, Upgrade},
};
use crate::{
    auth::{Permit, Service},
    chat::{Chat, Error},
    dialect::plain,
    domain::{
        command::{Command, Done, History, Page},
        id::ConversationId,
        refusal::Refusal,
    },
    gateway::{self, Gateway},
};

impl Port for Chat {
    fn execute<'a>(&'a self, permit: Permit<'a>, command: Command) -> Later<'a, Done> {
        Box::pin(async move { Ok(self.execute(permit, command).await?) })
    }

    /// All are decided before the first is waited for, so that they share syncs of the disk.
    fn execute_all<'a>(
        &'a self,
        permit: Permit<'a>,
        commands: Vec<Command>,
    ) -> Later<'a, Vec<Result<Done, Failure>>> {
        Box::pin(async move {
            let mut tickets = Vec::with_capacity(commands.len());
            for command in commands {
                tickets.push(self.begin(permit, command).await);
            }
            let mut results = Vec::with_capacity(tickets.len());
            for ticket in tickets {
                results.push(match ticket {
                    Ok(ticket) => ticket.done().await.map_err(Failure::from),
                    Err(error) => Err(error.into()),
                });
            }
            Ok(results)
        })
    }

    fn set_state<'a>(
        &'a self,
        service: &'a Service,
        conversation: &'a ConversationId,
        state: &'a str,
    ) -> Later<'a, ()> {
        Box::pin(async move { Ok(self.set_state(service, conversation, state).await?) })
    }

    fn history<'a>(&'a self, permit: Permit<'a>, question: History) -> Later<'a, Page> {
        Box::pin(async move { Ok(self.history(permit, question).await?) })
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::Refused(refusal),
            // Asking again is safe: the same `uuid` gets the first answer if it was stored.
            Error::Lost | Error::Gone => Self::Refused(Refusal::Stopping),
            Error::Fault(fault) => {
                tracing::error!(%fault, "a request failed");
                Self::Internal
            }
        }
    }
}

/// What takes over the connections of the native protocol.
#[must_use]
pub fn upgrade<C: gateway::Chat>(gateway: Gateway<C>) -> Upgrade {
    Box::new(move |mut request: Request<Incoming>, peer: &Peer| {
        match gateway.upgrade(&mut request, peer.ip) {
            Ok(response) => response.map(|_empty| Full::default()),
            Err(rejection) => {
                let reply = plain::say_error(rejection.status, rejection.code, rejection.message);
                let mut response = answer::json(reply);
                if let Some((name, value)) = rejection.header {
                    response.headers_mut().insert(name, HeaderValue::from_static(value));
                }
                response
            }
        }
    })
}

/// What answers at the endpoint of Socket.IO.
#[must_use]
pub fn socketio<C: gateway::Chat>(gateway: Gateway<C>) -> SocketIo {
    Box::new(move |request: Request<Incoming>, peer: &Peer| {
        let (gateway, ip) = (gateway.clone(), peer.ip);
        Box::pin(async move { gateway.engine(request, ip).await })
    })
}
