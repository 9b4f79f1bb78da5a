//! What the frame of the benchmark, in C, and the peers have in common: its letter, its loop that adds up the words, and
//! its way to end.

use iceoryx2::prelude::*;
use std::ffi::{c_char, c_uint, c_void, CStr};
use std::fmt::Debug;

/// `struct letter` of peer.h.
#[repr(C)]
pub struct Letter {
    pub size: u64,
    pub handle: u64,
    pub name: [c_char; 44],
    pub descriptor: i32,
}

/// `enum role` of peer.h.
pub type Role = c_uint;
pub const GIVER: Role = 0;

extern "C" {
    fn fail(what: *const c_char) -> !;
    fn sum_words(data: *const c_void, size: usize) -> u64;
}

/// The value, or the end of the process: exit handlers run, so that no file of a library stays.
pub fn or_end<T, E: Debug>(result: Result<T, E>, what: &CStr) -> T {
    result.unwrap_or_else(|error| {
        eprintln!("{error:?}");
        unsafe { fail(what.as_ptr()) }
    })
}

/// Ends the process where what should have come has not.
pub fn or_missing<T>(found: Option<T>, what: &CStr) -> T {
    or_end(found.ok_or("nothing there"), what)
}

/// The frame's own loop, the same as for every peer in C.
pub fn sum<T>(block: &[T]) -> u64 {
    unsafe { sum_words(block.as_ptr().cast(), size_of_val(block)) }
}

/// The block that the frame gives, as the words that it is made of.
///
/// # Safety
/// `data` points to `size` bytes that are words.
pub unsafe fn words<'a>(data: *const c_void, size: usize) -> &'a [u64] {
    std::slice::from_raw_parts(data.cast(), size / size_of::<u64>())
}

/// A node of iceoryx2 without the configuration of this machine, and the name of the service of these two processes.
pub fn meet(role: Role, other: u32) -> (Node<ipc::Service>, ServiceName) {
    let giver = if role == GIVER { std::process::id() } else { other };
    set_log_level(LogLevel::Error);
    let node = NodeBuilder::new()
        .config(&Config::default())
        .signal_handling_mode(SignalHandlingMode::Disabled)
        .create::<ipc::Service>();
    let name = ServiceName::new(&format!("bench/{giver}"));
    (or_end(node, c"a node of iceoryx2"), or_end(name, c"a name of iceoryx2"))
}
