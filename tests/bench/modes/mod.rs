//! What is measured: a file for each question. Each starts its servers, plays the same plans on
//! all of them in turning rounds and adds its figures to the report.

mod chain;
mod durable;
mod fanout;
mod idle;
mod moderation;
mod publish;
mod restart;
mod rooms;
mod size;
mod smoke;
mod socketio;
mod soundness;
mod startup;

use crate::{
    clock::Clock,
    crowd::Crowd,
    figures::{percentile, real},
    load::{Flow, Pace, Plan, Stage},
    report::Report,
    rounds::{Tally, Wanted},
    stamp::ENGLISH,
    subject::{Chain, Npm, Parlour, Subject},
    trouble::{Outcome, Trouble},
};

/// What all measurements share.
pub(crate) struct Bench {
    pub(crate) clock: Clock,
    pub(crate) wanted: Wanted,
    /// How long each subject is under load in each round.
    pub(crate) slice_us: u64,
    /// The largest number of idle sockets.
    pub(crate) sockets_max: usize,
    /// Messages stored before a restart is measured.
    pub(crate) messages: u64,
    /// A static build of Parlour to be weighed beside the dynamic one.
    pub(crate) static_build: Option<std::path::PathBuf>,
    /// Node with its packages, where there is one.
    pub(crate) npm: Option<Npm>,
    /// Why there is none, unless it was asked to do without.
    pub(crate) npm_lacks: Option<String>,
    pub(crate) without_parlour: bool,
    pub(crate) report: Report,
}

/// A server that a measurement wants.
#[derive(Clone, Copy)]
enum Role {
    Floor,
    Ws,
    SocketIo,
    Parlour(Chain),
    /// Parlour with listeners that speak Socket.IO, under this name.
    ParlourSocketIo(Chain, &'static str),
}

type Mode = fn(&mut Bench) -> Outcome<()>;

/// Every mode, in the order in which `all` runs them.
pub(crate) const MODES: [(&str, &str, Mode); 10] = [
    ("fanout", "1 post to 1,000 subscribers: processor time, throughput, bursts", fanout::run),
    ("publish", "HTTP post to the last of 1,000 subscribers: latency", publish::run),
    ("rooms", "200 rooms of 5 subscribers: processor time and latency", rooms::run),
    ("durable", "durable posts per second and their latency, beside the bare disk", durable::run),
    ("moderation", "what the plugins cost each message", moderation::run),
    ("idle", "memory of a connection that does nothing", idle::run),
    ("socketio", "Socket.IO beside npm socket.io: memory, processor time", socketio::run),
    ("startup", "process start to ready, memory at that moment", startup::run),
    ("restart", "SIGKILL to ready again, with many messages stored", restart::run),
    ("size", "bytes of the executable", size::run),
];

/// The ten seconds for CI: everything once and small; fails if something is lost, never by time.
pub(crate) const SMOKE: Mode = smoke::run;

// === impl Bench ===

impl Bench {
    /// Starts a server, unless it was left out or cannot run here.
    fn start(&mut self, role: Role) -> Outcome<Option<Subject>> {
        let lacks = match role {
            Role::Floor => {
                "floor: one thread, a blocking send() of one ready frame to each socket; no rooms, \
                 no checks, nothing stored."
            }
            Role::Ws => {
                "npm ws: version 8.23, the broadcast loop of its documentation; it stores nothing, \
                 moderates nothing, checks no key or token, numbers nothing, replays nothing."
            }
            Role::SocketIo => {
                "npm socket.io: version 4.8, rooms and `io.to(room).emit` as documented; it stores \
                 nothing, moderates nothing, checks no key or token, numbers nothing, recovers nobody."
            }
            Role::Parlour(_) | Role::ParlourSocketIo(..) => {
                "parlour: every post is checked, moderated where it says so, numbered and synced \
                 to disk before it is answered and delivered."
            }
        };
        let subject = match role {
            Role::Floor => Some(Subject::floor()?),
            Role::Ws => self.npm.as_ref().map(Subject::ws).transpose()?,
            Role::SocketIo => self.npm.as_ref().map(Subject::socket_io).transpose()?,
            Role::Parlour(_) | Role::ParlourSocketIo(..) if self.without_parlour => None,
            Role::Parlour(chain) => Some(Parlour::new(chain)?.start()?),
            Role::ParlourSocketIo(chain, name) => {
                Some(Parlour::new(chain)?.start()?.over_socket_io(name))
            }
        };
        if subject.is_some() {
            self.report.note(lacks);
        }
        Ok(subject)
    }

    /// Starts several servers and seats the same audience at each.
    fn stages(
        &mut self,
        crowd: &mut Crowd,
        roles: &[Role],
        (rooms, audience): (usize, usize),
    ) -> Outcome<Vec<Stage>> {
        let mut stages = vec![];
        for role in roles {
            if let Some(subject) = self.start(*role)? {
                // The floor knows no rooms: everybody hears everything.
                let rooms = if matches!(role, Role::Floor) { 1 } else { rooms };
                stages.push(Stage::open(crowd, subject, rooms, audience)?);
            }
        }
        Ok(stages)
    }

    /// A plan with this bench's time: single posts of 200 bytes on one connection to one room.
    fn plan(&self, pace: Pace) -> Plan {
        Plan {
            pace,
            for_us: self.slice_us,
            burst: 1,
            posters: 1,
            nap_us: None,
            rooms: 1,
            text_bytes: 200,
            filler: ENGLISH,
        }
    }

    /// Adds median and 99th percentile of all rounds' times, in milliseconds.
    fn latency_figures(
        &mut self,
        measured: &'static str,
        subject: &str,
        figure: &str,
        (tally, place): (&Tally, usize),
        times: impl Fn(&Flow) -> &[u64] + Copy,
    ) {
        let pooled = tally.pooled(place, times);
        for (share, name) in [(0.5, "p50"), (0.99, "p99")] {
            let rounds = tally.of(place, |slice| ms(percentile(times(&slice.flow), share)));
            let all = ms(percentile(&pooled, share));
            let value = rounds.map(|rounds| crate::figures::Estimate { median: all, ..rounds });
            let figure = format!("{figure} {name}, ms");
            self.report.round_figure(measured, subject, &figure, tally, value);
        }
    }

    /// Says so if messages were refused or lost; figures of such a run are worth little.
    fn admit_losses(&mut self, subject: &str, tally: &Tally, place: usize) {
        let refused = tally.sum(place, |slice| slice.flow.refused);
        let lost = tally.sum(place, |slice| slice.flow.lost);
        if refused + lost > 0 {
            self.report.note(format!(
                "{subject}: {refused} posts refused, {lost} deliveries missing after 10 s."
            ));
        }
    }
}

/// The processes of the stages, each as often as there are acts on it.
fn pids(stages: &[Stage], acts: usize) -> Vec<Option<u32>> {
    stages.iter().flat_map(|stage| vec![Some(stage.subject.pid()); acts]).collect()
}

fn ms(time_us: u64) -> f64 {
    real(time_us) / 1000.0
}

/// Fails if anything was refused or lost.
fn complete(subject: &str, flow: &Flow) -> Outcome<()> {
    if flow.refused + flow.lost > 0 || flow.posted == 0 {
        let Flow { posted, refused, lost, .. } = flow;
        return Err(Trouble::new(format!(
            "{subject}: {posted} posts answered well, {refused} refused, {lost} deliveries missing"
        )));
    }
    Ok(())
}
