//! One client's Socket.IO session: from packets to work and from its results to packets, one thing after
//! another. Knows no transport.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::{
    Hall,
    connect::{Connected, Knock, Recovered, feed},
    namespace::{Namespace, Wish},
    pid::Pid,
    queue::{Queue, RUN_MAX, Task},
    run::{Answer, Call, Ran, Run, Seat, operate, remembered},
};
use crate::{
    dialect::plain,
    domain::refusal::Refusal,
    gateway::{
        connection::Rest,
        engine::{Upper, UpperOutput},
        pace::Pace,
        port::{Chat, Failure, Identity as _},
    },
    hub::{Closing, Listener, Outbox},
    wire::{
        Fifo,
        engineio::{Closed, Message},
        socketio::{
            Ask, ConnectAnswer, Credentials, Output, Packet, PacketType, Parser, Session, Settings,
        },
    },
};

type Future<T> = Pin<Box<dyn std::future::Future<Output = T> + Send>>;

/// See the module.
pub(in crate::gateway) struct SocketIo<C: Chat> {
    hall: Arc<Hall<C>>,
    /// What came with the first request, for clients that bring no token when they join.
    token: Option<Box<str>>,
    outbox: Arc<Outbox>,
    session: Session,
    places: Vec<Place<C>>,
    queue: Queue,
    work: Option<Work<C>>,
    outputs: Fifo<UpperOutput>,
    pace: Pace,
    /// What remains to be done when the session is over.
    last_will: Option<Rest>,
    /// The server ends the session once what is being done is done.
    parting: bool,
    /// The client broke the protocol.
    malformed: bool,
    over: bool,
}

/// A namespace that the client is in.
struct Place<C: Chat> {
    namespace: Namespace,
    actor: Arc<C::Actor>,
    pid: Option<Pid>,
    seats: Vec<Seat<C>>,
    expires_at: Option<u64>,
    /// When the store is to be told that the session lives; never if it cannot be recovered.
    keep_at: Option<u64>,
}

/// What is being done.
enum Work<C: Chat> {
    Connect(Namespace, Future<Result<Connected<C>, Failure>>),
    Feed(Namespace, Future<Result<Vec<Seat<C>>, Failure>>),
    Run(Namespace, Future<Ran<C>>),
    /// It is finished even if the client does not wait for it.
    Operate(Namespace, Future<Answer>),
    Keep(Namespace, Future<Option<u64>>),
}

impl<C: Chat> SocketIo<C> {
    pub(super) fn new(hall: Arc<Hall<C>>, token: Option<String>, outbox: Arc<Outbox>) -> Self {
        let connect_timeout_ms = hall.settings.connect_timeout_ms;
        let settings = Settings { connect_timeout_ms, ..Settings::default() };
        let session = Session::new(settings, hall.clock.now().0);
        Self {
            hall,
            token: token.map(String::into_boxed_str),
            outbox,
            session,
            places: Vec::new(),
            queue: Queue::default(),
            work: None,
            outputs: Fifo::default(),
            pace: Pace::default(),
            last_will: None,
            parting: false,
            malformed: false,
            over: false,
        }
    }

    /// Takes what the wire session says, and begins the next thing if nothing is being done.
    fn go_on(&mut self, now: u64) {
        loop {
            while let Some(output) = self.session.poll_output() {
                match output {
                    Output::Send(messages) => self.outputs.push(UpperOutput::Send(messages)),
                    Output::Close => self.outputs.push(UpperOutput::Close),
                    Output::Ask(ask) => self.ask(now, ask),
                }
            }
            if !self.is_free() {
                return;
            }
            let Some(task) = self.queue.pop() else { return };
            self.begin(task);
        }
    }

    /// Whether the next thing may be done: its answer must find a client that reads.
    fn is_free(&self) -> bool {
        self.work.is_none()
            && !self.parting
            && !self.over
            && (self.outbox.closing().is_some()
                || self.outbox.bytes() <= self.outbox.bytes_max() / 2)
    }

