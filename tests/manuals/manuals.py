#!/usr/bin/env python3
"""Are the manual pages right, and is the rest of what is said of the interface whole?

    manuals.py pages                      each function has its page, with its declaration and its errors
    manuals.py lint PROGRAM OPTION...     PROGRAM has nothing to say of any page
    manuals.py examples CC LIBRARY FLAG...  the programs in the pages build, and print what the pages say
    manuals.py installed CMAKE BUILD      "man FUNCTION" finds each page, after an installation
    manuals.py reference DOXYGEN FILE     Doxygen makes the reference without a warning, with every function
    manuals.py statuses                   docs/troubleshooting.md has a section for each status

Each fault is one line, and the exit code is 1 when there was one, 77 when what is needed is not there.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from header import Header
from page import Page

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FUNCTION_SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "RETURN VALUES", "EXAMPLES", "ERRORS", "SEE ALSO"]
MODEL_SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "FILES", "EXAMPLES", "DIAGNOSTICS", "SEE ALSO"]
SECONDS = 60

# What mandoc says of the machine and not of the page: which other pages are installed there.
NOT_OF_THE_PAGE = re.compile("referenced manual not found|outdated mandoc.db")


def header():
    return Header(ROOT / "include" / "shshared")


def pages():
    return [Page(path) for path in sorted((ROOT / "docs" / "man").glob("*.[37]"))]


def need(program):
    if shutil.which(program) is None:
        print(f"skipped: manuals: {program} is missing")
        raise SystemExit(77)


def differences(what, has, wanted):
    yield from (f"{what}: {one} is missing" for one in sorted(wanted - has))
    yield from (f"{what}: {one} is too much" for one in sorted(has - wanted))


# ---- pages ----


def faults_of_page(page, said, known):
    wanted = FUNCTION_SECTIONS if page.section == "3" else MODEL_SECTIONS
    yield from (f"{page}: there is no section {title}" for title in wanted if title not in page.sections)
    if page.names[:1] != [page.path.stem]:
        yield f"{page}: NAME begins with another name"
    if not page.examples():
        yield f"{page}: there is no example"
    yield from (f"{page}: refers to {name}({section}), which is no page"
                for name, section in page.references if name.startswith("shs") and (name, section) not in known)
    if page.section == "3":
        errors = set().union(*(said.errors.get(name, set()) for name in page.names))
        declarations = {name: said.declarations.get(name) for name in page.names}
        yield from (f"{page}: {name} is declared otherwise in the header"
                    for name, declared in declarations.items() if page.declarations().get(name) != declared)
    else:
        errors = set(said.statuses) - {"SHS_OK"}
    yield from differences(f"{page}: ERRORS", page.errors(), errors)


def check_pages():
    said, all_pages = header(), pages()
    known = {(name, page.section) for page in all_pages for name in page.names}
    yield from differences("functions with a page", {name for name, section in known if section == "3"},
                           set(said.declarations))
    texts = "".join(page.path.read_text() for page in all_pages)
    yield from (f"no page tells of {word}" for word in sorted(said.words) if not re.search(rf"\b{word}\b", texts))
    if ("shshared", "7") not in known:
        yield "there is no shshared(7)"
    for page in all_pages:
        yield from faults_of_page(page, said, known)


def check_lint(program, *options):
    need(program)
    for page in pages():
        done = subprocess.run([program, *options, page.path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        yield from (line for line in done.stdout.splitlines() if not NOT_OF_THE_PAGE.search(line))


# ---- examples ----


def run(command, folder):
    environment = os.environ | {"SHSHARED_RUNTIME_DIR": folder}
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                              env=environment)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, "none: it did not end", "", "")


def faults_of_example(name, program, prints, build):
    with tempfile.TemporaryDirectory() as folder:
        source, built = pathlib.Path(folder, "example.c"), str(pathlib.Path(folder, "example"))
        source.write_text(program)
        compiled = run([*build, "-o", built, str(source), *build.library], folder)
        if compiled.returncode != 0:
            yield f"{name}: does not build: {compiled.stderr}"
            return
        done = run([built], folder)
    if done.returncode != 0 or done.stderr:
        yield f"{name}: exit code {done.returncode}: {done.stderr}"
    if done.stdout != prints:
        yield f"{name}: prints {done.stdout!r} instead of {prints!r}"


class Build(list):
    """How to build one: the compiler and its options; after the source comes the library."""

    def __init__(self, compiler, library, flags):
        super().__init__([compiler, "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror",
                          "-I", str(ROOT / "include"), *flags])
        self.library = [library, "-Wl,-rpath," + os.path.dirname(library)]


def check_examples(compiler, library, *flags):
    build, count = Build(compiler, library, flags), 0
    for page in pages():
        for number, (program, prints) in enumerate(page.examples(), 1):
            yield from faults_of_example(f"{page}, example {number}", program, prints, build)
            count += 1
    print(f"{count} examples were built and run")


# ---- what is made of them ----


def shown(folder, name):
    """The page as man shows it."""
    told = os.environ | {"MANPAGER": "cat", "PAGER": "cat", "MANWIDTH": "100", "LC_ALL": "C"}
    done = subprocess.run(["man", "-M", folder, name], capture_output=True, text=True, env=told, timeout=SECONDS)
    return re.sub(".\b", "", done.stdout)


def check_installed(cmake, build):
    need("man")
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "DESTDIR"}
        subprocess.run([cmake, "--install", build, "--prefix", folder], stdout=subprocess.DEVNULL, env=environment,
                       check=True)
        found = list(pathlib.Path(folder).rglob("shs_start.3"))
        if len(found) != 1:
            yield "shs_start.3 is not installed"
            return
        for name in [*header().declarations, "shshared"]:
            text = shown(str(found[0].parent.parent), name)
            if "SYNOPSIS" not in text or name not in text:
                yield f"man {name} shows nothing"


def explained(folder):
    """The functions and the values of enums that Doxygen found something said of."""
    for path in pathlib.Path(folder, "xml").glob("*_8h.xml"):
        root = xml.etree.ElementTree.parse(path)
        for one in [*root.iter("memberdef"), *root.iter("enumvalue")]:
            texts = [one.find("briefdescription"), one.find("detaileddescription")]
            if any("".join(text.itertext()).strip() for text in texts):
                yield one.find("name").text


def check_reference(doxygen, configuration):
    need(doxygen)
    said = header()
    with tempfile.TemporaryDirectory() as folder:
        settings = f"{pathlib.Path(configuration).read_text()}\nOUTPUT_DIRECTORY = {folder}\nGENERATE_XML = YES\n"
        done = subprocess.run([doxygen, "-"], input=settings, capture_output=True, text=True)
        if done.stderr or done.returncode != 0:
            yield f"doxygen fails with {done.returncode}: {done.stderr}"
            return
        names = set(explained(folder))
    yield from (f"the reference does not explain {name}" for name in [*said.declarations, *said.statuses]
                if name not in names)


def check_statuses():
    text = (ROOT / "docs" / "troubleshooting.md").read_text()
    sections = dict(re.findall(r"^## (SHS_\w+).*\n((?:(?!## ).*\n)*)", text, re.M))
    yield from differences("docs/troubleshooting.md", set(sections), set(header().statuses))
    yield from (f"docs/troubleshooting.md: {name} has an empty section" for name, said in sections.items()
                if not said.strip())


CHECKS = {"pages": check_pages, "lint": check_lint, "examples": check_examples, "installed": check_installed,
          "reference": check_reference, "statuses": check_statuses}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in CHECKS:
        raise SystemExit(__doc__)
    faults = list(CHECKS[sys.argv[1]](*sys.argv[2:]))
    for fault in faults:
        print(fault)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
