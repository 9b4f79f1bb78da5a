#!/bin/sh
# check.sh WAY BUILD: use the library built in BUILD from another project, come to it by WAY, and run the result.
#
# What is installed goes to a folder that is then renamed, so that a path that was fixed at install time cannot work by
# accident. For static linking the shared library is taken away: what is linked then cannot be the wrong one. CC,
# CFLAGS and CMAKE come from the environment and are those of BUILD.
set -eu

way=$1 build=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DESTDIR

skip() {
    echo "skipped: consumer.$way: $*"
    exit 77
}

install_and_move() {
    "$CMAKE" --install "$build" --prefix "$work/first" >"$work/log" || { cat "$work/log"; exit 1; }
    mv "$work/first" "$work/prefix"
    libdir=$(dirname "$(find "$work/prefix" -name libshshared.a)")
    export PKG_CONFIG_PATH="$libdir/pkgconfig"
}

# with_pkgconfig OPTION...: compile main.c with the flags that pkg-config tells, and run it.
with_pkgconfig() {
    command -v pkg-config >/dev/null || skip "no pkg-config"
    flags=$(pkg-config "$@" --cflags --libs shshared)
    echo "pkg-config: $flags"
    # The flags are words, to be split.
    # shellcheck disable=SC2086
    "$CC" $CFLAGS -o "$work/consumer" "$here/main.c" $flags "-Wl,-rpath,$libdir"
    "$work/consumer"
}

with_cmake() {
    "$CMAKE" -S "$here/project" -B "$work/build" -DCMAKE_C_FLAGS="$CFLAGS" "$@"
    "$CMAKE" --build "$work/build" --parallel 2
    (cd "$work/build" && ctest --output-on-failure)
}

case $way in
pkg-config)
    install_and_move
    with_pkgconfig
    ;;
pkg-config-static)
    install_and_move
    find "$work/prefix" -name 'libshshared.so*' -o -name 'libshshared*.dylib' | xargs rm -f
    with_pkgconfig --static
    ;;
find-package)
    install_and_move
    with_cmake -DCMAKE_PREFIX_PATH="$work/prefix"
    ;;
add-subdirectory)
    with_cmake -DSHSHARED_SOURCE="$(cd "$here/../.." && pwd)"
    ;;
*)
    echo "usage: check.sh pkg-config|pkg-config-static|find-package|add-subdirectory BUILD" >&2
    exit 2
    ;;
esac
