#!/bin/sh
# setup.sh GROUP...: install what is missing, with the system's package manager, and say what is done.
#
# Groups: demo (build the library and run the demo; it is part of every other group), test (build and run the tests), ci
# (sanitizers, linters, the model checker, what reads the manual pages and makes the reference), windows (build for
# Windows and run there, on Wine), widths (32-bit x86, where the system has a compiler for it), bench (the benchmark's
# peers), cross (the toolchain of scripts/cross.sh), gvisor (Go, for scripts/gvisor.sh). The table below is all there is
# to know: what is needed, how to see that it is there, and what brings it on each system. When nothing is missing nothing
# is done. Without the rights to install, or for a system that is not in the table, it says what to install by hand and
# fails.
set -eu

# A need is a command, pc:NAME (a library that pkg-config knows), <HEADER>, or -fsanitize=KIND (of clang).
# Packages: "," stands between two, "-" says that the system brings it itself, "?" that no package is known, "." that
# this system does without.
needs() {
    cat <<'END'
# group  need                      apt                dnf                   apk                brew       pkg
demo     cc                        gcc,libc6-dev      gcc                   gcc,musl-dev       -          -
demo     cmake                     cmake              cmake                 cmake              cmake      cmake
demo     make                      make               make                  make               -          -
demo     <linux/magic.h>           linux-libc-dev     kernel-headers        linux-headers      .          .
test     pkg-config                pkg-config         pkgconf-pkg-config    pkgconf            pkgconf    pkgconf
test     pc:cunit                  libcunit1-dev      CUnit-devel           cunit-dev          cunit      cunit
test     c++                       g++                gcc-c++               g++                -          -
ci       clang                     clang              clang                 clang              -          -
ci       -fsanitize=thread         libclang-rt-dev    compiler-rt           compiler-rt        -          -
ci       llvm-symbolizer           llvm               llvm                  llvm               llvm       llvm
ci       clang-format              clang-format       clang-tools-extra     clang-extra-tools  llvm       llvm
ci       clang-tidy                clang-tidy         clang-tools-extra     clang-extra-tools  llvm       llvm
ci       cppcheck                  cppcheck           cppcheck              cppcheck           cppcheck   cppcheck
ci       shellcheck                shellcheck         ShellCheck            shellcheck         shellcheck hs-ShellCheck
ci       spin                      spin               ?                     ?                  spin       spin
ci       valgrind                  valgrind           valgrind              valgrind           .          valgrind
ci       gcovr                     gcovr              gcovr                 gcovr              gcovr      gcovr
ci       <X11/Xmd.h>               x11proto-dev       xorg-x11-proto-devel  xorgproto          .          .
ci       <X11/Xlib.h>              libx11-dev         libX11-devel          libx11-dev         .          .
ci       <jpeglib.h>               libjpeg-dev        libjpeg-turbo-devel   libjpeg-turbo-dev  .          .
ci       <sql.h>                   unixodbc-dev       unixODBC-devel        unixodbc-dev       .          .
ci       pc:libpcsclite            libpcsclite-dev    pcsc-lite-devel       pcsc-lite-dev      .          .
ci       pc:winpr2                 libwinpr2-dev      libwinpr-devel        ?                  .          .
ci       pc:glib-2.0               libglib2.0-dev     glib2-devel           glib-dev           .          .
ci       pc:libpng                 libpng-dev        libpng-devel          libpng-dev         libpng     png
ci       pc:libuv                  libuv1-dev        libuv-devel           libuv-dev          libuv      libuv
ci       pc:libevent_core           libevent-dev      libevent-devel        libevent-dev       libevent   libevent
ci       mandoc                    mandoc             mandoc                mandoc             mandoc     -
ci       groff                     groff              groff                 groff              groff      groff
ci       man                       man-db             man-db                mandoc             -          -
ci       doxygen                   doxygen            doxygen               doxygen            doxygen    doxygen
ci       python3                   python3,python3-venv python3               python3            python3    python3
windows  x86_64-w64-mingw32-g++  g++-mingw-w64-x86-64 mingw64-gcc-c++     mingw-w64-gcc      mingw-w64  mingw64-gcc
windows  i686-w64-mingw32-g++    g++-mingw-w64-i686 mingw32-gcc-c++       i686-mingw-w64-gcc mingw-w64  mingw32-gcc
windows  wine                      wine,wine64        wine                  wine               ?          wine
windows  dpkg-source               dpkg-dev           .                     .                  .          .
windows  debootstrap               debootstrap        .                     .                  .          .
cross    python3                   python3,python3-venv python3              python3            python3    python3
cross    qemu-aarch64-static       qemu-user-static   qemu-user-static      qemu-aarch64       .          .
widths   i686-linux-gnu-g++        g++-i686-linux-gnu   .                     .                  .          .
widths   dpkg-source               dpkg-dev           .                     .                  .          .
gvisor   go                        golang-go          golang                go                 .          .
bench    pkg-config                pkg-config         pkgconf-pkg-config    pkgconf            pkgconf    pkgconf
bench    c++                       g++                gcc-c++               g++                -          -
bench    gnuplot                   gnuplot-nox        gnuplot               gnuplot            gnuplot    gnuplot
bench    strace                    strace             strace                strace             .          .
bench    pc:apr-1                  libapr1-dev        apr-devel             apr-dev            apr        apr
bench    pc:Qt6Core                qt6-base-dev       qt6-qtbase-devel      qt6-qtbase-dev     qt         qt6-base
bench    <boost/version.hpp>       libboost-dev       boost-devel           boost-dev          boost      boost-libs
bench    x86_64-w64-mingw32-gcc  gcc-mingw-w64-x86-64 mingw64-gcc         mingw-w64-gcc      .          .
bench    wine                      wine,wine64        wine                  wine               .          .
END
}

