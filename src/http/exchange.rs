//! One exchange with a back end: who asks, what is asked, what the chat says to it, and the answer in
//! the words of the dialect. The only place where HTTP and the chat meet.

use hyper::{
    HeaderMap,
    body::Incoming,
    header::{AUTHORIZATION, HeaderName},
    http::request::Parts as Head,
};
use tokio::sync::oneshot;

use super::{
    body::{self, Trouble},
    front::Front,
    listen::Peer,
    meters::Meters,
    path,
    port::{Failure, Port},
};
use crate::{
    auth::{Permit, Service},
    dialect::{
        Reply,
        sms::{self, Asked, Order, StateUpdate},
    },
    domain::{
        command::{Done, History},
        refusal::Refusal,
    },
    runtime::Tasks,
};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Why an exchange ends without an answer of the chat.
enum Stop {
    Failed(Failure),
    Late,
    Broken,
}

/// Answers one request of the bridge.
pub async fn sms(
    front: &Front,
    endpoint: sms::Endpoint,
    room: &str,
    (head, body): (&Head, &mut Incoming),
    peer: &Peer,
) -> Reply {
    match ask(front, endpoint, room, (head, body), peer).await {
        Ok(reply) => reply,
        Err(stop) => say_stop(&stop),
    }
}

async fn ask(
    front: &Front,
    endpoint: sms::Endpoint,
    room: &str,
    (head, body): (&Head, &mut Incoming),
    peer: &Peer,
) -> Result<Reply, Stop> {
    let service = service(front, &head.headers, peer, "sms")?;
    let query = path::parameters(head.uri.query().unwrap_or_default())
        .ok_or_else(|| Refusal::Malformed("the query is broken or too long".into()))?;
    let body = match endpoint {
        sms::Endpoint::History => hyper::body::Bytes::new(),
        _ => body::read(&head.headers, body, front.limits()).await?,
    };
    let input = sms::Input { room, query: &query, body: &body };
    match sms::hear(endpoint, input, front.settings.sms, &mut || front.uuid())? {
        Asked::One(order) => {
            let chat = front.chat.clone();
            let work = start(&front.tasks, async move { execute(&*chat, &service, *order).await });
            Ok(work.await.unwrap_or_else(|_panicked| sms::internal()))
        }
        Asked::Batch(items) => {
            let (chat, meters) = (front.chat.clone(), front.meters.clone());
            let work =
                start(&front.tasks, async move { batch(&*chat, &service, items, &meters).await });
            Ok(work.await.unwrap_or_else(|_panicked| sms::internal()))
        }
        Asked::State(update) => {
            let chat = front.chat.clone();
            let work = start(&front.tasks, async move { state(&*chat, &service, update).await });
            Ok(work.await.unwrap_or_else(|_panicked| sms::internal()))
        }
        Asked::History(question) => history(&*front.chat, &service, question).await,
    }
}

/// Who asks with a service key that has this scope. Both headers are usual: the first in Laravel, the
/// second in proxies.
///
/// # Errors
/// [`Refusal::Unauthenticated`], [`Refusal::Forbidden`], [`Refusal::RateLimited`] after many failures.
pub fn service(
    front: &Front,
    headers: &HeaderMap,
    peer: &Peer,
    scope: &str,
) -> Result<Service, Refusal> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| {
        let (scheme, text) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| text.trim())
    });
    let text = bearer.or_else(|| headers.get(API_KEY)?.to_str().ok());
    let text = text.ok_or_else(|| {
        Refusal::Unauthenticated(
            "a service key is needed, as `Authorization: Bearer <key>` or `X-API-Key: <key>`"
                .into(),
        )
    })?;
    let service = front.auth.authenticate_key(text);
    if service.is_err() {
        front.brake.failed(peer.ip, front.clock.now())?;
    }
    service.and_then(|service| service.allow(scope).map(|()| service))
}

async fn execute(chat: &dyn Port, service: &Service, order: Order) -> Reply {
    let Order { command, uuid, room } = order;
    let result = chat.execute(Permit::Service(service), command).await;
    say_result(&uuid, &room, Some(result))
}

async fn state(chat: &dyn Port, service: &Service, update: StateUpdate) -> Reply {
    match chat.set_state(service, &update.conversation, &update.state).await {
        Ok(()) => sms::state(&update),
        Err(failure) => say_failure(&failure),
    }
}

async fn history(chat: &dyn Port, service: &Service, question: History) -> Result<Reply, Stop> {
    let conversation = question.conversation.clone();
    let page = chat.history(Permit::Service(service), question).await.map_err(Stop::Failed)?;
    Ok(sms::history(&conversation, &page))
}

/// Wrong items are answered at once; the others go to the chat together and keep their order.
async fn batch(
    chat: &dyn Port,
    service: &Service,
    items: Vec<Result<Order, Refusal>>,
    meters: &Meters,
) -> Reply {
    let mut commands = Vec::with_capacity(items.len());
    let mut waiting = Vec::with_capacity(items.len());
    for item in items {
        waiting.push(item.map(|Order { command, uuid, room }| {
            commands.push(command);
            (uuid, room)
        }));
    }
    let results = match chat.execute_all(Permit::Service(service), commands).await {
        Ok(results) => results,
        Err(failure) => return say_failure(&failure),
    };
    let mut results = results.into_iter();
    let replies: Vec<_> = waiting
        .into_iter()
        .map(|item| match item {
            Ok((uuid, room)) => say_result(&uuid, &room, results.next()),
            Err(refusal) => sms::refusal(&refusal),
        })
        .collect();
    replies.iter().filter_map(|reply| reply.code).for_each(|code| meters.refused(code));
    sms::batch(&replies)
}

fn say_result(uuid: &str, room: &str, result: Option<Result<Done, Failure>>) -> Reply {
    match result {
        Some(Ok(done)) => sms::answer(uuid, room, &done),
        Some(Err(failure)) => say_failure(&failure),
        None => sms::internal(),
    }
}

/// Begins work that goes on when the client hangs up: half a change would be worse than an answer
/// that nobody reads.
fn start<T: Send + 'static>(
    tasks: &Tasks,
    work: impl Future<Output = T> + Send + 'static,
) -> oneshot::Receiver<T> {
    let (done, result) = oneshot::channel();
    tasks.spawn("http exchange", async move {
        let _ = done.send(work.await);
    });
    result
}

fn say_failure(failure: &Failure) -> Reply {
    match failure {
        Failure::Refused(refusal) => sms::refusal(refusal),
        Failure::Internal => sms::internal(),
    }
}

fn say_stop(stop: &Stop) -> Reply {
    match stop {
        Stop::Failed(failure) => say_failure(failure),
        Stop::Late => sms::error(408, "timeout", "the body did not arrive in time"),
        Stop::Broken => sms::error(400, "malformed", "the body broke off"),
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(Failure::Refused(refusal))
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(refusal) => refusal.into(),
            Trouble::Late => Self::Late,
            Trouble::Broken => Self::Broken,
        }
    }
}
