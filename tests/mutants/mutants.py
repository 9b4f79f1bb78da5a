#!/usr/bin/env python3
"""Would the tests notice? Break the library in one place at a time, and see whether a test fails.

    mutants.py check                      does every mutant of the lists still fit the sources?
    mutants.py run [--jobs N] [NAME...]   build each in a copy of the sources, run the suites, tell which survive

A list (*.mutants beside this file) has records of this form; the text after "-" stands exactly once in the file, and is
replaced by the text after "+". Suites are programs of tests/: these are built and run first, all others if they notice
nothing. A record with a line "=" tells why no test can notice it; it is not run.

    @ NAME: SUITE SUITE...
    PATH
    - text as it is
    + text as it is in the mutant
    = why it is equivalent

The last line counts: killed, survived, equivalent. The result is a failure when a mutant survived or no longer fits.
"""
import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SUITES = {re.sub("_linux$", "", source.stem) for source in (ROOT / "tests").rglob("*.c")}
OTHERS = {"cpp"} | {before + source.stem for before, sources in (("cpp_", "cpp/*.cpp"), ("shlwapi_", "shlwapi/*.c"),
                                                               ("tool.", "tool/*.sh"))
                    for source in (ROOT / "tests").glob(sources)}
BUILD_SECONDS, SUITE_SECONDS = 600, 900


@dataclasses.dataclass
class Mutant:
    name: str
    suites: list
    path: str = ""
    before: list = dataclasses.field(default_factory=list)
    after: list = dataclasses.field(default_factory=list)
    equivalent: str = ""

    def texts(self):
        return "\n".join(self.before), "\n".join(self.after)

    def fault(self):
        """What is wrong with the record, or nothing."""
        source = ROOT / self.path
        before, after = self.texts()
        if not source.is_file():
            return f"there is no {self.path}"
        found = source.read_text().count(before) if before else 0
        if found != 1:
            return f"its text stands {found} times in {self.path}"
        missing = [suite for suite in self.suites if suite not in SUITES | OTHERS]
        if missing or not self.suites:
            return f"there is no suite {' '.join(missing)}"
        return "it changes nothing" if before == after else ""


def read(path):
    mutants = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        mark, text = line[:1], line[2:]
        if not line or mark == "#":
            continue
        if mark == "@":
            name, _, suites = text.partition(":")
            mutants.append(Mutant(name.strip(), suites.split()))
        elif mark in "-+":
            (mutants[-1].before if mark == "-" else mutants[-1].after).append(text)
        elif mark == "=":
            mutants[-1].equivalent = text
        elif not mutants[-1].path:
            mutants[-1].path = line
        else:
            sys.exit(f"{path}:{number}: what is this line?")
    return mutants


def run(command, cwd, seconds):
    """The status of a command in a process group of its own, which is ended with it."""
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          start_new_session=True) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
            status = process.returncode
        except subprocess.TimeoutExpired:
            output, status = "it did not end", 1
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    return status, output


def copy_sources(place):
    """A copy of what git knows of the sources."""
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place / name)


def copy_and_build(place):
    """A copy of the sources, built: that is what each mutant starts from."""
    copy_sources(place)
    status, output = run(["sh", "-c", "cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug -DSHSHARED_TESTS=ON && "
                          "cmake --build build --parallel 2"], place, 2 * BUILD_SECONDS)
    if status != 0:
        sys.exit(f"the sources do not build:\n{output[-2000:]}")


def build(place, *options):
    status, _ = run(["cmake", "--build", "build", "--parallel", "2", *options], place, BUILD_SECONDS)
    return status == 0


def target_of(suite):
    """What is built for it."""
    return f"test_{suite}" if suite in SUITES else "all"


def ctest(place, *options):
    status, output = run(["ctest", "--test-dir", "build", "--stop-on-failure", "--timeout", "150", *options], place,
                         SUITE_SECONDS)
    failed = re.search(r"Test +#\d+: (\S+) .*\*\*\*", output)
    return "" if status == 0 else failed.group(1) if failed else "the suite as a whole"


def judge(mutant, place):
    """Which suite notices: its name, or nothing."""
    source = place / mutant.path
    original = source.read_text()
    before, after = mutant.texts()
    first = "|".join(mutant.suites)
    source.write_text(original.replace(before, after))
    try:
        if not build(place, "--target", *map(target_of, mutant.suites)):
            return "the compiler"
        found = ctest(place, "-R", f"^({first})$")
        if found or not build(place):
            return found or "the compiler"
        # no list fits what it has changed, and consumers build much to run little
        return ctest(place, "--parallel", "2", "-E", f"^({first}|mutants)$|^consumer")
    finally:
        source.write_text(original)


def run_all(mutants, jobs):
    places = queue.Queue()
    with tempfile.TemporaryDirectory(prefix="mutants.") as top:
        for job in range(jobs):
            place = pathlib.Path(top) / str(job)
            copy_and_build(place)
            places.put(place)

        def one(mutant):
            place = places.get()
            try:
                return judge(mutant, place)
            finally:
                places.put(place)

        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            asked = {pool.submit(one, mutant): mutant for mutant in mutants}
            for done in concurrent.futures.as_completed(asked):
                killer = done.result()
                print(f"{asked[done].name}: " + (f"killed by {killer}" if killer else "SURVIVED"), flush=True)
                yield bool(killer)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["check", "run"])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("names", nargs="*", help="mutants, or lists")
    arguments = parser.parse_intermixed_args()
    mutants = [mutant for path in sorted(HERE.glob("*.mutants")) for mutant in read(path)
               if not arguments.names or path.stem in arguments.names or mutant.name in arguments.names]
    faults = [f"{mutant.name}: {mutant.fault()}" for mutant in mutants if mutant.fault()]
    if len({mutant.name for mutant in mutants}) != len(mutants):
        faults.append("two mutants have one name")
    print("\n".join(faults) if faults else f"{len(mutants)} mutants fit the sources")
    if faults or arguments.what == "check":
        return 1 if faults or not mutants else 0
    equivalent = sum(1 for mutant in mutants if mutant.equivalent)
    killed = list(run_all([mutant for mutant in mutants if not mutant.equivalent], arguments.jobs))
    print(f"{sum(killed)} killed, {len(killed) - sum(killed)} survived, {equivalent} equivalent")
    return 0 if killed and all(killed) else 1


if __name__ == "__main__":
    sys.exit(main())
