#!/bin/sh
# check.sh TAKER SEND: give two blocks to a process that serves in its event loop; it must print them, and end with its
# input. With ONE_THREAD it must have no other.
set -eu
taker=$1 send=$2
work=$(mktemp -d)
process=

end() {
    exec 3>&-
    if [ -n "$process" ]; then wait "$process" || true; fi
    rm -rf "$work"
}

die() {
    echo "check: $*" >&2
    exit 1
}

trap end EXIT
trap 'exit 1' HUP INT TERM
mkfifo "$work/handles" "$work/said"
${EMULATOR-} "$taker" <"$work/handles" >"$work/said" &
process=$!
exec 3>"$work/handles" 4<"$work/said"
read -r pid <&4 || die "$taker did not start"
for text in first second; do
    echo "the $text block" >"$work/text"
    handle=$(${EMULATOR-} "$send" "$work/text" "$pid") || die "$send failed"
    echo "$handle" >&3
    read -r line <&4 || die "$taker has ended"
    [ "$line" = "the $text block" ] || die "$taker printed '$line'"
done
if [ -n "${ONE_THREAD-}" ] && grep -q '^Threads:' "/proc/$pid/status" 2>/dev/null; then
    grep -q '^Threads:.1$' "/proc/$pid/status" || die "$taker has more than one thread"
fi
exec 3>&-
wait "$process" || die "$taker failed"
process=

# Without anything to read it ends: well, or with a word where its loop watches no files.
${EMULATOR-} "$taker" </dev/null >"$work/pid" 2>"$work/complaint" || grep -q 'cannot watch' "$work/complaint" ||
    die "$taker fails without input, and does not say why"
