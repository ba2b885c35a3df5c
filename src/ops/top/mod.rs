//! `parlour top`: the figures of the running server as a table that is drawn again and again. Asks over
//! the control socket; measures nothing itself.

mod figures;
mod frame;
mod screen;

use std::{path::Path, time::Duration};

use serde_json::Value;

use self::{figures::Figures, frame::Frame, screen::Screen};
use super::{
    cli::Exit,
    control::{Client, Request},
    signals::Signals,
    steward::NO_SERVER,
};
use crate::runtime::{Clock, blocking};

type Trouble = Box<dyn std::error::Error>;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Top {
    /// One frame, then the end.
    pub once: bool,
    /// How long rates are taken over, and how long a frame stands.
    pub interval: Duration,
    pub json: bool,
}

/// Draws until it is told to end, or once.
///
/// # Errors
/// No server runs, or it does not answer.
pub fn run(top: Top, data_dir: &Path, clock: &Clock) -> Result<Exit, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let mut signals = Signals::take()?;
        // Dropped at every end, so that the terminal is as it was.
        let mut screen = Screen::open(top.json || top.once);
        tokio::select! {
            _ = signals.next() => Ok(Exit::Done),
            ended = draw(top, data_dir, clock, &mut screen) => ended,
        }
    });
    // A question that is still waiting for its answer must not hold up the end.
    runtime.shutdown_background();
    ended
}

async fn draw(
    top: Top,
    data_dir: &Path,
    clock: &Clock,
    screen: &mut Screen,
) -> Result<Exit, Trouble> {
    let mut before: Option<(u64, Figures)> = None;
    loop {
        let now = match ask(data_dir).await? {
            Some(answer) => Some((clock.ticks_us(), Figures(answer))),
            // It may be on its way up again.
            None if screen.is_terminal() && before.is_some() => None,
            None => return Err(NO_SERVER.into()),
        };
        let frame = match (&before, &now) {
            (Some((then, old)), Some((at, new))) if old.same_run(new) => {
                Some(Frame::between(old, new, at.saturating_sub(*then)))
            }
            _ => None,
        };
        let text = match &frame {
            Some(frame) if top.json => serde_json::to_string(frame)? + "\n",
            Some(frame) => frame.to_string(),
            None if now.is_some() => "measuring ...\n".to_owned(),
            None => format!("{NO_SERVER}\n"),
        };
        if (frame.is_some() || screen.is_terminal()) && screen.show(&text).is_err() {
            // Whoever read has gone.
            return Ok(Exit::Done);
        }
        if top.once && frame.is_some() {
            return Ok(Exit::Done);
        }
        before = now.or(before);
        tokio::time::sleep(top.interval).await;
    }
}

/// The server's figures; `None` if none runs.
async fn ask(data_dir: &Path) -> Result<Option<Value>, Trouble> {
    let data_dir = data_dir.to_owned();
    let asked = blocking(move || match Client::connect(&data_dir) {
        Ok(Some(mut client)) => client.ask(&Request::Metrics).map(Some),
        Ok(None) => Ok(None),
        Err(fault) => Err(fault),
    });
    match asked.await {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(fault)) => Err(fault.to_string().into()),
        None => Err("asking the server broke off".into()),
    }
}
