//! Finds messenger and social network contacts, invitations to move elsewhere.

use parlour_guest::{Context, Finding, Fold, Json, Message, Plugin};

/// The plugin.
pub struct Handles;

impl Plugin for Handles {
    const ID: &'static str = "handles";
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

parlour_guest::export!(crate::Handles);
