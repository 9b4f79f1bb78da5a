#!/bin/sh
# checker.sh CC NM: see that check.sh finds what it is for. Rooms of a few tiny files are good; then each scene plants
# one fault in a fresh copy of them, and the checker must tell it, in these words, and nothing else.
set -eu

cc=$1 nm=$2 low_uses='' failed=0
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# file PATH LINE...: what a file below src/ says, after its comment.
file() {
    path=$1 && shift
    printf '%s\n' '/* A file. */' "$@" >"$place/src/$path"
}

# Two rooms and the contract; "high" may use "low", and does.
rooms_new() {
    rm -rf "$place/src"
    mkdir -p "$place/src/posix/low" "$place/src/posix/high"
    file backend.h 'void backend(void);'
    file posix/low/stone.h 'int stone(void);'
    file posix/low/stone.c '#include "low/stone.h"' '#include "backend.h"' 'int stone(void) { return 1; }'
    file posix/low/sand.c 'int sand(void); int sand(void) { return 2; }'
    file posix/high/roof.h 'int roof(void);'
    file posix/high/roof.c '#include "roof.h"' '#include "low/stone.h"' 'int roof(void) { return stone(); }'
    file posix/door.c '#include "high/roof.h"' 'void backend(void);' 'void backend(void) { roof(); }'
}

room() {
    printf 'room %s\n' "$1"
    for used in $2; do printf 'uses %s\n' "$used"; done
    for source in $3; do
        object=$place/src/room.dir/posix/$source.o
        mkdir -p "${object%/*}"
        "$cc" -I"$place/src" -I"$place/src/posix" -c "$place/src/posix/$source" -o "$object" || exit 2
        printf 'source posix/%s\nobject %s\n' "$source" "$object"
    done
}

# check NAME...: run these checks on the rooms as they are now.
check() {
    {
        printf 'neutral backend.h\nmechanism poller\n'
        room low "$low_uses" "low/stone.c low/sand.c"
        room high low high/roof.c
        room contract "low high" door.c
    } >"$place/rooms.txt"
    sh "$here/check.sh" "$place/rooms.txt" "$place/src" "$nm" "$@"
}

# finds CHECK WORDS: the check fails, and says this alone. The rooms are good again afterwards.
finds() {
    if told=$(check "$1") || [ "$told" != "$2" ]; then
        failed=1
        printf '%s\nexpected: %s\ntold:     %s\n' "$1" "$2" "$told"
    fi
    rooms_new
}

rooms_new
check sources calls circles || failed=1

file posix/low/sand.c '#include "high/roof.h"'
finds sources 'low/sand.c:2: includes high/roof.h, but low may not use high'
file neutral.h
file posix/low/sand.c '#include <neutral.h>'
finds sources 'low/sand.c:2: includes neutral.h, but of src/ low may include only backend.h'
file posix/low/sand.c '#include "../low/stone.h"'
finds sources 'low/sand.c:2: includes ../low/stone.h, by a way that leaves its folder'

file posix/low/mud.c
finds sources 'low/mud.c: is forgotten, as no room lists it'
file posix/high/poller_none.c
finds sources 'high/poller_none.c: is forgotten, as no room lists it'
file posix/low/mud.h
finds sources 'low/mud.h: is forgotten, as no file includes it'
mkdir "$place/src/posix/attic"
file posix/attic/box.c
finds sources 'attic/box.c: lies in a folder that is no room'
for i in 1 2 3 4 5 6 7 8; do echo '# A note.' >"$place/src/posix/$i.cmake"; done
finds sources 'more than 8 files lie directly in src/posix'
yes '' | head -n 400 >>"$place/src/posix/low/sand.c"
finds sources 'low/sand.c: has 402 lines, which is more than 400'
echo 'int sand;' >"$place/src/posix/low/sand.c"
finds sources 'low/sand.c: does not open with a comment'

file posix/low/sand.c 'int roof(void); int sand(void); int sand(void) { return roof(); }'
finds calls 'low/sand.c: needs roof of high/roof.c, but low may not use high'

file posix/low/stone.c 'int sand(void); int stone(void); int stone(void) { return sand(); }'
file posix/low/sand.c 'int sand(void); int stone(void); int sand(void) { return stone(); }'
finds circles 'a circle of 2 files: low/sand.c needs stone of low/stone.c, which needs sand of low/sand.c'
file posix/low/sand.c 'int roof(void); int sand(void); int sand(void) { return roof(); }'
finds circles 'a circle of 2 folders: high needs stone of low, which needs roof of high'
low_uses=high
finds circles 'a circle of 2 folders: high needs stone of low, which needs something, says the list, of high'
exit $failed
