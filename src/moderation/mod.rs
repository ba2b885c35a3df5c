//! The moderation host: sandboxed plugins look at what people write. Sole folder that knows components,
//! engines and their limits; findings go out, what follows from them is decided in the domain.

mod allow;
mod answer;
mod counters;
mod crew;
mod decisions;
mod fold;
mod kept;
mod manifest;
mod moderator;
mod plugin;
pub mod quality;
mod roster;
mod sandbox;
mod schema;
mod settings;
#[cfg(test)]
mod tests;
mod trouble;
pub mod workbench;
mod workers;

pub use allow::Allowed;
pub use decisions::Decisions;
pub use moderator::Moderator;
pub use roster::{About, PluginStatus};
pub use settings::{DryRun, EngineChoice, Limits, ModerationSettings, PluginSettings};
pub use workbench::Workbench;
