//! The generator tried on itself before it judges servers: stamps, frames, heads and figures come
//! back as they went in. It needs no server.

use crate::{
    figures::{estimate, percentile, slope},
    frames, http, stamp,
    trouble::{Outcome, Trouble},
};

pub(super) fn run() -> Outcome<()> {
    for (at_us, bytes) in [(0, 16), (1, 17), (0x0123_4567_89ab, 200), (999_999_999, 2_000)] {
        for filler in [stamp::ENGLISH, stamp::RUSSIAN] {
            let text = stamp::text(at_us, bytes, filler);
            check("length of a text", text.len(), bytes)?;
            check("stamp of a text", stamp::find(text.as_bytes()), Some(at_us))?;
        }
    }
    check("no stamp", stamp::find(b"~Tnothing of the kind"), None)?;
    for length in [0, 125, 126, 65_535, 65_536] {
        let frame = frames::of_server(frames::TEXT, &vec![b'x'; length]);
        let read = frames::first(&frame).map(|read| (read.opcode, read.payload.len(), read.length));
        check("a frame", read, Some((frames::TEXT, length, frame.len())))?;
        let cut = &frame[..frame.len() - 1];
        check("half a frame", frames::first(cut).map(|read| read.length), None)?;
    }
    let reply = b"HTTP/1.1 422 No\r\nContent-Length: 7\r\n\r\n{}";
    let head = http::head(reply).map(|head| (head.status(), head.length, head.body));
    check("a head", head, Some((422, reply.len() - 2, 7)))?;
    check("half a head", http::head(&reply[..20]).map(|head| head.length), None)?;
    check(
        "median",
        estimate([3.0, 1.0, 2.0]).map(|of| of.median.to_bits()),
        Some(2_f64.to_bits()),
    )?;
    check("percentile", percentile(&[10, 20, 30, 40], 0.99), 40)?;
    check("percentile of nothing", percentile(&[], 0.5), 0)?;
    check("slope", slope(&[(1.0, 5.0), (2.0, 7.0), (3.0, 9.0)]).to_bits(), 2_f64.to_bits())
}

fn check<T: Copy + PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Outcome<()> {
    if got == expected {
        return Ok(());
    }
    Err(Trouble::new(format!("the generator is wrong: {what} is {got:?}, not {expected:?}")))
}
