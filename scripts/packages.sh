#!/bin/sh
# packages.sh [PACKAGE...]: build the packages of packaging/ as far as this machine can, and try what comes of it: debian,
# conan, meson, rpm, vcpkg, alpine, homebrew; all, if none is named. Nothing is installed on the machine, and nothing is written
# into the sources: each is built from a copy of them in build/packages. What lacks its tools says "skipped:" and why.
#
# conan and meson come from PyPI, if the machine has none. Debian's packages are tried in a minimal Debian (autopkgtest),
# which needs root and debootstrap; CHECK=1 also runs tests while they are built.
set -eu

cd "$(dirname "$0")/.."
top=$PWD
work=$top/build/packages
version=$(sed -n 's/^#define SHS_VERSION_[A-Z]* //p' include/shshared/shshared.h | paste -s -d . -)
jobs=$(getconf _NPROCESSORS_ONLN)

has() { command -v "$1" >/dev/null 2>&1; }
skip() {
    echo "skipped: $package: $*"
    exit 77
}
needs() { for tool in "$@"; do has "$tool" || skip "no $tool"; done; }

# fresh FOLDER: a copy of the sources, in a folder that was not there before.
fresh() {
    rm -rf "$1"
    mkdir -p "$1"
    tar -cf - --exclude=./build --exclude='./build-*' --exclude=.git . | tar -xf - -C "$1"
}

# archive FOLDER NAME: the sources as a release has them.
archive() {
    fresh "$1/shshared-$version"
    tar -czf "$1/$2" -C "$1" "shshared-$version"
}

# from_pypi NAME...: tools, from the machine or in a virtual environment.
from_pypi() {
    has "$1" && return
    if [ ! -x "$work/python/bin/$1" ]; then
        { python3 -m venv "$work/python" && "$work/python/bin/pip" --quiet install "$@"; } ||
            skip "neither $1 nor PyPI, which has it"
    fi
    PATH=$work/python/bin:$PATH
}

package_debian() {
    needs dpkg-buildpackage dh fakeroot
    rm -rf "$work/debian"
    archive "$work/debian" "shshared_$version.orig.tar.gz"
    cd "$work/debian/shshared-$version"
    cp -r packaging/debian debian
    options="parallel=$jobs nocheck"
    if [ -n "${CHECK-}" ]; then options="parallel=$jobs"; fi
    DEB_BUILD_OPTIONS=$options dpkg-buildpackage -us -uc
    cd ..
    # That no bug is closed, there is no homepage and the suite is none is so until somebody uploads them.
    if has lintian; then
        lintian --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs,no-homepage-field ./*.changes
    else
        echo "no lintian here: not looked at by it"
    fi
    autopkgtest_in_chroot
}

# In a minimal Debian, whose packages and ours are the only ones that the test can see.
autopkgtest_in_chroot() {
    if [ "$(id -u)" -ne 0 ] || ! has debootstrap; then
        echo "not root, or no debootstrap: the test of the installed packages was not run"
        return
    fi
    chmod 755 . # as a root folder is, for users other than root
    debootstrap --variant=minbase --include=build-essential,cmake,pkgconf bookworm "$PWD/root"
    mkdir "$PWD/root/packages"
    cp ./*.deb "$PWD/root/packages"
    cp -r "shshared-$version" "$PWD/root/sources"
    # $1 is for the inner shell.
    # shellcheck disable=SC2016
    unshare --mount --pid --fork sh -eu -c '
        mount -t proc proc "$1/proc"
        mount -t tmpfs tmpfs "$1/dev/shm"
        chroot "$1" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -eu -c "
            dpkg -i /packages/*.deb
            mkdir /tmp/autopkgtest
            cd /sources
            AUTOPKGTEST_TMP=/tmp/autopkgtest debian/tests/consumer
            dpkg -r libshshared-dev libshshared0.2-dbgsym libshshared0.2"' sh "$PWD/root"
    rm -rf "$PWD/root"
}

package_conan() {
    from_pypi conan
    fresh "$work/conan"
    CONAN_HOME=$work/conan-home
    export CONAN_HOME
    [ -e "$CONAN_HOME/profiles/default" ] || conan profile detect
    for shared in True False; do
        conan create "$work/conan/packaging/conan" --version="$version" -o "shshared/*:shared=$shared"
    done
}

package_meson() {
    from_pypi meson ninja
    rm -rf "$work/meson"
    mkdir -p "$work/meson/subprojects/packagecache"
    archive "$work/meson/subprojects/packagecache" "shshared-$version.tar.gz"
    rm -rf "$work/meson/subprojects/packagecache/shshared-$version"
    sum=$(sha256sum "$work/meson/subprojects/packagecache/shshared-$version.tar.gz" | cut -d ' ' -f 1)
    sed "s/^source_hash = .*/source_hash = $sum/" packaging/meson/shshared.wrap >"$work/meson/subprojects/shshared.wrap"
    cp tests/consumer/main.c "$work/meson"
    cat >"$work/meson/meson.build" <<'END'
project('consumer', 'c', meson_version: '>=1.3.0')
test('consumer', executable('consumer', 'main.c', dependencies: dependency('shshared')))
END
    meson setup "$work/meson/build" "$work/meson" >"$work/meson/log" || {
        cat "$work/meson/log"
        exit 1
    }
    meson test -C "$work/meson/build"
}

