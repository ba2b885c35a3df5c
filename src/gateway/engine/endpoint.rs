//! The endpoint: from a request to the session that it belongs to, or to a new one. Checks in the order
//! of the reference server: transport, origin, session, method, version.

use std::{net::IpAddr, sync::Arc, time::Duration};

use fastwebsockets::upgrade::{UpgradeFut, is_upgrade_request, upgrade};
use hyper::{
    HeaderMap, Method, Request,
    body::Incoming,
    header::{HeaderValue, ORIGIN, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, TRANSFER_ENCODING},
};
use tokio::sync::{mpsc, oneshot};

use super::{
    Engine, Shared,
    answer::{self, Whole},
    body,
    dialogue::EngineDialogue,
    letter::{Body, Letter},
    poller::{Beginning, Poller},
    probe, query,
    seats::{self, Place, Sid},
    upper::{Uppers, Visit},
};
use crate::{
    gateway::{
        connection::Connection,
        handshake::{self, Rejection, bearer, from_query, is_key, origin_allowed},
        registry::{Protocol, Ticket},
    },
    hub::Outbox,
    wire::engineio::{
        Answer, Output, Session,
        handshake::{BadRequest, Handshake, Kind},
    },
};

/// Requests of one session that may wait until its task looks at them; more wait outside.
const LETTERS_MAX: usize = 4;

impl<S: Uppers> Engine<S> {
    /// Answers one request to the endpoint, whatever its path. A poll is answered when there is
    /// something to say; a WebSocket lives on in a task of its own. The server must serve the socket as
    /// `TokioIo<TcpStream>` with upgrades. `peer` is the client behind any trusted proxy.
    pub(in crate::gateway) async fn answer(
        &self,
        request: Request<Incoming>,
        peer: IpAddr,
    ) -> Whole {
        let chunked = request.headers().contains_key(TRANSFER_ENCODING);
        let response = self.0.clone().lead(request, peer).await;
        // Beside a length it is the classic of request smuggling (RFC 9112 section 6.1).
        if chunked { answer::closing(response) } else { response }
    }
}

impl<S: Uppers> Shared<S> {
    async fn lead(self: Arc<Self>, mut request: Request<Incoming>, peer: IpAddr) -> Whole {
        let upgrade = is_upgrade_request(&request);
        let asked = query::read(request.uri().query().unwrap_or_default());
        let wanted = Handshake::of(&asked, request.method().as_str(), upgrade);
        if wanted == Err(BadRequest::UnknownTransport) {
            return answer::refused(BadRequest::UnknownTransport, upgrade);
        }
        match check_origin(request.headers(), &self.common.settings.origins) {
            Err(BadRequest::Forbidden) => return answer::foreign(),
            Err(why) => return answer::refused(why, upgrade),
            Ok(()) => {}
        }
        let (sid, kind, fits) = match wanted {
            Err(why) => return answer::refused(why, upgrade),
            Ok(Handshake::Open(Kind::Polling)) => return self.open_polling(&request, peer),
            Ok(Handshake::Open(Kind::WebSocket)) => return self.open_websocket(&mut request, peer),
            Ok(Handshake::Within { sid, kind, fits }) => (sid, kind, fits),
        };
        let Some(place) = self.seats.find(&sid) else {
            return answer::refused(BadRequest::UnknownSession, upgrade);
        };
        match (kind, place) {
            _ if !fits => answer::refused(BadRequest::Bad, upgrade),
            (Kind::WebSocket, place) => self.probe(&mut request, peer, place),
            (Kind::Polling, Place::WebSocket) => answer::refused(BadRequest::Bad, upgrade),
            (Kind::Polling, Place::Polling(task)) => self.poll(request, &sid, task).await,
        }
    }

