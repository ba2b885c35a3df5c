//! The command line of the benchmarks: a mode and a few options. It measures nothing.

use std::path::PathBuf;

use crate::{
    modes::MODES,
    rounds::Wanted,
    trouble::{Outcome, Trouble},
};

pub(crate) const USAGE: &str = "\
usage: cargo bench --bench bench -- <mode> [options]

options:
  --rounds <n>       rounds to keep; 7
  --tries <n>        rounds to run at most, void ones included; twice the rounds
  --seconds <s>      length of one subject's part of a round; 2
  --messages <n>     stored before a restart is measured; 100000
  --json <file>      write the figures as JSON, too
  --static <file>    weigh this static build, too
  --without-npm      leave the peers from npm out
  --without-parlour  measure the peers only, to try the generator

modes:";

const GENERATOR_MAX: f64 = 0.85;

/// What was asked for.
pub(crate) struct Options {
    pub(crate) mode: String,
    pub(crate) wanted: Wanted,
    pub(crate) slice_us: u64,
    pub(crate) messages: u64,
    pub(crate) json: Option<PathBuf>,
    pub(crate) static_build: Option<PathBuf>,
    pub(crate) without_npm: bool,
    pub(crate) without_parlour: bool,
}

// === impl Options ===

impl Options {
    /// Reads the words after the program's name; no mode at all means `help`.
    pub(crate) fn parse(words: &[String]) -> Outcome<Self> {
        let mut mode = None;
        let (mut rounds, mut tries, mut slice_us) = (7, None, 2_000_000);
        let mut messages = 100_000;
        let (mut json, mut static_build) = (None, None);
        let (mut without_npm, mut without_parlour) = (false, false);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || {
                let missing = || Trouble::new(format!("{word} wants a value"));
                words.next().cloned().ok_or_else(missing)
            };
            match word.as_str() {
                "--rounds" => rounds = number(word, &value()?)?,
                "--tries" => tries = Some(number(word, &value()?)?),
                "--seconds" => slice_us = number::<u64>(word, &value()?)? * 1_000_000,
                "--messages" => messages = number(word, &value()?)?,
                "--json" => json = Some(PathBuf::from(value()?)),
                "--static" => static_build = Some(PathBuf::from(value()?)),
                "--without-npm" => without_npm = true,
                "--without-parlour" => without_parlour = true,
                name if mode.is_none() && is_mode(name) => mode = Some(name.to_owned()),
                other => return Err(Trouble::new(format!("unknown word {other:?}; try help"))),
            }
        }
        let wanted =
            Wanted { rounds, tries: tries.unwrap_or(2 * rounds), generator_max: GENERATOR_MAX };
        let mode = mode.unwrap_or_else(|| "help".into());
        Ok(Self {
            mode,
            wanted,
            slice_us,
            messages,
            json,
            static_build,
            without_npm,
            without_parlour,
        })
    }
}

fn is_mode(name: &str) -> bool {
    ["help", "all", "smoke"].contains(&name) || MODES.iter().any(|(mode, ..)| *mode == name)
}

fn number<T: std::str::FromStr>(option: &str, value: &str) -> Outcome<T> {
    value.parse().map_err(|_| Trouble::new(format!("{option} wants a number, not {value:?}")))
}
