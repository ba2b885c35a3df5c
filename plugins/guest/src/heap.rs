//! The allocator of a guest that lives for one message: a pointer that moves up. What is freed last is
//! taken back at once; everything else when nothing of a message is left, so that an instance which is
//! kept warm does not grow. Starts behind the static data, in memory that is there from the beginning:
//! growing costs a system call in the host each time, and general allocators begin by growing.

#![expect(unsafe_code, reason = "an allocator; the only code here that hands out raw memory")]

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::Cell;
use std::ptr::null_mut;

const PAGE_BYTES: usize = 64 << 10;

#[global_allocator]
static HEAP: Heap =
    Heap { top: Cell::new(0), end: Cell::new(0), live: Cell::new(0), state: Cell::new((0, 0)) };

unsafe extern "C" {
    /// Its address is the first byte behind the static data (wasm-ld).
    static __heap_base: u8;
}

struct Heap {
    /// First free byte; 0 before the first use.
    top: Cell<usize>,
    /// End of the memory.
    end: Cell<usize>,
    /// Blocks in use that are not the plugin's state.
    live: Cell<usize>,
    /// The range in which the plugin's state was made.
    state: Cell<(usize, usize)>,
}

// SAFETY: plugins have no threads: the host refuses modules with shared memory.
unsafe impl Sync for Heap {}

/// Makes the plugin's state, which stays when the blocks of a message are taken back.
pub(crate) fn state<T>(make: impl FnOnce() -> T) -> T {
    let (top, live) = (HEAP.top.get(), HEAP.live.get());
    let made = make();
    HEAP.state.set((top, HEAP.top.get()));
    HEAP.live.set(live);
    made
}

impl Heap {
    fn is_state(&self, block: usize) -> bool {
        let (from, to) = self.state.get();
        (from..to).contains(&block)
    }

    /// Room for `size` bytes from `start` on, growing the memory if it must.
    fn reaches(&self, start: usize, size: usize) -> bool {
        let Some(stop) = start.checked_add(size) else { return false };
        if stop > self.end.get() {
            let pages = (stop - self.end.get()).div_ceil(PAGE_BYTES);
            if memory_grow::<0>(pages) == usize::MAX {
                return false;
            }
            self.end.set(memory_size::<0>() * PAGE_BYTES);
        }
        self.top.set(stop);
        true
    }

    fn begin(&self) {
        if self.end.get() == 0 {
            self.top.set((&raw const __heap_base).addr());
            self.end.set(memory_size::<0>() * PAGE_BYTES);
        }
    }
}

// SAFETY: `alloc` hands out ranges above everything that is in use: `top` moves down only to the start
// of the last block when that is freed, or to the end of the state when no other block is in use.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.begin();
        let Some(start) = self.top.get().checked_next_multiple_of(layout.align()) else {
            return null_mut();
        };
        if !self.reaches(start, layout.size()) {
            return null_mut();
        }
        self.live.set(self.live.get() + 1);
        std::ptr::without_provenance_mut(start)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let start = block.addr();
        if self.is_state(start) {
            return;
        }
        self.live.set(self.live.get().saturating_sub(1));
        if self.live.get() == 0 {
            let (_, behind_state) = self.state.get();
            self.top.set(behind_state.max((&raw const __heap_base).addr()));
        } else if start + layout.size() == self.top.get() {
            self.top.set(start);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let start = block.addr();
        if start + layout.size() == self.top.get() && !self.is_state(start) {
            return if self.reaches(start, size) { block } else { null_mut() };
        }
        if size <= layout.size() {
            return block;
        }
        // SAFETY: the caller's promises about `block` and `size` are those of `realloc`.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                std::ptr::copy_nonoverlapping(block, moved, layout.size());
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
