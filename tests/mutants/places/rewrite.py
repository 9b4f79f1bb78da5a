"""The sources with a mutant at every place where one can be: each is asked for by its number when a program starts.

A place is a statement that is left out, a condition that is negated, an operand of && or || that does not matter, a
comparison or sum with another operator, a flag or factor that is missing, a result that is another. switch.h says which
of them is meant. libclang tells where they are; what stands in a macro, in a static initializer or beside a constant is
left as it is.
"""
import dataclasses
import json
import re
import shlex
import subprocess

from clang.cindex import CursorKind, Index, StorageClass, TypeKind

CONSTANT = {CursorKind.CXX_UNARY_EXPR, CursorKind.ENUM_DECL, CursorKind.STATIC_ASSERT, CursorKind.STRUCT_DECL,
            CursorKind.UNION_DECL, CursorKind.TYPEDEF_DECL}
ARRAYS = {TypeKind.CONSTANTARRAY, TypeKind.VARIABLEARRAY, TypeKind.INCOMPLETEARRAY}
DELETABLE = {CursorKind.CALL_EXPR, CursorKind.COMPOUND_ASSIGNMENT_OPERATOR, CursorKind.BINARY_OPERATOR,
             CursorKind.UNARY_OPERATOR}
OTHER_OPERATOR = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "+": "-", "-": "+"}
RIGHT_LEFT_OUT = {"|", "&", "*", "/"}
PARSE_MACROS = 1


@dataclasses.dataclass
class Place:
    number: int
    path: str
    line: int
    function: str
    kind: str
    text: str


def extent(cursor):
    return cursor.extent.start.offset, cursor.extent.end.offset


