#!/bin/sh
# cross.sh [--tests] [TARGET...]: build the library (shared and static), the porting layer, the command and the examples
# for other systems and processors, and link them; without a TARGET for all that this script knows. With --tests also
# the tests and the benchmark, for which CUnit is built, from its source package. Names are those of the Zig
# toolchain, which brings the headers and libraries of nearly all: scripts/setup.sh cross fetches it. Each target has a
# folder of its own in build/cross, where its log is. A line for each target, and at last the counts; fails where one did.
set -eu

cd "$(dirname "$0")/.."
place=$PWD/build/cross
zig=$place/zig/bin/python-zig
jobs=$(getconf _NPROCESSORS_ONLN)

# TARGET SYSTEM, as CMake calls it, and the release whose headers the toolchain has, where it has to be told
known='
x86_64-macos Darwin
aarch64-macos Darwin
x86_64-freebsd FreeBSD
aarch64-freebsd FreeBSD
x86_64-netbsd NetBSD .11.0
aarch64-netbsd NetBSD .11.0
x86_64-openbsd OpenBSD
aarch64-openbsd OpenBSD
x86_64-linux-gnu Linux
x86-linux-gnu Linux
aarch64-linux-gnu Linux
arm-linux-gnueabihf Linux
riscv64-linux-gnu Linux
s390x-linux-gnu Linux
powerpc64le-linux-gnu Linux
loongarch64-linux-gnu Linux
mips-linux-gnueabihf Linux
x86_64-linux-musl Linux
x86-linux-musl Linux
aarch64-linux-musl Linux
arm-linux-musleabihf Linux
riscv64-linux-musl Linux
s390x-linux-musl Linux
powerpc64le-linux-musl Linux
loongarch64-linux-musl Linux
mips-linux-musleabihf Linux
x86_64-windows-gnu Windows
x86-windows-gnu Windows
aarch64-windows-gnu Windows
'

if [ ! -x "$zig" ]; then
    echo "cross: no toolchain in build/cross/zig: run scripts/setup.sh cross" >&2
    exit 1
fi
tests=OFF
if [ "${1:-}" = --tests ]; then
    tests=ON
    shift
fi
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # one word for each target
    set -- $(echo "$known" | awk 'NF > 1 { print $1 }')
fi

# wrapper TOOL ARGUMENT...: a program in the target's folder that CMake takes for a compiler's.
wrapper() {
    tool=$1
    shift
    printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$zig" "$*" >"$folder/$tool"
    chmod +x "$folder/$tool"
}

# CMake calls it as windres: ... -i SOURCE OBJECT.
resource_compiler() {
    cat >"$folder/windres" <<END
#!/bin/sh
while [ \$# -gt 2 ]; do shift; done
exec "$zig" rc /:output-format coff /:target $target -- "\$1" "\$2"
END
    chmod +x "$folder/windres"
}

toolchain() {
    mkdir -p "$folder/root"
    resource_compiler
    flags=
    if [ "$system" = Windows ]; then flags=-Wno-macro-redefined; fi # it names a later Windows itself
    # shellcheck disable=SC2086
    wrapper cc cc -target "$target$release" $flags
    # shellcheck disable=SC2086
    wrapper c++ c++ -target "$target$release" $flags
    wrapper ar ar
    wrapper ranlib ranlib
    cat >"$folder/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME $system)
set(CMAKE_SYSTEM_PROCESSOR ${target%%-*})
set(CMAKE_C_COMPILER $folder/cc)
set(CMAKE_CXX_COMPILER $folder/c++)
set(CMAKE_INSTALL_NAME_TOOL /bin/true CACHE FILEPATH "") # macOS: asked for, and nothing is installed
set(CMAKE_RC_COMPILER $folder/windres)
set(CMAKE_AR $folder/ar)
set(CMAKE_RANLIB $folder/ranlib)
set(CMAKE_FIND_ROOT_PATH $folder/root)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
END
}

# By the same compiler; its script looks for it by the name of a triplet.
build_cunit() {
    for tool in cc:gcc ar:ar; do
        ln -sf "$folder/${tool%:*}" "$folder/$target-${tool#*:}"
    done
    PATH=$folder:$PATH scripts/cunit-mingw.sh "$target" build/cunit
}

build() {
    strict=ON
    case $target in mips-* | *-musl*) strict=OFF ;; esac # every atomic of 8 bytes warns there, or a macro of the headers
    if [ $tests = ON ]; then build_cunit; fi
    cmake -S . -B "$folder/build" -DCMAKE_TOOLCHAIN_FILE="$folder/toolchain.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DSHSHARED_TESTS=$tests -DSHSHARED_BENCH=$tests -DSHSHARED_EXAMPLES=ON -DSHSHARED_WERROR=$strict \
        -DCUNIT_INCLUDE_DIR="$PWD/build/cunit/$target/include" \
        -DCUNIT_LIBRARY="$PWD/build/cunit/$target/lib/libcunit.a" &&
        cmake --build "$folder/build" --parallel "$jobs"
}

linked=0 failed=0
for target; do
    system=$(echo "$known" | awk -v target="$target" '$1 == target { print $2 }')
    release=$(echo "$known" | awk -v target="$target" '$1 == target { print $3 }')
    folder=$place/$target
    if [ -z "$system" ]; then
        echo "cross: unknown target: $target" >&2
        exit 2
    fi
    toolchain
    if build >"$folder/log" 2>&1; then
        linked=$((linked + 1))
        echo "linked: $target"
    else
        failed=$((failed + 1))
        echo "failed: $target, see ${folder#"$PWD"/}/log"
    fi
done
echo "$linked passed, $failed failed, 0 skipped"
test $failed -eq 0
