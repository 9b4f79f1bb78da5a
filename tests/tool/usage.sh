#!/bin/sh
# usage.sh TOOL OWNER: how the tool is called, what it refuses, and how it ends then.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

commands="list give show free wait run doctor watch bench"

expect 0 --help
is_quiet
for command in $commands; do says "^  $command "; done
expect 0 --version
says '^shshared [0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*$'
for command in $commands; do
    expect 0 "$command" --help
    says "^usage: shshared $command"
    is_quiet
    expect 2 "$command" --no-such-option
    complains '^shshared '"$command"': there is no option --no-such-option'
    complains "^usage: shshared $command"
done

# refused WORD ARGUMENT...: it says what makes no sense, and nothing else.
refused() {
    word=$1
    shift
    expect 2 "$@"
    complains "$word"
    [ ! -s "$work/out" ] || die "shshared $*: it says something"
}

refused usage
refused "no command 'lists'" lists
refused 'too much' list 1 2
refused "'0' is no pid" list 0
refused "'-1' is no pid" list -- -1
refused "' 1' is no pid" list ' 1'
refused "'1x' is no pid" list 1x
refused "'4294967296' is no pid" list 4294967296
refused "'4294967297' is no pid" list 4294967297
refused "'0x100000004' is no handle" free 0x100000004 1
refused "'99999999999999999999999' is no pid" list 99999999999999999999999
refused 'something is missing' give
refused "'file' is no pid" give file
refused "'0x' is no handle" show 0x 1
refused "'0x0x10' is no handle" show 0x0x10 1
refused "'' is no handle" free '' 1
refused 'exclude each other' show --hex --raw 4 1
refused 'is said alone' --version 1
refused 'is said alone' --help list
refused '--json=3: there is nothing to be said behind =' list --json=3
refused "'1' is no handle\|something is missing" free 1
refused "there is no option -q" free -q 4 1
refused 'something is missing' run
refused 'a value is missing' wait --timeout
refused "'soon' is no value" wait --timeout soon 1
refused "'-1' is no value" wait --timeout -1 1
refused "'nan' is no value" watch --interval nan
refused "'0' is no value" watch --count 0
refused "'0' is no value" bench --seconds 0
refused 'there is no option --json' show --json 4 1

if [ -e /dev/full ]; then
    result=0
    "$tool" --help >/dev/full 2>"$work/err" || result=$?
    [ "$result" -eq 1 ] || die "what cannot be written ends with $result"
    complains 'cannot be written'
else
    skip "no /dev/full"
fi
