#!/usr/bin/env python3
"""Which suites notice, for places that chance chooses? One build has a mutant at every place; see rewrite.py.

    places.py make FOLDER                     a copy of the sources with all mutants, built; and which suites reach which
    places.py try FOLDER [--seed N] [--count N] [--jobs N] [NUMBER...]

A mutant that a suite hangs with is noticed. What no suite notices that reaches it is printed with its place: it is
equivalent, or a test is missing. Needs libclang of PyPI. FOLDER is made, and yours to remove.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
from mutants import copy_sources  # noqa: E402
LEFT_OUT = "^(consumer|wine|manuals|mutants|counts|races|structure|header_|exports)|folder$|_without_"
SECONDS_LEAST, SECONDS_MOST = 20, 120


def has_ended(pid, limit):
    """In time? It is not reaped."""
    until = time.monotonic() + limit
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@dataclasses.dataclass
class Suite:
    name: str
    command: list
    folder: str
    environment: dict
    skip: int
    seconds: float = 0
    reaches: list = dataclasses.field(default_factory=list)

    def run(self, limit, **variables):
        """Does it pass? With a mutant, or a file for what is reached."""
        environment = {**os.environ, **self.environment, **variables}
        with subprocess.Popen(self.command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              start_new_session=True) as process:
            ended = has_ended(process.pid, limit)
            os.killpg(process.pid, signal.SIGKILL)  # before it is reaped: until then the number is its own
            return process.wait() in (0, self.skip) and ended


def suites_of(folder):
    text = subprocess.check_output(["ctest", "--test-dir", folder / "build", "--show-only=json-v1"])
    for test in json.loads(text)["tests"]:
        if re.search(LEFT_OUT, test["name"]) or "command" not in test:
            continue
        given = {given["name"]: given["value"] for given in test["properties"]}
        variables = dict(line.split("=", 1) for line in given.get("ENVIRONMENT", []))
        yield Suite(test["name"], test["command"], given["WORKING_DIRECTORY"], variables,
                    given.get("SKIP_RETURN_CODE", 0))


def build(folder):
    from rewrite import rewrite  # which needs libclang; to try needs none
    configure = ["cmake", "-G", "Unix Makefiles", "-S", folder, "-B", folder / "build", "-DSHSHARED_TESTS=ON",
                 "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"]
    subprocess.run(configure, check=True)
    places = rewrite(folder)
    flags = f"-D_GNU_SOURCE -DMUTANTS_END={len(places) + 1} -O1 -w -include {HERE}/switch.h"
    subprocess.run([*configure, f"-DCMAKE_C_FLAGS={flags}"], check=True)
    subprocess.run(["cmake", "--build", folder / "build", "--parallel", "2", "--", "-k"], check=False)
    return places


def measure(suite, places):
    """What it reaches, and how long it takes. False when it fails without a mutant."""
    with tempfile.NamedTemporaryFile() as reached:
        reached.truncate(len(places) + 1)
        began = time.monotonic()
        if not suite.run(SECONDS_MOST, MUTANT_REACHED=reached.name):
            return False
        suite.seconds = time.monotonic() - began
        suite.reaches = [number for number, byte in enumerate(reached.read()) if byte]
    return True


def make(folder):
    copy_sources(folder)
    places = build(folder)
    measured = []
    for suite in suites_of(folder):
        if measure(suite, places):
            measured.append(suite)
        else:
            print(f"{suite.name} fails without a mutant, and is left out", flush=True)
    known = {"places": places, "suites": measured}
    (folder / "places.json").write_text(json.dumps(known, default=dataclasses.asdict))
    reached = {number for suite in measured for number in suite.reaches}
    print(f"{len(places)} places, {len(reached)} of them reached by {len(measured)} suites")


def notices(suites, number):
    """The suite that notices it, or nothing; the fastest one that reaches it first."""
    for suite in sorted(suites, key=lambda suite: suite.seconds):
        limit = min(max(SECONDS_LEAST, 10 * suite.seconds), SECONDS_MOST)
        if number in suite.reaches and not suite.run(limit, MUTANT=str(number)):
            return suite.name
    return ""


def choose(places, suites, arguments):
    if arguments.numbers:
        return [place for place in places if place["number"] in arguments.numbers]
    reached = {number for suite in suites for number in suite.reaches}
    chosen = [place for place in places if place["number"] in reached]
    random.Random(arguments.seed).shuffle(chosen)
    return chosen[:arguments.count]


def attempt(folder, arguments):
    known = json.loads((folder / "places.json").read_text())
    suites = [Suite(**suite) for suite in known["suites"]]
    chosen = choose(known["places"], suites, arguments)
    noticed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        asked = {pool.submit(notices, suites, place["number"]): place for place in chosen}
        for done in concurrent.futures.as_completed(asked):
            place, suite = asked[done], done.result()
            noticed += bool(suite)
            print("{number} {path}:{line} {function}(): {kind}: {text}: ".format(**place) + (suite or "SURVIVED"),
                  flush=True)
    print(f"{noticed} of {len(chosen)} noticed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["make", "try"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("numbers", nargs="*", type=int)
    arguments = parser.parse_intermixed_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it, and so would suites
    folder = arguments.folder.resolve()
    if arguments.what == "make":
        make(folder)
    else:
        attempt(folder, arguments)


if __name__ == "__main__":
    main()
