#!/bin/sh
# demo.sh SEND RECEIVE FILE: give FILE from one process to another and compare the copy with it, byte for byte.
#
# This is what two terminals do, in one: RECEIVE says its pid, SEND gives FILE to that pid, says the handle and ends,
# and only then RECEIVE is told the handle. Nothing but those two numbers passes between the programs by way of this
# script, over two named pipes, and reading a pipe is all the waiting there is. EMULATOR, from the environment, stands
# before both programs, for those of another system (wine).
set -eu

if [ $# -ne 3 ]; then
    echo "usage: demo.sh SEND RECEIVE FILE" >&2
    exit 2
fi
send=$1 receive=$2 file=$3
work=$(mktemp -d)
receiver=

end() {
    exec 3>&- # the end of its input is the end of receive
    if [ -n "$receiver" ]; then wait "$receiver" || true; fi
    rm -rf "$work"
}

die() {
    echo "demo: $*" >&2
    exit 1
}

mkfifo "$work/handles" "$work/pids"
${EMULATOR-} "$receive" "$work/copy" <"$work/handles" >"$work/pids" &
receiver=$!
exec 3>"$work/handles" 4<"$work/pids"
trap end EXIT
trap 'exit 1' HUP INT TERM

read -r pid <&4 || die "receive did not start"
pid=$(printf %s "$pid" | tr -d '\r')
handle=$(${EMULATOR-} "$send" "$file" "$pid") || die "send failed"
printf '%s\n' "$handle" >&3
exec 3>&-
wait "$receiver" || die "receive failed"
receiver=

cmp "$file" "$work/copy" || die "the copy differs"
echo "demo: process $pid has the same $(wc -c <"$work/copy" | tr -d ' ') bytes as $file"
