#!/bin/sh
# check.sh WAY BUILD: use the library built in BUILD from another project, come to it by WAY, and run the result.
#
# For static linking the shared library is taken away, or it is looked at what the program needs: what is linked then
# cannot be the wrong one.
set -eu

way=$1 build=$2
# shellcheck source=tests/consumer/common.sh
. "$(dirname "$0")/common.sh"

# The README's program gives itself a text: one takes, another gives.
give_and_take() {
    mkfifo "$work/handles" "$work/says"
    "$work/consumer" <"$work/handles" >"$work/says" &
    exec 3>"$work/handles" 4<"$work/says"
    read -r pid <&4
    "$work/consumer" "a text" "$pid" >&3
    read -r text <&4 || [ -n "$text" ] # the text ends without a line end
    wait $!
    [ "$text" = "a text" ]
}

# A program that is static as a whole needs the libraries that the shared one would bring.
static_as_a_whole() {
    echo 'int main(void) { return 0; }' >"$work/empty.c"
    if [ -n "$flags" ] || ! "$CC" -static -o "$work/empty" "$work/empty.c" 2>/dev/null; then
        skip "no static programs with this compiler and its options"
    fi
    linking=-static
    in_each_language compile_and_run --static
}

# The static library in a program that is not static, with the shared one beside it.
static_alone() {
    compile "$here/main.c" shshared-static
    "$work/consumer"
    if depends "$work/consumer"; then fail "the shared library was linked"; fi
}

# asks WORDS: a project that finds the library with these, in the language, and prints what was found.
asks() {
    rm -rf "$work/asks"
    mkdir -p "$work/asks"
    {
        echo "cmake_minimum_required(VERSION 3.21)"
        echo "project(asks LANGUAGES $language)"
        echo "find_package(shshared 0.2 $1)"
        echo 'message(STATUS "found: ${shshared_FOUND}, shlwapi: ${shshared_shlwapi_FOUND}, magic: ${shshared_magic_FOUND}")'
    } >"$work/asks/CMakeLists.txt"
    "$CMAKE" -S "$work/asks" -B "$work/asks/build" -DCMAKE_PREFIX_PATH="$work/prefix"
}

components() {
    in_each_language asks "REQUIRED COMPONENTS shlwapi shared static" >"$work/found"
    grep 'found: 1, shlwapi: TRUE' "$work/found"
    language=C
    asks "COMPONENTS shlwapi OPTIONAL_COMPONENTS magic" | grep 'found: 1, shlwapi: TRUE, magic: $'
    refused 'the component "magic" was asked for, and what is installed has: shared;static;shlwapi' asks "REQUIRED COMPONENTS magic"
    # Not required: no failure, and not found.
    asks "COMPONENTS shlwapi magic" 2>/dev/null | grep 'found: 0'
    # What a packager puts elsewhere is not there.
    rm "$libdir"/libshshared*.a "$libdir"/cmake/shshared/shshared-static*
    asks "REQUIRED COMPONENTS shlwapi shared" | grep 'found: 1'
    refused 'the component "static" was asked for' asks "REQUIRED COMPONENTS static"
}

# meson, from the machine or from PyPI, stays in BUILD.
find_meson() {
    if command -v meson >/dev/null && command -v ninja >/dev/null; then return; fi
    if [ ! -x "$build/meson/bin/ninja" ]; then
        python3 -m venv "$build/meson" >/dev/null 2>&1 || skip "neither meson nor python3 -m venv"
        timeout 60 "$build/meson/bin/python3" -m pip --quiet --retries 0 install meson ninja >/dev/null 2>&1 ||
            skip "neither meson and ninja nor PyPI, which has them"
    fi
    PATH=$build/meson/bin:$PATH
}

with_meson() {
    find_meson
    mkdir "$work/project"
    cp "$here"/meson/* "$here/main.c" "$work/project"
    cp "$here/main.c" "$work/project/main.cpp"
    for method in pkg-config cmake; do
        quiet meson setup "$work/meson-$method" "$work/project" --buildtype=release -Dmethod=$method \
            -Dcmake_prefix_path="$work/prefix" -Dc_args="$flags" -Dcpp_args="$flags" -Dc_link_args="$flags" \
            -Dcpp_link_args="$flags" -Db_lundef=false
        quiet meson test -C "$work/meson-$method"
        if depends "$work/meson-$method/with_static"; then fail "meson's static: true linked the shared library"; fi
    done
}

# The archive of CPack, unpacked anywhere.
archive() {
    quiet cpack --config "$build/CPackConfig.cmake" -G TGZ -B "$work/packages"
    mkdir "$work/unpacked"
    tar -xzf "$work"/packages/*.tar.gz -C "$work/unpacked" --strip-components=1
    for file in include/shshared/shshared.h include/shshared/win32/shlwapi.h libshshared.a libshshared.so \
        pkgconfig/shshared.pc cmake/shshared/shshared-config.cmake; do
        find "$work/unpacked" | grep -q "/$file\$" || fail "the archive lacks $file"
    done
    use_prefix "$work/unpacked"
    in_each_language compile_and_run
    in_each_language with_cmake -DCMAKE_PREFIX_PATH="$work/unpacked"
}

language=C compiler=$CC as=c
case $way in
pkg-config)
    install_and_move "$build"
    in_each_language compile_and_run
    ;;
pkg-config-cpp)
    install_and_move "$build"
    language=CXX compiler=$CXX as=c++ standard=-std=c++17
    compile "$here/main.cpp" shshared
    "$work/consumer"
    ;;
pkg-config-static)
    install_and_move "$build"
    rm -f "$libdir"/libshshared.so* "$libdir"/libshshared*.dylib
    in_each_language compile_and_run --static
    ;;
pkg-config-whole)
    install_and_move "$build"
    static_as_a_whole
    ;;
pkg-config-alone)
    install_and_move "$build"
    in_each_language static_alone
    ;;
find-package)
    install_and_move "$build"
    in_each_language with_cmake -DCMAKE_PREFIX_PATH="$work/prefix"
    ;;
find-package-cpp)
    install_and_move "$build"
    language=CXX project=project_cpp
    with_cmake -DCMAKE_PREFIX_PATH="$work/prefix"
    ;;
components)
    install_and_move "$build"
    components
    ;;
add-subdirectory)
    with_cmake -DSHSHARED_SOURCE="$sources" -DSHSHARED_SANITIZE="$SANITIZE"
    ;;
readme)
    install_and_move "$build"
    awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' "$sources/README.md" >"$work/hello.c"
    compile "$work/hello.c" shshared
    give_and_take
    ;;
meson)
    install_and_move "$build"
    with_meson
    ;;
archive) archive ;;
*)
    echo "check.sh: no such way: $way" >&2
    exit 2
    ;;
esac
