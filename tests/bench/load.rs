//! Load: posts by a schedule that does not wait for the server (open loop), or as fast as a window
//! of unfinished ones allows, until every listener has heard every post. It counts and times; it
//! does not judge.

use std::collections::{HashMap, VecDeque};

use crate::{
    clock::rest_us,
    crowd::{Arrival, Crowd, What},
    stamp,
    subject::{Message, Subject},
    trouble::{Outcome, Trouble},
};

/// What is late by more than this after the last post is lost.
const PATIENCE_US: u64 = 10_000_000;

/// How posts follow each other.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// So many requests each second, whatever the server does.
    PerSecond(u64),
    /// A new one whenever fewer than this many are unfinished.
    Window(usize),
}

/// What is posted.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) pace: Pace,
    pub(crate) for_us: u64,
    /// Messages in one request.
    pub(crate) burst: usize,
    /// HTTP connections that post.
    pub(crate) posters: usize,
    /// Look at the sockets every so often instead of being woken by them: a server that writes to
    /// a sleeping receiver pays for its waking, and the slower it writes the more often.
    pub(crate) nap_us: Option<u64>,
    /// How many of the stage's rooms are posted to.
    pub(crate) rooms: usize,
    pub(crate) text_bytes: usize,
    /// What the texts are filled up with.
    pub(crate) filler: &'static str,
}

/// A server with its listeners in place.
pub(crate) struct Stage {
    pub(crate) subject: Subject,
    rooms: Vec<String>,
    audience: usize,
}

/// What came of a plan.
#[derive(Default)]
pub(crate) struct Flow {
    /// Messages posted and answered well.
    pub(crate) posted: u64,
    pub(crate) refused: u64,
    pub(crate) deliveries: u64,
    pub(crate) lost: u64,
    /// Payload bytes of all deliveries.
    pub(crate) bytes: u64,
    /// From the scheduled time to the reply, ascending.
    pub(crate) replies_us: Vec<u64>,
    /// From the scheduled time to the last listener's frame, ascending.
    pub(crate) last_us: Vec<u64>,
}

/// A message that is not yet answered and heard by all.
struct Open {
    missing: usize,
    answered: bool,
}

struct Job {
    due_us: u64,
    /// The stamps of its messages run from `due_us` on.
    messages: usize,
    request: Vec<u8>,
}

struct Run<'a> {
    crowd: &'a mut Crowd,
    stage: &'a Stage,
    plan: Plan,
    idle: Vec<usize>,
    waiting: VecDeque<Job>,
    asked: HashMap<usize, (u64, usize)>,
    open: HashMap<u64, Open>,
    last_stamp: u64,
    flow: Flow,
}

// === impl Stage ===

impl Stage {
    /// Seats `audience` listeners in each of `rooms` rooms of a server.
    pub(crate) fn open(
        crowd: &mut Crowd,
        subject: Subject,
        rooms: usize,
        audience: usize,
    ) -> Outcome<Self> {
        let rooms: Vec<String> = (0..rooms).map(|room| format!("room_{room}")).collect();
        for room in &rooms {
            for _ in 0..audience {
                crowd.listen(&subject, Some(room))?;
            }
        }
        Ok(Self { subject, rooms, audience })
    }

    /// Carries out a plan with HTTP connections of its own.
    pub(crate) fn play(&self, crowd: &mut Crowd, plan: Plan) -> Outcome<Flow> {
        let first = crowd.size();
        let mut idle = vec![];
        for _ in 0..plan.posters {
            idle.push(crowd.poster(&self.subject)?);
        }
        let mut run = Run {
            crowd,
            stage: self,
            plan,
            idle,
            waiting: VecDeque::new(),
            asked: HashMap::new(),
            open: HashMap::new(),
            last_stamp: 0,
            flow: Flow::default(),
        };
        let ended = run.run();
        let mut flow = run.flow;
        crowd.dismiss_from(first);
        ended?;
        flow.replies_us.sort_unstable();
        flow.last_us.sort_unstable();
        Ok(flow)
    }
}

// === impl Run ===

