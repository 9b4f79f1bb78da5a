# Completion of shshared for bash.

# What the attached processes have: _shshared_known '$1 == "block"' 2, or pids.
_shshared_known() {
    shshared list --timeout 0.2 2>/dev/null | awk "$1 { print \$$2 }"
}

_shshared_pids() {
    # shellcheck disable=SC2016 # awk's words
    _shshared_known '$1 != "block"' 1
}

_shshared_handles() {
    # shellcheck disable=SC2016
    _shshared_known '$1 == "block"' 2
}

_shshared() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} options words=
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "list give show free wait run doctor watch bench --help --version" -- "$word")
        return
    fi
    case $command in
    list) options="--json --timeout --help" words=$(_shshared_pids) ;;
    give) options="--help" words=$(_shshared_pids) ;;
    show) options="--hex --raw --help" ;;
    free) options="--help" ;;
    wait) options="--timeout --help" ;;
    run) options="--help" ;;
    doctor) options="--json --help" ;;
    watch) options="--json --interval --count --timeout --help" ;;
    bench) options="--json --seconds --help" ;;
    *) return ;;
    esac
    case $command in
    show | free)
        if [[ ${COMP_WORDS[COMP_CWORD - 1]} == [0-9]* ]]; then words=$(_shshared_pids); else words=$(_shshared_handles); fi
        ;;
    esac
    if [[ $word == -* ]]; then words=$options; fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    case $command:$word in
    *:-*) ;;
    give:*) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word") ;;
    run:*) mapfile -t COMPREPLY < <(compgen -c -- "$word") ;;
    esac
}

complete -o filenames -F _shshared shshared
