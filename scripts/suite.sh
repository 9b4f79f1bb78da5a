#!/bin/sh
# suite.sh CTEST-OPTION...: run ctest (--preset NAME, or --test-dir BUILD), show all that the tests say, CUnit's
# summaries included, and end with what was skipped and why, what failed, and one line of counts.
#
# A CTest entry that is a CUnit program counts as its tests; every other entry counts as one. What has no result has
# failed, and is named: an entry that never ended, as the run was killed, and a CUnit program (test_NAME) that ended
# before its summary. A program that says "all passed" and then fails, as a leak found at its end makes it do, is one failure more.
# Two tests a processor run at once, as they wait for one another more than they work; CTEST_PARALLEL_LEVEL is another
# number. SHSHARED_CTEST is the ctest to run, for the test of this script.
set -eu

ctest=${SHSHARED_CTEST:-ctest}
jobs=$(($(getconf _NPROCESSORS_ONLN) * 2))
if [ "$jobs" -gt 8 ]; then jobs=8; fi
export CTEST_PARALLEL_LEVEL="${CTEST_PARALLEL_LEVEL:-$jobs}"
log=$(mktemp)
trap 'rm -f "$log" "$log.planned" "$log.status"' EXIT

# The ThreadSanitizer of older clangs refuses the address randomization of newer kernels.
launcher=
case "$*" in
*tsan*) if setarch -R true 2>/dev/null; then launcher="setarch -R"; fi ;;
esac

status=0
"$ctest" -N "$@" >"$log.planned"
{ $launcher "$ctest" --verbose "$@" || echo failed >"$log.status"; } 2>&1 | tee "$log"
if [ -e "$log.status" ]; then status=1; fi

echo "== Summary of: ctest $*"
awk '
    function number_of(line) { sub(/^[^#]*#/, "", line); return line + 0 }
    FNR == NR { if (/^ *Test +#[0-9]+: /) { planned[number_of($0)] = $0; count++ } next }
    /^[0-9]+: skipped: / { skips++; sub(/^[0-9]+: /, ""); print }
    /^[0-9]+: Test command: .*\/test_[a-z0-9_]+(\.exe)?"?$/ { is_to_count[$1 + 0] = 1 }
    /^[0-9]+: Suite: / { is_to_count[$1 + 0] = 1 }
    /^[0-9]+: +tests +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ / {
        is_cunit[$1 + 0] = 1; passed += $5; failed += $6 + ($3 - $4); own[$1 + 0] = $6
    }
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
        number = number_of($0)
        delete planned[number]
        good = / Passed /; skip = /\*\*\*Skipped/
        if (good && is_to_count[number] && !is_cunit[number]) { good = 0; print "no result: " $0 }
        if (!good && !skip) print "failed: " $0
        if (!is_cunit[number]) { if (good) passed++; else if (skip) entry_skips++; else failed++ }
        else if (!good && own[number] == 0) failed++
    }
    # A CUnit test that was skipped passed in the eyes of CUnit; an entry that was skipped said so in a line as well.
    END {
        for (number in planned) { print "no result: " planned[number]; failed++ }
        passed -= skips - entry_skips
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skips
        exit failed != 0 || passed == 0 || count == 0
    }' "$log.planned" "$log" || status=1
exit $status
