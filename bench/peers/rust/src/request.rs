//! iceoryx2, request and response: the giver loans a request, copies the block into it and sends it; the taker reads it
//! where it is and responds with the sum, which the giver takes when the frame's own answer is there.

use crate::frame::{meet, or_end, or_missing, sum, words, Letter, Role, GIVER};
use iceoryx2::pending_response::PendingResponse;
use iceoryx2::port::{client::Client, server::Server};
use iceoryx2::prelude::*;
use iceoryx2::service::port_factory::request_response::PortFactory;
use std::cell::{OnceCell, RefCell};
use std::ffi::c_void;

type Pending = PendingResponse<ipc::Service, [u64], (), u64, ()>;
type Service = PortFactory<ipc::Service, [u64], (), u64, ()>;

thread_local! {
    static CLIENT: OnceCell<Client<ipc::Service, [u64], (), u64, ()>> = const { OnceCell::new() };
    static SERVER: OnceCell<Server<ipc::Service, [u64], (), u64, ()>> = const { OnceCell::new() };
    static PENDING: RefCell<Option<Pending>> = const { RefCell::new(None) };
}

/// Both open it with these settings, and whoever is first creates it.
fn open(role: Role, other: u32) -> Service {
    let (node, name) = meet(role, other);
    let service = node
        .service_builder(&name)
        .request_response::<[u64], u64>()
        .max_clients(1)
        .max_servers(1)
        .max_active_requests_per_client(1)
        .max_loaned_requests(1)
        .open_or_create();
    or_end(service, c"a service of iceoryx2")
}

#[no_mangle]
pub extern "C" fn request_enter(role: Role, other: u32, largest: usize) {
    let service = open(role, other);
    if role == GIVER {
        let client = service.client_builder().initial_max_slice_len(largest / size_of::<u64>()).create();
        CLIENT.with(|kept| kept.set(or_end(client, c"a client")).ok());
    } else {
        let server = service.server_builder().create();
        SERVER.with(|kept| kept.set(or_end(server, c"a server")).ok());
    }
}

/// # Safety
/// The frame's: `data` points to `size` bytes.
#[no_mangle]
pub unsafe extern "C" fn request_give(data: *const c_void, size: usize, _letter: *mut Letter) {
    let block = words(data, size);
    CLIENT.with(|kept| {
        let client = or_missing(kept.get(), c"a client");
        let request = or_end(client.loan_slice_uninit(block.len()), c"a loan").write_from_slice(block);
        PENDING.set(Some(or_end(request.send(), c"to send a request")));
    });
}

#[no_mangle]
pub extern "C" fn request_take(_letter: *const Letter) -> u64 {
    SERVER.with(|kept| {
        let server = or_missing(kept.get(), c"a server");
        let request = or_missing(or_end(server.receive(), c"to receive a request"), c"a request");
        let seen = sum(request.payload());
        or_end(request.send_copy(seen), c"to respond");
        seen
    })
}

#[no_mangle]
pub extern "C" fn request_settle(_letter: *const Letter) {
    let pending = or_missing(PENDING.take(), c"a request that was sent");
    or_missing(or_end(pending.receive(), c"to receive a response"), c"a response");
}
