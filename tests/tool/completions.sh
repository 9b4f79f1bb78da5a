#!/bin/sh
# completions.sh TOOL OWNER: the shells complete what the tool takes, and its page tells of it.
# shellcheck source=tests/tool/support.sh
. "$(dirname "$0")/support.sh"

place=$SOURCES/tool/completions
page=$SOURCES/docs/man/shshared.1
commands="list give show free wait run doctor watch bench"

# options COMMAND: those of which its --help tells.
options() { "$tool" "$1" --help | sed -n 's/^  --\([a-z]*\).*/\1/p'; }

# has FILE WORD
has() { grep -q -e "$2" "$1" || die "$(basename "$1") does not know '$2'"; }

for command in $commands; do
    has "$page" "^\.Cm $command\$"
    has "$page" "^\.It Cm $command\$"
    has "$place/_shshared" "'$command:"
    has "$place/shshared.fish" "-a $command "
    for option in $(options "$command"); do
        has "$page" "Fl -$option"
        has "$place/_shshared" "^ *$command) .*--$option"
        [ "$option" = help ] || has "$place/shshared.fish" "from .*$command.* -l $option "
    done
done

if command -v bash >/dev/null; then
    # offer WORD...: what bash offers for the last word; the tool is found by its name.
    offer() {
        PATH=$(dirname "$tool"):$PATH bash -c '. "$1" && shift && COMP_WORDS=(shshared "$@") && COMP_CWORD=$# && _shshared &&
            printf "%s\n" "${COMPREPLY[@]}"' bash "$place/shshared.bash" "$@" >"$work/out"
    }
    offer ''
    for command in $commands; do says "^$command\$"; done
    for command in $commands; do
        offer "$command" --
        for option in $(options "$command"); do says "^--$option\$"; done
    done
    start
    handle=$("$tool" give "$pid" </dev/null)
    offer list ''
    says "^$pid\$"
    offer show ''
    says "^$handle\$"
    offer free "$handle" ''
    says "^$pid\$"
    (cd "$SOURCES" && offer give READ)
    says '^README.md$'
else
    skip "no bash"
fi
if command -v zsh >/dev/null; then zsh -n "$place/_shshared"; else skip "no zsh"; fi
if command -v fish >/dev/null; then fish -n "$place/shshared.fish"; else skip "no fish"; fi
if command -v mandoc >/dev/null; then mandoc -T lint "$page"; else skip "no mandoc to read the page with"; fi
