#!/bin/sh
# doctor.sh TOOL OWNER: what is wrong is found and said, and the doctor itself works where little does.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

works() {
    says '^ok     works          start the library$'
    says '^ok     works          free it$'
    says '^ok     works          let it lock, unlock and free it$'
}

# The machine may have its own troubles: the end is to be what the lines say.
sound=0
if "$tool" doctor >"$work/out" 2>"$work/err"; then sound=1; fi
works
is_quiet
says '^ok     folder .*/meet: yours, mode 0700$'
says '^note   environment    SHSHARED_RUNTIME_DIR='
if [ $sound = 1 ]; then says '^all is sound$' && says_not '^wrong'; else says '^wrong' && says 'wrong$'; fi
[ -z "$(find "$SHSHARED_RUNTIME_DIR" -type s)" ] || die "it left an endpoint"
"$tool" doctor --json >"$work/out" || true
json "d['sound'] == ($sound == 1) and d['wrong'] == len([f for f in d['findings'] if f['verdict'] == 'wrong'])"

# ill WORD: something is wrong with the folder, and so with what needs it.
ill() {
    expect 1 doctor
    says "^wrong  folder .*$1"
    says '^wrong  works          start the library: SHS_E_RUNTIME_DIR'
    says '^ok     works          allocate a block for itself'
    says 'wrong$'
}
mkdir -m 755 "$work/open"
meeting_in "$work/open" ill 'is open to others: mode 0755'
says '-> name a folder that is for this alone; or chmod 700'
meeting_in "$work/$(printf '%05000d' 0)" ill 'is longer than a path'
meeting_in "$work/missing/too" ill 'cannot be made: .*/missing: '
: >"$work/file"
meeting_in "$work/file" ill 'is no folder'
ln -s "$work/meet" "$work/link"
if dd if="$work/link" iflag=directory,nofollow count=0 2>/dev/null; then
    echo "skipped: doctor: a link: this system opens a folder through a link, though it is asked not to"
else
    meeting_in "$work/link" ill 'is no folder'
fi
if [ "$(id -u)" -ne 0 ]; then
    mkdir -m 500 "$work/closed"
    meeting_in "$work/closed" ill 'cannot be written'
    meeting_in "/" ill 'is of user 0'
else
    skip "root writes where others cannot"
    mkdir -m 700 "$work/others"
    chown 4242 "$work/others"
    meeting_in "$work/others" ill 'is of user 4242, you are 0'
    mkdir "$work/shared"
    chmod 1777 "$work/shared"
    meeting_in "$work/shared" ill 'is a shared folder'
fi
mkdir "$work/full"
# shellcheck disable=SC2016
meeting_in "$work/full" unshare -m \
    sh -c 'mount -t tmpfs -o nr_inodes=1,mode=700 none "$1" && exec "$2" doctor' sh "$work/full" "$tool" \
    >"$work/out" 2>"$work/err" || true
if [ -s "$work/out" ]; then
    says '^wrong  folder .*/full: [0-9]* bytes and 0 entries are free$'
else
    skip "no file system without entries can be mounted"
fi
mkdir -m 755 "$work/größer \"1\""
SHSHARED_RUNTIME_DIR="$work/größer \"1\"" "$tool" doctor --json >"$work/out" || true
json "any('größer \"1\"' in f['saw'] for f in d['findings'])"
SHSHARED_RUNTIME_DIR="$work/$(printf '\377')" "$tool" doctor --json >"$work/out" || true
json "any(chr(255) in f['saw'] for f in d['findings'])"
meeting_in "$work/new/" expect $((1 - sound)) doctor
works
says '/new is not there yet'

# limited LIMIT [FILE]: what is wrong under it, which the shell's own files are not.
limited() {
    result=0
    sh -c "$1 && exec \"\$1\" doctor" sh "$tool" >"${2-$work/out}" 2>"$work/err" || result=$?
    [ $result -ne 127 ] || return 127 # not even a program begins
    [ $result -eq 1 ] || die "$1: ended with $result"
}

# Few descriptors, down to those that a program needs to begin.
for few in 4 5 6 7 8 9 10 12 14 16 20; do
    limited "ulimit -n $few" || continue
    says "^wrong  descriptors    $few allowed"
    says '-> ulimit -n 1024'
    says 'wrong$'
done
mkfifo "$work/piped" # a file could not be written
cat "$work/piped" >"$work/copy" &
limited 'ulimit -f 0' "$work/piped"
wait $!
cp "$work/copy" "$work/out"
says '^wrong  file size'

start
stop "$pid"
expect 1 doctor
works
says "^wrong  others         process $pid has attached and does not answer: SHS_E_TIMEOUT"
says 'kill -CONT'
kill -CONT "$pid"
expect $((1 - sound)) doctor
says '^ok     others         1 other process answers'
