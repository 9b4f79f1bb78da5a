#!/bin/sh
# test-bare.sh [SUITE]: do the README's two commands work on a machine that has nothing? A minimal Debian (bookworm, or
# another SUITE), without compiler, CMake or git, is made in a folder of its own; the sources are copied into it, and
# both commands run there, as root. It needs root and debootstrap. The mounts live in a namespace that ends with the
# commands, so that removing the folder afterwards can touch nothing else.
set -eu

cd "$(dirname "$0")/.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

chmod 755 "$root" # as a root folder is, for users other than root
debootstrap --variant=minbase "${1:-bookworm}" "$root"
mkdir "$root/shshared"
tar -c -f - --exclude=./.git --exclude='./build*' . | tar -x -f - -C "$root/shshared"

# $1 is for the inner shell.
# shellcheck disable=SC2016
unshare --mount --pid --fork sh -eu -c '
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/dev/shm"
    chroot "$1" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c "
        cd /shshared && ./scripts/demo.sh && ./scripts/test.sh"
' sh "$root"
