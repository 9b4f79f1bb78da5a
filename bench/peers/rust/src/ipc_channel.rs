//! ipc-channel: the giver makes an `IpcSharedMemory` with a copy of the block and sends it through a channel that both
//! inherit; the taker receives it, reads it where it is mapped and drops it. A fresh memfd for each block.

use crate::frame::{or_end, or_missing, sum, Letter, Role, GIVER};
use ipc_channel::ipc::{channel, IpcReceiver, IpcSender, IpcSharedMemory};
use std::cell::RefCell;
use std::ffi::c_void;

thread_local! {
    static SENDER: RefCell<Option<IpcSender<IpcSharedMemory>>> = const { RefCell::new(None) };
    static RECEIVER: RefCell<Option<IpcReceiver<IpcSharedMemory>>> = const { RefCell::new(None) };
}

#[no_mangle]
pub extern "C" fn ipc_channel_prepare(_largest: usize) {
    let (sender, receiver) = or_end(channel(), c"a channel");
    SENDER.set(Some(sender));
    RECEIVER.set(Some(receiver));
}

/// Each keeps one end.
#[no_mangle]
pub extern "C" fn ipc_channel_enter(role: Role, _other: u32, _largest: usize) {
    if role == GIVER {
        RECEIVER.set(None);
    } else {
        SENDER.set(None);
    }
}

/// # Safety
/// The frame's: `data` points to `size` bytes.
#[no_mangle]
pub unsafe extern "C" fn ipc_channel_give(data: *const c_void, size: usize, _letter: *mut Letter) {
    let block = IpcSharedMemory::from_bytes(std::slice::from_raw_parts(data.cast(), size));
    SENDER.with_borrow(|sender| {
        let sender = or_missing(sender.as_ref(), c"a sender");
        or_end(sender.send(block), c"to send a block");
    });
}

#[no_mangle]
pub extern "C" fn ipc_channel_take(_letter: *const Letter) -> u64 {
    RECEIVER.with_borrow(|receiver| {
        let receiver = or_missing(receiver.as_ref(), c"a receiver");
        sum(&or_end(receiver.recv(), c"to receive a block"))
    })
}
