//! The earlier messages of one sender, in which a part of something may have been told. Knows no category.

use crate::scan::drawn_together;
use crate::{Earlier, Fold, Folded};

/// Which of them may hold one.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Oldest message, in seconds.
    pub age: u32,
    /// Longest message, in bytes.
    pub bytes: usize,
    /// Most messages beside the newest.
    pub messages: usize,
}

/// A message of the sender.
#[derive(Clone, Debug)]
pub struct Said {
    /// 0 is the newest.
    pub message: u32,
    pub folded: Folded,
}

impl Said {
    /// A message by its view, letters that are spread out drawn together.
    #[must_use]
    pub fn of(message: u32, folded: &Folded) -> Self {
        Self { message, folded: drawn_together(folded).unwrap_or_else(|| folded.clone()) }
    }
}

/// The sender's messages before the newest, the newest of them first, without those that are too long.
#[must_use]
pub fn before(history: &[Earlier], limits: Limits, fold: Fold) -> Vec<Said> {
    let mut said = Vec::new();
    for (earlier, message) in history.iter().zip(1..) {
        if earlier.age_seconds > limits.age || said.len() >= limits.messages {
            break;
        }
        let text = earlier.text.as_str();
        if earlier.same_sender && text.len() <= limits.bytes && text.bytes().any(|b| b > b' ') {
            said.push(Said::of(message, &fold(text)));
        }
    }
    said
}
