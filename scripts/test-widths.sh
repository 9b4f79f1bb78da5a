#!/bin/sh
# test-widths.sh: Linux on 32-bit x86, and processes of both widths side by side: build for 32 bits in build/linux32, pass
# the suite there, then the suites of more than one process with children of the other width, both ways, beside the build
# of the default preset. A machine without the compiler or CUnit's source, or whose kernel runs no 32-bit programs, skips
# it and says why. The last line counts all tests.
set -eu

cd "$(dirname "$0")/.."
triplet=i686-linux-gnu
narrow=build/linux32 wide=build/default
counts=build/widths-counts
pairs='contract|arguments|blocks|inplace|room|views|handles|story|processes|owners|threads'
alone='^consumer|^manuals|^tool|^races|wine$|^shlwapi_(real|beside|installed)|^structure|^counts$|^mutants$'

end() {
    echo "$1"
    echo "0 passed, $2 failed, $3 skipped"
    exit "$2"
}

skip() { end "skipped: widths: $1" 0 1; }

build() {
    "$@" || end "failed: $*" 1 0
}

# To end without a result is a failure.
count() {
    "$@" 2>&1 | tee build/widths.log
    tail -n 1 build/widths.log | grep -E '^[0-9]+ passed' >>$counts || echo "0 passed, 1 failed, 0 skipped" >>$counts
}

# mixed FOLDER CHILDREN
mixed() { SHSHARED_TEST_CHILDREN="$PWD/$2/tests" scripts/suite.sh --test-dir "$1" -R "^($pairs)\$"; }

# A program without the library, in a folder of its own: what cannot be executed a shell takes for a script.
runs_32_bits() {
    folder=$(mktemp -d)
    echo 'int main(void) { return 0; }' | $triplet-gcc -static -x c -o "$folder/probe" - &&
        (cd "$folder" && ./probe) >/dev/null 2>&1 && runs=0 || runs=1
    rm -rf "$folder"
    return "$runs"
}

mkdir -p build
scripts/setup.sh widths || true
command -v $triplet-g++ >/dev/null || skip "there is no $triplet-g++"
runs_32_bits || skip "this kernel runs no 32-bit programs"
scripts/cunit-mingw.sh $triplet build/cunit || skip "CUnit's source cannot be had"
build cmake -S . -B $narrow -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/linux32.cmake" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DSHSHARED_WERROR=ON -DSHSHARED_TESTS=ON -DSHSHARED_EXAMPLES=OFF
build cmake --build $narrow --parallel 2
build cmake --preset default
build cmake --build --preset default

: >$counts
count scripts/suite.sh --test-dir $narrow -E "$alone"
count mixed $wide $narrow
count mixed $narrow $wide
awk '{ passed += $1; failed += $3; skipped += $5 }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed != 0 || passed == 0 }' $counts
