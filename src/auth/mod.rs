//! Who is asking: service keys, local accounts and access tokens, and the proofs that the verbs of
//! the chat demand. Refuses to know what anybody wants to do, and every protocol.

mod accounts;
mod authority;
mod fault;
mod globs;
mod keyring;
mod password;
mod proof;
mod service_keys;
mod settings;
#[cfg(test)]
pub mod tests;
mod token;

pub use accounts::{LoginError, NewAccount};
pub use authority::{Auth, Minter};
pub use fault::Fault;
pub use proof::{Actor, Admin, Permit, Service};
pub use service_keys::base64url;
pub use settings::AuthSettings;
pub use token::Mint;
