//! Finds threats and insults.

use parlour_guest::{Context, Finding, Fold, Json, Message, Plugin};

/// The plugin.
pub struct Threats;

impl Plugin for Threats {
    const ID: &'static str = "threats";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn configure(_settings: &Json) -> Result<Self, Vec<String>> {
        Ok(Self)
    }

    fn check(
        &self,
        _message: &Message,
        _context: &Context,
        _fold: Fold,
    ) -> Result<Vec<Finding>, String> {
        Ok(Vec::new())
    }
}

parlour_guest::export!(crate::Threats);
