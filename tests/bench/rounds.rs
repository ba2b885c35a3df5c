//! Rounds: every subject once, in an order that turns round after round (A B, B A), with the
//! processor time of each beside it, so that what disturbs the machine disturbs all alike. A round
//! that was disturbed too much is void. It knows no subject.

use crate::{
    clock::Clock,
    figures::{Estimate, estimate, ratio, real},
    load::Flow,
    machine::{Spent, spent, spent_by_all_us},
    trouble::Outcome,
};

/// More work of strangers than this share of a core voids a round.
const FOREIGN_MAX: f64 = 0.2;
/// With fewer rounds than this the void ones are better than nothing, and marked.
const ROUNDS_MIN: usize = 3;

/// How many rounds are wanted, and how many may be tried for them.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) rounds: usize,
    pub(crate) tries: usize,
    /// A generator busier than this share of its core may be what is measured.
    pub(crate) generator_max: f64,
}

/// One subject's part of a round.
pub(crate) struct Slice {
    pub(crate) flow: Flow,
    pub(crate) took_us: u64,
    pub(crate) server: Spent,
    /// Share of a core that the generator used.
    pub(crate) generator: f64,
    /// Share of a core that neither servers nor generator used.
    foreign: f64,
}

/// All rounds of a measurement.
pub(crate) struct Tally {
    rounds: Vec<Vec<Slice>>,
    pub(crate) void: usize,
    /// The median share of a core that strangers took, over all rounds.
    pub(crate) foreign: f64,
    /// Whether the figures come from void rounds, for want of others.
    pub(crate) disturbed: bool,
}

/// A measurement of processor time that has begun.
struct Watch {
    began_us: u64,
    servers: Vec<Spent>,
    own: Spent,
    all_us: u64,
}

// === impl Slice ===

impl Slice {
    fn is_void(&self, wanted: Wanted) -> bool {
        self.generator > wanted.generator_max || self.foreign > FOREIGN_MAX
    }

    /// Microseconds of the server's processor for each of `count` things.
    pub(crate) fn cost_us(&self, count: u64) -> f64 {
        ratio(real(self.server.total_us()), real(count))
    }

    /// How many of `count` things were done each second.
    pub(crate) fn per_second(&self, count: u64) -> f64 {
        ratio(real(count) * 1e6, real(self.took_us))
    }
}

// === impl Watch ===

impl Watch {
    fn begin(clock: Clock, pids: &[u32]) -> Outcome<Self> {
        Ok(Self {
            servers: pids.iter().map(|pid| spent(*pid)).collect::<Outcome<_>>()?,
            own: spent(std::process::id())?,
            all_us: spent_by_all_us()?,
            began_us: clock.now_us(),
        })
    }

    /// The slice of the subject whose process stands at `place` among the pids, if it has one.
    fn end(&self, clock: Clock, pids: &[u32], place: Option<usize>, flow: Flow) -> Outcome<Slice> {
        let now = Self::begin(clock, pids)?;
        let took_us = now.began_us - self.began_us;
        let servers: Vec<Spent> =
            now.servers.iter().zip(&self.servers).map(|(now, then)| now.since(*then)).collect();
        let own_us = now.own.since(self.own).total_us();
        let ours_us = own_us + servers.iter().map(|server| server.total_us()).sum::<u64>();
        let foreign_us = (now.all_us - self.all_us).saturating_sub(ours_us);
        Ok(Slice {
            flow,
            took_us,
            server: place.and_then(|place| servers.get(place).copied()).unwrap_or_default(),
            generator: ratio(real(own_us), real(took_us)),
            foreign: ratio(real(foreign_us), real(took_us)),
        })
    }
}

/// Runs the rounds. `pids[n]` is the process of subject n, or nothing if it is none; `run` does one
/// subject's part.
pub(crate) fn interleave(
    clock: Clock,
    wanted: Wanted,
    pids: &[Option<u32>],
    mut run: impl FnMut(usize) -> Outcome<Flow>,
) -> Outcome<Tally> {
    let (mut kept, mut void) = (vec![], vec![]);
    let known: Vec<u32> = pids.iter().flatten().copied().collect();
    while kept.len() < wanted.rounds && kept.len() + void.len() < wanted.tries {
        let mut order: Vec<usize> = (0..pids.len()).collect();
        if (kept.len() + void.len()) % 2 == 1 {
            order.reverse();
        }
        let mut round = vec![];
        for subject in order {
            let place = pids[subject].and_then(|pid| known.iter().position(|own| *own == pid));
            let watch = Watch::begin(clock, &known)?;
            let flow = run(subject)?;
            round.push((subject, watch.end(clock, &known, place, flow)?));
        }
        round.sort_by_key(|(subject, _)| *subject);
        let round: Vec<Slice> = round.into_iter().map(|(_, slice)| slice).collect();
        let side =
            if round.iter().any(|slice| slice.is_void(wanted)) { &mut void } else { &mut kept };
        side.push(round);
    }
    let count = void.len();
    let all = kept.iter().chain(&void).flatten().map(|slice| slice.foreign);
    let foreign = estimate(all).map_or(0.0, |foreign| foreign.median);
    let disturbed = kept.len() < ROUNDS_MIN.min(wanted.rounds);
    if disturbed {
        kept.append(&mut void);
    }
    Ok(Tally { rounds: kept, void: count, foreign, disturbed })
}

// === impl Tally ===

impl Tally {
    /// How many rounds the figures come from.
    pub(crate) fn used(&self) -> usize {
        self.rounds.len()
    }

    /// A figure of one subject.
    pub(crate) fn of(&self, subject: usize, figure: impl Fn(&Slice) -> f64) -> Option<Estimate> {
        estimate(self.rounds.iter().filter_map(|round| round.get(subject)).map(figure))
    }

    /// A figure of one subject divided by the same of another, round by round.
    pub(crate) fn against(
        &self,
        subject: usize,
        base: usize,
        figure: impl Fn(&Slice) -> f64,
    ) -> Option<Estimate> {
        let pairs = self
            .rounds
            .iter()
            .filter_map(|round| Some(ratio(figure(round.get(subject)?), figure(round.get(base)?))));
        estimate(pairs)
    }

    /// A figure of one subject less the same of another, round by round.
    pub(crate) fn less(
        &self,
        subject: usize,
        base: usize,
        figure: impl Fn(&Slice) -> f64,
    ) -> Option<Estimate> {
        let pairs = self
            .rounds
            .iter()
            .filter_map(|round| Some(figure(round.get(subject)?) - figure(round.get(base)?)));
        estimate(pairs)
    }

    /// All the times of one subject together, ascending.
    pub(crate) fn pooled(&self, subject: usize, times: impl Fn(&Flow) -> &[u64]) -> Vec<u64> {
        let slices = self.rounds.iter().filter_map(|round| round.get(subject));
        let mut all: Vec<u64> = slices.flat_map(|slice| times(&slice.flow)).copied().collect();
        all.sort_unstable();
        all
    }

    /// A count summed over all rounds.
    pub(crate) fn sum(&self, subject: usize, count: impl Fn(&Slice) -> u64) -> u64 {
        self.rounds.iter().filter_map(|round| round.get(subject)).map(count).sum()
    }
}
