#!/bin/sh
# check.sh: every model must hold, searched to the end; one must come to an end, without a cycle; and with each mutation
# the checker must find a claim violated. One line a run, JOBS (two) at a time, some minutes in all; at most 2 GB
# each. See README.md.
#   check.sh                                  all of them
#   check.sh holds|ends|breaks MODEL FLAG...  one of them: "check.sh breaks view_counts -DMUT_NO_BUSY"
set -u
cd "$(dirname "$0")" || exit 1

runs() {
    cat <<'END'
holds  readers
holds  slots
holds  handle_numbers
holds  handle_numbers -DIMPORTS -DSTEPS_A=3 -DSTEPS_O=1 -DSTEPS_T=1
holds  readers        -DFENCED
holds  readers        -DCEASES -DSTEPS=1
holds  readers        -DLATE -DSTEPS=1
holds  compaction
holds  view_counts
holds  view_counts    -DGIVES
holds  slots          -DALLOC_LOCKED -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=1
holds  slots          -DTHIRD_PRESENT -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=2
holds  slots          -DSCRIBBLE -DSTEPS_A=1 -DSTEPS_O=1 -DSTEPS_T=0
holds  third_readers  -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DNUMBERS=2
holds  third_readers  -DSELF -DNUMBERS=0
holds  third_readers  -DSELF -DNUMBERS=0 -DSLOTS=2 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DNUMBERS=0 -DLOSES=1 -DSTEPS_T2=0
holds  third_readers  -DSELF -DLOSES=1 -DSTEPS_T2=0
holds  third_readers  -DSELF -DLOSES=1 -DSTEPS_T1=1 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DLOSES=1 -DNUMBERS=2 -DSTEPS_T1=1 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DLOSES=1 -DTRIMS=1 -DSTEPS_T2=0 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DREUSES -DLOSES=2 -DSTEPS_T2=0 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DTRIMS=1 -DSTEPS_T1=3 -DSTEPS_T2=0
holds  third_readers  -DSELF -DTRIMS=1 -DTRIMS_T2=1 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DREUSES -DTRIMS=1 -DLOSES_T2=1 -DSTEPS_T1=1 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DTHREADS -DTRIMS=1 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DTHREADS -DTRIMS=2 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DTHREADS -DLOSES=1 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DREUSES -DCOPIES -DNUMBERS=2 -DVIEWS_ONLY -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DREUSES -DGIVES -DNUMBERS=2 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DRETIRES -DEXPORTS -DTRIMS=1 -DSTEPS_T2=0
holds  third_readers  -DSELF -DRETIRES -DEXPORTS -DNUMBERS=0 -DSTEPS_T2=0
holds  third_readers  -DSELF -DSLOTS=2 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DSLOTS=2 -DREUSES -DLOSES=1 -DSTEPS_T2=0 -DTHIRDS_LOCK_ONLY
holds  third_readers  -DSELF -DSCRIBBLE=1 -DSTEPS_T2=0
ends   third_readers  -DSELF -DLOSES=1 -DSTEPS_T2=0 -DTHIRDS_LOCK_ONLY
breaks slots          -DMUT_NO_RETIRE
breaks slots          -DMUT_STORE
breaks slots          -DMUT_END_IS_DEATH -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=2
breaks slots          -DMUT_LIVE_BEFORE_RETIRED
breaks slots          -DMUT_TRIM_LIVE_FIRST -DEXPORTS -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=2
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
breaks view_counts    -DMUT_FORK_LEAVES_SLOT
breaks view_counts    -DMUT_COUNT_AFTER_PUBLISHING -DGIVES
breaks view_counts    -DMUT_PUBLISH_ABSENT -DGIVES
breaks readers        -DMUT_NO_READER
breaks readers        -DMUT_NO_BARRIER
breaks readers        -DMUT_TRUST_WHO_WAS_TOLD -DCEASES -DSTEPS=1
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
breaks readers        -DMUT_NO_FENCE -DLATE -DSTEPS=1
breaks compaction     -DMUT_NO_STOP
breaks compaction     -DMUT_NO_RETRY
breaks compaction     -DMUT_COPY_LIVE
breaks compaction     -DMUT_TABLE_FIRST
breaks compaction     -DMUT_FLAG_LATE
breaks compaction     -DMUT_FLAG_SHORT
breaks handle_numbers -DMUT_GENERATIONS_RESTART
breaks handle_numbers -DMUT_UNLINK_LIVE
breaks handle_numbers -DMUT_END_UNHEARD
breaks handle_numbers -DMUT_FAIL_UNTOLD
breaks handle_numbers -DMUT_DISCARD_UNTOLD
breaks handle_numbers -DMUT_TRIM_TELLS_NOTHING
breaks handle_numbers -DMUT_TELL_AFTER_REQUEST
breaks handle_numbers -DMUT_DISCARD_UNTOLD -DIMPORTS -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=0
breaks handle_numbers -DMUT_FREE_WHAT_IS_THERE -DIMPORTS -DSTEPS_A=2 -DSTEPS_O=1 -DSTEPS_T=0
breaks handle_numbers -DMUT_BELIEVE_WHAT_IS_KNOWN
breaks handle_numbers -DMUT_BELIEVE_A_RETIRED_WORD
breaks third_readers  -DMUT_IGNORE_THIRD -DSELF
breaks third_readers  -DMUT_THIRD_WORD_FIRST -DSELF
breaks third_readers  -DMUT_NO_TRACE -DSELF
breaks third_readers  -DMUT_WORD_FIRST -DSELF
breaks third_readers  -DMUT_NO_CAS -DSELF -DNUMBERS=2
breaks third_readers  -DMUT_UNLOCK_LATE -DSELF
breaks third_readers  -DMUT_UNLOCK_CLEARS_THIRD -DSELF -DNUMBERS=2
breaks third_readers  -DMUT_NO_BACKING_OUT -DSELF
breaks third_readers  -DMUT_STORE -DSELF -DRETIRES
breaks third_readers  -DMUT_LIVE_BEFORE_RETIRED -DSELF -DRETIRES
breaks third_readers  -DMUT_NONE_LEAVES_NO_TRACE -DSELF
breaks third_readers  -DMUT_FULL_IS_A_NUMBER -DSELF -DNUMBERS=0 -DCOUNTED_MOST=1
breaks third_readers  -DMUT_FORGIVE_EARLY -DSELF -DNUMBERS=0 -DVIEWS_ONLY
breaks third_readers  -DMUT_FORGIVE_RETIRED -DSELF -DNUMBERS=0 -DEXPORTS -DVIEWS_ONLY
breaks third_readers  -DMUT_NO_FORGIVING -DSELF -DNUMBERS=0
breaks third_readers  -DMUT_REGISTER_TWICE -DSELF -DMAPS=2 -DSTEPS_T2=0 -DSTEPS_T1=3 -DVIEWS_ONLY
breaks third_readers  -DMUT_DRAINING_NOT_REVIVED -DSELF -DMAPS=2 -DSTEPS_T2=0 -DLOSES=1 -DVIEWS_ONLY
breaks third_readers  -DMUT_GRACE_NOT_REVIVED -DSELF -DMAPS=2 -DTHREADS -DTRIMS=1 -DVIEWS_ONLY
breaks third_readers  -DMUT_ONE_GRACE -DSELF -DTHREADS -DTRIMS=2 -DVIEWS_ONLY
breaks third_readers  -DMUT_RECLAIM_REVIVED -DSELF -DTHREADS -DTRIMS=1 -DVIEWS_ONLY
breaks third_readers  -DMUT_NUMBER_BY_PID -DSELF -DCOPIES -DVIEWS_ONLY
breaks third_readers  -DMUT_END_IS_DEATH -DSELF -DLOSES=1 -DSTEPS_T2=0 -DVIEWS_ONLY -DTHIRDS_LOCK_ONLY
breaks third_readers  -DMUT_RELEASE_WITH_MAPPING -DSELF -DLOSES=1 -DSTEPS_T2=0 -DVIEWS_ONLY -DTHIRDS_LOCK_ONLY
breaks third_readers  -DMUT_OLDER_RELEASES -DSELF -DLOSES=1 -DSTEPS_T2=0 -DVIEWS_ONLY -DTHIRDS_LOCK_ONLY
breaks third_readers  -DMUT_OLDER_TAKES_OVER -DSELF -DLOSES=1 -DSTEPS_T2=0 -DVIEWS_ONLY -DTHIRDS_LOCK_ONLY
breaks third_readers  -DMUT_NUMBER_GIVEN_FIRST -DSELF -DVIEWS_ONLY
breaks third_readers  -DMUT_CLEAR_ONE_WORD -DSELF -DSLOTS=2
breaks third_readers  -DMUT_NO_CLEARING -DSELF
breaks third_readers  -DMUT_CLEAR_PRESENCE_TOO -DLOCKS -DSTEPS_O=2 -DSTEPS_T2=0
breaks third_readers  -DMUT_CHILD_UNLOCKS -DSELF
breaks third_readers  -DMUT_UNBOUNDED -DSELF -DSCRIBBLE=1 -DSTEPS_T2=0
breaks third_readers  -DMUT_UNCLAMPED -DSELF -DSCRIBBLE=1 -DSTEPS_T2=0
breaks third_readers  -DMUT_NUMBER_UNCHECKED -DSELF -DSCRIBBLE=1 -DSTEPS_T2=0
END
}

