#!/bin/sh
# cunit-mingw.sh TRIPLET FOLDER: build CUnit for another system, as Windows, from Debian's source package, into
# FOLDER/TRIPLET, with TRIPLET-gcc.
#
# No distribution has CUnit for MinGW-w64. The source comes from where the machine's own packages come from, by apt and
# with its signatures, but with lists of sources and indexes in FOLDER: nothing of the machine's configuration is
# changed, and no right to install is needed. What is there already is not made again.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: cunit-mingw.sh TRIPLET FOLDER" >&2
    exit 2
fi
triplet=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
target=$folder/$triplet

# apt with its state in FOLDER.
private_apt() {
    apt-get -qq -o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

# The machine's Debian sources, asked for source packages.
write_sources() {
    # apt expands these, not the shell.
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages' |
        awk '($4 == "Debian" || $4 == "Ubuntu") { print "deb-src", $1, $2, $3 }' | sort -u >"$folder/sources.list"
    if [ ! -s "$folder/sources.list" ]; then
        echo "cunit-mingw: apt knows of no Debian sources here (apt-get update)" >&2
        exit 1
    fi
}

fetch() {
    write_sources
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
    private_apt update
    (cd "$folder" && rm -rf cunit-* && private_apt source cunit)
}

# The framework and its "basic" interface are plain C files, to which CUnit's own build system adds nothing.
compile() {
    source=$(find "$folder" -maxdepth 1 -type d -name 'cunit-*')
    mkdir -p "$target/include/CUnit" "$target/lib" "$target/objects"
    cp "$source"/CUnit/Headers/*.h "$target/include/CUnit"
    (cd "$target/objects" && "$triplet-gcc" -O2 -w -I"$target/include/CUnit" -I"$target/include" -c \
        "$source"/CUnit/Sources/Framework/*.c "$source/CUnit/Sources/Basic/Basic.c")
    "$triplet-ar" crs "$target/lib/libcunit.a" "$target"/objects/*.o
}

if [ -e "$target/lib/libcunit.a" ]; then exit; fi
if [ -z "$(find "$folder" -maxdepth 1 -type d -name 'cunit-*')" ]; then fetch; fi
compile
echo "cunit-mingw: built $target/lib/libcunit.a"
