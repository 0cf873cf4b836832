//! Memory that ends the process when too much is asked for at once.

use std::alloc::{GlobalAlloc, Layout, System};

/// Twice the largest payload of a frame.
const BYTES_MAX: usize = 128 << 20;

pub(crate) struct Memory;

// SAFETY: the system's allocator does all of it.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        check(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        check(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        check(size);
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        unsafe { System.dealloc(place, layout) }
    }
}

/// A panic would ask for memory itself.
fn check(size: usize) {
    if size > BYTES_MAX {
        eprintln!("{size} bytes were asked for at once");
        std::process::abort();
    }
}
