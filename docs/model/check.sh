#!/bin/sh
# check.sh: every model must hold, searched to the end; and with each mutation the checker must find a claim violated.
# One line a run, two runs at a time, two or three minutes in all; at most 2 GB each. See README.md.
#   check.sh                             all of them
#   check.sh holds|breaks MODEL FLAG...  one of them: "check.sh breaks view_counts -DMUT_NO_BUSY"
set -u
cd "$(dirname "$0")" || exit 1

runs() {
    cat <<'END'
holds  slots
holds  handle_numbers
holds  readers
holds  view_counts
holds  slots          -DTHIRD_PRESENT -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=2
holds  slots          -DSCRIBBLE -DSTEPS_A=1 -DSTEPS_O=1 -DSTEPS_T=0
holds  readers        -DFENCED
breaks slots          -DMUT_NO_RETIRE
breaks slots          -DMUT_STORE
breaks slots          -DMUT_END_IS_DEATH -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=2
breaks slots          -DMUT_LIVE_BEFORE_RETIRED
breaks slots          -DMUT_TRIM_LIVE_FIRST -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=2
breaks slots          -DMUT_IGNORE_PRESENCE
breaks slots          -DMUT_PUBLISH_BEFORE_FILL
breaks slots          -DMUT_THIRD_LEAVES_NO_TRACE
breaks slots          -DMUT_SIZE_BEFORE_PRESENCE
breaks slots          -DMUT_UNBOUNDED -DSCRIBBLE
breaks slots          -DMUT_UNCLAMPED -DSCRIBBLE
breaks view_counts    -DMUT_NO_BUSY
breaks view_counts    -DMUT_COUNT_BEFORE_PRESENCE
breaks view_counts    -DMUT_NAME_BEFORE_COUNT
breaks view_counts    -DMUT_CHILD_CLEARS_PRESENCE
breaks readers        -DMUT_NO_READER
breaks readers        -DMUT_NO_BARRIER
breaks readers        -DMUT_NO_READERS_LOCK
breaks readers        -DMUT_TAKE_AFTER_WAIT
breaks readers        -DMUT_NO_FIRST_WAIT
breaks readers        -DMUT_NO_SECOND_WAIT
breaks readers        -DMUT_SHARE_LIST
breaks readers        -DMUT_CLOSE_VIEWED
breaks readers        -DMUT_REMOVE_SPANS_AT_ONCE
breaks readers        -DMUT_LEAVE_FIRST
breaks readers        -DMUT_NO_LAST_UNLOCK
breaks readers        -DMUT_DRAINING_AFTER_LOOK
breaks readers        -DMUT_LOOK_WITHOUT_LOCK
breaks readers        -DMUT_KEEP_LEASE
breaks readers        -DMUT_STORE
breaks readers        -DMUT_LIVE_BEFORE_RETIRED
breaks readers        -DMUT_UNLINK_HELD
breaks readers        -DMUT_RETIRE_HELD_LATER
breaks readers        -DMUT_NO_RECLAIM_OF_HELD
breaks readers        -DMUT_FILL_HELD
breaks readers        -DMUT_SHOW_BEFORE_MAP
breaks readers        -DMUT_SHOW_TWICE
breaks handle_numbers -DMUT_GENERATIONS_RESTART
breaks handle_numbers -DMUT_UNLINK_LIVE
breaks handle_numbers -DMUT_END_UNHEARD
breaks handle_numbers -DMUT_FAIL_UNTOLD
breaks handle_numbers -DMUT_DISCARD_UNTOLD
breaks handle_numbers -DMUT_TRIM_TELLS_NOTHING
breaks handle_numbers -DMUT_TELL_AFTER_REQUEST
breaks handle_numbers -DMUT_BELIEVE_WHAT_IS_KNOWN
breaks handle_numbers -DMUT_BELIEVE_A_RETIRED_WORD
END
}

# search EXPECTED FLAG... MODEL: run the checker in the current folder; what it says goes to the file "said". A complete
# search is worth optimising; to find a violated claim takes less time than that.
search() {
    level=-O0
    hash=20
    [ "$1" = holds ] && level=-O2 hash=24
    shift
    spin -a "$@" >said 2>&1 || return
    "${CC:-cc}" "$level" -w -DSAFETY -DMEMLIM=2048 -o pan pan.c >said 2>&1 || return
    timeout 600 ./pan -m100000 "-w$hash" >said 2>&1
}

# check EXPECTED MODEL FLAG...: one run, one line.
check() {
    expected=$1 model=$2
    shift 2
    source=$PWD/$model.pml
    folder=$(mktemp -d) || exit 1
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 1' INT TERM HUP
    cd "$folder" || exit 1
    search "$expected" "$@" "$source"
    found=none
    grep -q 'errors: 0$' said && ! grep -Eq 'not completed|too small|MEMLIM' said && found=holds
    grep -q 'assertion violated' said && found=breaks
    case $found in
        holds) told="$(awk '/states, stored/ { print $1 }' said) states, complete" ;;
        breaks) told=$(sed -n 's/^pan:[0-9]*: assertion violated  *\(.*\) (at depth.*/violated: \1/p' said) ;;
        none) told=$(head -n 3 said) ;;
    esac
    if [ "$found" = "$expected" ]; then verdict=ok; else verdict="FAILED, expected: $expected"; fi
    echo "$verdict - $model${*:+ $*}: $found, $told"
    [ "$verdict" = ok ]
}

command -v spin >/dev/null || {
    echo "skipped: spin is not installed"
    exit 77
}

if [ $# -gt 0 ]; then
    check "$@"
    exit
fi

results=$(mktemp) || exit 1
trap 'rm -f "$results"' EXIT
trap 'exit 1' INT TERM HUP
runs | xargs -L 1 -P 2 ./check.sh | tee "$results"
passed=$(grep -c '^ok - ' "$results")
failed=$(($(runs | wc -l) - passed))
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
