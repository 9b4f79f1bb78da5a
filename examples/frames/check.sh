#!/bin/sh
# check.sh FRAMES EXPECTED: of twelve frames, the pixels of the first and the last must be those that EXPECTED has the
# checksums of. What is done a second is told while it runs, and what is no number of frames is refused.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

"$1" 101 >/dev/null 2>"$work/told"
[ "$(grep -c 'frames, .* a second, no byte copied$' "$work/told")" -eq 2 ] || {
    echo "check: what is done a second is not told twice" >&2
    exit 1
}
for count in abc 0 -1 12x ''; do
    status=0
    "$1" "$count" >/dev/null 2>&1 || status=$?
    [ $status -eq 2 ] || {
        echo "check: '$count' frames are not refused" >&2
        exit 1
    }
done
"$1" 12 "$work" >/dev/null
[ "$(find "$work" -name 'frame-*.png' | wc -l)" -eq 12 ] || {
    echo "check: there are not twelve pictures" >&2
    exit 1
}
python3 - "$work/frame-000.png" "$work/frame-011.png" >"$work/sum" <<'END'
# The pixels of a PNG file without a filter's help: as the checksum of what its rows hold.
import struct, sys, zlib

def chunks(data):
    at = 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + size]
        at += 12 + size

def paeth(a, b, c):
    nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))
    return nearest[2]

def rows(data, length, count):
    before = bytes(length)
    for i in range(count):
        line = data[i * (length + 1):(i + 1) * (length + 1)]
        row = bytearray(line[1:])
        for x in range(length):
            left, up = (row[x - 3] if x >= 3 else 0), before[x]
            corner = before[x - 3] if x >= 3 else 0
            row[x] = (row[x] + (0, left, up, (left + up) // 2, paeth(left, up, corner))[line[0]]) % 256
        yield bytes(row)
        before = row

for path in sys.argv[1:]:
    with open(path, "rb") as file:
        found = list(chunks(file.read()))
    width, height = struct.unpack(">II", found[0][1][:8])
    pixels = zlib.decompress(b"".join(data for kind, data in found if kind == b"IDAT"))
    print(width, height, zlib.crc32(b"".join(rows(pixels, 3 * width, height))))
END
diff "$2" "$work/sum"
