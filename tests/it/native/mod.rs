//! The native protocol from outside: handshake, operations, order, tokens, and clients that misbehave.

mod frames;
mod handshake;
mod keys;
mod operations;
mod pressure;
mod refusals;
mod seam;
mod tokens;
mod transcripts;
