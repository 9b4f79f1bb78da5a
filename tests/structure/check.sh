#!/bin/sh
# check.sh ROOMS SRC NM CHECK...: hold the sources in SRC/posix and a build's objects against the order of the rooms.
# ROOMS is the list that CMakeLists.txt writes. A CHECK is one of
#   sources   who includes whom, and that every file has its place, is short, and says what it is (sources.awk)
#   calls     who needs a symbol of whom (objects.awk)
#   circles   that no files, and no folders, need each other in a circle (objects.awk)
# Every fault is one line; the exit code is 1 when there was one.
set -eu

rooms=$1 src=$2 nm=$3
here=$(cd "$(dirname "$0")" && pwd)
shift 3

symbols=$(mktemp)
trap 'rm -f "$symbols"' EXIT

# The list, and after each object the symbols that it defines and needs.
facts() {
    while IFS= read -r line; do
        printf '%s\n' "$line"
        case $line in
        object\ *)
            "$nm" -P "${line#object }" >"$symbols" || echo "broken"
            sed 's/^/symbol /' "$symbols"
            ;;
        esac
    done <"$rooms"
}

# The names below src/ are the project's own, without spaces.
sources() {
    cd "$src"
    find posix ./*.h -type f | sed 's|^\./||' | sort | xargs awk -f "$here/sources.awk" "$rooms"
}

result=0
for check in "$@"; do
    case $check in
    sources) (sources) || result=1 ;;
    calls | circles) facts | awk -v check="$check" -f "$here/objects.awk" || result=1 ;;
    *) echo "check.sh: no check is called $check" && exit 2 ;;
    esac
done
exit $result
