//! The order of everything that is published. One event after the other goes out; in between, somebody
//! may join several conversations in one instant, and knows what came before that instant.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::event::Position;

/// Where all publishing happens. Knows the position of what was published last.
#[derive(Debug)]
pub struct Stage(Mutex<Position>);

impl Stage {
    /// A stage on which everything up to `last` has been published.
    #[must_use]
    pub fn new(last: Position) -> Self {
        Self(Mutex::new(last))
    }

    /// Publishes what stands at `position`. Positions come in ascending order.
    pub fn publish<T>(&self, position: Position, publish: impl FnOnce() -> T) -> T {
        let mut last = self.last();
        let done = publish();
        *last = position.max(*last);
        done
    }

    /// Does something while nothing is being published; it learns the position of what was published
    /// last. It must be brief and not publish.
    pub fn cut<T>(&self, work: impl FnOnce(Position) -> T) -> T {
        let last = self.last();
        work(*last)
    }

    fn last(&self) -> MutexGuard<'_, Position> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use super::*;

    #[test]
    fn nothing_is_half_published_at_a_cut() {
        let stage = Arc::new(Stage::new(Position(10)));
        let (first, second) = (Arc::new(AtomicU64::new(10)), Arc::new(AtomicU64::new(10)));
        let publisher = {
            let (stage, first, second) = (stage.clone(), first.clone(), second.clone());
            std::thread::spawn(move || {
                for position in 11..=5000 {
                    stage.publish(Position(position), || {
                        first.store(position, Ordering::Relaxed);
                        std::hint::spin_loop();
                        second.store(position, Ordering::Relaxed);
                    });
                }
            })
        };
        loop {
            let (last, first, second) = stage.cut(|last| {
                (last.0, first.load(Ordering::Relaxed), second.load(Ordering::Relaxed))
            });
            assert!(last == first && first == second, "{last} {first} {second}");
            if last == 5000 {
                break;
            }
            std::thread::yield_now();
        }
        publisher.join().expect("published");
        stage.publish(Position(7), || ());
        assert_eq!(stage.cut(|last| last), Position(5000), "it never goes back");
    }
}
