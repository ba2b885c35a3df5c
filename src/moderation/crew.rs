//! Threads that take jobs from one bounded queue, and that help each other with a job in parts as long as
//! they have nothing better to do. Knows nothing of what the jobs are.

use std::{
    cmp::Reverse,
    collections::VecDeque,
    hint,
    num::NonZero,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// How many threads are worth having: as many as asked for, but no more than there are processors.
pub fn worthwhile(threads: usize) -> usize {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    threads.clamp(1, processors)
}

/// Jobs that take less time than this, in microseconds, are done by one thread: waking another costs up to
/// 100 us on a virtual machine.
const WORTH_HELP_US: u64 = 400;
/// How often a thread looks whether its helpers are done before it goes to sleep: some 50 us.
const LOOKS: u32 = 1_000;

/// The queue between those who have jobs and the threads.
pub struct Crew<J> {
    waiting: Mutex<Waiting<J>>,
    arrived: Condvar,
    max: usize,
}

struct Waiting<J> {
    jobs: VecDeque<J>,
    /// Jobs in parts, once for each thread that was called to help.
    calls: VecDeque<Arc<Parts>>,
    /// Threads that have nothing to do.
    idle: usize,
    closed: bool,
}

/// What a thread is to do next.
pub enum Task<J> {
    Job(J),
    Help(Arc<Parts>),
}

/// A job in parts, each of which is done once.
pub struct Parts {
    part: Box<dyn Fn(usize) + Send + Sync>,
    /// In which they are begun.
    order: Vec<usize>,
    begun: AtomicUsize,
    ended: AtomicUsize,
    asleep: Mutex<()>,
    all: Condvar,
}

impl<J> Crew<J> {
    /// A queue in which at most so many jobs wait.
    pub fn new(max: usize) -> Self {
        let waiting =
            Waiting { jobs: VecDeque::new(), calls: VecDeque::new(), idle: 0, closed: false };
        Self { waiting: Mutex::new(waiting), arrived: Condvar::new(), max: max.max(1) }
    }

    /// Lets a job wait; false if too many do already or the threads have ended.
    pub fn push(&self, job: J) -> bool {
        let mut waiting = lock(&self.waiting);
        if waiting.closed || waiting.jobs.len() >= self.max {
            return false;
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.arrived.notify_one();
        true
    }

    /// Jobs that wait.
    pub fn len(&self) -> usize {
        lock(&self.waiting).jobs.len()
    }

    /// Lets the threads end once nothing waits.
    pub fn close(&self) {
        lock(&self.waiting).closed = true;
        self.arrived.notify_all();
    }

    /// Waits for the next task; jobs come before help. `None` when the crew is closed.
    pub fn next(&self) -> Option<Task<J>> {
        let mut waiting = lock(&self.waiting);
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(Task::Job(job));
            }
            if let Some(parts) = waiting.calls.pop_front() {
                return Some(Task::Help(parts));
            }
            if waiting.closed {
                return None;
            }
            waiting.idle += 1;
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            waiting.idle -= 1;
        }
    }

    /// Does one part for each of the times that they will probably take, in microseconds; the long ones first
    /// and, where it is worth it, together with the threads that are idle. Returns what the parts came to, in
    /// their order; `None` for one that panicked.
    pub fn all<T: Send + 'static>(
        &self,
        times: &[u64],
        part: impl Fn(usize) -> T + Send + Sync + 'static,
    ) -> Vec<Option<T>> {
        let results: Arc<[Mutex<Option<T>>]> = times.iter().map(|_| Mutex::new(None)).collect();
        let mut order: Vec<usize> = (0..times.len()).collect();
        order.sort_by_key(|at| Reverse(times.get(*at)));
        let places = results.clone();
        let part = move |at: usize| {
            let result = catch_unwind(AssertUnwindSafe(|| part(at))).ok();
            if let Some(place) = places.get(at) {
                *lock(place) = result;
            }
        };
        let parts = Arc::new(Parts {
            part: Box::new(part),
            order,
            begun: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            asleep: Mutex::new(()),
            all: Condvar::new(),
        });
        if times.iter().sum::<u64>() >= WORTH_HELP_US {
            self.call(&parts);
        }
        parts.finish();
        results.iter().map(|place| lock(place).take()).collect()
    }

    /// Calls as many idle threads as there is something to do for.
    fn call(&self, parts: &Arc<Parts>) {
        let mut waiting = lock(&self.waiting);
        let called = waiting.jobs.len() + waiting.calls.len();
        let idle = waiting.idle.saturating_sub(called);
        let helpers = idle.min(parts.order.len().saturating_sub(1));
        waiting.calls.extend((0..helpers).map(|_| parts.clone()));
        drop(waiting);
        (0..helpers).for_each(|_| self.arrived.notify_one());
    }
}

