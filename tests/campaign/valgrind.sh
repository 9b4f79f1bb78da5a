#!/bin/sh
# valgrind.sh [SUITE...]: run suites of the default build under valgrind (contract, handles, views): no error, no lost
# memory, and, as the library was stopped at the end, no descriptor of the library's open. Each suite counts as one.
set -u

cd "$(dirname "$0")/../.." || exit
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0

if ! command -v valgrind >/dev/null; then
    echo "skipped: valgrind is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
# A descriptor that is open at the end is followed by the calls that opened it.
has_open_descriptor() {
    awk '/Open (AF_[A-Z]+ socket|file descriptor)/ { open = 1 } /^==[0-9]+== *$/ { open = 0 }
         open && / shs__/ { found = 1 } END { exit !found }' "$log"
}
if [ $# -eq 0 ]; then set -- contract handles views; fi
for suite in "$@"; do
    valgrind --log-file="$log" --track-fds=yes --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9 \
        "build/default/tests/test_$suite" >/dev/null 2>&1
    status=$?
    if [ $status -eq 0 ] && ! has_open_descriptor; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: valgrind: $suite ended with $status:"
        tail -n 60 "$log"
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
