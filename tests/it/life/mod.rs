//! The program's life: first and second start, configuration, signals, systemd, trouble with its disk,
//! backups, and the smaller commands.

mod backup;
mod commands;
mod configuration;
mod full;
mod signals;
mod start;
mod systemd;
mod trouble;