    /// Takes note of what the client wants.
    fn ask(&mut self, now: u64, ask: Ask) {
        match ask {
            Ask::Connect { namespace, auth } => {
                if let Err(refusal) = self.admit(now) {
                    return self.turn_away(&namespace, &refusal.into());
                }
                let bytes = namespace.len() + auth.as_ref().map_or(0, String::len);
                self.queue.push(bytes, Task::Connect { namespace, auth });
            }
            Ask::Event { namespace, data, id, .. } => {
                let Some(namespace) = Namespace::named(&namespace) else { return };
                let wish = match self.admit(now) {
                    Ok(()) => namespace.wish(&data),
                    Err(refusal) => Err(refusal.into()),
                };
                let task = match wish {
                    Ok(Wish::Operation(operation)) => Task::Operate { namespace, id, operation },
                    Ok(Wish::Hear(wish)) => Task::Hear(namespace, Call { id, wish: Ok(wish) }),
                    Err(trouble) => Task::Hear(namespace, Call { id, wish: Err(trouble) }),
                };
                self.queue.push(data.len(), task);
            }
            // We ask for none.
            Ask::Ack { .. } => {}
            Ask::Left { namespace } => self.queue.push(namespace.len(), Task::Left(namespace)),
        }
    }

    fn admit(&mut self, now: u64) -> Result<(), Refusal> {
        let settings = &self.hall.settings;
        let (rate, burst) = (settings.operations_per_second_max, settings.operations_burst_max);
        let admitted = self.pace.admit(now, rate, burst);
        admitted.map_err(|retry_after_ms| Refusal::RateLimited { retry_after_ms })
    }

    fn begin(&mut self, task: Task) {
        match task {
            Task::Connect { namespace, auth } => self.knock(&namespace, auth.as_deref()),
            Task::Hear(namespace, first) => self.run(namespace, first),
            Task::Operate { namespace, id, operation } => {
                let hall = self.hall.clone();
                let Some(place) = self.place(namespace) else { return };
                let actor = place.actor.clone();
                let work = operate(hall, namespace, actor, (id, operation));
                self.work = Some(Work::Operate(namespace, Box::pin(work)));
            }
            Task::Left(name) => {
                let at = self.places.iter().position(|place| place.namespace.name() == name);
                if let Some(at) = at
                    && let Some(pid) = self.places.swap_remove(at).pid
                {
                    // It left for good.
                    self.forget(pid);
                }
            }
        }
    }

    fn knock(&mut self, name: &str, auth: Option<&str>) {
        let Some(namespace) = Namespace::named(name) else {
            let answer = ConnectAnswer::Refused { message: "Invalid namespace", data: None };
            return self.session.connect(name, answer);
        };
        let mut credentials = Credentials::read(auth);
        credentials.token = credentials.token.or_else(|| self.token.as_deref().map(str::to_owned));
        let recovery = self.recovers(namespace);
        let listener = self.listener(namespace);
        let knock = Knock { hall: self.hall.clone(), namespace, credentials, listener, recovery };
        self.work = Some(Work::Connect(namespace, Box::pin(knock.answer())));
    }

    /// Takes what follows in the same namespace along.
    fn run(&mut self, namespace: Namespace, first: Call) {
        let mut calls = vec![first];
        while calls.len() < RUN_MAX
            && let Some(call) = self.queue.pop_hearing(namespace)
        {
            calls.push(call);
        }
        let listener = self.listener(namespace);
        let hall = self.hall.clone();
        let Some(place) = self.place(namespace) else { return };
        let seats = std::mem::take(&mut place.seats);
        let (actor, pid) = (place.actor.clone(), place.pid);
        let run = Run { hall, namespace, actor, pid, seats, calls, listener };
        self.work = Some(Work::Run(namespace, Box::pin(run.run())));
    }

    fn connected(&mut self, namespace: Namespace, outcome: Result<Connected<C>, Failure>) {
        let name = namespace.name();
        let connected = match outcome {
            // It has left already, and may want to join anew.
            outcome if self.queue.leaves(namespace) => {
                if let Some(pid) = outcome.ok().and_then(|connected| connected.pid) {
                    self.forget(pid);
                }
                return;
            }
            Ok(connected) => connected,
            Err(failure) => return self.turn_away(name, &failure),
        };
        let Connected { actor, pid, kept_at, recovered } = connected;
        let Some(public) = pid.or_else(Pid::random) else {
            let message = "the server has no randomness";
            return self.session.connect(name, ConnectAnswer::Refused { message, data: None });
        };
        // Before what was missed, so that a client which is cut off again knows how far it came.
        let (sid, secret) = (public.sid(), pid.as_ref().map(Pid::text));
        self.session.connect(name, ConnectAnswer::Joined { sid, pid: secret });
        let expires_at = actor.expires_at().map(|at| at.0);
        let keep_at = pid.map(|_| self.keep_after(kept_at));
        if let Some(Recovered { rooms, seam }) = recovered {
            let feed = feed(self.hall.clone(), rooms, seam);
            self.work = Some(Work::Feed(namespace, Box::pin(feed)));
        }
        let place = Place { namespace, actor, pid, seats: Vec::new(), expires_at, keep_at };
        self.places.reserve_exact(1);
        self.places.push(place);
    }

