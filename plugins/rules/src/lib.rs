//! Finds the administrator's own words, phrases and patterns.

use parlour_guest::{Context, Finding, Fold, Json, Message, Plugin};

/// The plugin.
pub struct Rules;

impl Plugin for Rules {
    const ID: &'static str = "rules";
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

parlour_guest::export!(crate::Rules);
