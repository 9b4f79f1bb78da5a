#!/bin/sh
# test-widths.sh: Linux on 32-bit x86, and processes of both widths side by side: build for 32 bits in build/linux32, pass
# the suite there, then the suites of more than one process with children of the other width, both ways, beside the build
# of the default preset. A machine without the compiler, or whose kernel runs no 32-bit programs, skips it and says why.
# The last line counts all tests.
set -eu

cd "$(dirname "$0")/.."
triplet=i686-linux-gnu
narrow=build/linux32 wide=build/default
counts=build/widths-counts
pairs='contract|arguments|blocks|inplace|room|views|handles|story|processes|owners|threads'

# To end without a result is a failure.
count() {
    "$@" 2>&1 | tee build/widths.log
    tail -n 1 build/widths.log | grep -E '^[0-9]+ passed' >>$counts || echo "0 passed, 1 failed, 0 skipped" >>$counts
}

skip() {
    echo "skipped: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit
}

# mixed FOLDER CHILDREN
mixed() { SHSHARED_TEST_CHILDREN="$PWD/$2/tests" scripts/suite.sh --test-dir "$1" -R "^($pairs)\$"; }

scripts/setup.sh widths || true
if ! command -v $triplet-g++ >/dev/null; then skip "widths: there is no $triplet-g++"; fi
scripts/cunit-mingw.sh $triplet build/cunit
cmake -S . -B $narrow -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/linux32.cmake" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DSHSHARED_WERROR=ON -DSHSHARED_TESTS=ON -DSHSHARED_EXAMPLES=OFF
cmake --build $narrow --parallel 2
if ! $narrow/tests/test_status >/dev/null; then skip "widths: built, but this kernel runs no 32-bit programs"; fi
cmake --preset default
cmake --build --preset default

: >$counts
count scripts/suite.sh --test-dir $narrow -E '^consumer|^manuals|^tool|^races|wine$|^shlwapi_(real|beside|installed)|^structure|^counts$|^mutants$'
count mixed $wide $narrow
count mixed $narrow $wide
awk '{ passed += $1; failed += $3; skipped += $5 }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed != 0 || passed == 0 }' $counts