package_rpm() {
    needs rpmbuild
    rm -rf "$work/rpm"
    mkdir -p "$work/rpm/SOURCES"
    archive "$work/rpm/SOURCES" "shshared-$version.tar.gz"
    # What the machine has was not installed by rpm.
    rpmbuild --nodeps --define "_topdir $work/rpm" --define "_smp_mflags -j$jobs" -ba packaging/rpm/shshared.spec
    rpm -qlp "$work"/rpm/RPMS/*/*.rpm >"$work/rpm/files"
    for file in libshshared.so.0.2 libshshared.a shshared/shshared.h shshared-static.cmake shshared-static.pc; do
        grep -q "/$file\$" "$work/rpm/files" || { echo "the packages lack $file" && exit 1; }
    done
    # Of what it finds much is for the macros and the signature of a distribution; it is told, and no failure.
    if has rpmlint; then rpmlint "$work"/rpm/RPMS/*/*.rpm packaging/rpm/shshared.spec || true; fi
}

package_vcpkg() {
    needs python3
    python3 -m json.tool packaging/vcpkg/vcpkg.json >/dev/null
    has vcpkg || skip "no vcpkg; the manifest is JSON"
    fresh "$work/vcpkg"
    vcpkg install shshared --overlay-ports="$work/vcpkg/packaging" --x-install-root="$work/vcpkg-installed"
}

package_alpine() {
    sh -n packaging/alpine/APKBUILD
    has abuild || skip "no abuild; the file is shell"
    skip "FILL-IN stands in for the address of a release"
}

package_homebrew() {
    needs ruby
    ruby -c packaging/homebrew/shshared.rb
    has brew || skip "no brew; the file is Ruby"
    skip "FILL-IN stands in for the address of a release"
}

# The version stands in the packages once more.
for file in debian/changelog vcpkg/vcpkg.json alpine/APKBUILD rpm/shshared.spec homebrew/shshared.rb meson/shshared.wrap; do
    grep -qF "$version" "packaging/$file" || { echo "packages.sh: packaging/$file is not of version $version" && exit 1; }
done

mkdir -p "$work"
if [ $# -eq 0 ]; then set -- debian conan meson rpm vcpkg alpine homebrew; fi
passed=0 failed=0 skipped=0
for package in "$@"; do
    case $package in
    debian | conan | meson | rpm | vcpkg | alpine | homebrew) ;;
    *) echo "packages.sh: no such package: $package" >&2 && exit 2 ;;
    esac
    echo "== $package"
    # A subshell with -e of its own, so not in a condition.
    set +e
    (set -e; "package_$package")
    status=$?
    set -e
    case $status in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *) failed=$((failed + 1)) && echo "failed: $package" ;;
    esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
