//! Peers that are libraries of Rust, behind C functions: the calls of `struct bench_peer`, one prefix for each peer.
//!
//! A C file beside this folder makes a peer of each; `../../support/peer.h` says what the calls do, and these types are
//! its types. Cargo builds one static library, which every such peer is linked with.

mod frame;
mod ipc_channel;
mod publish;
mod request;
