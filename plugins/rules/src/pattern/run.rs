//! Running patterns over a text: the leftmost matches, as long as they can be, that do not overlap.
//! Linear: every character is looked at a bounded number of times.

use super::{Edge, Pattern};

/// Characters remembered with what they can be.
const KNOWN: usize = 32;

/// How far a match is followed beyond its last good end.
const BEYOND_MAX: usize = 64;

impl Pattern {
    /// Every match as a range of bytes, in order.
    #[must_use]
    pub fn matches(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(end) = self.first_end(text, from) {
            let start = self.start(text, from, end);
            let end = self.longest(text, start, end);
            found.push((start, end));
            from = end;
        }
        found
    }

    /// Where the match that ends first ends, at or after `from`.
    fn first_end(&self, text: &str, from: usize) -> Option<usize> {
        let mut state = 0u64;
        // What a character can be is asked again and again for the same few.
        let mut known = [('\0', self.positions_of('\0')); KNOWN];
        for (at, c) in text.get(from..)?.char_indices() {
            let slot = known.get_mut(usize::try_from(u32::from(c)).unwrap_or(0) % KNOWN)?;
            if slot.0 != c {
                *slot = (c, self.positions_of(c));
            }
            let here = slot.1;
            if state == 0 && here & self.first == 0 {
                continue;
            }
            let at = from + at;
            let mut next = self.forward.after(state, true) & here;
            if here & self.first != 0 && holds(self.before, text, at) {
                next |= here & self.first;
            }
            state = next;
            let end = at + c.len_utf8();
            if state & self.last != 0 && holds(self.after, text, end) {
                return Some(end);
            }
        }
        None
    }

    /// The leftmost beginning of a match that ends at `end`.
    fn start(&self, text: &str, from: usize, end: usize) -> usize {
        let mut state = self.last;
        let mut best = end;
        for (at, c) in text.get(from..end).unwrap_or_default().char_indices().rev() {
            state &= self.positions_of(c);
            if state == 0 {
                break;
            }
            if state & self.first != 0 && holds(self.before, text, from + at) {
                best = from + at;
            }
            state = self.backward.after(state, false);
        }
        best
    }

    /// The furthest end of the match that begins at `start`, which is known to have one at `end`.
    fn longest(&self, text: &str, start: usize, end: usize) -> usize {
        let mut state = 0u64;
        let mut best = end;
        let mut beyond = 0;
        for (n, (at, c)) in text.get(start..).unwrap_or_default().char_indices().enumerate() {
            let next = if n == 0 { self.first } else { self.forward.after(state, true) };
            state = next & self.positions_of(c);
            let after = start + at + c.len_utf8();
            beyond += usize::from(after > best);
            if state == 0 || beyond > BEYOND_MAX {
                break;
            }
            if after > best && state & self.last != 0 && holds(self.after, text, after) {
                best = after;
                beyond = 0;
            }
        }
        best
    }
}

fn holds(edge: Edge, text: &str, at: usize) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    match edge {
        Edge::Anywhere => true,
        Edge::Text => at == 0 || at == text.len(),
        Edge::Word => {
            let before = text.get(..at).and_then(|t| t.chars().next_back()).is_some_and(word);
            let after = text.get(at..).and_then(|t| t.chars().next()).is_some_and(word);
            before != after
        }
    }
}
