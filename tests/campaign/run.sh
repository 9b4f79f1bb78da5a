#!/bin/sh
# run.sh [CAMPAIGN...]: the quick mode of all campaigns, or of these, one after the other, in the build of the default
# preset. The last line counts the cases of all. README.md says what each does, and how it is run for long.
set -u

cd "$(dirname "$0")/../.." || exit
build=build/default/tests/campaign
log=$(mktemp)
trap 'rm -f "$log" "$log.status"' EXIT
passed=0 failed=0 skipped=0

# run NAME COMMAND...: add what its last line counts; one that says nothing has failed. No pipe, which a process that it
# left behind would hold open.
run() {
    echo "== $*"
    shift
    "$@" >"$log" 2>&1 || echo failed >"$log.status"
    cat "$log"
    counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log")
    # shellcheck disable=SC2086
    set -- ${counts:-0 1 0}
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    if [ -e "$log.status" ] && [ "$2" -eq 0 ]; then failed=$((failed + 1)); fi
    rm -f "$log.status"
}

cmake --preset default >/dev/null && cmake --build --preset default >/dev/null || exit
if [ $# -eq 0 ]; then set -- faults stress sequences tsan fuzz valgrind; fi
for name in "$@"; do
    case $name in
    fuzz) run fuzz tests/campaign/fuzz/run.sh ;;
    tsan) run tsan tests/campaign/tsan.sh ;;
    valgrind) run valgrind tests/campaign/valgrind.sh ;;
    faults) run faults "$build/campaign_faults" --seed 1 --count 1500 ;; # the same cases each time
    *) run "$name" "$build/campaign_$name" ;;
    esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
