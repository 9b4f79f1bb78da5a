#!/bin/sh
# kernels.sh [NAME... [-- CTEST-OPTION...]]: every suite, or what the options choose, on the portable build, on a Linux
# that behaves as another kernel does. NAME is a system or one behaviour (tests/kernels/CMakeLists.txt); without one it is
# every system. Left out is what tests the build, or Wine. The last line counts the tests of all.
set -eu

cd "$(dirname "$0")/.."
build=build/portable
names=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    names="$names $1"
    shift
done
if [ $# -gt 0 ]; then shift; fi
if [ $# -eq 0 ]; then set -- -E '_wine$|installed|consumer|beside|header|manuals|structure|mutants|counts|version|symbols|exports|(macos|freebsd|netbsd|openbsd|illumos)$'; fi
names=${names:-macos freebsd netbsd openbsd illumos}

cmake --preset portable >/dev/null
cmake --build --preset portable >/dev/null
counts=$(mktemp)
trap 'rm -f "$counts" "$counts.log"' EXIT
for name in $names; do
    if ! grep -q "(kernel_$name " $build/tests/kernels/kernels.cmake; then
        echo "kernels: no such system or behaviour: $name" >&2
        exit 2
    fi
    echo "== $name"
    SHSHARED_KERNEL=$name scripts/suite.sh --test-dir $build "$@" >"$counts.log" 2>&1 || true
    grep -E '^(skipped|failed|no result):|^[0-9]+:  *[0-9]+\. ' "$counts.log" || true
    tail -n 1 "$counts.log" | tee -a "$counts"
done
awk '{ passed += $1; failed += $3; skipped += $5 }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed != 0 || passed == 0 }' "$counts"