    fn open_polling(self: Arc<Self>, request: &Request<Incoming>, peer: IpAddr) -> Whole {
        let (sid, outbox, ticket) = match self.admit(peer, Protocol::Polling) {
            Ok(admitted) => admitted,
            Err(rejection) => return answer::rejected(&rejection),
        };
        let upper = self.uppers.open(visit(request, &sid, peer), &outbox);
        let (settings, now) = (self.common.settings.engine.clone(), self.common.now());
        let mut session = Session::polling(settings, &seats::text(&sid), 0, now);
        let opened = match session.poll_output() {
            Some(Output::Answer(_, opened)) => Some(opened),
            _ => None,
        };
        let (sender, mailbox) = mpsc::channel(LETTERS_MAX);
        let seat = self.seats.enter(sid, Place::Polling(sender));
        let tasks = self.common.tasks.clone();
        let beginning = Beginning { shared: self, seat, session, upper, outbox, mailbox, ticket };
        tasks.spawn("polling session", Box::pin(Poller::new(beginning).run()));
        answer::answer(opened)
    }

    fn open_websocket(self: Arc<Self>, request: &mut Request<Incoming>, peer: IpAddr) -> Whole {
        let (response, upgraded) = match accept(request) {
            Ok(accepted) => accepted,
            Err(why) => return answer::refused(why, true),
        };
        let (sid, outbox, ticket) = match self.admit(peer, Protocol::WebSocket) {
            Ok(admitted) => admitted,
            Err(rejection) => return answer::closing(answer::rejected(&rejection)),
        };
        let visit = visit(request, &sid, peer);
        let tasks = self.common.tasks.clone();
        self.common.tasks.clone().spawn("handshake", async move {
            let Some(accepted) = handshake::accepted(upgraded).await else { return };
            let upper = self.uppers.open(visit, &outbox);
            let (settings, now) = (self.common.settings.engine.clone(), self.common.now());
            let session = Session::websocket(settings, &seats::text(&sid), now);
            let seat = self.seats.enter(sid, Place::WebSocket);
            let dialogue = EngineDialogue::new(self, outbox, session, upper, seat);
            let message_max_bytes = dialogue.message_max_bytes();
            let connection = Connection::new(dialogue, accepted, message_max_bytes, ticket);
            // A task of its own, so that nothing of the handshake stays.
            tasks.spawn_compact("connection", connection);
        });
        response
    }

    /// A WebSocket for a session that lives. If the session has no use for it, it is closed right
    /// after it was opened: clients take a refused handshake for a broken server.
    fn probe(
        self: Arc<Self>,
        request: &mut Request<Incoming>,
        peer: IpAddr,
        place: Place,
    ) -> Whole {
        let (response, upgraded) = match accept(request) {
            Ok(accepted) => accepted,
            Err(why) => return answer::refused(why, true),
        };
        let outbox = Arc::new(Outbox::new(0));
        let ticket = match self.common.registry.admit(peer, Protocol::WebSocket, &outbox) {
            Ok(ticket) => ticket,
            Err(rejection) => return answer::closing(answer::rejected(&rejection)),
        };
        let tasks = self.common.tasks.clone();
        tasks.spawn("handshake", async move {
            let Some(accepted) = handshake::accepted(upgraded).await else { return };
            let unwanted = match place {
                Place::Polling(task) => task.send(Letter::Probe(accepted, ticket)).await.err(),
                Place::WebSocket => Some(mpsc::error::SendError(Letter::Probe(accepted, ticket))),
            };
            if let Some(mpsc::error::SendError(Letter::Probe(accepted, _ticket))) = unwanted {
                let patience = Duration::from_millis(self.common.settings.close_wait_ms);
                probe::dismiss(accepted, patience).await;
            }
        });
        response
    }

    async fn poll(
        &self,
        request: Request<Incoming>,
        sid: &str,
        task: mpsc::Sender<Letter>,
    ) -> Whole {
        let (reply, answer) = oneshot::channel();
        let get = match *request.method() {
            Method::GET => true,
            Method::POST => false,
            _ => return answer::refused(BadRequest::BadMethod, false),
        };
        if get {
            let sent = task.send(Letter::Get(reply)).await.is_ok();
            drop(task);
            return answer::answer(self.said(answer, sent, sid).await);
        }
        let (tell, body) = oneshot::channel();
        let sent = task.send(Letter::Post(reply, body)).await.is_ok();
        drop(task);
        if !sent {
            return answer::answer(self.said(answer, false, sid).await);
        }
        self.post(request, sid, tell, answer).await
    }

