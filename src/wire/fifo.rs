//! A queue that owns no memory while it is empty, and takes one word then: for what a connection has to
//! say now and then.

use std::collections::{VecDeque, vec_deque};

/// First in, first out.
#[derive(Debug)]
#[expect(clippy::box_collection, reason = "empty it is one word instead of four")]
pub struct Fifo<T>(Option<Box<VecDeque<T>>>);

impl<T> Default for Fifo<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Fifo<T> {
    pub fn push(&mut self, item: T) {
        self.items().push_back(item);
    }

    /// The oldest. The memory is given up with the last one.
    pub fn pop(&mut self) -> Option<T> {
        let items = self.0.as_mut()?;
        let item = items.pop_front();
        if items.is_empty() {
            self.0 = None;
        }
        item
    }

    pub fn front(&self) -> Option<&T> {
        self.0.as_ref()?.front()
    }

    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |items| items.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flat_map(|items| items.iter())
    }

    /// Takes everything out.
    pub fn take(&mut self) -> vec_deque::IntoIter<T> {
        self.0.take().map(|items| *items).unwrap_or_default().into_iter()
    }

    /// Puts `item` before the one that is `at` from the front.
    pub fn insert(&mut self, at: usize, item: T) {
        let items = self.items();
        items.insert(at.min(items.len()), item);
    }

    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        if let Some(items) = &mut self.0 {
            items.retain(keep);
        }
        if self.is_empty() {
            self.0 = None;
        }
    }

    fn items(&mut self) -> &mut VecDeque<T> {
        self.0.get_or_insert_default()
    }
}

impl<T> Extend<T> for Fifo<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.push(item);
        }
    }
}

impl<T> From<VecDeque<T>> for Fifo<T> {
    fn from(items: VecDeque<T>) -> Self {
        Self((!items.is_empty()).then(|| items.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_order_and_no_memory() {
        let mut fifo = Fifo::from(VecDeque::from([1, 2]));
        fifo.push(4);
        fifo.insert(2, 3);
        fifo.insert(99, 5);
        fifo.retain(|item| *item != 2);
        assert_eq!(fifo.iter().copied().collect::<Vec<_>>(), [1, 3, 4, 5]);
        assert_eq!((fifo.front(), fifo.len()), (Some(&1), 4));
        assert_eq!(fifo.pop(), Some(1));
        assert_eq!(fifo.take().collect::<Vec<_>>(), [3, 4, 5]);
        assert!(fifo.is_empty() && fifo.0.is_none());
        fifo.extend([6]);
        assert_eq!((fifo.pop(), fifo.pop()), (Some(6), None));
        assert!(fifo.0.is_none());
        fifo.push(7);
        fifo.retain(|_| false);
        assert!(fifo.0.is_none() && size_of::<Fifo<u64>>() == 8);
    }
}
