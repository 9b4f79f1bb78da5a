#!/bin/sh
# own.sh WAY: configure, build and install the library in a way of its own, and use what comes of it.
set -eu

way=$1
# shellcheck source=tests/consumer/common.sh
. "$(dirname "$0")/common.sh"

configure() {
    rm -rf "$work/own"
    "$CMAKE" -S "$sources" -B "$work/own" "$@"
}

# make OPTION...: configure with these and build, without tests.
make() {
    quiet configure -DBUILD_TESTING=OFF -DSHSHARED_EXAMPLES=OFF -DCMAKE_C_FLAGS=-Werror "$@"
    quiet "$CMAKE" --build "$work/own" --parallel 2
}

holds() { grep -qx "$1" "$work/own/CMakeCache.txt" || fail "no $1"; }
tests_are() {
    (cd "$work/own" && ctest -N) | grep -q "Total Tests: $1" || fail "the tests are not $1"
}

# Nothing said: optimized, and tests if CUnit is there.
defaults() {
    none="-DCUNIT_INCLUDE_DIR= -DCUNIT_LIBRARY="
    # The options are words, to be split.
    # shellcheck disable=SC2086
    quiet configure $none
    grep -q "tests are left out, as CUnit is missing" "$work/log" || fail "it does not say that tests are left out"
    holds CMAKE_BUILD_TYPE:STRING=Release
    tests_are 0
    # shellcheck disable=SC2086
    refused "CUnit is missing: install" configure $none -DSHSHARED_TESTS=ON
    quiet configure -DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=OFF
    holds CMAKE_BUILD_TYPE:STRING=None
    tests_are 0
    quiet configure
    tests_are '[1-9]'
}

# The targets that a project names are there, whatever was built; and nothing is left when it is uninstalled. (The command
# is linked with the static library in every case.)
one_kind() {
    make -DBUILD_SHARED_LIBS="$1" -DSHSHARED_TOOL=OFF -DCMAKE_UNITY_BUILD=ON -DCMAKE_INSTALL_PREFIX="$work/prefix"
    quiet "$CMAKE" --install "$work/own"
    use_prefix "$work/prefix"
    if find "$work" -name "$2" | grep .; then fail "the other kind was built"; fi
    in_each_language with_cmake -DCMAKE_PREFIX_PATH="$work/prefix" -DLIBRARIES="$3"
    in_each_language compile_and_run
    refused "the component \"$4\" was asked for" "$CMAKE" -S "$here/project" -B "$work/refused" \
        -DCMAKE_PREFIX_PATH="$work/prefix" -DCOMPONENT="$4"
    quiet "$CMAKE" --build "$work/own" --target uninstall
    if find "$work/prefix" ! -type d -o -name shshared | grep .; then fail "that is left by uninstall"; fi
}

# The library is a part of a project that is installed, by either way; a third project finds that one.
parent() {
    quiet "$CMAKE" -S "$here/parent" -B "$work/parent" -DSHSHARED_SOURCE="$sources" -DCMAKE_INSTALL_PREFIX="$work/first" "$@"
    quiet "$CMAKE" --build "$work/parent" --parallel 2
    quiet "$CMAKE" --install "$work/parent"
    rm -rf "$work/parent"
    mv "$work/first" "$work/prefix"
    "$work/prefix/bin/program"
    libdir=$(dirname "$(find "$work/prefix" -name libshshared.so)")
    quiet "$CMAKE" -S "$here/child" -B "$work/child" -DCMAKE_PREFIX_PATH="$work/prefix"
    quiet "$CMAKE" --build "$work/child"
    (cd "$work/child" && ctest --output-on-failure)
}

# The very lines of the README that install into a folder and build its program, on a copy of the sources; then it starts.
readme_lines() {
    mkdir "$work/sources" "$work/home"
    (cd "$sources" && tar -cf - --exclude=./build --exclude=.git .) | tar -xf - -C "$work/sources"
    cd "$work/sources"
    awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' README.md >hello.c
    awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' README.md >"$work/lines"
    grep -q hello "$work/lines" || fail "README has no such lines"
    export HOME="$work/home"
    quiet sh -e "$work/lines" </dev/null
    ./hello </dev/null | grep '^[0-9]*$'
}

language=C compiler=$CC as=c
case $way in
defaults) defaults ;;
only-shared) one_kind ON 'libshshared*.a' shshared static ;;
only-static) one_kind OFF 'libshshared*.so*' 'shshared;shshared_static' shared ;;
parent) parent ;;
fetch-content)
    parent -DHOW=FetchContent -DFETCHCONTENT_SOURCE_DIR_SHSHARED="$sources" -DFETCHCONTENT_FULLY_DISCONNECTED=ON
    ;;
readme-lines) readme_lines ;;
*)
    echo "own.sh: no such way: $way" >&2
    exit 2
    ;;
esac
