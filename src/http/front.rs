//! The front of the house: every request comes in here, is led to its endpoint, and leaves with the
//! headers that all responses have. Knows no field of any dialect.

use std::{net::IpAddr, sync::Arc, time::Duration};

use hyper::{
    HeaderMap, Method, Request, Response, StatusCode, Version,
    body::{Body as _, Bytes, Incoming},
    header::{ALLOW, CONNECTION, EXPECT, HOST, HeaderName, HeaderValue, ORIGIN, TRANSFER_ENCODING},
    http::request::Parts as Head,
};

use super::{
    answer::{self, Body, Refused},
    body::{self, Limits, Trouble},
    brake::Brake,
    cors::Cors,
    exchange,
    ids::Ids,
    listen::Peer,
    meters::Meters,
    port::{Port, Ready, Scrape, SocketIo, Upgrade},
    route::{self, Endpoint, Found, Miss, Side},
    settings::HttpSettings,
};
use crate::{
    auth::{Auth, LoginError},
    dialect::{Reply, plain},
    domain::refusal::Refusal,
    runtime::{Clock, Tasks},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What is thrown away of a body that nobody wanted, so that the answer arrives.
const UNWANTED: Limits = Limits { bytes_max: 64 * 1024, patience: Duration::from_secs(1) };

/// What the front is built from.
pub struct Parts {
    pub settings: HttpSettings,
    pub auth: Auth,
    pub chat: Arc<dyn Port>,
    pub upgrade: Upgrade,
    pub socketio: SocketIo,
    pub ready: Ready,
    pub scrape: Scrape,
    pub meters: Arc<Meters>,
    pub clock: Clock,
    pub tasks: Tasks,
}

pub struct Front {
    pub(super) settings: HttpSettings,
    pub(super) auth: Auth,
    pub(super) chat: Arc<dyn Port>,
    pub(super) brake: Brake,
    pub(super) clock: Clock,
    pub(super) tasks: Tasks,
    pub(super) meters: Arc<Meters>,
    upgrade: Upgrade,
    socketio: SocketIo,
    ready: Ready,
    scrape: Scrape,
    cors: Cors,
    ids: Ids,
}

impl Front {
    #[must_use]
    pub fn new(parts: Parts) -> Arc<Self> {
        let Parts { settings, auth, chat, upgrade, socketio, ready, scrape, meters, clock, tasks } =
            parts;
        let brake = Brake::new(settings.failures_max, settings.failure_refill);
        let cors = Cors::new(&settings.cors_origins, settings.cors_credentials);
        let ids = Ids::new();
        Arc::new(Self {
            settings,
            auth,
            chat,
            brake,
            clock,
            tasks,
            meters,
            upgrade,
            socketio,
            ready,
            scrape,
            cors,
            ids,
        })
    }

    /// Answers one request.
    pub(super) async fn answer(
        &self,
        request: Request<Incoming>,
        (ip, side): (IpAddr, Side),
    ) -> Response<Body> {
        let began = self.clock.ticks_us();
        let id = self.ids.request(request.headers().get(REQUEST_ID));
        let peer = Peer::new(ip, request.headers(), &self.settings.trusted_proxies, id);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let origin = request.headers().get(ORIGIN).cloned();

        let found = route::find(side, method.as_str(), &path);
        let place = found.as_ref().ok().and_then(|found| route::place(found.endpoint));
        let mut response = match found {
            _ if !names_one_host(&request) => {
                self.refuse(request, &Refusal::Malformed("one `Host` header is needed".into()))
                    .await
            }
            Ok(Found { endpoint: Endpoint::Plain(plain::Endpoint::Native), .. }) => {
                (self.upgrade)(request, &peer)
            }
            Ok(Found { endpoint: Endpoint::SocketIo, .. })
                if method == Method::OPTIONS && self.cors.is_on() =>
            {
                let allow = "GET, POST, OPTIONS".to_owned();
                self.miss(Miss::Method { allow, options: true }, request).await
            }
            Ok(Found { endpoint: Endpoint::SocketIo, .. }) => {
                let answering = (self.socketio)(request, &peer);
                answering.await
            }
            Ok(found) => self.lead(found, request, (&peer, side)).await,
            Err(miss) => self.miss(miss, request).await,
        };

        let headers = response.headers_mut();
        self.cors.mark(origin.as_ref(), headers);
        if let Ok(id) = HeaderValue::from_str(&peer.request_id) {
            headers.insert(REQUEST_ID, id);
        }
        let status = response.status().as_u16();
        let us = self.clock.ticks_us().saturating_sub(began);
        self.meters.answered(place, status, us);
        if let Some(Refused(code)) = response.extensions_mut().remove() {
            self.meters.refused(code);
        }
        let Peer { ip, secure, request_id: id } = peer;
        tracing::debug!(%method, path, status, us, id, %ip, secure, "request");
        response
    }

    pub(super) fn limits(&self) -> Limits {
        Limits { bytes_max: self.settings.body_max_bytes, patience: self.settings.body_timeout }
    }

    pub(super) fn uuid(&self) -> String {
        self.ids.uuid(self.clock.now())
    }

    async fn lead(
        &self,
        found: Found,
        request: Request<Incoming>,
        (peer, side): (&Peer, Side),
    ) -> Response<Body> {
        let (head, mut body) = request.into_parts();
        let response = match found.endpoint {
            Endpoint::Sms(endpoint) => {
                let both = (&head, &mut body);
                answer::json(exchange::sms(self, endpoint, &found.parameter, both, peer).await)
            }
            Endpoint::Plain(plain::Endpoint::Metrics) => self.figures(&head, (peer, side)).await,
            Endpoint::Plain(endpoint) => self.plain(endpoint, &head, &mut body, peer).await,
            Endpoint::ClientFile => {
                let why = "the browser client is not served here; take `socket.io-client` from npm";
                answer::json(plain::say_refusal(&Refusal::NotFound(why.into())))
            }
            // Led elsewhere, because it takes the request as a whole.
            Endpoint::SocketIo => answer::json(plain::say_internal()),
        };
        finish(&head.headers, body, response).await
    }

    async fn plain(
        &self,
        endpoint: plain::Endpoint,
        head: &Head,
        body: &mut Incoming,
        peer: &Peer,
    ) -> Response<Body> {
        match endpoint {
            plain::Endpoint::Home => {
                let page = Bytes::from_static(plain::HOME.as_bytes());
                answer::whole(StatusCode::OK, "text/plain; charset=utf-8", page)
            }
            plain::Endpoint::Health => answer::json(plain::say_health()),
            plain::Endpoint::Readiness => answer::json(plain::say_readiness(&(self.ready)())),
            plain::Endpoint::Login => answer::json(self.login(&head.headers, body, peer).await),
            // Led elsewhere.
            plain::Endpoint::Native | plain::Endpoint::Metrics => {
                answer::json(plain::say_internal())
            }
        }
    }

    /// The figures, in the text format of Prometheus. Whoever reaches the listener for monitoring
    /// needs no key.
    async fn figures(&self, head: &Head, (peer, side): (&Peer, Side)) -> Response<Body> {
        const KIND: &str = "text/plain; version=0.0.4; charset=utf-8";
        if side == Side::Public
            && let Err(refusal) = exchange::service(self, &head.headers, peer, "metrics")
        {
            return answer::json(plain::say_refusal(&refusal));
        }
        match (self.scrape)().await {
            Some(text) => answer::whole(StatusCode::OK, KIND, text.into()),
            None => answer::json(plain::say_internal()),
        }
    }

    async fn login(&self, headers: &HeaderMap, body: &mut Incoming, peer: &Peer) -> Reply {
        let bytes = match body::read(headers, body, self.limits()).await {
            Ok(bytes) => bytes,
            Err(Trouble::Refused(refusal)) => return plain::say_refusal(&refusal),
            Err(Trouble::Late) => {
                return plain::say_error(408, "timeout", "the body did not arrive in time");
            }
            Err(Trouble::Broken) => {
                return plain::say_error(400, "malformed", "the body broke off");
            }
        };
        match self.try_login(&bytes, peer).await {
            Ok(reply) => reply,
            Err(LoginError::Refused(refusal)) => plain::say_refusal(&refusal),
            Err(LoginError::Fault(fault)) => {
                tracing::error!(%fault, "a login failed");
                plain::say_internal()
            }
        }
    }

    async fn try_login(&self, bytes: &[u8], peer: &Peer) -> Result<Reply, LoginError> {
        let refused = LoginError::Refused;
        let plain::Credentials { user, password } = plain::hear_login(bytes).map_err(refused)?;
        self.brake.admit(peer.ip, self.clock.now()).map_err(refused)?;
        let login = self.auth.login(&user, password).await;
        if matches!(login, Err(LoginError::Refused(Refusal::Unauthenticated(_)))) {
            self.brake.failed(peer.ip, self.clock.now()).map_err(refused)?;
        }
        let login = login?;
        let (user, role) = (login.actor.user().as_str(), login.actor.role());
        Ok(plain::say_login(&login.access, login.expires_in_s, user, role))
    }

    async fn miss(&self, miss: Miss, request: Request<Incoming>) -> Response<Body> {
        match miss {
            Miss::Malformed => {
                let why = "the path is not percent-encoded UTF-8".into();
                self.refuse(request, &Refusal::Malformed(why)).await
            }
            Miss::NotFound => {
                self.refuse(request, &Refusal::NotFound("there is nothing here".into())).await
            }
            Miss::Method { allow, options } => {
                let Ok(allow) = HeaderValue::from_str(&allow) else {
                    return answer::json(plain::say_internal());
                };
                if options {
                    let mut response = answer::nothing(ALLOW, allow.clone());
                    self.cors.preflight(request.headers(), &allow, response.headers_mut());
                    let (head, body) = request.into_parts();
                    return finish(&head.headers, body, response).await;
                }
                let mut response = self.refuse(request, &Refusal::MethodNotAllowed).await;
                response.headers_mut().insert(ALLOW, allow);
                response
            }
        }
    }

    async fn refuse(&self, request: Request<Incoming>, refusal: &Refusal) -> Response<Body> {
        let (head, body) = request.into_parts();
        finish(&head.headers, body, answer::json(plain::say_refusal(refusal))).await
    }
}

/// HTTP/1.1 demands exactly one `Host` (RFC 9112 section 3.2); hyper does not look.
fn names_one_host(request: &Request<Incoming>) -> bool {
    let hosts = request.headers().get_all(HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version() < Version::HTTP_11)
}

/// Sees to it that the connection can go on, or says that it ends.
async fn finish(
    headers: &HeaderMap,
    mut body: Incoming,
    response: Response<Body>,
) -> Response<Body> {
    // hyper hides a `Content-Length` beside `Transfer-Encoding`, the classic of request smuggling.
    // RFC 9112 section 6.1 then wants the connection closed, so every chunked request closes it.
    if headers.contains_key(TRANSFER_ENCODING) {
        if !body.is_end_stream() {
            body::discard(&mut body, UNWANTED).await;
        }
        return closing(response);
    }
    if body.is_end_stream() {
        return response;
    }
    // Reading a body that is announced by `Expect` would invite it.
    if !headers.contains_key(EXPECT) && body::discard(&mut body, UNWANTED).await {
        return response;
    }
    closing(response)
}

fn closing(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