# search EXPECTED FLAG... MODEL: run the checker in the current folder; what it says goes to the file "said". A complete
# search is worth optimising; to find a violated claim takes less time than that.
search() {
    case $1 in
        holds) flags="-O2 -DSAFETY" run=-w24 ;;
        ends) flags="-O2 -DNP" run="-l -w22" ;;
        *) flags="-O0 -DSAFETY" run=-w20 ;;
    esac
    shift
    spin -a "$@" >said 2>&1 || return
    # shellcheck disable=SC2086 # words
    "${CC:-cc}" $flags -w -DMEMLIM=2000 -o pan pan.c >said 2>&1 || return
    # Of the processor's time, as others may have it meanwhile; dash, bash and busybox have the option.
    # shellcheck disable=SC2086,SC3045
    (ulimit -t 600 && exec ./pan -m100000 $run >said 2>&1)
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
    grep -q 'errors: 0$' said && ! grep -Eq 'not completed|too small|MEMLIM' said && found=$expected
    [ "$found" = breaks ] && found=holds
    grep -q 'assertion violated' said && found=breaks
    case $found in
        holds | ends) told="$(awk '/states, stored/ { print $1 }' said) states, complete" ;;
        breaks) told=$(sed -n 's/^pan:[0-9]*: assertion violated  *\(.*\) (at depth.*/violated: \1/p' said | cut -c 1-60) ;;
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
runs | xargs -L 1 -P "${JOBS:-2}" ./check.sh | tee "$results"
passed=$(grep -c '^ok - ' "$results")
failed=$(($(runs | wc -l) - passed))
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
