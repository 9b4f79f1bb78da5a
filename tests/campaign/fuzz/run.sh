#!/bin/sh
# fuzz/run.sh [SECONDS]: build the fuzz targets and run each for so long (15), beginning with the inputs that are kept.
# Each target counts as one; what it found is left in build/fuzz/found, and named.
set -u

cd "$(dirname "$0")/../../.." || exit
seconds=${1:-15}
build=build/fuzz/tests/campaign
found=build/fuzz/found
passed=0 failed=0

if ! command -v clang >/dev/null; then
    echo "skipped: fuzz: no clang"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
cmake --preset fuzz >/dev/null && cmake --build --preset fuzz >/dev/null || exit
mkdir -p $found
for name in server client parsers model; do
    corpus=build/fuzz/corpus/$name
    tests/campaign/fuzz/corpus.sh unpack "tests/campaign/fuzz/corpus/$name.txt" "$corpus"
    echo "fuzz: $name for $seconds s"
    # No symbolizer while it runs: its pipes would be taken for a leak.
    if "$build/fuzz_$name" -max_total_time="$seconds" -print_funcs=0 -print_final_stats=1 -timeout=60 \
        -rss_limit_mb=2048 -artifact_prefix="$found/$name-" "$corpus" >"$found/$name.log" 2>&1; then
        passed=$((passed + 1))
        grep number_of_executed_units "$found/$name.log"
    else
        failed=$((failed + 1))
        echo "failed: fuzz: $name, with the input that is named here: $build/fuzz_$name INPUT"
        tail -n 40 "$found/$name.log"
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
