//! The promise under crash: what was acknowledged is there, once, in order, and nothing else is.

mod acknowledgement;
mod disk;
mod journal;
mod kill;
mod powercut;
mod trace;
mod writers;

/// A number from the environment, for the long variants of these tests.
fn number(name: &str, default: u64) -> u64 {
    std::env::var_os(name)
        .and_then(|value| value.to_str().and_then(|text| text.parse().ok()))
        .unwrap_or(default)
}
