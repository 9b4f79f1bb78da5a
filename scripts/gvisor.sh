#!/bin/sh
# gvisor.sh [CTEST-OPTION...]: the demo and every suite, or what the options choose, in a sandbox of gVisor, whose kernel
# is a program that was written anew. It sees the files of this machine, and what it writes is lost. Left out is what
# tests the build, or Wine, and two suites that hang there: fuse and slow_ends (docs/reliability.md). The runtime is built
# as a Go module, once, in build/gvisor; a machine that cannot build it, or run anything in it, skips all and says why. A
# test may take four times as long as elsewhere. The last line counts the tests.
set -eu

cd "$(dirname "$0")/.."
version=v0.0.0-20260905035102-160fafc42237
place=$PWD/build/gvisor
build=build/default

skip() {
    echo "skipped: gvisor: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}

build_runtime() {
    if [ -x "$place/$version/runsc" ]; then return; fi
    scripts/setup.sh gvisor || skip "Go cannot be had"
    CGO_ENABLED=0 GOBIN=$place/$version go install -p 2 "gvisor.dev/gvisor/runsc@$version" ||
        skip "the runtime cannot be built: it needs Go 1.26.3 or newer, and its modules"
}

sandbox() {
    SHSHARED_TEST_PATIENCE=4 "$place/$version/runsc" --network=none --ignore-cgroups "do" -cwd "$PWD" "$@" </dev/null
}

if [ $# -eq 0 ]; then set -- -E '_wine$|^fuse$|^slow_ends$|installed|^consumer|beside|header|^manuals|^structure|^mutants|^counts|^version|^races|^exports|^symbols'; fi
build_runtime
sandbox true || skip "the runtime runs nothing on this machine"
cmake --preset default >/dev/null
cmake --build --preset default >/dev/null

# By way of a pipe: what two processes of a sandbox write to one file is written over.
said=$place/suite.log
sandbox scripts/suite.sh --test-dir $build "$@" 2>&1 | tee "$said"
tail -n 1 "$said" | grep -qE '^[1-9][0-9]* passed, 0 failed, '
