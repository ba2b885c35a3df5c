//! How well plugins judge: labelled messages, what was found in them, the figures and their floors. Knows
//! no plugin and no sandbox, so that the appliance and the native trial of the built-in plugins
//! (plugins/trial links this very folder) count alike.

mod case;
mod floors;
mod report;
mod score;
mod tally;

pub use case::{CaseSet, Label, LabelledCase, Past, read_set};
pub use floors::{Floors, HEAD as FLOORS_HEAD};
pub use report::{figures_json, table};
pub use score::{Said, Score, Wrong};
pub use tally::{ALL, Row};
