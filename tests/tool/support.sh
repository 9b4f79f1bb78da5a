# What the tests of the tool share; to be sourced, with TOOL and OWNER as arguments. It makes a folder for the test, with a
# runtime folder in it, and removes all at the end, with the processes that were started.
# shellcheck shell=sh disable=SC2034
set -eu

tool=$1 owner=$2
here=$(cd "$(dirname "$0")" && pwd)
subject=$(basename "$0" .sh)
work=$(mktemp -d)
owners=
pid=
export SHSHARED_RUNTIME_DIR="$work/meet"
mkdir -m 700 "$SHSHARED_RUNTIME_DIR"

end() {
    for one in $owners; do
        kill -CONT "$one" 2>/dev/null || true
        kill "$one" 2>/dev/null || true
        wait "$one" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

die() {
    echo "$subject: $*" >&2
    for said in out err; do
        if [ -s "$work/$said" ]; then sed "s/^/  $said: /" "$work/$said" >&2; fi
    done
    exit 1
}

skip() { echo "skipped: tool.$subject: $*"; }

# start [late]: an owner, whose pid is $pid. Descriptor 7 is its standard input, until the next one is started.
start() {
    rm -f "$work/in" "$work/pids"
    mkfifo "$work/in" "$work/pids"
    "$owner" "$@" <"$work/in" >"$work/pids" &
    owners="$owners $!"
    exec 7>"$work/in" 8<"$work/pids"
    read -r pid <&8 || die "the owner did not start"
    exec 8<&-
}

# stop PID: it stands still when this returns.
stop() {
    kill -STOP "$1"
    if [ -r "/proc/$1/stat" ]; then
        until grep -q ') T ' "/proc/$1/stat"; do :; done
    fi
}

# has_begun PID: a process of the tool takes blocks by now; false when it has ended. Before it is the tool it is this
# shell, which catches the same signals.
has_begun() {
    until ls "$SHSHARED_RUNTIME_DIR"/*/"$1" >/dev/null 2>&1; do kill -0 "$1" 2>/dev/null || return 1; done
}

# expect STATUS ARGUMENT...: the tool ends so; what it says goes to $work/out and $work/err.
expect() {
    wanted=$1 result=0
    shift
    "$tool" "$@" >"$work/out" 2>"$work/err" || result=$?
    [ "$result" -eq "$wanted" ] || die "shshared $*: ended with $result, not $wanted"
}

# meeting_in FOLDER COMMAND...: with that runtime folder.
meeting_in() {
    usual=$SHSHARED_RUNTIME_DIR
    SHSHARED_RUNTIME_DIR=$1
    shift
    "$@"
    SHSHARED_RUNTIME_DIR=$usual
}

says() { grep -q -e "$1" "$work/out" || die "it does not say '$1'"; }

says_not() { if grep -q -e "$1" "$work/out"; then die "it says '$1'"; fi; }

complains() { grep -q -e "$1" "$work/err" || die "it does not complain of '$1'"; }

is_quiet() { [ ! -s "$work/err" ] || die "it complains"; }

# json EXPRESSION: of d, what the tool said, in Python; it must be true.
json() {
    if ! python3 -c 'import json' 2>/dev/null; then
        skip "no python3 to read JSON with: $1"
        return
    fi
    python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$work/out" "$1" || die "in this JSON is not: $1"
}

# how_many PID: blocks it has.
how_many() { "$tool" list --timeout 60 "$1" | grep -c '^ *block ' || true; }
