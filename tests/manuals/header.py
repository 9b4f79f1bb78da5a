"""What the public header says: its functions, how they are declared, and which statuses each may return."""
import re

COMMENT_OR_FUNCTION = re.compile(r"/\*(?P<comment>.*?)\*/|^SHS_API (?P<function>[^;]*);", re.S | re.M)
ERRORS = re.compile(r"\n \* Errors:(.*?)(?:\n \* [A-Z][a-z]+:|\Z)", re.S)
STATUS = re.compile(r"\bSHS_E_\w+")


def without_spaces(text):
    return re.sub(r"\s", "", text)


class Header:
    """declarations, errors (a set of names): of each function. statuses. words: names of fields and constants."""

    def __init__(self, folder):
        self.statuses = re.findall(r"^ *X\((SHS_\w+),", (folder / "status.h").read_text(), re.M)
        code = re.sub(r"/\*.*?\*/", "", (folder / "shshared.h").read_text(), flags=re.S)
        fields = [re.findall(r"(\w+);", body) for body in re.findall(r"^struct \w+ \{(.*?)^\};", code, re.S | re.M)]
        constants = re.findall(r"^(?:#define|typedef enum \{|   ) *(SHS_[A-Z_]+)[ ,]|, (SHS_[A-Z_]+) = ", code, re.M)
        self.words = {name for names in [*fields, *constants] for name in names if name}
        self.declarations = {}
        self._texts = {}
        comment = ""
        for found in COMMENT_OR_FUNCTION.finditer((folder / "shshared.h").read_text()):
            if found["comment"] is not None:
                comment = found["comment"]
                continue
            name = re.search(r"(\w+)\(", found["function"])[1]
            self.declarations[name] = without_spaces(found["function"])
            errors = ERRORS.search(comment)
            self._texts[name] = errors[1] if errors else ""
        if len(self.declarations) < 10 or len(self.statuses) < 10 or len(self.words) < 10:
            raise SystemExit(f"the headers in {folder} cannot be read any more")
        self.errors = {name: self._errors_of(name) for name in self.declarations}

    def _errors_of(self, name):
        """The statuses that the comment names, and those of a function that it refers to ("as shs_alloc()")."""
        text = self._texts[name]
        named = set(STATUS.findall(re.sub(r"\(\) but SHS_E_\w+", "()", text))) & set(self.statuses)
        for other, left_out in re.findall(r"(shs_\w+)\(\)(?: but (SHS_E_\w+))?", text):
            named |= self._errors_of(other) - {left_out}
        return named
