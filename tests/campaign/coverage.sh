#!/bin/sh
# coverage.sh [CTEST-OPTION...]: run the suite, or the part that the options choose, in a build that counts what is
# executed, and say what share of the lines and branches of src that was: of the pure parts, which ask no system, and of
# all. Processes that are killed or leave by _exit() count for nothing.
set -eu

cd "$(dirname "$0")/../.."
build=build/coverage
block='src/posix/block/(slot|handle|handle_table|handle_numbers|address_map|view_count|pool)\.'
pure="src/(options|share|status|version)\.c|src/posix/ipc/(wire|admission)\.|src/posix/os/errno_status\.|$block"

cmake -S . -B $build -DCMAKE_BUILD_TYPE=Debug -DSHSHARED_TESTS=ON -DCMAKE_C_FLAGS='--coverage -fprofile-update=atomic' >/dev/null
cmake --build $build --parallel 2 >/dev/null
find $build -name '*.gcda' -delete
# What others link with the installed library does not find the counters.
ctest --test-dir $build --parallel 2 --exclude-regex 'consumer|installed' "$@" | tail -n 5
for filter in "$pure" 'src/'; do
    echo "== $filter"
    gcovr --root . --filter "$filter" $build/src $build/tests/CMakeFiles $build/tests/posix
    gcovr --root . --filter "$filter" --branches $build/src $build/tests/CMakeFiles $build/tests/posix | tail -n 3
done
