#!/bin/sh
# test-windows.sh: build for Windows with MinGW-w64, 64 and 32 bits, and pass the tests on Wine.
#
# Wine has its folder and its server to itself: build/wine, made anew, and a server that ends with this script. One test
# runs at a time, as all share that server. 32-bit programs need a Wine of two architectures, which wine-root.sh brings
# where it can. Where they do not run, the last lines say so. The very last counts all tests.
set -eu

cd "$(dirname "$0")/.."
export WINEPREFIX="$PWD/build/wine" WINEDEBUG=-all CTEST_PARALLEL_LEVEL=1
counts=build/windows-counts

# The server would end a few seconds after each program, and a program that starts at that moment fails. Nothing that
# goes on running may hold the output of this script, as who reads it waits for its end.
start_wine() {
    rm -rf "$WINEPREFIX"
    mkdir -p "$WINEPREFIX"
    trap 'wineserver -k 2>/dev/null || true' EXIT
    trap 'exit 1' HUP INT TERM
    wineserver -p </dev/null >/dev/null 2>&1
    wine wineboot -i </dev/null >build/wine.log 2>&1 || true
}

# build BITS TRIPLET, into build/mingwBITS.
build() {
    scripts/cunit-mingw.sh "$2" build/cunit
    cmake -S . -B "build/mingw$1" -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/mingw$1.cmake" \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSHSHARED_WERROR=ON -DSHSHARED_TESTS=ON
    cmake --build "build/mingw$1" --parallel 2
}

# The counts with which COMMAND... ends are kept for the sum; to end without them is a failure.
count() {
    "$@" 2>&1 | tee build/windows.log
    tail -n 1 build/windows.log | grep -E '^[0-9]+ passed' >>$counts || echo "0 passed, 1 failed, 0 skipped" >>$counts
}

skip() {
    echo "skipped: $1"
    echo "0 passed, 0 failed, 1 skipped" >>$counts
}

# mixed BITS OTHER: the suites with more than one process, from programs of one width with children of the other.
mixed() {
    SHSHARED_TEST_CHILDREN="Z:$PWD/build/mingw$2/bin" scripts/suite.sh --test-dir "build/mingw$1" \
        -R '^(contract|arguments|processes|owners|threads|impostors|headers|stale|story|strangers|transfer)$'
}

# A 32-bit program that Wine cannot run ends with 0 all the same, and says nothing.
runs_32_bits() { wine build/mingw32/bin/test_status.exe 2>/dev/null | grep -q 'Run Summary'; }

echo "== 1 of 3: what is missing"
if [ "${1-}" != inside ]; then
    scripts/setup.sh windows
    mkdir -p build
    if scripts/wine-root.sh build/wine-root; then exec scripts/wine-root.sh build/wine-root "$0" inside; fi
fi
: >$counts
start_wine

echo "== 2 of 3: 64 bits: build/mingw64"
build 64 x86_64-w64-mingw32
count scripts/suite.sh --test-dir build/mingw64

echo "== 3 of 3: 32 bits: build/mingw32"
if ! command -v i686-w64-mingw32-gcc >/dev/null; then
    skip "32 bits: there is no i686-w64-mingw32-gcc"
else
    build 32 i686-w64-mingw32
    if runs_32_bits; then
        count scripts/suite.sh --test-dir build/mingw32
        count mixed 64 32
        count mixed 32 64
    else
        skip "32 bits, built but not run: this Wine runs no 32-bit programs"
    fi
fi

awk '{ passed += $1; failed += $3; skipped += $5 }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed != 0 || passed == 0 }' $counts
