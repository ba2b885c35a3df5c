//! The benchmarks of Parlour: a load generator on one thread, the servers it is turned on, and the
//! figures that come of it. `cargo bench --bench bench -- all` measures everything and prints a
//! table; `-- help` names the modes and the options.
//!
//! How it measures: servers are pinned to one core and the generator to another; every subject is
//! measured in every round, in an order that turns; processor time comes from /proc and is divided
//! by what the generator received; rounds in which the generator was busier than 85 % of its core, or
//! strangers took more than 20 % of one, are void and said to be. Nothing fails for being slow. On a
//! machine that others use, `chrt -r 10 cargo bench ...` (as root) keeps them from the two cores
//! while there is something to do.
//!
//! | module | holds |
//! |---|---|
//! | `modes` | what is measured, a file for each question |
//! | `load` | posts by a schedule or by a window, counted until the last listener has them |
//! | `rounds` | turning order, processor time, void rounds |
//! | `crowd`, `frames`, `http`, `stamp` | connections and their bytes |
//! | `subject` | the servers: Parlour, the floor, npm ws, npm socket.io |
//! | `options` | the command line |
//! | `figures`, `report`, `machine`, `clock`, `trouble` | numbers, tables, /proc, time, failure |

mod clock;
mod crowd;
mod figures;
mod frames;
mod http;
mod load;
mod machine;
mod modes;
mod options;
mod report;
mod rounds;
mod stamp;
mod subject;
mod trouble;

use std::{env, io::Write};

use modes::{Bench, MODES, SMOKE};
use options::Options;
use trouble::{Outcome, While};

fn main() -> Outcome<()> {
    // Cargo adds `--bench`; whoever runs all targets as tests adds nothing and gets the help.
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    if subject::serve_as_floor(&words)? {
        return Ok(());
    }
    let options = Options::parse(&words)?;
    let chosen: Vec<_> = match options.mode.as_str() {
        "help" => return print_help(),
        "smoke" => vec![("smoke", "", SMOKE)],
        "all" => MODES.to_vec(),
        mode => MODES.into_iter().filter(|(name, ..)| *name == mode).collect(),
    };
    let mut bench = prepare(&options)?;
    for (name, _, run) in chosen {
        say(&format!("{name} ..."))?;
        run(&mut bench).doing(name)?;
    }
    bench.report.print()?;
    options.json.as_deref().map_or(Ok(()), |path| bench.report.write(path))
}

fn prepare(options: &Options) -> Outcome<Bench> {
    let cores = machine::cores()?;
    machine::pin(cores.generator)?;
    let files = machine::lift_file_limit();
    let mut report = report::Report::default();
    report.note(format!(
        "server on core {}, generator on core {}; {files} files may be open.",
        cores.server, cores.generator
    ));
    if cores.server == cores.generator {
        report.note("there is one core only: server and generator disturb each other.");
    }
    if cfg!(debug_assertions) {
        report.note("this is a debug build: the figures mean nothing.");
    }
    let npm = match options.without_npm.then(|| trouble::Trouble::new("left out as asked")) {
        Some(asked) => Err(asked),
        None => subject::Npm::ready(),
    };
    if let Err(why) = &npm {
        report.note(format!("npm ws and npm socket.io were not measured: {why}."));
    }
    Ok(Bench {
        clock: clock::Clock::start(),
        wanted: options.wanted,
        slice_us: options.slice_us,
        // Server and generator each hold one end, and some files more.
        sockets_max: usize::try_from(files.saturating_sub(500)).unwrap_or(usize::MAX),
        messages: options.messages,
        static_build: options.static_build.clone(),
        npm_lacks: npm.as_ref().err().filter(|_| !options.without_npm).map(ToString::to_string),
        npm: npm.ok(),
        without_parlour: options.without_parlour,
        report,
    })
}

fn print_help() -> Outcome<()> {
    say(options::USAGE)?;
    for (name, meaning, _) in MODES {
        say(&format!("  {name:<12}{meaning}"))?;
    }
    say(&format!("  {:<12}all of these", "all"))?;
    say(&format!("  {:<12}ten seconds for CI: fails when something is lost", "smoke"))
}

/// A line for the person who waits, apart from the report.
fn say(line: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stderr(), "{line}")?)
}
