#!/bin/sh
# check_third_readers.sh: third_readers.pml must hold in every configuration, searched to the end; it must come to an
# end in one of them; and with each mutation the checker must find a claim violated. One line a run, two runs at a
# time; at most 2.5 GB each. See third_readers.md.
#   check_third_readers.sh                       all of them
#   check_third_readers.sh holds|breaks FLAG...  one of them: "check_third_readers.sh breaks -DSELF -DMUT_NO_TRACE"
set -u
cd "$(dirname "$0")" || exit 1

runs() {
    cat <<'END_OF_RUNS'
holds  -DTHIRDS_LOCK_ONLY -DSTEPS_T2=2
holds  -DSELF -DNUMBERS=2 -DSTEPS_T2=2
holds  -DSELF -DSLOTS=2 -DNUMBERS=2 -DTHIRDS_LOCK_ONLY -DSTEPS_T2=2
holds  -DSLOTS=2 -DNUMBERS=2 -DTHIRDS_LOCK_ONLY -DSTEPS_T1=1
holds  -DSELF -DNUMBERS=2 -DLOSES=1 -DLOSES_T2=1 -DTHIRDS_LOCK_ONLY
holds  -DSELF -DLOSES=1 -DRELEASES=1 -DTHIRDS_LOCK_ONLY
holds  -DSELF -DLOSES=2 -DSTEPS_T1=3 -DSTEPS_T2=0
holds  -DLOSES=1 -DTHIRDS_LOCK_ONLY
holds  -DLOCKS -DLOSES=1 -DSTEPS_T2=0
holds  -DLOCKS -DTHIRDS_LOCK_ONLY -DSTEPS_T1=1
holds  -DLOCKS -DRETIRES -DEXPORTS -DSTEPS_T1=1 -DSTEPS_T2=0
holds  -DSELF -DRETIRES -DEXPORTS -DRECLAIMS -DSTEPS_T1=1
holds  -DSELF -DEXPORTS -DRECLAIMS -DRELEASES=1 -DTHIRDS_LOCK_ONLY
holds  -DSELF -DRECLAIMS -DLOSES_T2=1 -DSTEPS_T2=2 -DTHIRDS_LOCK_ONLY
holds  -DSELF -DEXECS
holds  -DEXECS -DNUMBERS=2 -DTHIRDS_LOCK_ONLY -DSTEPS_T2=0
holds  -DSELF -DONE_PID -DNUMBERS=2 -DSTEPS_T2=2
holds  -DSELF -DONE_PID -DNUMBERS=2 -DLOSES=1 -DTHIRDS_LOCK_ONLY
holds  -DSELF -DSLOTS=2 -DLOSES=1 -DRELEASES=1 -DTHIRDS_LOCK_ONLY -DSTEPS_T2=0
holds  -DSELF -DEXECS -DNUMBERS=2 -DLOSES=1 -DRELEASES=1 -DTHIRDS_LOCK_ONLY -DSTEPS_T2=0
holds  -DRETIRES -DLOSES=1 -DTHIRDS_LOCK_ONLY -DSTEPS_T2=0
holds  -DLOSES=1 -DRELEASES=1 -DTHIRDS_LOCK_ONLY -DSTEPS_T2=0
holds  -DSELF -DSCRIBBLE=2 -DSTEPS_T2=0
holds  -DLOCKS -DSCRIBBLE=1 -DSTEPS_T2=0 -DSTEPS_T1=1 -DSTEPS_A=1
ends   -DSELF -DLOSES=1 -DRELEASES=1 -DSTEPS_T2=0
ends   -DSELF -DRETIRES -DEXPORTS -DRECLAIMS -DEXECS -DTHIRDS_LOCK_ONLY -DSTEPS_T2=0
ends   -DSELF -DRECLAIMS -DTHIRDS_LOCK_ONLY -DSTEPS_T1=1
breaks -DSELF -DMUT_IGNORE_THIRD
breaks -DSELF -DMUT_THIRD_WORD_FIRST
breaks -DSELF -DMUT_NO_TRACE
breaks -DSELF -DMUT_WORD_FIRST
breaks -DSELF -DNUMBERS=2 -DMUT_NO_CAS
breaks -DSELF -DMUT_UNLOCK_LATE
breaks -DSELF -DNUMBERS=2 -DMUT_UNLOCK_CLEARS_THIRD
breaks -DSELF -DMUT_NO_BACKING_OUT
breaks -DSELF -DRETIRES -DMUT_STORE
breaks -DSELF -DRETIRES -DMUT_LIVE_BEFORE_RETIRED
breaks -DSELF -DMUT_NONE_LEAVES_NO_TRACE
breaks -DSELF -DLOSES=1 -DTHIRDS_LOCK_ONLY -DMUT_SECOND_COUNTS
breaks -DSELF -DLOSES=1 -DTHIRDS_LOCK_ONLY -DMUT_LOST_IS_DEATH
breaks -DSELF -DVIEWS_ONLY -DONE_PID -DSTEPS_T2=2 -DMUT_NUMBER_BY_PID
breaks -DSELF -DVIEWS_ONLY -DONE_PID -DNUMBERS=2 -DMUT_NEW_LIFE_IS_PROOF
breaks -DSELF -DVIEWS_ONLY -DLOSES=1 -DRELEASES=1 -DSTEPS_T2=2 -DTHIRDS_LOCK_ONLY -DMUT_RELEASE_UNORDERED
breaks -DSELF -DVIEWS_ONLY -DRELEASES=1 -DSTEPS_T2=2 -DTHIRDS_LOCK_ONLY -DMUT_RELEASE_WITH_VIEWS
breaks -DSELF -DMUT_NUMBER_GIVEN_FIRST
breaks -DSELF -DSLOTS=2 -DMUT_CLEAR_ONE_WORD
breaks -DSELF -DMUT_NO_CLEARING
breaks -DLOCKS -DSTEPS_O=2 -DSTEPS_T2=0 -DMUT_CLEAR_PRESENCE_TOO
breaks -DSELF -DMUT_CHILD_UNLOCKS
breaks -DSELF -DSCRIBBLE=1 -DSTEPS_T2=0 -DMUT_UNBOUNDED
breaks -DSELF -DSCRIBBLE=1 -DSTEPS_T2=0 -DMUT_UNCLAMPED
breaks -DSELF -DSCRIBBLE=1 -DSTEPS_T2=0 -DMUT_NUMBER_UNCHECKED
breaks -DSELF -DVIEWS_ONLY -DRECLAIMS -DMUT_RECLAIM_EARLY
breaks -DSELF -DVIEWS_ONLY -DRECLAIMS -DLOSES_T2=1 -DSTEPS_T2=2 -DTHIRDS_LOCK_ONLY -DMUT_FORGET_WITHOUT
breaks -DSELF -DRECLAIMS -DRETIRES -DMUT_RECLAIM_AFTER_RETIRE
breaks -DSELF -DRECLAIMS -DEXPORTS -DMUT_RECLAIM_EXPORTED
breaks -DSELF -DVIEWS_ONLY -DRECLAIMS -DLOSES=1 -DTHIRDS_LOCK_ONLY -DMUT_PLAIN_UNTOLD
breaks -DSELF -DRECLAIMS -DMUT_NO_RECLAIM
END_OF_RUNS
}