impl Run<'_> {
    fn run(&mut self) -> Outcome<()> {
        let clock = self.crowd.clock();
        let end_us = clock.now_us() + self.plan.for_us;
        let mut next_us = clock.now_us();
        let mut arrivals = Vec::with_capacity(4096);
        loop {
            let now_us = clock.now_us();
            if now_us < end_us {
                next_us = self.schedule(now_us, next_us);
            } else if self.open.is_empty() && self.waiting.is_empty() {
                return Ok(());
            } else if now_us > end_us + PATIENCE_US {
                self.count_losses();
                return Ok(());
            }
            self.dispatch(now_us)?;
            let until_us = if now_us < end_us { next_us.min(end_us) } else { end_us + PATIENCE_US };
            let wait_us = until_us.saturating_sub(clock.now_us());
            if let Some(nap_us) = self.plan.nap_us {
                rest_us(nap_us.min(wait_us));
            }
            self.crowd.hear(self.plan.nap_us.map_or(wait_us, |_| 0), &mut arrivals)?;
            for arrival in arrivals.drain(..) {
                self.take(&arrival)?;
            }
        }
    }

    /// Prepares what is due; when to look again.
    fn schedule(&mut self, now_us: u64, mut next_us: u64) -> u64 {
        match self.plan.pace {
            Pace::PerSecond(rate) => {
                while next_us <= now_us {
                    self.prepare(next_us);
                    next_us += 1_000_000 / rate.max(1);
                }
                next_us
            }
            Pace::Window(window) => {
                while self.open.len() < window {
                    self.prepare(now_us);
                }
                u64::MAX
            }
        }
    }

    /// Makes the request of one moment; its messages are open from now on.
    fn prepare(&mut self, due_us: u64) {
        let first = due_us.max(self.last_stamp + 1);
        let burst = u64::try_from(self.plan.burst).unwrap_or(1);
        self.last_stamp = first + burst - 1;
        let texts: Vec<(u64, String)> = (first..first + burst)
            .map(|at_us| (at_us, stamp::text(at_us, self.plan.text_bytes, self.plan.filler)))
            .collect();
        let rooms = &self.stage.rooms[..self.plan.rooms.min(self.stage.rooms.len())];
        let place = usize::try_from(first).unwrap_or(0);
        let messages: Vec<Message<'_>> = texts
            .iter()
            .enumerate()
            .map(|(nth, (number, text))| {
                // Bursts stay in one room; single posts go round in the order they are made.
                let turn = if burst > 1 { place } else { self.turn() + nth };
                Message { room: &rooms[turn % rooms.len()], text, number: *number }
            })
            .collect();
        let request = self.stage.subject.post(&messages);
        for (at_us, _) in &texts {
            self.open.insert(*at_us, Open { missing: self.stage.audience, answered: false });
        }
        self.waiting.push_back(Job { due_us: first, messages: texts.len(), request });
    }

    /// Which room's turn it is.
    fn turn(&self) -> usize {
        let made = self.flow.posted + self.flow.refused;
        usize::try_from(made).unwrap_or(0) + self.waiting.len() + self.asked.len()
    }

    fn dispatch(&mut self, now_us: u64) -> Outcome<()> {
        while !self.idle.is_empty()
            && self.waiting.front().is_some_and(|job| job.due_us <= now_us + 1_000)
            && let Some(job) = self.waiting.pop_front()
            && let Some(poster) = self.idle.pop()
        {
            self.crowd.send(poster, &job.request)?;
            self.asked.insert(poster, (job.due_us, job.messages));
        }
        Ok(())
    }

    fn take(&mut self, arrival: &Arrival) -> Outcome<()> {
        match arrival.what {
            What::Event { stamp, bytes } => self.take_event(stamp, bytes, arrival.at_us),
            What::Reply { status } => self.take_reply(arrival.link, status, arrival.at_us),
            What::Closed { error } => {
                let name = self.stage.subject.name();
                let how = error.map_or(String::new(), |error| format!(" ({error})"));
                return Err(Trouble::new(format!("{name} closed a connection under load{how}")));
            }
        }
        Ok(())
    }

    fn take_event(&mut self, stamp: u64, bytes: usize, at_us: u64) {
        let Some(open) = self.open.get_mut(&stamp) else { return };
        self.flow.deliveries += 1;
        self.flow.bytes += u64::try_from(bytes).unwrap_or(0);
        open.missing = open.missing.saturating_sub(1);
        if open.missing == 0 {
            self.flow.last_us.push(at_us.saturating_sub(stamp));
            if open.answered {
                self.open.remove(&stamp);
            }
        }
    }

    fn take_reply(&mut self, link: usize, status: u16, at_us: u64) {
        let Some((first, messages)) = self.asked.remove(&link) else { return };
        self.idle.push(link);
        let messages = u64::try_from(messages).unwrap_or(0);
        if status == 200 {
            self.flow.posted += messages;
            self.flow.replies_us.push(at_us.saturating_sub(first));
        } else {
            self.flow.refused += messages;
        }
        for stamp in first..first + messages {
            let Some(open) = self.open.get_mut(&stamp) else { continue };
            open.answered = true;
            if open.missing == 0 || status != 200 {
                self.open.remove(&stamp);
            }
        }
    }

    fn count_losses(&mut self) {
        let missing: usize = self.open.values().map(|open| open.missing).sum();
        self.flow.lost = u64::try_from(missing).unwrap_or(u64::MAX);
    }
}
