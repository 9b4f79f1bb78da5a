#!/bin/sh
# emulate.sh [PROCESSOR...]: run suites on other processors, emulated by qemu-user: aarch64, arm, riscv64, s390x,
# powerpc64le or x86; without one, on all of them. The programs are static, with musl, built by scripts/cross.sh and its
# toolchain (scripts/setup.sh cross). Left out are suites of what the emulator lacks: pages that a fork wipes, robust
# futexes, descriptors of processes. The last line counts the tests of all; what a program said is in build/cross/TARGET.
set -eu

cd "$(dirname "$0")/.."
place=$PWD/build/cross
suites='contract arguments blocks inplace room views handles reuse story processes owners loops threads
    posix/thirds posix/every_number'
harness='actor actor_role block checked expect leaks parallel pattern suite
    child_posix leaks_linux parallel_posix sandbox_posix system_posix watchdog_posix'

# The target and the emulator of a processor.
find_target() {
    emulator=qemu-$1-static
    case $1 in
    arm) target=arm-linux-musleabihf ;;
    powerpc64le) target=powerpc64le-linux-musl emulator=qemu-ppc64le-static ;;
    x86) target=x86-linux-musl emulator=qemu-i386-static ;;
    *) target=$1-linux-musl ;;
    esac
    folder=$place/$target
    if ! command -v "$emulator" >/dev/null; then
        echo "emulate: no $emulator here: run scripts/setup.sh cross" >&2
        exit 1
    fi
}

# CUnit, by the same compiler; its script looks for it by the name of a triplet.
build_cunit() {
    for tool in cc:gcc ar:ar; do
        ln -sf "$folder/${tool%:*}" "$folder/$target-${tool#*:}"
    done
    PATH=$folder:$PATH scripts/cunit-mingw.sh "$target" build/cunit
}

compile() {
    "$folder/cc" -std=c11 -O1 -w -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DSYSTEM_FILES='"linux"' \
        -Iinclude -Itests -Isrc -Isrc/posix -Ibuild/cunit/"$target"/include "$@"
}

build_harness() {
    mkdir -p "$folder/harness"
    for name in $harness; do
        compile -c -o "$folder/harness/$name.o" "tests/support/$name.c"
    done
}

# A suite that does not build, or whose program says nothing, has failed.
run() {
    name=$(basename "$1")
    said=$folder/$name.said
    if compile -static -o "$folder/test_$name" "tests/$1.c" "$folder"/harness/*.o "$folder/build/src/libshshared.a" \
        build/cunit/"$target"/lib/libcunit.a -pthread >"$said" 2>&1; then
        EMULATOR=$emulator timeout 300 "$emulator" "$folder/test_$name" >"$said" 2>&1 || true
    fi
    counted=$(awk '$1 == "tests" { print $4, $5 + $2 - $3; found = 1 } END { if (!found) print 0, 1 }' "$said")
    echo "$processor $name: ${counted% *} passed, ${counted#* } failed" | tee -a "$counts"
}

counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
if [ $# -eq 0 ]; then set -- aarch64 arm riscv64 s390x powerpc64le x86; fi
for processor; do
    find_target "$processor"
    scripts/cross.sh "$target"
    build_cunit
    build_harness
    for suite in $suites; do run "$suite"; done
done
awk '{ passed += $3; failed += $5 }
    END { printf "%d passed, %d failed, 0 skipped\n", passed, failed; exit failed != 0 || passed == 0 }' "$counts"
