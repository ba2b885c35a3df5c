//! Tests of the store as a whole, on real directories that are removed afterwards.

mod backups;
mod damage;
mod formats;
mod log;
mod model;
mod queues;
mod scratch;
