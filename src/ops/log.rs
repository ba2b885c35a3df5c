//! Where log lines go and in which form. Knows no line; that no text of a message and no token gets
//! into one is the duty of those who write them.
//!
//! On a terminal lines are for people, with colours. Under systemd (`JOURNAL_STREAM` names our very
//! stderr, systemd.exec(5)) they are for people too, without a time, since the journal has its own,
//! and begin with `<N>` (sd-daemon(3)), so that `journalctl -p warning` works. Everywhere else each
//! line is a JSON object, for collectors.

use std::{
    fmt,
    io::{self, IsTerminal as _, Write},
    os::fd::AsFd,
};

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    fmt::{MakeWriter, layer},
    layer::SubscriberExt as _,
    reload,
    util::SubscriberInitExt as _,
};

use super::{
    config::{Environment, LogFormat},
    nearest::suggestion,
};

/// The running log; keeps the means to change its level.
#[derive(Clone, Debug)]
pub struct Logs {
    filter: reload::Handle<EnvFilter, Registry>,
}

/// Why logging could not be set up or changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Terminal { colours: bool },
    Journal,
    Json { priorities: bool },
}

/// Starts logging to standard error. Called once, by main.
///
/// # Errors
/// A filter that cannot be read, or logging that was started before.
pub fn start(filter: &str, format: LogFormat, environment: &Environment) -> Result<Logs, Fault> {
    let (filter, handle) = reload::Layer::new(parse(filter)?);
    let lines: Box<dyn Layer<_> + Send + Sync> = match form(format, environment) {
        Form::Terminal { colours } => layer().with_ansi(colours).with_writer(io::stderr).boxed(),
        Form::Journal => layer()
            .with_ansi(false)
            .without_time()
            .with_level(false)
            .with_writer(Priorities)
            .boxed(),
        Form::Json { priorities: true } => {
            layer().json().flatten_event(true).with_writer(Priorities).boxed()
        }
        Form::Json { priorities: false } => {
            layer().json().flatten_event(true).with_writer(io::stderr).boxed()
        }
    };
    let registry = tracing_subscriber::registry().with(filter).with(lines);
    registry.try_init().map_err(|error| Fault(error.to_string()))?;
    Ok(Logs { filter: handle })
}

/// Whether a filter can be read: `level` or `part=level`, with commas between.
///
/// # Errors
/// The rest of a sentence that begins with the key's name.
pub fn check_filter(text: &str) -> Result<(), String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    for part in text.split(',').map(str::trim) {
        let (target, level) = part.rsplit_once('=').unwrap_or(("parlour", part));
        if !LEVELS.contains(&level.to_lowercase().as_str()) {
            let hint = suggestion(level, LEVELS);
            return Err(format!(
                "has `{}`, which is not one of error, warn, info, debug, trace, off{hint}",
                level.escape_debug()
            ));
        }
        if target.is_empty() {
            return Err(format!("has `{}`, which names no part", part.escape_debug()));
        }
    }
    EnvFilter::builder().parse(text).map(drop).map_err(|error| format!("cannot be read: {error}"))
}

// === impl Logs ===

impl Logs {
    /// Changes what is logged from now on.
    ///
    /// # Errors
    /// A filter that cannot be read; the old one stays.
    pub fn set_filter(&self, filter: &str) -> Result<(), Fault> {
        let filter = parse(filter)?;
        self.filter.reload(filter).map_err(|error| Fault(error.to_string()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "logging: {}", self.0)
    }
}

impl std::error::Error for Fault {}

fn parse(filter: &str) -> Result<EnvFilter, Fault> {
    check_filter(filter).map_err(|said| Fault(format!("the filter {said}")))?;
    EnvFilter::builder().parse(filter).map_err(|error| Fault(error.to_string()))
}

/// Whether standard output is the journal's stream: then what is printed there is kept and read by
/// others. Children of a service inherit `JOURNAL_STREAM` along with quite another output, so the
/// variable alone says nothing.
#[must_use]
pub fn stdout_is_journal(environment: &Environment) -> bool {
    environment.journal_stream.is_some_and(|stream| is_stream(io::stdout(), stream))
}

fn form(format: LogFormat, environment: &Environment) -> Form {
    let journal = environment.journal_stream.is_some_and(|stream| is_stream(io::stderr(), stream));
    let terminal = io::stderr().is_terminal();
    let colours = terminal && !environment.no_color;
    match format {
        LogFormat::Human | LogFormat::Auto if journal => Form::Journal,
        LogFormat::Human => Form::Terminal { colours },
        LogFormat::Auto if terminal => Form::Terminal { colours },
        LogFormat::Auto | LogFormat::Json => Form::Json { priorities: journal },
    }
}

/// Whether an output still is the stream that the journal was given; it may have been redirected.
fn is_stream(output: impl AsFd, (device, inode): (u64, u64)) -> bool {
    rustix::fs::fstat(output).is_ok_and(|stat| stat.st_dev == device && stat.st_ino == inode)
}

/// Standard error with the journal's priority before each line.
struct Priorities;

struct Line {
    priority: u8,
}

impl<'a> MakeWriter<'a> for Priorities {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { priority: 6 }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line {
        Line { priority: priority(*meta.level()) }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(&prefixed(self.priority, bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// The priorities of syslog(3).
fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}

/// One event as one line: a line break within it would become an entry of its own, without priority.
fn prefixed(priority: u8, bytes: &[u8]) -> Vec<u8> {
    let mut line = format!("<{priority}>").into_bytes();
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    line.extend(body.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }));
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(filter: &str, want: Result<(), &str>) {
        assert_eq!(check_filter(filter), want.map_err(str::to_owned));
    }

    #[test]
    fn filters_are_levels() {
        check("info", Ok(()));
        check("warn,parlour::moderation=debug", Ok(()));
        check("INFO", Ok(()));
        check(
            "inof",
            Err(
                "has `inof`, which is not one of error, warn, info, debug, trace, off; did you mean \
                 `info`?",
            ),
        );
        check("=info", Err("has `=info`, which names no part"));
        assert!(check_filter("").is_err());
        assert!(check_filter("parlour=loud").is_err());
    }

    #[test]
    fn the_journal_gets_one_line_with_its_priority() {
        assert_eq!(prefixed(4, b"a\nb\n"), b"<4>a b\n");
        assert_eq!(priority(Level::ERROR), 3);
        assert_eq!(priority(Level::TRACE), 7);
    }

    #[test]
    fn another_stream_is_not_the_journals() {
        assert!(!is_stream(io::stderr(), (0, 0)));
        let own = rustix::fs::fstat(io::stderr()).unwrap();
        assert!(is_stream(io::stderr(), (own.st_dev, own.st_ino)));
        let environment = Environment { journal_stream: Some((0, 0)), ..Environment::default() };
        assert!(!stdout_is_journal(&environment));
        assert_eq!(form(LogFormat::Json, &environment), Form::Json { priorities: false });
    }
}
