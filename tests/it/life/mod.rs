//! The program's life: first and second start, configuration, signals, systemd, trouble with its disk,
//! backups, monitoring, and the smaller commands.

mod backup;
mod commands;
mod configuration;
mod exposition;
mod full;
mod monitoring;
mod signals;
mod start;
mod systemd;
mod trouble;
