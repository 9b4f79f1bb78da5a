# Completion of shshared for fish.

function __shshared_pids
    shshared list --timeout 0.2 2>/dev/null | awk '$1 != "block" { print $1 "\t" $2 }'
end

function __shshared_handles
    shshared list --timeout 0.2 2>/dev/null | awk '$1 == "block" { print $2 "\t" $3 " bytes" }'
end

set -l commands list give show free wait run doctor watch bench
set -l none "not __fish_seen_subcommand_from $commands"

complete -c shshared -f
complete -c shshared -n $none -l version -d 'Say which version it is'
complete -c shshared -l help -s h -d 'Say how it is called'
complete -c shshared -n $none -a list -d 'Show which processes take blocks, and what they have'
complete -c shshared -n $none -a give -d 'Give a file to a process'
complete -c shshared -n $none -a show -d 'Show the bytes of a block'
complete -c shshared -n $none -a free -d 'Free a block'
complete -c shshared -n $none -a wait -d 'Wait until a process takes blocks'
complete -c shshared -n $none -a run -d 'Run a command that finds standard input in a block'
complete -c shshared -n $none -a doctor -d 'Look for what is wrong on this machine'
complete -c shshared -n $none -a watch -d 'Show who has how much, again and again'
complete -c shshared -n $none -a bench -d 'Measure what blocks cost here'

complete -c shshared -n '__fish_seen_subcommand_from list doctor watch bench' -l json -d 'Say it in JSON'
complete -c shshared -n '__fish_seen_subcommand_from list wait watch' -l timeout -x -d 'Wait so many seconds'
complete -c shshared -n '__fish_seen_subcommand_from show' -l hex -d 'A dump'
complete -c shshared -n '__fish_seen_subcommand_from show' -l raw -d 'The bytes'
complete -c shshared -n '__fish_seen_subcommand_from watch' -l interval -x -d 'Seconds from look to look'
complete -c shshared -n '__fish_seen_subcommand_from watch' -l count -x -d 'End after so many looks'
complete -c shshared -n '__fish_seen_subcommand_from bench' -l seconds -x -d 'How long to measure'
complete -c shshared -n '__fish_seen_subcommand_from give' -F
complete -c shshared -n '__fish_seen_subcommand_from list give' -a '(__shshared_pids)'
complete -c shshared -n '__fish_seen_subcommand_from show free' -a '(__shshared_handles)'
complete -c shshared -n '__fish_seen_subcommand_from show free' -a '(__shshared_pids)'
complete -c shshared -n '__fish_seen_subcommand_from wait' -a '(__fish_complete_pids)'
complete -c shshared -n '__fish_seen_subcommand_from run' -a '(__fish_complete_subcommand)'
