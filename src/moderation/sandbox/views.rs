//! The views of the texts of one message, computed once for all plugins of a chain and held in the shape
//! in which they are handed to each. Knows no plugin.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wasmtime::component::{ComponentType, Lower};

use crate::moderation::fold::{self, View};

/// Views kept for one message: its own, those of its history, and a few that a plugin made up.
const VIEWS_MAX: usize = 32;

/// What the plugins of a chain have asked for so far.
#[derive(Clone, Debug, Default)]
pub struct SharedFold(Arc<Mutex<Vec<Kept>>>);

#[derive(Debug)]
struct Kept {
    original: String,
    view: Arc<WireView>,
}

/// [`View`] as the record of `text.view`.
#[derive(Clone, Debug, ComponentType, Lower)]
#[component(record)]
pub struct WireView {
    pub text: String,
    map: Vec<u32>,
    starts: Vec<u32>,
    classes: Vec<u8>,
    digits: Vec<u8>,
    signs: Vec<u8>,
    counts: WireCounts,
    ascii: (u64, u64),
}

#[derive(Clone, Copy, Debug, ComponentType, Lower)]
#[component(record)]
pub struct WireCounts {
    invisible: u32,
    combining: u32,
    lookalikes: u32,
    #[component(name = "odd-digits")]
    odd_digits: u32,
    styled: u32,
    #[component(name = "digit-letters")]
    digit_letters: u32,
    spread: u32,
    #[component(name = "mixed-words")]
    mixed_words: u32,
}

impl SharedFold {
    /// The view of a text. Two plugins that ask at the same moment may both have it made: that takes less
    /// time than to wait for each other.
    pub fn view(&self, text: &str) -> Arc<WireView> {
        if let Some(found) = self.lock().iter().find(|kept| kept.original == text) {
            return found.view.clone();
        }
        let view = Arc::new(WireView::from(fold::view(text)));
        let mut kept = self.lock();
        if kept.len() < VIEWS_MAX {
            kept.push(Kept { original: text.to_owned(), view: view.clone() });
        }
        view
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WireView {
    /// The map with an entry for each byte, as `text.fold` returns it.
    pub fn whole_map(&self) -> Vec<u32> {
        if !self.map.is_empty() {
            return self.map.clone();
        }
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let places = self.text.char_indices();
        let mut map: Vec<u32> = Vec::with_capacity(self.text.len() + 1);
        for (at, c) in places {
            map.extend(std::iter::repeat_n(offset(at), c.len_utf8()));
        }
        map.push(offset(self.text.len()));
        map
    }
}

impl From<View> for WireView {
    fn from(view: View) -> Self {
        let View { text, map, signs, starts, classes, digits, counts, ascii: [low, high] } = view;
        let counts = WireCounts {
            invisible: counts.invisible,
            combining: counts.combining,
            lookalikes: counts.lookalikes,
            odd_digits: counts.odd_digits,
            styled: counts.styled,
            digit_letters: counts.digit_letters,
            spread: counts.spread,
            mixed_words: counts.mixed_words,
        };
        Self { text, map, starts, classes, digits, signs, counts, ascii: (low, high) }
    }
}