impl Parts {
    /// Does parts until none is left to begin with.
    pub fn help(&self) {
        while let Some(at) = self.order.get(self.begun.fetch_add(1, Ordering::Relaxed)) {
            (self.part)(*at);
            if self.ended.fetch_add(1, Ordering::AcqRel) + 1 == self.order.len() {
                drop(lock(&self.asleep));
                self.all.notify_one();
            }
        }
    }

    /// Does parts, and waits for those that others have begun.
    fn finish(&self) {
        self.help();
        let over = || self.ended.load(Ordering::Acquire) == self.order.len();
        for _ in 0..LOOKS {
            if over() {
                return;
            }
            hint::spin_loop();
        }
        let mut asleep = lock(&self.asleep);
        while !over() {
            asleep = self.all.wait(asleep).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        sync::Barrier,
        thread::{JoinHandle, ThreadId},
    };

    use super::*;

    /// A crew with a thread that helps and collects jobs, and that is idle by now.
    fn crew_with_a_thread() -> (Arc<Crew<u32>>, JoinHandle<Vec<u32>>) {
        let crew = Arc::new(Crew::new(2));
        let own = crew.clone();
        let thread = thread::spawn(move || {
            let mut done = Vec::new();
            while let Some(task) = own.next() {
                match task {
                    Task::Job(job) => done.push(job),
                    Task::Help(parts) => parts.help(),
                }
            }
            done
        });
        while lock(&crew.waiting).idle == 0 {
            thread::yield_now();
        }
        (crew, thread)
    }

    #[test]
    fn an_idle_thread_helps_with_what_takes_long() {
        let (crew, thread) = crew_with_a_thread();
        let both = Barrier::new(2);
        let met = crew.all(&[WORTH_HELP_US, 0], move |at| {
            both.wait();
            (at, thread::current().id())
        });
        let parts: Vec<usize> = met.iter().flatten().map(|(at, _)| *at).collect();
        let threads: BTreeSet<String> =
            met.iter().flatten().map(|(_, id)| format!("{id:?}")).collect();
        assert_eq!((parts, threads.len()), (vec![0, 1], 2));
        crew.close();
        assert!(thread.join().expect("an end").is_empty());
    }

    #[test]
    fn nobody_is_woken_for_what_is_short() {
        let (crew, thread) = crew_with_a_thread();
        let own = thread::current().id();
        let threads: Vec<Option<ThreadId>> = crew.all(&[1; 8], |_| thread::current().id());
        assert_eq!(threads, vec![Some(own); 8]);
        crew.close();
        thread.join().expect("an end");
    }

    #[test]
    fn every_part_is_done_once_and_the_long_ones_first() {
        let crew = Crew::<u32>::new(1);
        let begun = Arc::new(Mutex::new(Vec::new()));
        let order = begun.clone();
        let results = crew.all(&[1, 9, 5, 7], move |at| {
            lock(&order).push(at);
            assert_ne!(at, 2, "one part of the test panics");
            at * 10
        });
        assert_eq!(results, [Some(0), Some(10), None, Some(30)]);
        assert_eq!(*lock(&begun), [1, 3, 2, 0]);
        assert!(crew.all(&[], |at| at).is_empty());
    }

    #[test]
    fn jobs_wait_up_to_a_limit_and_are_all_done() {
        let (crew, thread) = crew_with_a_thread();
        let asleep = Arc::new(Crew::new(2));
        assert_eq!([1, 2, 3].map(|job| asleep.push(job)), [true, true, false]);
        assert_eq!(asleep.len(), 2);
        assert!(crew.push(7));
        crew.close();
        assert!(!crew.push(8));
        assert_eq!(thread.join().expect("an end"), [7]);
    }
}
