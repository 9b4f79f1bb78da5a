#!/bin/sh
# lint.sh: what can be said of the sources without running them. The layout (clang-format), then clang-tidy and cppcheck
# on every file of the build for this system. Warnings of the compilers are errors in the builds of CMakePresets.json
# (gcc: shm_open, clang: asan and tsan), so they are not repeated here.
set -eu

cd "$(dirname "$0")/.."
sources() { find include src examples tests bench fuzz -name '*.[ch]' 2>/dev/null; }

echo "== clang-format"
sources | xargs clang-format --dry-run -Werror

echo "== clang-tidy"
cmake --preset asan -DSHSHARED_SANITIZE= -B build/lint >build/lint.log || { cat build/lint.log; exit 1; }
compiled=$(awk -F '"' '$2 == "file" { print $4 }' build/lint/compile_commands.json | sort -u)
echo "$compiled" | xargs -n 1 -P "$(getconf _NPROCESSORS_ONLN)" clang-tidy -quiet -p build/lint

echo "== cppcheck"
cppcheck --project=build/lint/compile_commands.json --quiet --error-exitcode=1 --inline-suppr \
    --enable=warning,performance,portability -j "$(getconf _NPROCESSORS_ONLN)"
