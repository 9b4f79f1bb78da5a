#!/bin/sh
# corpus.sh unpack FILE FOLDER: the inputs that are kept, one in a line of FILE, to one file each, as libFuzzer wants
# them. corpus.sh pack FOLDER FILE is the way back, for what a long run has found and -merge=1 has chosen.
set -eu

case $1 in
unpack)
    mkdir -p "$3"
    number=0
    while read -r line; do
        number=$((number + 1))
        echo "$line" | base64 -d >"$3/kept-$number"
    done <"$2"
    ;;
pack)
    for input in "$2"/*; do
        base64 -w 0 "$input"
        echo
    done | sort >"$3"
    ;;
*)
    echo "usage: corpus.sh unpack FILE FOLDER | pack FOLDER FILE" >&2
    exit 2
    ;;
esac
