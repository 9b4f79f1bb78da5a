#!/bin/sh
# run.sh TOOL OWNER: a command finds standard input in a block, and its end is the end of the tool.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

awk 'BEGIN { for (i = 0; i < 40000; i++) print i, "a line of the input" }' >"$work/input"

"$tool" run "$tool" show '{handle}' '{owner}' <"$work/input" | cmp - "$work/input" || die "its arguments name another block"
"$tool" run sh -c "'$tool' show \$SHSHARED_HANDLE \$SHSHARED_OWNER" <"$work/input" | cmp - "$work/input" ||
    die "its environment names another block"
cat "$work/input" | "$tool" run "$tool" show '{handle}' '{owner}' | cmp - "$work/input" || die "a pipe is another block"
cp "$work/input" "$work/growing"
[ "$("$tool" run sh -c 'echo more >>"$1" && cat' sh "$work/growing" <"$work/growing")" = "" ] || die "it has standard input"
[ "$("$tool" run sh -c 'echo "$*"' sh --json '{handles}' a </dev/null)" = "--json {handles} a" ] || die "its arguments differ"

expect 0 run true </dev/null
expect 7 run sh -c 'exit 7' </dev/null
expect 143 run sh -c 'kill $$' </dev/null
expect 137 run sh -c 'kill -9 $$' </dev/null
# What the tool itself does not hear while the command runs, the command does.
expect 130 run sh -c 'kill -INT $$' </dev/null
expect 131 run sh -c 'ulimit -c 0 && kill -QUIT $$' </dev/null
expect 127 run "$work/missing" </dev/null
complains "$work/missing: "
expect 126 run "$work" </dev/null
result=0
PATH=$work/input "$tool" run missing </dev/null 2>"$work/err" || result=$?
[ "$result" -eq 127 ] || die "a command that is in no folder of PATH ends with $result"
result=0
(trap '' HUP && exec "$tool" run sh -c 'kill -HUP $$; exit 7' </dev/null) || result=$?
[ "$result" -eq 7 ] || die "where SIGHUP was ignored, it ends with $result"
if python3 -c '' 2>/dev/null; then # not every shell can ignore it
    result=0
    python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$tool" run sh -c 'exit 7' </dev/null || result=$?
    [ "$result" -eq 7 ] || die "where SIGCHLD was ignored, it ends with $result"
else
    skip "no python3 to ignore SIGCHLD with"
fi
expect 125 run true <"$work"
complains 'standard input: '
expect 0 run sh -c "'$tool' free \$SHSHARED_HANDLE \$SHSHARED_OWNER" <"$work/input"
is_quiet
expect 125 run true <&-
complains 'standard input: Bad file descriptor'
mkdir -m 755 "$work/open" # where the command could not reach the block
meeting_in "$work/open" expect 125 run true </dev/null
complains 'no other process could reach the block: SHS_E_RUNTIME_DIR'

# What ends the tool is passed on, and the block goes with it.
mkfifo "$work/says"
"$tool" run sh -c 'trap "exit 9" TERM; echo "$SHSHARED_HANDLE" "$SHSHARED_OWNER"; while :; do read -r _ || :; done' \
    <"$work/input" >"$work/says" &
runner=$!
read -r handle named <"$work/says"
[ "$named" -eq "$runner" ] || die "the owner is $named, not $runner"
expect 0 show "$handle" "$runner"
kill "$runner"
result=0
wait "$runner" || result=$?
[ "$result" -eq 9 ] || die "a signal that was passed on ends it with $result"
expect 1 show "$handle" "$runner"
complains SHS_E_NO_PROCESS
