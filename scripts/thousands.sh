#!/bin/sh
# thousands.sh [COUNT]: 10,000 processes, or COUNT, that take blocks, and one that gives to each of them twice. Tells what
# a start takes alone and beside them. Each takes some 200 KiB of memory.
set -eu

cd "$(dirname "$0")/.."
cmake -S . -B build/thousands -DCMAKE_BUILD_TYPE=Release -DSHSHARED_EXAMPLES=OFF >/dev/null
cmake --build build/thousands --target program_thousands --parallel 2 >/dev/null
build/thousands/tests/programs/program_thousands "${1:-10000}"