    /// Reads a post's body, unless the session answers before.
    async fn post(
        &self,
        request: Request<Incoming>,
        sid: &str,
        tell: oneshot::Sender<Body>,
        mut answer: oneshot::Receiver<Answer>,
    ) -> Whole {
        let (head, mut body) = request.into_parts();
        let settings = &self.common.settings;
        let patience = Duration::from_millis(settings.body_max_ms);
        let bytes_max = settings.engine.payload_max_bytes;
        let read = body::read(&head.headers, &mut body, bytes_max, patience);
        let body = tokio::select! {
            biased;
            early = &mut answer => return answer::closing(answer::answer(self.unless_over(early, sid))),
            body = read => body,
        };
        if matches!(body, Body::TooLarge) {
            let _ = tell.send(Body::TooLarge);
            return answer::too_large();
        }
        let sent = tell.send(body).is_ok();
        answer::answer(self.said(answer, sent, sid).await)
    }

    async fn said(
        &self,
        answer: oneshot::Receiver<Answer>,
        sent: bool,
        sid: &str,
    ) -> Option<Answer> {
        if !sent {
            return self.over(sid);
        }
        self.unless_over(answer.await, sid)
    }

    fn unless_over(
        &self,
        answer: Result<Answer, oneshot::error::RecvError>,
        sid: &str,
    ) -> Option<Answer> {
        answer.ok().or_else(|| self.over(sid))
    }

    /// What to say for a session whose task has ended: nothing, or that polling has.
    fn over(&self, sid: &str) -> Option<Answer> {
        self.seats.find(sid).map(|_upgraded| Answer::Bad)
    }

    fn admit(
        &self,
        peer: IpAddr,
        protocol: Protocol,
    ) -> Result<(Sid, Arc<Outbox>, Ticket), Rejection> {
        let outbox = Arc::new(Outbox::new(self.common.settings.outbox_max_bytes));
        let ticket = self.common.registry.admit(peer, protocol, &outbox)?;
        let sid = seats::fresh()
            .ok_or_else(|| Rejection::new(503, "internal", "something went wrong on the server"))?;
        Ok((sid, outbox, ticket))
    }
}

fn visit(request: &Request<Incoming>, sid: &Sid, peer: IpAddr) -> Visit {
    let token =
        bearer(request.headers()).or_else(|| from_query(request.uri().query().unwrap_or_default()));
    Visit { sid: seats::text(sid), peer, token }
}

/// Browsers let every page talk to every server; ours listens to its own and to the listed ones.
fn check_origin(headers: &HeaderMap, listed: &[String]) -> Result<(), BadRequest> {
    let readable = |origin: &HeaderValue| origin.to_str().is_ok();
    if !headers.get_all(ORIGIN).iter().all(readable) {
        return Err(BadRequest::Bad);
    }
    if origin_allowed(headers, listed) { Ok(()) } else { Err(BadRequest::Forbidden) }
}

/// The answer to a WebSocket handshake, and the stream that follows it.
fn accept(request: &mut Request<Incoming>) -> Result<(Whole, UpgradeFut), BadRequest> {
    let headers = request.headers();
    let version = headers.get(SEC_WEBSOCKET_VERSION).map(HeaderValue::as_bytes);
    if version != Some(b"13") || !headers.get(SEC_WEBSOCKET_KEY).is_some_and(is_key) {
        return Err(BadRequest::Bad);
    }
    let (response, upgraded) = upgrade(request).map_err(|_not_a_handshake| BadRequest::Bad)?;
    Ok((response.map(|_empty| http_body_util::Full::default()), upgraded))
}