class Rewriter:
    """Writes the functions of one file anew, and notes the places."""

    def __init__(self, path, text, macros, places):
        self.path, self.text, self.macros, self.places = path, text, macros, places
        self.function = None

    def raw(self, cursor):
        first, end = extent(cursor)
        return self.text[first:end].decode()

    def number(self, cursor, kind):
        text = " ".join(self.raw(cursor).split())
        self.places.append(Place(len(self.places) + 1, self.path, cursor.extent.start.line, self.function.spelling,
                                 kind, text))
        return len(self.places)

    def is_opaque(self, cursor):
        """Is it what a macro makes, or a part of that?"""
        first, end = extent(cursor)

        def is_within(macro):
            return first <= macro[0] and macro[1] <= end and macro != (first, end)

        return any(macro[0] < end and first < macro[1] and not is_within(macro) for macro in self.macros)

    def is_constant(self, cursor):
        if cursor.kind in CONSTANT:
            return True
        return cursor.kind == CursorKind.VAR_DECL and (cursor.storage_class == StorageClass.STATIC
                                                       or cursor.type.kind in ARRAYS)

    def children(self, cursor):
        at, end = extent(cursor)
        found = []
        for child in cursor.get_children():
            first, last = extent(child)
            if child.location.file is not None and at <= first < last <= end:
                found.append(child)
                at = last
        return found

    def operator(self, children):
        if len(children) != 2:
            return ""
        between = self.text[extent(children[0])[1]:extent(children[1])[0]].decode()
        return re.sub(r"/\*.*?\*/", "", between).strip()

    def roles(self, cursor, children):
        """What each child is to its parent: a method of this class that wraps it, or None."""
        kind, count = cursor.kind, len(children)
        if kind in (CursorKind.COMPOUND_STMT, CursorKind.DEFAULT_STMT, CursorKind.LABEL_STMT):
            return [self.statement] * count
        if kind in (CursorKind.IF_STMT, CursorKind.WHILE_STMT):
            return [self.condition] + [self.statement] * (count - 1)
        if kind == CursorKind.DO_STMT:
            return [self.statement, self.condition]
        if kind == CursorKind.CASE_STMT:
            return [self.kept, self.statement]
        if kind == CursorKind.FOR_STMT:
            return [None] * (count - 1) + [self.statement]
        if kind == CursorKind.CONDITIONAL_OPERATOR:
            return [self.condition] + [None] * (count - 1)
        if kind == CursorKind.RETURN_STMT:
            return [self.result] * count
        operator = self.operator(children) if kind == CursorKind.BINARY_OPERATOR else ""
        if operator in ("&&", "||"):
            wrap = self.true_operand if operator == "&&" else self.false_operand
            chained = self.operator(self.children(children[0])) == operator
            return [None if chained else wrap, wrap]
        return [None] * count

    def kept(self, cursor, _text):
        return self.raw(cursor)

    # ---- places ----

    def statement(self, cursor, text):
        calls = cursor.kind == CursorKind.CSTYLE_CAST_EXPR and "(" in self.raw(cursor).replace("(void)", "", 1)
        if cursor.kind not in DELETABLE and not calls:
            return text
        return f"(MUTANT({self.number(cursor, 'left out')}) ? (void)0 : (void)({text}))"

    def condition(self, cursor, text):
        return f"(!!({text}) != MUTANT({self.number(cursor, 'negated')}))"

    def true_operand(self, cursor, text):
        return f"(({text}) || MUTANT({self.number(cursor, 'taken for true')}))"

    def false_operand(self, cursor, text):
        return f"(({text}) && !MUTANT({self.number(cursor, 'taken for false')}))"

    def result(self, cursor, text):
        kind, plain = self.function.result_type.spelling, self.raw(cursor)
        if kind in ("bool", "_Bool"):
            return f"(!!({text}) != MUTANT({self.number(cursor, 'flipped')}))"
        if "shs_status" in kind and plain != "SHS_OK":
            return f"(shs_status)mutant_number_or({self.number(cursor, 'SHS_OK')}, ({text}), SHS_OK)"
        if kind.endswith("*") and plain != "NULL":
            return f"({kind})mutant_null({self.number(cursor, 'NULL')}, ({text}))"
        return text

    def itself(self, cursor, children, text):
        if cursor.kind == CursorKind.RETURN_STMT and not children:
            return f"do {{ if (!MUTANT({self.number(cursor, 'left out')})) return; }} while (0)"
        if cursor.kind != CursorKind.BINARY_OPERATOR:
            return text
        operator = self.operator(children)
        other = OTHER_OPERATOR.get(operator)
        if other:
            mutant = f"{self.raw(children[0])} {other} {self.raw(children[1])}"
            return f"(MUTANT({self.number(cursor, other)}) ? ({mutant}) : ({text}))"
        if operator in RIGHT_LEFT_OUT:
            number = self.number(cursor, f"without {operator}")
            return f"(MUTANT({number}) ? ({self.raw(children[0])}) : ({text}))"
        return text

    def rewritten(self, cursor):
        if self.is_opaque(cursor) or self.is_constant(cursor):
            return self.raw(cursor)
        children, text = self.children(cursor), ""
        at, end = extent(cursor)
        for child, wrap in zip(children, self.roles(cursor, children)):
            first, last = extent(child)
            new = self.rewritten(child)
            text += self.text[at:first].decode() + (wrap(child, new) if wrap else new)
            at = last
        return self.itself(cursor, children, text + self.text[at:end].decode())

    def whole(self, functions):
        text, at = "", 0
        for self.function in sorted(functions, key=lambda function: extent(function)[0]):
            body = list(self.function.get_children())[-1]
            first, last = extent(body)
            text += self.text[at:first].decode() + self.rewritten(body)
            at = last
        return text + self.text[at:].decode()


def parse(commands, root):
    """The functions, and the uses of macros, of each file of src/."""
    functions, macros, units = {}, {}, []
    headers = subprocess.check_output(["cc", "-print-file-name=include"], text=True).strip()
    for command in commands:
        options = [word for word in shlex.split(command["command"]) if word.startswith(("-D", "-I"))]
        units.append(Index.create().parse(command["file"], args=["-std=gnu11", f"-I{headers}", *options], options=PARSE_MACROS))
        for cursor in units[-1].cursor.get_children():
            name = cursor.location.file.name if cursor.location.file else ""
            if not name.startswith(f"{root}/src/"):
                continue
            if cursor.kind == CursorKind.MACRO_INSTANTIATION:
                macros.setdefault(name, set()).add(extent(cursor))
            elif cursor.kind == CursorKind.FUNCTION_DECL and cursor.is_definition():
                functions.setdefault(name, {}).setdefault(extent(cursor), cursor)
    return functions, macros, units


def rewrite(root):
    """Write the sources of a copy that was configured in its build/ anew. The places, in order."""
    commands = [command for command in json.loads((root / "build/compile_commands.json").read_text())
                if command["file"].startswith(f"{root}/src/")]
    functions, macros, _units = parse(commands, root)
    places, texts = [], {}
    for name in sorted(functions):
        text = open(name, "rb").read()
        rewriter = Rewriter(name[len(str(root)) + 1:], text, macros.get(name, ()), places)
        texts[name] = rewriter.whole(functions[name].values())
    for name, text in texts.items():
        open(name, "w").write(text)
    return places
