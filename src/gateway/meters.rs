//! What live connections did so far, in numbers.

use crate::runtime::meters::{Counter, Refusals, Way};

/// What became of a client that came back and said where it had left off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// It goes on where it was.
    Recovered,
    /// It begins anew, for what it missed cannot be told in full.
    Fresh,
    /// It may not come back.
    Refused,
}

/// Shared by all connections and whoever reads the figures.
#[derive(Debug, Default)]
pub struct Meters {
    sent_frames: Counter,
    sent_bytes: Counter,
    reconnects: [Counter; Way::ALL.len()],
    recoveries: [[Counter; Recovery::ALL.len()]; Way::ALL.len()],
    refusals: [Refusals; Way::ALL.len()],
}

impl Recovery {
    const ALL: [Self; 3] = [Self::Recovered, Self::Fresh, Self::Refused];

    fn word(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::Fresh => "fresh",
            Self::Refused => "refused",
        }
    }
}

impl Meters {
    /// So much was written to a peer, its frames finished with these bytes.
    pub fn sent(&self, frames: usize, bytes: usize) {
        self.sent_frames.add(u64::try_from(frames).unwrap_or(u64::MAX));
        self.sent_bytes.add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// A client came back and said where it had left off.
    pub fn reconnect(&self, way: Way) {
        if let Some(count) = self.reconnects.get(way as usize) {
            count.one();
        }
    }

    /// What became of it.
    pub fn recovery(&self, way: Way, result: Recovery) {
        let of = self.recoveries.get(way as usize);
        if let Some(count) = of.and_then(|results| results.get(result as usize)) {
            count.one();
        }
    }

    /// A client was told that something was not done, with this code.
    pub fn refused(&self, way: Way, code: &str) {
        self.refusals(way).one(code);
    }

    /// How many frames and bytes were written.
    pub fn sent_so_far(&self) -> (u64, u64) {
        (self.sent_frames.get(), self.sent_bytes.get())
    }

    pub fn reconnects(&self) -> impl Iterator<Item = (Way, u64)> {
        live(&self.reconnects).map(|(way, count)| (way, count.get()))
    }

    pub fn recoveries(&self) -> impl Iterator<Item = (Way, &'static str, u64)> {
        live(&self.recoveries).flat_map(|(way, results)| {
            let results = Recovery::ALL.into_iter().zip(results);
            results.map(move |(result, count)| (way, result.word(), count.get()))
        })
    }

    pub fn refusals(&self, way: Way) -> &Refusals {
        let [http, websocket, socketio, server] = &self.refusals;
        match way {
            Way::Http => http,
            Way::WebSocket => websocket,
            Way::SocketIo => socketio,
            Way::Server => server,
        }
    }
}

/// What is counted on the ways on which live clients come.
fn live<T>(counted: &[T; Way::ALL.len()]) -> impl Iterator<Item = (Way, &T)> {
    let ways = Way::ALL.into_iter().zip(counted);
    ways.filter(|(way, _)| matches!(way, Way::WebSocket | Way::SocketIo))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recoveries_are_counted_by_way_and_result() {
        let meters = Meters::default();
        meters.reconnect(Way::SocketIo);
        for result in Recovery::ALL {
            meters.recovery(Way::SocketIo, result);
        }
        meters.recovery(Way::WebSocket, Recovery::Fresh);
        let nonzero: Vec<_> = meters.recoveries().filter(|(.., count)| *count > 0).collect();
        let expected = [
            (Way::WebSocket, "fresh", 1),
            (Way::SocketIo, "recovered", 1),
            (Way::SocketIo, "fresh", 1),
            (Way::SocketIo, "refused", 1),
        ];
        assert_eq!(nonzero, expected);
        let reconnects: Vec<_> = meters.reconnects().collect();
        assert_eq!(reconnects, [(Way::WebSocket, 0), (Way::SocketIo, 1)]);
    }
}
