#!/bin/sh
# wait.sh TOOL OWNER: waiting for a process that takes blocks later, or never.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

start
expect 0 wait "$pid"
expect 0 wait --timeout 0 "$pid"

start late
expect 1 wait --timeout 0 "$pid"
complains "process $pid: SHS_E_TIMEOUT"
"$tool" wait --timeout 60 "$pid" 2>"$work/err" 7>&- &
waiter=$!
echo begin >&7
wait "$waiter" || die "it did not see the process begin"
expect 0 list "$pid"

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
