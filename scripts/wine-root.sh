#!/bin/sh
# wine-root.sh FOLDER [COMMAND...]: run a command for which wine and wineserver run 32-bit and 64-bit programs. Without a
# command: make FOLDER ready, and see whether it can be done.
#
# Debian's wine32 is of another architecture of packages, and to install it would change the machine. So both are
# installed in a Debian of their own, in FOLDER, once; and for the command, wine is the one in there, which sees this
# project's folder, /tmp, /proc and /dev. It needs debootstrap, and the rights of root.
set -eu

cd "$(dirname "$0")/.."
mkdir -p "$1"
folder=$(cd "$1" && pwd)
root=$folder/root
shift

fail() {
    echo "wine-root: $*" >&2
    exit 1
}

# Where the machine's own packages come from.
first_source() {
    # apt expands these, not the shell.
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(SITE) $(RELEASE) $(ORIGIN)' 'Created-By: Packages' |
        awk '$3 == "Debian" && $2 !~ /-/ { print $2, $1; exit }'
}

make_root() {
    rm -rf "$root"
    # shellcheck disable=SC2046 # the release and its place
    set -- $(first_source)
    [ $# -eq 2 ] || fail "apt knows of no Debian here"
    debootstrap --variant=minbase "$1" "$root" "$2" >"$folder/log" 2>&1 || fail "debootstrap: see $folder/log"
    {
        chroot "$root" dpkg --add-architecture i386
        chroot "$root" apt-get -qq update
        DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -qq -y install --no-install-recommends \
            wine wine64 wine32:i386
        chroot "$root" apt-get clean
    } >>"$folder/log" 2>&1 || fail "wine32 cannot be installed: see $folder/log"
}

# A command of that name which is the one in there.
make_wrapper() {
    mkdir -p "$folder/bin"
    cat >"$folder/bin/$1" <<END
#!/bin/sh
exec chroot "$root" sh -c 'cd "\$0" && exec /usr/bin/$1 "\$@"' "\$PWD" "\$@"
END
    chmod +x "$folder/bin/$1"
}

# inside COMMAND...: with what both see, in a namespace that ends with the command.
inside() {
    # The parameters are for the inner shell.
    # shellcheck disable=SC2016
    unshare --mount sh -eu -c '
        root=$1 project=$2
        shift 2
        mkdir -p "$root$project"
        mount --bind "$project" "$root$project"
        for shared in /tmp /proc /dev; do mount --rbind "$shared" "$root$shared"; done
        exec "$@"' sh "$root" "$PWD" "$@"
}

[ "$(id -u)" -eq 0 ] || fail "only root can have a Debian of its own"
command -v debootstrap >/dev/null || fail "there is no debootstrap"
if [ ! -e "$folder/ready" ]; then
    make_root
    make_wrapper wine
    make_wrapper wineserver
    : >"$folder/ready"
fi
if [ $# -eq 0 ]; then set -- true; fi
PATH=$folder/bin:$PATH inside "$@"
