#!/bin/sh
# check.sh WAY BUILD: use the library built in BUILD from another project, come to it by WAY, and run the result.
#
# What is installed goes to a folder that is then renamed, so that a path that was fixed at install time cannot work by
# accident. For static linking the shared library is taken away: what is linked then cannot be the wrong one. A WAY that
# ends with -cpp is that of a program in C++. CC, CXX, SANITIZE and CMAKE come from the environment and are those of BUILD.
set -eu

way=$1 build=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DESTDIR
flags=${SANITIZE:+-fsanitize=$SANITIZE}

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

# compile SOURCE OPTION...: with the flags that pkg-config tells with OPTION.
compile() {
    source=$1
    case $1 in *.cpp) compiler="$CXX -std=c++17" ;; *) compiler=$CC ;; esac
    shift
    command -v pkg-config >/dev/null || skip "no pkg-config"
    told=$(pkg-config "$@" --cflags --libs shshared)
    echo "pkg-config: $told"
    # The flags are words, to be split.
    # shellcheck disable=SC2086
    $compiler $flags -o "$work/consumer" "$source" $told "-Wl,-rpath,$libdir"
}

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

# with_cmake PROJECT OPTION...: build and test it.
with_cmake() {
    project=$1
    shift
    "$CMAKE" -S "$here/$project" -B "$work/build" -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" "$@"
    "$CMAKE" --build "$work/build" --parallel 2
    (cd "$work/build" && ctest --output-on-failure)
}

case $way in
pkg-config)
    install_and_move
    compile "$here/main.c"
    "$work/consumer"
    ;;
pkg-config-cpp)
    install_and_move
    compile "$here/main.cpp"
    "$work/consumer"
    ;;
pkg-config-static)
    install_and_move
    rm -f "$libdir"/libshshared.so* "$libdir"/libshshared*.dylib
    compile "$here/main.c" --static
    "$work/consumer"
    ;;
find-package)
    install_and_move
    with_cmake project -DCMAKE_PREFIX_PATH="$work/prefix"
    ;;
find-package-cpp)
    install_and_move
    with_cmake project_cpp -DCMAKE_PREFIX_PATH="$work/prefix"
    ;;
add-subdirectory)
    with_cmake project -DSHSHARED_SOURCE="$(cd "$here/../.." && pwd)" -DSHSHARED_SANITIZE="$SANITIZE"
    ;;
readme)
    install_and_move
    awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' "$here/../../README.md" >"$work/hello.c"
    compile "$work/hello.c"
    give_and_take
    ;;
*)
    echo "usage: check.sh pkg-config[-static|-cpp]|find-package[-cpp]|add-subdirectory|readme BUILD" >&2
    exit 2
    ;;
esac
