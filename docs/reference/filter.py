#!/usr/bin/env python3
"""filter.py HEADER: print the header as Doxygen wants to read it.

The public headers are written for people: plain comments, no markup. Doxygen takes no plain comments, so this turns
    a comment that stands alone in its lines              into one of what follows it
    a comment behind a field, a value or a macro          into one of that
    the opening comment of the file                       into that of the file
    " * Errors:    text", and its like (Ownership, ...)   into a paragraph with that title
    the list SHS_STATUS_LIST, where an enum expands it    into the statuses with their texts
    of two declarations under one comment the second      into one with the same comment
"""
import pathlib
import re
import sys

TITLES = "Ownership|Lifetime|Errors|Threads|From"
STATUS = re.compile(r"X\((SHS_\w+), (-?\d+),((?:\s*\\?\s*\"[^\"]*\")+)\)")


def documented(text):
    """Comments as Doxygen takes them. A percent sign would be taken for markup."""
    text = text.replace("%", r"\%")
    text = re.sub(r"^/\*(?!\*)", "/** @file" + "\n *", text, count=1)
    text = re.sub(r"^( *)/\*(?![*<])", r"\1/**", text, flags=re.M)
    text = re.sub(r"(\S.*[;,\w)]) +/\*(?!\*)", r"\1 /**<", text)
    return re.sub(rf"^ \* ({TITLES}): +", r" * @par \1" + "\n * ", text, flags=re.M)


def statuses(text):
    """The enum of the statuses, written out."""
    values = []
    for name, value, words in STATUS.findall(text):
        sentence = "".join(re.findall(r'"([^"]*)"', words))
        values.append(f"    {name} = {value}, /**< {sentence} */")
    return re.sub(r"^ *SHS_STATUS_LIST\(SHS_STATUS_VALUE\)$", lambda _: "\n".join(values), text, flags=re.M)


def siblings(text):
    """A declaration right behind another one is explained by the same comment."""
    return re.sub(r"^(SHS_API .*?(\w+)\(.*\);\n)(?=SHS_API )", r"\1/** @copydoc \2 */" + "\n", text, flags=re.M)


print(siblings(documented(statuses(pathlib.Path(sys.argv[1]).read_text()))), end="")
