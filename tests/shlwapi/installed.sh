#!/bin/sh
# installed.sh WAY BUILD: install the library built in BUILD, and build the application bar with it as a porter would:
# WAY is shared or static. CC, CFLAGS and CMAKE come from the environment and are those of BUILD.
#
# The folder is renamed after the installation, so that no path that was fixed then can work by accident. For static
# linking the shared libraries are taken away. Nothing tells the shared libshshared-shlwapi where libshshared is.
set -eu

way=$1 build=$2
bar=$(cd "$(dirname "$0")/../../examples/shlwapi" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DESTDIR

if ! command -v pkg-config >/dev/null; then
    echo "skipped: no pkg-config"
    exit 77
fi
"$CMAKE" --install "$build" --prefix "$work/first" >"$work/log" || { cat "$work/log"; exit 1; }
mv "$work/first" "$work/prefix"
libdir=$(dirname "$(find "$work/prefix" -name libshshared-shlwapi.a)")
option=
if [ "$way" = static ]; then
    option=--static
    rm -f "$libdir"/*.so* "$libdir"/*.dylib
fi

flags=$(PKG_CONFIG_PATH="$libdir/pkgconfig" pkg-config $option --cflags --libs shshared-shlwapi)
echo "pkg-config: $flags"
# The flags are words, to be split.
# shellcheck disable=SC2086
"$CC" $CFLAGS -std=c99 -D_POSIX_C_SOURCE=200809L -o "$work/appbar" "$bar/appbar.c" "$bar/talk.c" $flags \
    "-Wl,-rpath,$libdir"
"$work/appbar"
