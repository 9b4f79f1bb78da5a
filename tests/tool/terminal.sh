#!/bin/sh
# terminal.sh TOOL OWNER: what the tool does otherwise where it writes to a terminal.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

if ! python3 -c 'import pty' 2>/dev/null; then
    skip "no python3 with pty"
    exit 77
fi
start
head -c 50000000 /dev/zero >"$work/large"
handle=$(printf 'a text' | "$tool" give "$pid")

# typed ARGUMENT...: the tool on a terminal of its own; what that shows goes to $work/out.
typed() {
    python3 -c 'import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
try:
    while data := os.read(terminal, 65536):
        os.write(1, data)
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))' "$tool" "$@" | tr -d '\r' >"$work/out"
}

typed show "$handle" "$pid"
says '^00000000  61 20 74 65 78 74  *|a text|$'
typed show --raw "$handle" "$pid"
says '^a text$'
typed give "$work/large" "$pid"
says '\[##*\.*\] [0-9]* of 47 MiB'
says '[1-9][0-9]*$'
typed give "$work/large.not" "$pid"
says 'No such file'
typed watch --count 2 --interval 0
[ "$(grep -c "$(printf '\033')\[H" "$work/out")" -eq 2 ] || die "the table does not stand still"
typed doctor
says 'wrong$\|^all is sound'
