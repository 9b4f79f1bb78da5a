#!/bin/sh
# wait.sh TOOL OWNER: waiting for a process that takes blocks later, or never.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

start
expect 0 wait "$pid"
expect 0 wait --timeout 0 "$pid"

# A look takes no longer than the wait: 80 looks of two seconds would not end within this test's time.
stop "$pid"
looks=80
while [ $looks -gt 0 ]; do
    expect 1 wait --timeout 0.01 "$pid"
    looks=$((looks - 1))
done
complains "process $pid: SHS_E_TIMEOUT"
kill -CONT "$pid"

# One look gives it time for an answer. A busy machine may take more than that, but not each time.
tries=5 result=1
while [ $tries -gt 0 ] && [ $result -ne 0 ]; do
    stop "$pid"
    "$tool" wait --timeout 0 "$pid" >"$work/out" 2>"$work/err" &
    waiter=$!
    has_begun "$waiter" || true
    ls "$SHSHARED_RUNTIME_DIR"/*/* >/dev/null # which takes more than no time
    kill -CONT "$pid"
    result=0
    wait "$waiter" || result=$?
    tries=$((tries - 1))
done
[ $result -eq 0 ] || die "one look has no time for an answer: $result"

mkdir -m 755 "$work/open"
meeting_in "$work/open" expect 1 wait --timeout 60 "$pid"
complains 'the library does not start: SHS_E_RUNTIME_DIR'

start late
expect 1 wait --timeout 0 "$pid"
complains "process $pid: SHS_E_TIMEOUT: it has not attached in time"
complains 'usually: it must call shs_start()'
"$tool" wait --timeout 60 "$pid" 2>"$work/err" 7>&- &
waiter=$!
echo begin >&7
wait "$waiter" || die "it did not see the process begin"
expect 0 list --timeout 60 "$pid"

start late
"$tool" wait "$pid" 2>"$work/err" 7>&- &
waiter=$!
exec 7>&-
result=0
wait "$waiter" || result=$?
[ "$result" -eq 1 ] || die "the end of the process ends it with $result"
complains SHS_E_NO_PROCESS
expect 1 wait --timeout 1 2147483647
complains SHS_E_NO_PROCESS
