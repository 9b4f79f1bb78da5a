#!/bin/sh
# watch.sh TOOL OWNER: how much everybody has, once and again.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

start
printf 12345 | "$tool" give "$pid" >"$work/handle"
expect 0 watch --timeout 60
says "^ *$pid  tool_owner  *1 block  *5 bytes"
says '^ *1  process  *1 block  *5 bytes'
[ "$(grep -c PID "$work/out")" -eq 1 ] || die "it did not look once"
expect 0 watch --timeout 60 --count 3 --interval 0
[ "$(grep -c PID "$work/out")" -eq 3 ] || die "it did not look three times"
expect 0 watch --timeout 60 --json
json "[(p['pid'], p['blocks'], p['bytes']) for p in d['processes']] == [($pid, 1, 5)] and d['time'] > 0"
expect 0 watch --timeout 60 --json --count 2 --interval 0
[ "$(wc -l <"$work/out")" -eq 2 ] || die "not a line for each look"

expect 0 watch --timeout 60 --json --count 3 --interval 0.6
[ "$(sed 's/^{"time":\([0-9]*\).*/\1/' "$work/out" | sort -u | wc -l)" -gt 1 ] || die "a part of a second is no pause"

# It goes on until it is ended, and sees what changes.
mkfifo "$work/looks"
"$tool" watch --interval 0.01 --timeout 60 >"$work/looks" &
watcher=$!
exec 6<"$work/looks"
read -r _ <&6
"$tool" free "$(cat "$work/handle")" "$pid"
line=
until case $line in *' 0 blocks'*) true ;; *) false ;; esac; do read -r line <&6 || die "it ended by itself"; done
kill "$watcher"
while read -r _ <&6; do :; done
result=0
wait "$watcher" || result=$?
[ "$result" -eq 143 ] || die "SIGTERM ends it with $result"

# What could not be looked at is no empty table.
for few in 12 14 16; do
    result=0
    sh -c "ulimit -n $few && exec \"\$1\" watch --count 1 --timeout 60" sh "$tool" >"$work/out" 2>"$work/err" || result=$?
    if [ $result -eq 0 ]; then says "^ *$pid " && break; fi
    complains 'not all could be looked at\|does not start'
done

stop "$pid"
expect 0 watch --timeout 0.1
says "^ *$pid .*SHS_E_TIMEOUT"

# A signal is heard of between two that do not answer, each of which would take ten minutes.
first=$pid
start
stop "$pid"
"$tool" watch --timeout 600 >"$work/out" 2>"$work/err" &
watcher=$!
has_begun "$watcher" || die "it ended by itself"
if grep -q '^SigCgt:' /proc/self/status 2>/dev/null; then until grep -q '^SigCgt:.*[4-7c-f]...$' "/proc/$watcher/status"; do :; done; fi
kill "$watcher"
kill -CONT $((first < pid ? first : pid)) # it is asked first
result=0
wait "$watcher" || result=$?
[ "$result" -eq 143 ] || die "SIGTERM in a look ends it with $result"
