//! iceoryx2, publish and subscribe: the giver loans a sample from its pool, copies into it and sends it; the taker
//! receives it, reads where it is and drops it, which gives the loan back. As few samples as the service can do with.

use crate::frame::{meet, or_end, or_missing, sum, words, Letter, Role, GIVER};
use iceoryx2::port::{publisher::Publisher, subscriber::Subscriber};
use iceoryx2::prelude::*;
use iceoryx2::service::port_factory::publish_subscribe::PortFactory;
use std::cell::OnceCell;
use std::ffi::c_void;

type Service = PortFactory<ipc::Service, [u64], ()>;

thread_local! {
    static PUBLISHER: OnceCell<Publisher<ipc::Service, [u64], ()>> = const { OnceCell::new() };
    static SUBSCRIBER: OnceCell<Subscriber<ipc::Service, [u64], ()>> = const { OnceCell::new() };
}

/// Both open it with these settings, and whoever is first creates it.
fn open(role: Role, other: u32) -> Service {
    let (node, name) = meet(role, other);
    let service = node
        .service_builder(&name)
        .publish_subscribe::<[u64]>()
        .max_publishers(1)
        .max_subscribers(1)
        .history_size(0)
        .subscriber_max_buffer_size(1)
        .subscriber_max_borrowed_samples(1)
        .open_or_create();
    or_end(service, c"a service of iceoryx2")
}

#[no_mangle]
pub extern "C" fn publish_enter(role: Role, other: u32, largest: usize) {
    let service = open(role, other);
    if role == GIVER {
        let length = largest / size_of::<u64>();
        let publisher = service.publisher_builder().max_loaned_samples(1).initial_max_slice_len(length).create();
        PUBLISHER.with(|kept| kept.set(or_end(publisher, c"a publisher")).ok());
    } else {
        let subscriber = service.subscriber_builder().create();
        SUBSCRIBER.with(|kept| kept.set(or_end(subscriber, c"a subscriber")).ok());
    }
}

/// # Safety
/// The frame's: `data` points to `size` bytes.
#[no_mangle]
pub unsafe extern "C" fn publish_give(data: *const c_void, size: usize, _letter: *mut Letter) {
    let block = words(data, size);
    PUBLISHER.with(|kept| {
        let publisher = or_missing(kept.get(), c"a publisher");
        let sample = or_end(publisher.loan_slice_uninit(block.len()), c"a loan").write_from_slice(block);
        or_end(sample.send(), c"to send a sample");
    });
}

#[no_mangle]
pub extern "C" fn publish_take(_letter: *const Letter) -> u64 {
    SUBSCRIBER.with(|kept| {
        let subscriber = or_missing(kept.get(), c"a subscriber");
        let sample = or_missing(or_end(subscriber.receive(), c"to receive a sample"), c"a sample");
        sum(sample.payload())
    })
}