say() { echo "setup: $*"; }

die() {
    say "$*" >&2
    exit 1
}

# have NEED: is it there?
have() {
    case $1 in
    pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
    '<'*) echo "#include $1" | cc -E - >/dev/null 2>&1 ;;
    -fsanitize=*) echo 'int main(void) { return 0; }' | clang "$1" -x c -o /dev/null - 2>/dev/null ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# The manager of this system: the column of the table that holds for it.
find_manager() {
    manager=none column=0
    for candidate in apt-get:3 dnf:4 apk:5 brew:6 pkg:7; do
        command -v "${candidate%:*}" >/dev/null 2>&1 || continue
        manager=${candidate%:*} column=${candidate#*:}
        return
    done
}

# missing GROUP...: the lines "need packages" of these groups for what is not there.
missing() {
    needs | awk -v groups=" demo $* " -v column="$column" '
        !/^#/ && index(groups, " " $1 " ") && $column != "." && !seen[$2]++ { print $2, column ? $column : "?" }' |
        while read -r need packages; do
            have "$need" || echo "$need $packages"
        done
}

# install PACKAGE...: as root, or by sudo; Homebrew wants neither.
install() {
    sudo=
    if [ "$(id -u)" -ne 0 ] && [ "$manager" != brew ]; then
        sudo=sudo
        command -v sudo >/dev/null 2>&1 || die "no right to install and no sudo here; have $manager install: $*"
    fi
    say "$manager installs: $*"
    case $manager in
    apt-get)
        $sudo apt-get -qq update
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
            -o Dpkg::Use-Pty=0 install --no-install-recommends --no-remove "$@"
        ;;
    dnf) $sudo dnf -y install "$@" ;;
    apk) $sudo apk add "$@" ;;
    brew) brew install "$@" ;;
    pkg) $sudo env ASSUME_ALWAYS_YES=yes pkg install "$@" ;;
    esac
}

main() {
    find_manager
    lacking=$(missing "$@")
    if [ -z "$lacking" ]; then
        say "nothing is missing for: $*"
        return
    fi
    packages=$(echo "$lacking" | awk '$2 != "-" && $2 != "?" { print $2 }' | tr ',' '\n' | sort -u)
    # The names are words, to be split.
    # shellcheck disable=SC2086
    if [ -n "$packages" ]; then install $packages; fi
    lacking=$(missing "$@" | awk '{ printf "%s ", $1 }')
    if [ -n "$lacking" ]; then die "still missing, install by hand: $lacking"; fi
    say "everything is there for: $*"
}

# The toolchain is no system's package: it is fetched into a virtual environment of Python's.
fetch_toolchain() {
    folder=$(dirname "$0")/../build/cross/zig
    if [ -x "$folder/bin/python-zig" ]; then return; fi
    say "pip installs: ziglang"
    python3 -m venv "$folder"
    "$folder/bin/pip" --quiet install 'ziglang>=0.15'
}

case " $* " in
'  ') die "usage: setup.sh demo|test|ci|windows|widths|bench|cross|gvisor..." ;;
esac
for group in "$@"; do
    needs | awk -v group="$group" '$1 == group { found = 1 } END { exit !found }' || die "unknown group: $group"
done
main "$@"
case " $* " in *' cross '*) fetch_toolchain ;; esac
