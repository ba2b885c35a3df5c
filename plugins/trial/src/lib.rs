//! Judges the plugins natively. The host's fold is linked from its own file, so that what is judged
//! here is what runs there.

#[path = "../../../src/moderation/fold.rs"]
mod fold;

pub mod score;

use parlour_guest::Folded;

/// The host's fold with the face that plugins see.
#[must_use]
pub fn fold(text: &str) -> Folded {
    let folded = fold::fold(text);
    Folded { text: folded.text, map: folded.map }
}
