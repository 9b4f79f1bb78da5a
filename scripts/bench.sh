#!/bin/sh
# Run the benchmark from nothing: install what it needs (Debian), build it (Release), run it, draw the plot.
#
#   scripts/bench.sh [--quick] [--core NUMBER]
#
# Tables and the plot land in build-bench/results/. BENCH_SETUP=no leaves the packages alone: peers whose development
# files are missing are then left out.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-bench
results=$build/results
packages="cmake g++ gcc-mingw-w64-x86-64 gnuplot-nox libapr1-dev libboost-dev make pkg-config qt6-base-dev strace wine64"

set_up() {
    [ "${BENCH_SETUP:-yes}" = yes ] || return 0
    if ! command -v dpkg-query >/dev/null; then
        echo "bench.sh: not Debian: install by hand what is wanted of: $packages" >&2
        return 0
    fi
    # shellcheck disable=SC2086 # a list of words
    if dpkg-query -W $packages >/dev/null 2>&1; then return 0; fi
    # shellcheck disable=SC2086
    apt-get install -y --no-install-recommends $packages
}

build() {
    cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DSHSHARED_BENCH=ON -DSHSHARED_TESTS=OFF \
        -DSHSHARED_EXAMPLES=OFF
    cmake --build "$build" --parallel 2
}

# Wine makes its prefix at first use, which takes longer than any measurement.
prepare_wine() {
    if [ -x "$build/bench/peer-wine-pingpong" ]; then "$build/bench/peer-wine-pingpong" 64 </dev/null >&2; fi
}

# Where the user may, ask for more of the core than the neighbours have. It changes nothing in how processes wake up.
run() {
    mkdir -p "$results"
    if nice -n -20 true 2>/dev/null; then first="nice -n -20"; else first=""; fi
    $first "$build/bench/bench" --output "$results" "$@" | tee "$results/bench.txt"
}

plot() {
    if ! command -v gnuplot >/dev/null; then
        echo "bench.sh: no plot: gnuplot is not installed" >&2
        return 0
    fi
    gnuplot -e "table='$results/bench-cycles.csv'; picture='$results/bench.svg'" "$root/bench/plot.gp"
}

set_up
build
prepare_wine
run "$@"
plot
