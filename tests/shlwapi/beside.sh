#!/bin/sh
# beside.sh NEIGHBOUR: the headers of the layer and those of another library, in either order, in C and C++, compile; or,
# for "wrong", types of a project that are not as large as Windows' do not. CC is the compiler, INCLUDE our headers.
# Exit code 77: there is no such library here.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
flags='' define=''
skip() {
    echo "skipped: shlwapi_beside_$1: its headers are not here"
    exit 77
}
case $1 in
x11) headers='X11/Xlib.h X11/Xmd.h' define=SHSHARED_BESIDE_X11 ;;
jpeg) headers='stdio.h jpeglib.h' ;;
odbc) headers='sql.h sqlext.h' define=SHSHARED_BESIDE_ODBC ;;
pcsc) headers=winscard.h flags=$(pkg-config --cflags libpcsclite 2>/dev/null) || skip "$1"
    define=SHSHARED_BESIDE_PCSC ;;
winpr) headers=winpr/error.h flags=$(pkg-config --cflags winpr2 2>/dev/null) || skip "$1"
    define=SHSHARED_BESIDE_WINPR ;;
glib) headers=glib.h flags=$(pkg-config --cflags glib-2.0 2>/dev/null) || skip "$1" ;;
wrong) ;;
esac

include() { for header in "$@"; do echo "#include <$header>"; done; }

# compile LANGUAGE STANDARD FILE
compile() {
    # shellcheck disable=SC2086 # words
    "$CC" -x "$1" -std="$2" -Wall -Wextra -fsyntax-only -I"$INCLUDE/shshared/win32" -I"$INCLUDE" $flags "$3"
}

use() {
    echo 'int main(void) {'
    echo '    void *shared = SHAllocShared("x", 2, GetCurrentProcessId());'
    echo '    const void *view = SHLockShared(shared, GetCurrentProcessId());'
    if [ "$1" != winpr ]; then # which has no such structure
        echo '    APPBARDATA data;'
        echo '    typedef char layout[sizeof data == 32 + 2 * sizeof(void *) ? 1 : -1];'
        echo '    (void)sizeof(layout);'
    fi
    echo '    return view == 0 || GetLastError() != 0;'
    echo '}'
}

if [ "$1" = wrong ]; then
    own='typedef unsigned int DWORD; typedef int BOOL; typedef void *HANDLE;'
    wrong_dword='typedef unsigned long long DWORD; typedef int BOOL; typedef void *HANDLE;'
    wrong_bool='typedef unsigned int DWORD; typedef short BOOL; typedef void *HANDLE;'
    wrong_handle='typedef unsigned int DWORD; typedef int BOOL; typedef unsigned short HANDLE;'
    for types in "$own" "$wrong_dword" "$wrong_bool" "$wrong_handle"; do
        { echo "$types"; echo '#define SHSHARED_NO_WIN32_TYPES'; include shlwapi.h; } >"$folder/wrong.c"
        if compile c c99 "$folder/wrong.c" 2>"$folder/log"; then compiles=yes; else compiles=no; fi
        if [ "$types" = "$own" ]; then expected=yes; else expected=no; fi
        [ $compiles = $expected ] || { echo "compiles: $compiles: $types"; cat "$folder/log"; exit 1; }
    done
    exit
fi

# shellcheck disable=SC2086 # words
include $headers >"$folder/alone.c"
compile c c99 "$folder/alone.c" 2>/dev/null || skip "$1"
standards='c99 c11'
if "$CC" -x c++ -fsyntax-only /dev/null 2>/dev/null; then standards="$standards c++11 c++17"; fi
for standard in $standards; do
    case $standard in c++*) language=c++ ;; *) language=c ;; esac
    # shellcheck disable=SC2086 # words
    { include $headers windows.h shlwapi.h; use "$1"; } >"$folder/before.c"
    compile "$language" "$standard" "$folder/before.c"
    # shellcheck disable=SC2086 # words
    { if [ -n "$define" ]; then echo "#define $define"; fi; include windows.h shlwapi.h $headers; use "$1"; } >"$folder/after.c"
    compile "$language" "$standard" "$folder/after.c"
done
