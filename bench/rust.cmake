# The peers that are libraries of Rust: Cargo builds one static library of them, a small C file makes a program of each.
# Cargo is asked once when CMake configures, as only then can these peers be left out, and again by each build, which
# takes a moment when nothing has changed. Cargo.toml says which Rust is old enough to fail.
find_program(BENCH_CARGO cargo)
if(NOT BENCH_CARGO OR CMAKE_CROSSCOMPILING)
  message(STATUS "bench: no peers iceoryx2-publish, iceoryx2-request and ipc-channel (cargo, and no cross compiler)")
  return()
endif()

set(rust_folder "${CMAKE_CURRENT_BINARY_DIR}/rust")
set(rust_library "${rust_folder}/release/libbench_rust_peers.a")
set(rust_build "${BENCH_CARGO}" build --release --locked --quiet
    --manifest-path "${CMAKE_CURRENT_SOURCE_DIR}/peers/rust/Cargo.toml" --target-dir "${rust_folder}")

message(STATUS "bench: Cargo builds the peers of Rust, some minutes the first time")
execute_process(COMMAND ${rust_build} RESULT_VARIABLE rust_failed)
if(rust_failed)
  message(STATUS "bench: no peers iceoryx2-publish, iceoryx2-request and ipc-channel (Cargo could not build them)")
  return()
endif()

add_custom_target(bench_rust_build COMMAND ${rust_build} BYPRODUCTS "${rust_library}" VERBATIM)
add_library(bench_rust STATIC IMPORTED)
set_target_properties(bench_rust PROPERTIES IMPORTED_LOCATION "${rust_library}")
target_link_libraries(bench_rust INTERFACE bench_support Threads::Threads ${CMAKE_DL_LIBS} rt m)
add_dependencies(bench_rust bench_rust_build)

bench_plain_peer(iceoryx2-publish SOURCES peers/iceoryx2_publish.c LIBRARIES bench_rust)
bench_plain_peer(iceoryx2-request SOURCES peers/iceoryx2_request.c LIBRARIES bench_rust)
bench_plain_peer(ipc-channel SOURCES peers/ipc_channel.c LIBRARIES bench_rust)
