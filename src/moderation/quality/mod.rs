//! How well plugins judge: labelled messages, what was found in them, the figures and their floors. Knows
//! no plugin and no sandbox, so that the appliance and the native trial of the built-in plugins
//! (plugins/trial links this very folder) count alike.

mod case;
mod floors;
mod generate;
mod report;
mod score;
pub mod tally;

/// A finding that is less sure than this counts as none: by default it is only annotated and alters no
/// message (`moderation.confidence_min`).
pub const CONFIDENCE_MIN: u8 = 50;

pub use case::{CaseSet, Label, LabelledCase, Past, read_set};
pub use floors::Floors;
pub use generate::generate;
pub use report::{figures_json, table};
pub use score::{Said, Score, Wrong};
