#!/bin/sh
# list.sh TOOL OWNER: who takes blocks, and what each has.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

expect 0 list --timeout 60
[ ! -s "$work/out" ] || die "somebody is there"
complains 'nobody takes blocks'
expect 0 list --timeout 60 --json
json 'd == []'

start
first=$pid
expect 0 list --timeout 60
says "^ *$first  tool_owner  *0 blocks  *0 bytes"
expect 0 list --timeout 60 "$first"
says "^ *$first "

printf 12345 >"$work/five"
handle=$("$tool" give "$work/five" "$first")
"$tool" give "$first" </dev/null >/dev/null
start
expect 0 list --timeout 60
says "^ *$first  tool_owner  *2 blocks  *5 bytes"
says "^ *$pid  tool_owner  *0 blocks"
says "^ *block $handle  *5 bytes  from [1-9][0-9]*  *writable  *0 viewers$"
expect 0 list --timeout 60 --json
json "[p['pid'] for p in d] == sorted([$first, $pid])"
json "all(p['status'] == 'SHS_OK' for p in d)"
expect 0 list --timeout 60 --json "$first"
json "d['blocks'] == 2 and d['bytes'] == 5"
json "[b['size'] for b in d['list'] if b['handle'] == $handle and b['writable'] and b['giver'] > 0 and b['viewers'] == 0] == [5]"

# Another namespace's pids say nothing of this one's processes, and what else lies in the folder nothing at all.
: >"$SHSHARED_RUNTIME_DIR/1"
mkdir "$SHSHARED_RUNTIME_DIR/2" "$SHSHARED_RUNTIME_DIR/3x"
: >"$SHSHARED_RUNTIME_DIR/2/$$"
: >"$SHSHARED_RUNTIME_DIR/2/$pid"
expect 0 list --timeout 60
says_not "^ *$$ "
[ "$(grep -c "^ *$pid " "$work/out")" -eq 1 ] || die "a process is there twice"

# One that does not answer is shown, with the others, and fails where it is asked for.
stop "$first"
until expect 0 list --timeout 0.1 && grep -q "^ *$pid .*0 blocks" "$work/out"; do :; done # on a busy machine, too
says "^ *$first .*SHS_E_TIMEOUT"
expect 0 list --json --timeout 0.1
json "[p['status'] for p in d if p['pid'] == $first] == ['SHS_E_TIMEOUT']"
expect 1 list --timeout 0.1 "$first"
complains "process $first: SHS_E_TIMEOUT"
complains 'usually: it is stopped'
kill -CONT "$first"
expect 0 list --timeout 60 "$first"

expect 1 list $$
complains "process $$: SHS_E_NOT_ATTACHED"
complains 'usually: '
expect 1 list 2147483647
complains SHS_E_NO_PROCESS

# A process chooses its name, which goes to a terminal.
cp "$owner" "$work/$(printf 'a\033[1mb\2331mc')"
usual=$owner
owner="$work/$(printf 'a\033[1mb\2331mc')"
start
owner=$usual
expect 0 list --timeout 60
if [ -r "/proc/$pid/comm" ]; then says "^ *$pid  a?\[1mb?1mc"; fi

mkdir -m 755 "$work/open"
SHSHARED_RUNTIME_DIR=$work/open
expect 1 list
complains SHS_E_RUNTIME_DIR
complains 'shshared doctor'