    fn ran(&mut self, namespace: Namespace, ran: Ran<C>) {
        let Ran { seats, answers, kept_at } = ran;
        let keep_at = kept_at.map(|at| self.keep_after(at));
        let Some(place) = self.place(namespace) else { return };
        place.seats = seats;
        place.keep_at = keep_at.or(place.keep_at);
        for answer in answers {
            self.answer(namespace, answer);
        }
    }

    fn answer(&mut self, namespace: Namespace, Answer { id, json }: Answer) {
        let Some(id) = id else { return };
        let data = format!("[{json}]");
        self.session.deliver(&Packet::new(PacketType::Ack, namespace.name(), Some(id), data));
    }

    fn turn_away(&mut self, name: &str, failure: &Failure) {
        self.hall.refused(failure.code());
        let (message, data) = match failure {
            Failure::Refused(refusal) => (refusal.to_string(), plain::error(refusal)),
            Failure::Fault => {
                ("something went wrong on the server".into(), plain::internal_error())
            }
        };
        let answer = ConnectAnswer::Refused { message: &message, data: Some(&data) };
        self.session.connect(name, answer);
    }

    /// A session is over for good, unless another connection goes on with it.
    fn forget(&self, pid: Pid) {
        if self.hall.gone(pid, &self.outbox) {
            self.hall.chat.forget(pid.text());
        }
    }

    /// Ends the session, unless something is being done that is to be answered.
    fn part(&mut self) {
        if !matches!(self.work, Some(Work::Run(..) | Work::Operate(..))) {
            // Without a `DISCONNECT`: after that a client would stay away.
            self.outputs.push(UpperOutput::Close);
        }
    }

    /// What was being fed broke off: as for the store, nothing has changed, so that the client comes back
    /// and begins where it got to.
    fn broken_off(&mut self, namespace: Namespace) {
        if let Some(pid) = self.place(namespace).and_then(|place| place.pid.take()) {
            self.hall.gone(pid, &self.outbox);
        }
        self.queue.clear();
        self.parting = true;
    }

    /// Tells the store of sessions that it was not told of for long, so that it does not forget them.
    fn keep(&mut self, now: u64) {
        let due = |place: &&Place<C>| place.keep_at.is_some_and(|at| now >= at);
        let Some(place) = self.places.iter().find(due) else { return };
        let Some(pid) = place.pid else { return };
        let (namespace, hall) = (place.namespace, self.hall.clone());
        let session = remembered(&hall, namespace, &*place.actor, &place.seats);
        let keep = async move {
            hall.chat.remember(pid.text(), &session).await.ok()?;
            Some(session.at.0)
        };
        self.work = Some(Work::Keep(namespace, Box::pin(keep)));
    }

    fn keep_after(&self, kept_at: u64) -> u64 {
        kept_at.saturating_add(self.hall.settings.recovery_window_ms / 4)
    }

    fn recovers(&self, namespace: Namespace) -> bool {
        self.hall.settings.recovery.iter().any(|name| name == namespace.name())
    }

    fn listener(&self, namespace: Namespace) -> Listener {
        let parser = self.session.parser(namespace.name()).unwrap_or(Parser::Text);
        let flavour = namespace.flavour(parser, self.recovers(namespace));
        Listener { outbox: self.outbox.clone(), flavour }
    }

    fn place(&mut self, namespace: Namespace) -> Option<&mut Place<C>> {
        self.places.iter_mut().find(|place| place.namespace == namespace)
    }
}

// Nothing in it is pinned in place.
impl<C: Chat> Unpin for SocketIo<C> {}

impl<C: Chat> Upper for SocketIo<C> {
    fn hear(&mut self, now: u64, message: Message) {
        self.session.receive(message);
        self.malformed |= self.session.is_closed();
        self.go_on(now);
    }

    fn is_working(&self) -> bool {
        self.work.is_some() || !self.queue.is_empty()
    }

