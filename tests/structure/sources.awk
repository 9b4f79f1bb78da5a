# The files of src/posix against the list of rooms, which is the first file; run in src/. See check.sh.
#
# A name in an #include is looked for as the build does: beside the file, in src/posix/, in src/.

function fault(text) {
    print text
    faults++
}

function shown(path) {
    sub(/^posix\//, "", path)
    return path
}

function folder(path) {
    return match(path, /.*\//) ? substr(path, 1, RLENGTH) : ""
}

# The room of a file: its folder, or the contract for what lies directly in src/posix; none for what is not in it.
function room_of(path) {
    if (path !~ /^posix\//) return ""
    path = folder(shown(path))
    return path == "" ? "contract" : substr(path, 1, length(path) - 1)
}

function find(name) {
    if (folder(FILENAME) name in known) return folder(FILENAME) name
    if ("posix/" name in known) return "posix/" name
    return name in known ? name : ""
}

function check_include(name,    path, room, used) {
    path = find(name)
    room = room_of(FILENAME)
    used = room_of(path)
    if (name ~ /\.\./) fault(shown(FILENAME) ":" FNR ": includes " name ", by a way that leaves its folder")
    if (path == "") return # the system's, or the public header
    included[path] = 1
    if (used == "" && room != "contract" && !(path in neutral))
        fault(shown(FILENAME) ":" FNR ": includes " path ", but of src/ " room " may include only" neutral_names)
    if (used != "" && used != room && !((room, used) in uses))
        fault(shown(FILENAME) ":" FNR ": includes " shown(path) ", but " room " may not use " used)
}

function check_place(path,    room, mechanism) {
    room = room_of(path)
    if (room == "contract" && ++directly == 9) fault("more than 8 files lie directly in src/posix")
    if (path !~ /\.[ch]$/) return
    if (!(path in lines)) fault(shown(path) ": is empty")
    if (lines[path] > 400) fault(shown(path) ": has " lines[path] " lines, which is more than 400")
    mechanism = shown(path)
    sub(/^os\//, "", mechanism)
    if (mechanism !~ /_/) sub(/\.c$/, "", mechanism)
    else sub(/_[^_]*\.c$/, "", mechanism)
    if (!(room in rooms)) fault(shown(path) ": lies in a folder that is no room")
    else if (path ~ /\.h$/ && !(path in included)) fault(shown(path) ": is forgotten, as no file includes it")
    else if (path ~ /\.c$/ && !(path in listed) && !(room == "os" && mechanism in mechanisms))
        fault(shown(path) ": is forgotten, as no room lists it")
    else if (path in listed && listed[path] != room)
        fault(shown(path) ": lies in the folder " room ", but the room " listed[path] " lists it")
}

BEGIN {
    for (i = 2; i < ARGC; i++) known[ARGV[i]] = 1
}

# ---- the list of rooms ----
FILENAME == ARGV[1] {
    if ($1 == "room") rooms[room = $2] = 1
    if ($1 == "uses") uses[room, $2] = 1
    if ($1 == "source") listed[$2] = room
    if ($1 == "mechanism") mechanisms[$2] = 1
    if ($1 == "neutral") neutral[$2] = neutral_names = neutral_names " " $2
    next
}

# ---- the files ----
FILENAME !~ /^posix\// { next }
FNR == 1 && !(FILENAME ~ /\.[ch]$/ ? /^\/\*/ : /^#/) { fault(shown(FILENAME) ": does not open with a comment") }
{ lines[FILENAME] = FNR }
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    split($0, part, /["<>]/)
    check_include(part[2])
}

END {
    for (i = 2; i < ARGC; i++)
        if (ARGV[i] ~ /^posix\//) check_place(ARGV[i])
    exit faults > 0
}
