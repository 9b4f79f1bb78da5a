# shellcheck shell=sh disable=SC2034,SC2154
# What check.sh and own.sh have in common; they source it, after they have set way. It makes a folder, $work, which goes
# at the end. From the environment come CC, CXX (empty where there is none), SANITIZE and CMAKE: those of the build whose
# tests these are.
here=$(cd "$(dirname "$0")" && pwd)
sources=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DESTDIR
flags=${SANITIZE:+-fsanitize=$SANITIZE}
PATH=$(dirname "$CMAKE"):$PATH
export PATH

skip() {
    echo "skipped: consumer.$way: $*"
    exit 77
}

fail() {
    echo "consumer.$way: $*"
    exit 1
}

# quiet COMMAND...: what it says is shown if it fails.
quiet() {
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log"
        fail "failed: $*"
    }
}

# refused WORDS COMMAND...: it must fail, and say so with WORDS, wherever the lines break.
refused() {
    words=$1
    shift
    if "$@" >"$work/log" 2>&1; then fail "did not fail: $*"; fi
    tr -s ' \n' '  ' <"$work/log" | grep -qF "$words" || {
        cat "$work/log"
        fail "failed, but without: $words"
    }
}

# use_prefix FOLDER: the library is found in what is installed there, and nowhere else.
use_prefix() {
    prefix=$1
    libdir=$(dirname "$(find "$prefix" -name pkgconfig)")
    export PKG_CONFIG_PATH="$libdir/pkgconfig"
}

# install_and_move BUILD: into a folder that is then renamed, so that a path that was fixed at install time cannot work by
# accident.
install_and_move() {
    quiet "$CMAKE" --install "$1" --prefix "$work/first"
    mv "$work/first" "$work/prefix"
    use_prefix "$work/prefix"
}

# in_each_language COMMAND...: for C, and for C++ if there is a compiler, with language, compiler and words that make it take
# main.c as such.
in_each_language() {
    language=C compiler=$CC as=c
    "$@"
    if [ -z "$CXX" ]; then
        echo "no C++ compiler here: C alone"
        return
    fi
    language=CXX compiler=$CXX as=c++
    "$@"
}

# compile SOURCE MODULE OPTION...: with the flags that pkg-config tells of MODULE with OPTION.
compile() {
    source=$1 module=$2
    shift 2
    command -v pkg-config >/dev/null || skip "no pkg-config"
    told=$(pkg-config "$@" --cflags --libs "$module")
    echo "pkg-config: $told"
    # The flags are words, to be split.
    # shellcheck disable=SC2086
    "$compiler" -Werror $standard $flags -o "$work/consumer" -x "$as" "$source" -x none $told $linking "-Wl,-rpath,$libdir"
}
linking=
standard=
project=project

# compile_and_run OPTION...: main.c, with the module shshared.
compile_and_run() {
    compile "$here/main.c" shshared "$@"
    "$work/consumer"
}

# with_cmake OPTION...: the other project, the one in $project, in the language, from configuring to running.
with_cmake() {
    rm -rf "$work/build"
    quiet "$CMAKE" -S "$here/$project" -B "$work/build" -DLANGUAGE="$language" -DCMAKE_C_FLAGS="$flags" \
        -DCMAKE_CXX_FLAGS="$flags" "$@"
    quiet "$CMAKE" --build "$work/build" --parallel 2
    (cd "$work/build" && ctest --output-on-failure)
}

# depends PROGRAM: does it need the shared library?
depends() {
    command -v readelf >/dev/null || skip "no readelf"
    readelf -d "$1" | grep -q 'NEEDED.*libshshared'
}
