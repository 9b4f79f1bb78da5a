#!/bin/sh
# bench.sh [--quick] [--only three|crowds|cycles|tails] [--core NUMBER]: measure the library beside the alternatives, from
# a bare machine to the result: install what is missing, build, run, draw the plots. What cannot be installed is left
# out; the tables show a gap. --only measures a part: three, what several processes hand on, and blocks that are filled
# in place; crowds, many givers to one owner; cycles, the peers' whole cycles; tails, how long single ones of them take,
# and the memory that they hold.
set -eu

cd "$(dirname "$0")/.."
programs=build/bench/bench
results=build/bench/results

# Wine makes its prefix at first use, which takes longer than any measurement.
prepare_wine() {
    if [ -x $programs/peer-wine-pingpong ]; then $programs/peer-wine-pingpong 64 </dev/null >&2; fi
}

# Where the user may, ask for more of the core than the neighbours have. It changes nothing in how processes wake up.
run() {
    if nice -n -20 true 2>/dev/null; then first="nice -n -20"; else first=; fi
    $first $programs/bench --output $results "$@" | tee $results/bench.txt
}

# plot TABLE PICTURE PROGRAM: a run that measured a part leaves no table, or that of an older run, for the others.
plot() {
    if [ ! -f $results/"$1" ]; then return; fi
    if ! command -v gnuplot >/dev/null; then
        echo "bench: no plot without gnuplot" >&2
        return
    fi
    gnuplot -e "table='$results/$1'; picture='$results/$2'" "bench/$3"
}

echo "== 1 of 3: what is missing"
scripts/setup.sh demo bench || echo "bench: going on without it" >&2
echo "== 2 of 3: build the library and the benchmark in build/bench"
cmake -S . -B build/bench -DCMAKE_BUILD_TYPE=Release -DSHSHARED_BENCH=ON -DSHSHARED_TESTS=OFF -DSHSHARED_EXAMPLES=OFF
cmake --build build/bench --parallel 2
mkdir -p $results
prepare_wine
echo "== 3 of 3: measure; tables and plots go to $results"
run "$@"
plot bench-cycles.csv bench.svg plot.gp
plot bench-tails.csv bench-tails.svg plot_tails.gp
