#!/bin/sh
# give.sh TOOL OWNER: blocks are given, shown and freed, and nothing is left behind by what fails.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

start
awk 'BEGIN { for (i = 0; i < 40000; i++) print i, "a line of the file" }' >"$work/file"

expect 0 give "$work/file" "$pid"
is_quiet
handle=$(cat "$work/out")
"$tool" show "$handle" "$pid" | cmp - "$work/file" || die "another block is shown"
"$tool" show "$(printf '0x%x' "$handle")" "$pid" | cmp - "$work/file" || die "in hexadecimal it is another one"
handle=$("$tool" give "$pid" <"$work/file")
"$tool" show --raw "$handle" "$pid" | cmp - "$work/file" || die "standard input became another block"
cat "$work/file" "$work/file" >"$work/twice"
handle=$(cat "$work/file" "$work/file" | "$tool" give - "$pid")
"$tool" show "$handle" "$pid" | cmp - "$work/twice" || die "a pipe became another block"
handle=$( (read -r _ && "$tool" give "$pid") <"$work/file")
tail -n +2 "$work/file" >"$work/rest"
"$tool" show "$handle" "$pid" | cmp - "$work/rest" || die "not what is left of a file"

printf 'text\001\377and 16 bytes.' >"$work/few"
expect 0 show --hex "$("$tool" give "$work/few" "$pid")" "$pid"
says '^00000000  74 65 78 74 01 ff 61 6e  64 20 31 36 20 62 79 74  |text..and 16 byt|$'
says '^00000010  65 73 2e                                          |es.|$'
says '^00000013$'
: >"$work/empty"
expect 0 show --hex "$("$tool" give "$work/empty" "$pid")" "$pid"
says '^00000000$'

expect 0 free "$handle" "$pid"
expect 1 free "$handle" "$pid"
complains "process $pid: SHS_E_HANDLE: "
complains 'usually: '
expect 1 free 0 "$pid"
expect 1 show "$handle" "$pid"
complains SHS_E_HANDLE

before=$(how_many "$pid")
expect 1 give "$work/missing" "$pid"
complains "$work/missing: "
expect 1 give "$work" "$pid"
complains "$work: "
result=0
"$tool" give "$pid" 0>>"$work/file" 2>"$work/err" || result=$? # its size is told, and it cannot be read
[ "$result" -eq 1 ] || die "what cannot be read ends with $result"
complains 'standard input: '
expect 1 give "$work/file" $$
complains SHS_E_NOT_ATTACHED
expect 1 give "$work/file" 2147483647
complains SHS_E_NO_PROCESS
if [ -e /dev/full ]; then
    result=0
    "$tool" give "$work/file" "$pid" >/dev/full 2>"$work/err" || result=$?
    [ "$result" -eq 1 ] || die "a handle that nobody reads ends with $result"
    complains 'the handle cannot be written'
fi

# Bytes that cannot all be written, though the last of them can.
if [ -e /dev/full ]; then
    handle=$("$tool" give "$work/file" "$pid")
    result=0
    "$tool" show --raw "$handle" "$pid" >/dev/full 2>"$work/err" || result=$?
    [ "$result" -eq 1 ] || die "what cannot be written ends with $result"
    complains 'cannot be written'
    expect 0 free "$handle" "$pid"
fi

# Who is not there is not waited for: this pipe has no end.
mkfifo "$work/endless"
result=0
"$tool" give 2147483647 <>"$work/endless" 2>"$work/err" || result=$?
[ "$result" -eq 1 ] || die "giving to nobody ends with $result"
complains SHS_E_NO_PROCESS

# A signal ends it while it reads, and it gives nothing. It reads when it has taken what was written: more than a pipe holds.
mkfifo "$work/slow"
"$tool" give "$work/slow" "$pid" >"$work/out" 2>"$work/err" &
giver=$!
exec 5>"$work/slow"
cat "$work/file" >&5
kill "$giver"
exec 5>&-
result=0
wait "$giver" || result=$?
[ "$result" -eq 143 ] || die "SIGTERM ends it with $result"
[ ! -s "$work/out" ] || die "it printed a handle"

[ "$(how_many "$pid")" -eq "$before" ] || die "$(how_many "$pid") blocks, there were $before"

# Who does not attach finds nobody: that is what is wrong then, and not the other process.
mkdir -m 755 "$work/open"
printf 1 >"$work/one"
meeting_in "$work/open" expect 1 give "$work/one" "$pid"
complains "process $pid: SHS_E_NOT_ATTACHED"
complains 'this process itself does not attach: SHS_E_RUNTIME_DIR'
