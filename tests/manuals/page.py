"""A manual page in mdoc(7), as far as the checks need it."""
import re
import shlex

from header import without_spaces

ESCAPES = {"\\e": "\\", "\\-": "-", "\\&": "", "\\(aq": "'", "\\(ha": "^", "\\(ti": "~", "\\(ga": "`"}
ESCAPE = re.compile(r"\\(?:\(..|.)")
DISPLAY = re.compile(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", re.S | re.M)


def plain(text):
    """What the reader sees of a literal text. An escape that is not known here is an error."""
    return ESCAPE.sub(lambda escape: ESCAPES[escape[0]], text)


class Page:
    """names: of NAME. sections: the source of each, by title. references: what it refers to, as (name, section)."""

    def __init__(self, path):
        self.path = path
        self.section = path.suffix[1:]
        text = path.read_text()
        parts = re.split(r"^\.Sh (.*)\n", text, flags=re.M)
        self.sections = dict(zip(parts[1::2], parts[2::2]))
        self.names = re.findall(r"^\.Nm (\w+)", self.sections.get("NAME", ""), re.M)
        self.references = re.findall(r"\bXr (\w+) (\d)", text)

    def __str__(self):
        return self.path.name

    def declarations(self):
        """The declarations of the synopsis, without spaces, by function."""
        source = re.sub(r"^\.Fo (\w+)\n((?:\.Fa .*\n)+)\.Fc", lambda found: ".Fn " + found[1] + " " +
                        found[2].replace(".Fa ", "").replace("\n", " "), self.sections["SYNOPSIS"], flags=re.M)
        found = {}
        for returned, call in re.findall(r"^\.Ft (.*)\n\.Fn (.*)", source, re.M):
            name, *arguments = shlex.split(call)
            found[name] = without_spaces(f"{returned} {name}({','.join(arguments)})")
        return found

    def errors(self):
        """The statuses of ERRORS; of DIAGNOSTICS in section 7, where mandoc wants no ERRORS."""
        source = self.sections.get("ERRORS", self.sections.get("DIAGNOSTICS", ""))
        return set(re.findall(r"\bEr (SHS_E_\w+)", source))

    def examples(self):
        """Pairs of a program and what it prints. In EXAMPLES a display with a program is followed by one with that."""
        displays = [plain(text) for text in DISPLAY.findall(self.sections.get("EXAMPLES", ""))]
        if len(displays) % 2 != 0:
            raise SystemExit(f"{self}: a program in EXAMPLES stands without what it prints")
        return list(zip(displays[0::2], displays[1::2]))
