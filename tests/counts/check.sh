#!/bin/sh
# check.sh SUITE_SH: see that scripts/suite.sh counts what it should, above all what has no result. Its ctest is a script
# here, which tells what a run would.
set -eu

suite=$1 failed=0
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cat >"$place/ctest" <<'END'
#!/bin/sh
here=$(dirname "$0")
case $1 in
-N) cat "$here/planned" ;;
*) cat "$here/log"; exit "$(cat "$here/ends")" ;;
esac
END
chmod +x "$place/ctest"
printf '  Test  #1: blocks\n  Test  #2: demo\n' >"$place/planned"

# scene NAME ENDS COUNTS NAMED: what was printed to the log is a run that ends with status ENDS; the last line must be
# COUNTS, the script must fail where something failed, and a line must name what NAMED says.
scene() {
    echo "$2" >"$place/ends"
    status=0
    SHSHARED_CTEST=$place/ctest sh "$suite" --test-dir nowhere >"$place/said" || status=1
    case $3 in *" 0 failed"*) wanted=0 ;; *) wanted=1 ;; esac
    if [ "$(tail -n 1 "$place/said")" = "$3" ] && [ $status = $wanted ] && grep -q "$4" "$place/said"; then return; fi
    echo "$1: expected '$3' and '$4', got:" && cat "$place/said"
    failed=1
}

suite_begins='1: Suite: blocks'
suite_ends='1:                tests      3      3      3      0        0'
first_passed='1/2 Test #1: blocks ...   Passed    0.01 sec'
second_passed='2/2 Test #2: demo ...   Passed    0.01 sec'

log() { printf '%s\n' "$@" >"$place/log"; }

log "$suite_begins" "$suite_ends" "$first_passed" "$second_passed"
scene 'all pass' 0 '4 passed, 0 failed, 0 skipped' Summary
log "$suite_begins" '1: skipped: one: there is no such thing' "$suite_ends" "$first_passed" "$second_passed"
scene 'one is skipped' 0 '3 passed, 0 failed, 1 skipped' 'skipped: one'
log "$suite_begins" "$suite_ends" "$first_passed"
scene 'the run is killed' 137 '3 passed, 1 failed, 0 skipped' 'no result: .*demo'
log "$suite_begins"
scene 'the run is killed at once' 137 '0 passed, 2 failed, 0 skipped' 'no result: .*blocks'
log "$suite_begins" "$first_passed" "$second_passed"
scene 'a program ends before its summary' 0 '1 passed, 1 failed, 0 skipped' 'no result: .*blocks'
log '1: Test command: /somewhere/test_blocks' "$first_passed" "$second_passed"
scene 'a program says nothing' 0 '1 passed, 1 failed, 0 skipped' 'no result: .*blocks'
log "$suite_begins" '1:                tests      3      2      2      0        1' "$first_passed" "$second_passed"
scene 'a program leaves a test out' 0 '3 passed, 1 failed, 0 skipped' Summary
log "$suite_begins" '1:                tests      3      3      2      1        0' '1/2 Test #1: blocks ...***Failed 1 sec' \
    "$second_passed"
scene 'a test fails' 8 '3 passed, 1 failed, 0 skipped' 'failed: .*blocks'
log "$suite_begins" "$suite_ends" '1/2 Test #1: blocks ...***Exception: SegFault 1 sec' "$second_passed"
scene 'a program fails at its end' 8 '4 passed, 1 failed, 0 skipped' 'failed: .*blocks'
exit $failed
