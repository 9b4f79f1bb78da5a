#!/bin/sh
# test.sh [windows]: pass the tests, from a bare machine to the result: install what is missing, build, and run
# every test. The last line counts what passed, failed and was skipped. With "windows" it is the same for the Windows
# build, on Wine. Other builds (sanitizers, the other memory object) are the presets of CMakePresets.json.
set -eu

cd "$(dirname "$0")/.."
if [ "${1-}" = windows ]; then
    shift
    exec scripts/test-windows.sh "$@"
fi

echo "== 1 of 3: what is missing"
scripts/setup.sh test
echo "== 2 of 3: build the library, the examples and the tests in build/default"
cmake -S . -B build/default -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSHSHARED_TESTS=ON
cmake --build build/default --parallel 2
echo "== 3 of 3: run the tests"
scripts/suite.sh --test-dir build/default
