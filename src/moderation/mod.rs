//! The moderation host: sandboxed plugins look at what people write. Sole folder that knows components,
//! engines and their limits; findings go out, what follows from them is decided in the domain.

mod answer;
mod counters;
mod fold;
mod manifest;
mod moderator;
mod plugin;
pub mod quality;
mod roster;
mod sandbox;
mod settings;
#[cfg(test)]
mod tests;
mod trouble;
pub mod workbench;
mod workers;

pub use moderator::Moderator;
pub use roster::PluginStatus;
pub use settings::{EngineChoice, Limits, ModerationSettings, PluginSettings};
pub use workbench::Workbench;
