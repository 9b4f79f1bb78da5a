#!/bin/sh
# lint.sh: what can be said of the sources without running them: those rules of CONTRIBUTING.md that one line can break,
# then shellcheck on the scripts, clang-format on all C and C++, clang-tidy and cppcheck on every file of the build for this
# system. It goes on after a finding, and fails at the end. Warnings of the compilers are errors in the builds of
# CMakePresets.json (gcc: shm_open, clang: asan and tsan), so they are not repeated here.
set -eu

cd "$(dirname "$0")/.."
jobs=$(getconf _NPROCESSORS_ONLN)
result=0

# each NAME-PATTERN COMMAND...: run it on all such files that are sources.
each() {
    pattern=$1
    shift
    find . \( -name 'build*' -o -name .git \) -prune -o -name "$pattern" -exec "$@" {} + || result=1
}

echo "== rules"
find src include tests -type f ! -name '*.txt' -exec awk '
    FNR == 401 { print FILENAME ": has more than 400 lines"; found = 1 }
    END { exit found + 0 }' {} + || result=1
platform='(__linux__|__APPLE__|_WIN32|__FreeBSD__|__NetBSD__|__OpenBSD__|__sun)'
if grep -rnE "^[[:blank:]]*#[[:blank:]]*(el)?if(.*[^[:alnum:]_])?$platform([^[:alnum:]_]|\$)" src include |
    grep -v '^include/shshared/export\.h:'; then
    echo "these lines choose a platform, which is for CMake to do"
    result=1
fi

echo "== shellcheck"
shellcheck -S warning .ci/run || result=1
each '*.sh' shellcheck -S warning

echo "== clang-format"
each '*.[ch]' clang-format --dry-run -Werror
each '*.[ch]pp' clang-format --dry-run -Werror

mkdir -p build
cmake --preset asan -DSHSHARED_SANITIZE= -B build/lint >build/lint.log || {
    cat build/lint.log
    exit 1
}
commands=build/lint/compile_commands.json

echo "== clang-tidy"
awk -F '"' '$2 == "file" { print $4 }' $commands | sort -u |
    xargs -n 1 -P "$jobs" clang-tidy -quiet -p build/lint 2>/dev/null || result=1

echo "== cppcheck"
# tests/cpp looks at what was moved from on purpose; clang-tidy is told so there.
cppcheck --project=$commands --suppress='accessMoved:*tests/cpp/*' --quiet --error-exitcode=1 --inline-suppr -j "$jobs" \
    --enable=warning,performance,portability || result=1
exit $result
