# Who needs a symbol of whom, from the list of rooms with the symbols of every object. See check.sh.
#
# check=calls: no object needs what a room defines that its own may not use. check=circles: no objects, and no rooms,
# need each other in a circle; of each circle the shortest way round is told, once for all that lie on it.

function fault(text) {
    print text
    faults++
}

# a needs what of b, and of the whats one is enough.
function link(a, b, what) {
    if (a == b || (a, b) in needs) return
    needs[a, b] = what
    after[a] = after[a] " " b
}

# A circle in words, from the name that comes first in the alphabet, so that it is told once.
function tell(kind, way, length_of_way,    first, i, text, a, b) {
    first = 0
    for (i = 1; i < length_of_way; i++)
        if (way[i] < way[first]) first = i
    text = "a circle of " length_of_way " " kind ": " way[first]
    for (i = 0; i < length_of_way; i++) {
        a = way[(first + i) % length_of_way]
        b = way[(first + i + 1) % length_of_way]
        text = text (i == 0 ? " needs " : ", which needs ") needs[a, b] " of " b
    }
    if (!(text in told)) fault(text)
    told[text] = 1
}

# The shortest way from start back to start: breadth first.
function find_circle(kind, start,    queue, from, head, tail, at, count, next_ones, i, size, way, back) {
    split("", from)
    queue[tail++] = start
    while (head < tail) {
        at = queue[head++]
        count = split(after[at], next_ones, " ")
        for (i = 1; i <= count; i++) {
            if (next_ones[i] == start) {
                for (back = at; back != start; back = from[back]) size++
                size++
                way[0] = start
                for (i = size - 1; i > 0; i--) { way[i] = at; at = from[at] }
                tell(kind, way, size)
                return
            }
            if (next_ones[i] in from) continue
            from[next_ones[i]] = at
            queue[tail++] = next_ones[i]
        }
    }
}

function check_symbol(object, symbol,    owner, room, used) {
    if (!(symbol in definer)) return
    owner = definer[symbol]
    room = room_of[object]
    used = room_of[owner]
    if (check == "calls" && room != used && !((room, used) in uses))
        fault(object ": needs " symbol " of " owner ", but " room " may not use " used)
    link(object, owner, symbol)
    if (room != used) link(room, used, symbol)
}

$1 == "room" { room = $2; rooms[++room_count] = room }
$1 == "uses" { uses[room, $2] = 1 }
$1 == "broken" { fault(object ": its symbols cannot be read") }
$1 == "object" {
    object = $0
    sub(/^object (.*\.dir\/)?(posix\/)?/, "", object)
    sub(/\.o(bj)?$/, "", object)
    objects[++object_count] = object
    room_of[object] = room
}
# NAME and TYPE: U, and w where it may be absent, are needed; the other capital letters are defined for all.
$1 == "symbol" && $3 ~ /^[Uw]$/ { wanted[++wanted_count] = $2; wanted_by[wanted_count] = object }
$1 == "symbol" && $3 ~ /^[A-TV-Z]$/ { definer[$2] = object; symbol_count++ }

END {
    if (symbol_count == 0) fault("the objects define no symbols")
    for (i = 1; i <= wanted_count; i++) check_symbol(wanted_by[i], wanted[i])
    for (pair in uses) {
        split(pair, ends, SUBSEP)
        link(ends[1], ends[2], "something, says the list,")
    }
    for (i = 1; check == "circles" && i <= object_count; i++) find_circle("files", objects[i])
    for (i = 1; check == "circles" && i <= room_count; i++) find_circle("folders", rooms[i])
    exit faults > 0
}
