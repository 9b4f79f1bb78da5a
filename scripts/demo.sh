#!/bin/sh
# demo.sh [FILE]: the library's main job, from a bare machine to the result: install what is missing, build, and give
# FILE from one process to another that is known by nothing but its pid. Without FILE it takes the program cmake, a
# real file of some megabytes that is there by then.
set -eu

case ${1-} in
'' | /*) file=${1-} ;;
*) file=$PWD/$1 ;;
esac
cd "$(dirname "$0")/.."

echo "== 1 of 3: what is missing"
scripts/setup.sh demo
echo "== 2 of 3: build the library and the examples in build/demo"
cmake -S . -B build/demo -DCMAKE_BUILD_TYPE=Release -DSHSHARED_TESTS=OFF
cmake --build build/demo --parallel 2
echo "== 3 of 3: give a file to another process"
examples/demo.sh build/demo/examples/send build/demo/examples/render build/demo/examples/receive "${file:-$(command -v cmake)}"
