#!/bin/sh
# bench.sh TOOL OWNER: figures for each way and size; nothing is asserted of them but that they are there.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

expect 0 bench --seconds 0.2
is_quiet
says '^How many times the cycle of a block takes  *64 B  *4 KiB  *1 MiB$'
says '^Microseconds of a cycle'
says '^a fresh memory object, passed by SCM_RIGHTS  *[0-9.]*x  *[0-9.]*x  *[0-9.]*x$'
says '^alloc, lock, unlock and free alone  *[0-9.]*  *[0-9.]*  *[0-9.]*$'
expect 0 bench --json --seconds 0.2
json "sorted({(f['size'], f['way']) for f in d['figures']}) == \
sorted((s, w) for s in (64, 4096, 1048576) for w in ('block', 'object', 'socket', 'calls'))"
json "all(f['us'] > 0 for f in d['figures']) and all('ratio' in f for f in d['figures'] if f['way'] != 'calls')"
[ -z "$(find "$SHSHARED_RUNTIME_DIR" -type s)" ] || die "it left an endpoint"

mkdir -m 755 "$work/open"
meeting_in "$work/open" expect 1 bench --seconds 0.2
complains 'shshared doctor'
[ ! -s "$work/out" ] || die "it has figures all the same"
