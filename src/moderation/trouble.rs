//! What can go wrong with a plugin, in kinds for counters and sentences for people. Knows no engine.

use std::fmt;

/// Why a plugin did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TroubleKind {
    /// The file cannot be read, is no plugin or asks for what plugins may not have.
    File,
    /// It speaks another version of the interface.
    Api,
    Instantiate,
    /// It rejects its configuration.
    Configure,
    /// Its own samples do not come out as its manifest says.
    Samples,
    Trap,
    Fuel,
    Deadline,
    Memory,
    Stack,
    /// It returned more or other things than allowed.
    Output,
    /// It returned bytes that are not what they are declared to be.
    Decode,
    /// A span out of range or within a character.
    Span,
    /// It said itself that it cannot judge.
    Guest,
    /// A defect of the host while it ran.
    Host,
}

impl TroubleKind {
    /// The stable word for metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Api => "api",
            Self::Instantiate => "instantiate",
            Self::Configure => "configure",
            Self::Samples => "samples",
            Self::Trap => "trap",
            Self::Fuel => "fuel",
            Self::Deadline => "deadline",
            Self::Memory => "memory",
            Self::Stack => "stack",
            Self::Output => "output",
            Self::Decode => "decode",
            Self::Span => "span",
            Self::Guest => "guest",
            Self::Host => "host",
        }
    }
}

/// One trouble with its sentence, which is for the administrator and quotes no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub kind: TroubleKind,
    pub sentence: String,
}

impl Trouble {
    pub fn new(kind: TroubleKind, sentence: impl Into<String>) -> Self {
        Self { kind, sentence: sentence.into() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// What a plugin wrote, made fit for one line of a sentence.
pub fn quoted(text: &str) -> String {
    const MAX_CHARS: usize = 80;
    let mut line: String =
        text.chars().take(MAX_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        line.push('…');
    }
    line
}