    fn work(&mut self, cx: &mut Context<'_>, now: u64) -> bool {
        let Some(work) = &mut self.work else {
            // Only the client's reading was waited for.
            let goes_on = !self.queue.is_empty() && self.is_free();
            if goes_on {
                self.go_on(now);
            }
            return goes_on;
        };
        macro_rules! ready {
            ($future:expr) => {
                match $future.as_mut().poll(cx) {
                    Poll::Ready(outcome) => outcome,
                    Poll::Pending => return false,
                }
            };
        }
        match work {
            Work::Connect(namespace, future) => {
                let (namespace, outcome) = (*namespace, ready!(future));
                self.work = None;
                self.connected(namespace, outcome);
            }
            Work::Feed(namespace, future) => {
                let (namespace, outcome) = (*namespace, ready!(future));
                self.work = None;
                match outcome {
                    Ok(seats) => {
                        if let Some(place) = self.place(namespace) {
                            place.seats = seats;
                        }
                    }
                    Err(_) => self.broken_off(namespace),
                }
            }
            Work::Run(namespace, future) => {
                let (namespace, ran) = (*namespace, ready!(future));
                self.work = None;
                self.ran(namespace, ran);
            }
            Work::Operate(namespace, future) => {
                let (namespace, answer) = (*namespace, ready!(future));
                self.work = None;
                self.answer(namespace, answer);
            }
            Work::Keep(namespace, future) => {
                let (namespace, kept_at) = (*namespace, ready!(future));
                self.work = None;
                let keep_at = self.keep_after(kept_at.unwrap_or(now));
                if let Some(place) = self.place(namespace) {
                    place.keep_at = Some(keep_at);
                }
            }
        }
        self.go_on(now);
        if self.parting {
            self.part();
        }
        true
    }

    fn is_busy(&self) -> bool {
        self.queue.is_full()
    }

    fn deadline(&self) -> Option<u64> {
        let idle = self.work.is_none();
        let keep = self.places.iter().filter_map(|place| place.keep_at).filter(|_| idle);
        let end = self.places.iter().filter_map(|place| place.expires_at);
        self.session.deadline().into_iter().chain(keep).chain(end).min()
    }

    fn elapse(&mut self, now: u64) {
        self.session.elapse(now);
        let mut expired = false;
        for place in &mut self.places {
            expired |= place.expires_at.take_if(|at| now >= *at).is_some();
        }
        if expired {
            // It comes back with a new token or is told that it needs one.
            self.outputs.push(UpperOutput::Close);
        }
        if self.work.is_none() {
            self.keep(now);
        }
        self.go_on(now);
    }

    fn output(&mut self) -> Option<UpperOutput> {
        self.outputs.pop()
    }

    fn bye(&mut self, _why: Closing) {
        self.queue.clear();
        self.parting = true;
        self.part();
    }

    fn ended(&mut self, why: Closed) {
        self.over = true;
        // What was being done to the seats is known to the store, or was not promised.
        let running = match &self.work {
            Some(Work::Run(namespace, _) | Work::Feed(namespace, _)) => Some(*namespace),
            _ => None,
        };
        let mut wills = Vec::new();
        for place in std::mem::take(&mut self.places) {
            let Some(pid) = place.pid.filter(|pid| self.hall.gone(*pid, &self.outbox)) else {
                continue;
            };
            let nothing = place.seats.is_empty() && running != Some(place.namespace);
            if why == Closed::ParseError || self.malformed || nothing {
                self.hall.chat.forget(pid.text());
            } else if running != Some(place.namespace) {
                let session = remembered(&self.hall, place.namespace, &*place.actor, &place.seats);
                wills.push((pid, session));
            }
        }
        let operation = match self.work.take() {
            Some(Work::Operate(_, operation)) => Some(operation),
            _ => None,
        };
        self.queue.clear();
        let hall = self.hall.clone();
        if !wills.is_empty() || operation.is_some() {
            self.last_will = Some(Box::pin(async move {
                for (pid, session) in wills {
                    // The window begins anew with the end of the connection; a failure is logged. If
                    // the session goes on already, that connection knows more of it.
                    if !hall.is_live(pid) {
                        let _ = hall.chat.remember(pid.text(), &session).await;
                    }
                }
                if let Some(operation) = operation {
                    // What it stored is to be told to the others.
                    operation.await;
                }
            }));
        }
    }

    fn hand_over(&mut self) -> Option<Rest> {
        self.last_will.take()
    }
}
