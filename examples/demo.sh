#!/bin/sh
# demo.sh SEND RENDER RECEIVE FILE: give FILE from one process to another and compare the copy with it, byte for byte; then
# have a picture drawn right in the other process's block, and look at its size.
#
# This is what two terminals do, in one: RECEIVE says its pid, the giver gives to that pid, says the handle and ends, and only
# then RECEIVE is told the handle. Nothing but those two numbers passes between the programs by way of this script, over two
# named pipes, and reading a pipe is all the waiting there is. EMULATOR, from the environment, stands before the programs,
# for those of another system (wine).
set -eu

if [ $# -ne 4 ]; then
    echo "usage: demo.sh SEND RENDER RECEIVE FILE" >&2
    exit 2
fi
send=$1 render=$2 receive=$3 file=$4
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

# give COMMAND...: run it with the pid of a fresh receiver as its last argument; what that received is in $work/copy.
give() {
    rm -f "$work/handles" "$work/pids" "$work/copy"
    mkfifo "$work/handles" "$work/pids"
    ${EMULATOR-} "$receive" "$work/copy" <"$work/handles" >"$work/pids" &
    receiver=$!
    exec 3>"$work/handles" 4<"$work/pids"
    read -r pid <&4 || die "receive did not start"
    pid=$(printf %s "$pid" | tr -d '\r')
    handle=$(${EMULATOR-} "$@" "$pid") || die "$1 failed"
    printf '%s\n' "$handle" >&3
    exec 3>&-
    wait "$receiver" || die "receive failed"
    receiver=
}

size_of_copy() { wc -c <"$work/copy" | tr -d ' '; }

trap end EXIT
trap 'exit 1' HUP INT TERM

give "$send" "$file"
cmp "$file" "$work/copy" || die "the copy differs"
echo "demo: process $pid has the same $(size_of_copy) bytes as $file"

give "$render" 320 200
[ "$(size_of_copy)" -eq $((15 + 320 * 200 * 3)) ] || die "the picture has $(size_of_copy) bytes"
echo "demo: process $pid has a picture of 320 by 200, drawn in its place"