# search FLAG...: run the checker in the current folder; what it says goes to the file "said". A long search is worth
# a compiler that takes its time, and a short one, for a mutation, is not.
search() {
    case $expected in
        holds) flags="-O2 -DSAFETY" cycles= ;;
        ends) flags="-O2 -DNP" cycles=-l ;;
        *) flags="-O0 -DSAFETY" cycles= ;;
    esac
    spin -a "$@" "$source" >said 2>&1 || return
    # shellcheck disable=SC2086 # words
    "${CC:-cc}" $flags -w -DMEMLIM=2500 -o pan pan.c >said 2>&1 || return
    timeout 600 ./pan $cycles -m100000 -w22 >said 2>&1
}

# check EXPECTED FLAG...: one run, one line.
check() {
    expected=$1
    shift
    source=$PWD/third_readers.pml
    folder=$(mktemp -d) || exit 1
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 1' INT TERM HUP
    cd "$folder" || exit 1
    search "$@"
    found=none
    grep -q 'errors: 0$' said && ! grep -Eq 'not completed|too small|MEMLIM' said && found=$expected
    [ "$found" = breaks ] && found=holds
    grep -q 'assertion violated' said && found=breaks
    case $found in
        holds | ends) told="$(awk '/states, stored/ { print $1 }' said) states, complete" ;;
        breaks) told=$(sed -n 's/^pan:[0-9]*: assertion violated  *\(.*\) (at depth.*/violated: \1/p' said | cut -c 1-60) ;;
        none) told=$(head -n 3 said) ;;
    esac
    if [ "$found" = "$expected" ]; then verdict=ok; else verdict="FAILED, expected: $expected"; fi
    echo "$verdict - third_readers${*:+ $*}: $found, $told"
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
runs | xargs -L 1 -P 2 ./check_third_readers.sh | tee "$results"
passed=$(grep -c '^ok - ' "$results")
failed=$(($(runs | wc -l) - passed))
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
