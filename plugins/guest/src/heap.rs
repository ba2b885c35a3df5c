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
    Heap { top: Cell::new(&raw const __heap_base), live: Cell::new(0), state: Cell::new((0, 0)) };

unsafe extern "C" {
    /// Its address is the first byte behind the static data (wasm-ld).
    static __heap_base: u8;
}

struct Heap {
    /// First free byte.
    top: Cell<*const u8>,
    /// Blocks in use that are not the plugin's state.
    live: Cell<usize>,
    /// The range in which the plugin's state was made.
    state: Cell<(usize, usize)>,
}

// SAFETY: plugins have no threads: the host refuses modules with shared memory.
unsafe impl Sync for Heap {}

/// Makes the plugin's state, which stays when the blocks of a message are taken back.
pub(crate) fn state<T>(make: impl FnOnce() -> T) -> T {
    let (top, live) = (HEAP.top(), HEAP.live.get());
    let made = make();
    HEAP.state.set((top, HEAP.top()));
    HEAP.live.set(live);
    made
}

/// Blocks in use that are not the plugin's state.
pub(crate) fn live() -> usize {
    HEAP.live.get()
}

/// Takes back all blocks but the plugin's state. For when no other is in use any more.
pub(crate) fn clear() {
    HEAP.live.set(0);
    HEAP.restart();
}

impl Heap {
    fn restart(&self) {
        let (_, behind_state) = self.state.get();
        self.set_top(behind_state.max((&raw const __heap_base).addr()));
    }

    fn top(&self) -> usize {
        self.top.get().addr()
    }

    fn set_top(&self, top: usize) {
        self.top.set(std::ptr::without_provenance(top));
    }

    fn is_state(&self, block: usize) -> bool {
        let (from, to) = self.state.get();
        (from..to).contains(&block)
    }

    /// Room for `size` bytes from `start` on, growing the memory if it must.
    fn reaches(&self, start: usize, size: usize) -> bool {
        let Some(stop) = start.checked_add(size) else { return false };
        let end = memory_size::<0>() * PAGE_BYTES;
        if stop > end && memory_grow::<0>((stop - end).div_ceil(PAGE_BYTES)) == usize::MAX {
            return false;
        }
        self.set_top(stop);
        true
    }
}

// SAFETY: `alloc` hands out ranges above everything that is in use: `top` moves down only to the start
// of the last block when that is freed, or to the end of the state when no other block is in use.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // An alignment is a power of two.
        let past = layout.align() - 1;
        let Some(start) = self.top().checked_add(past).map(|top| top & !past) else {
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
            self.restart();
        } else if start + layout.size() == self.top() {
            self.set_top(start);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let start = block.addr();
        if start + layout.size() == self.top() && !self.is_state(start) {
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
