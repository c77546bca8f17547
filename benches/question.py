#!/usr/bin/env python3
"""Measures what one question costs: glustop and its gluster children, beside a plain `gluster`.

usage: tests/cluster/cluster.sh run benches/question.py [--seconds N]

Needs root, GlusterFS with its geo-replication helper, and a release build. Processor time comes
from the kernel's clocks of the ended processes, so other work on the machine does not count.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from live import Live, median
from report import machine, table

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLUSTER_SH = str(ROOT / "tests/cluster/cluster.sh")
GLUSTOP = str(ROOT / "target/release/glustop")
PLAIN = ["gluster", "volume", "info", "--xml"]
QUIET = ["gluster", "--mode=script", "--xml", "--log-file=/dev/null"]
ROUNDS = 40
# Notes that it was asked, and becomes gluster. The shell's own cost is counted as ours.
COUNTER = '#!/bin/sh\necho >>"$0.count"\nexec gluster "$@"\n'


def cost(words, **environment):
    """Milliseconds of processor time of one run, its children included."""
    pid = os.posix_spawnp(
        words[0], words, {**os.environ, **environment},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)],
    )
    _, _, used = os.wait4(pid, 0)
    return (used.ru_utime + used.ru_stime) * 1e3


def children(volume):
    """Of each question: milliseconds with Python, and without, in turn."""
    questions = {
        "`volume info`": [*QUIET, "volume", "info"],
        "`pool list`": [*QUIET, "pool", "list"],
        "`volume status VOLUME`": [*QUIET, "volume", "status", volume],
        "`volume status VOLUME detail`": [*QUIET, "volume", "status", volume, "detail"],
    }
    found = {}
    for name, words in questions.items():
        pairs = [(cost(words), cost(words, PYTHON="/bin/echo")) for _ in range(ROUNDS)]
        found[name] = [median(values) for values in zip(*pairs)]
    return found


def ours(seconds):
    """A glustop in a terminal: milliseconds of its own and of its children, for each question."""
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        counter, count = directory / "gluster", directory / "gluster.count"
        counter.write_text(COUNTER)
        counter.chmod(0o700)
        (directory / "config.toml").write_text("")
        environment = {
            "GLUSTOP_GLUSTER": str(counter), "GLUSTOP_CONFIG": str(directory / "config.toml"),
            "GLUSTOP_LOG": str(directory / "log"), "GLUSTOP_STATE_DIR": str(directory),
        }
        with Live([GLUSTOP, "--interval=2s"], 120, 40, **environment) as program:
            program.read_for(10)
            before = program.cpu(), count.stat().st_size
            program.read_for(seconds)
            costs = [(now - then) * 1e3 for now, then in zip(program.cpu(), before[0])]
            questions = count.stat().st_size - before[1]
    return [milliseconds / questions for milliseconds in costs] + [questions]


def measure(seconds):
    """Inside: where gluster finds its helper."""
    volume = subprocess.run(
        ["gluster", "volume", "list"], check=True, stdout=subprocess.PIPE, text=True,
    ).stdout.split()[0]
    plain = [cost(PLAIN) for _ in range(ROUNDS)]
    own, asked, questions = ours(seconds)
    plain += [cost(PLAIN) for _ in range(ROUNDS)]
    return {
        "plain": median(plain), "own": own, "asked": asked, "questions": questions,
        "children": children(volume),
    }


def rows(seconds=60):
    """For the table. Needs a started volume; `PYTHON` is what its owner left it to be."""
    words = [CLUSTER_SH, "with-gsyncd", sys.executable, __file__, "--inside", "--seconds", str(seconds)]
    found = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout)
    plain, own, asked = found["plain"], found["own"], found["asked"]
    share = (own + asked) / plain
    by_question = "; ".join(
        f"{name} {without:.1f} ms, with Python {with_python:.1f} ms"
        for name, (with_python, without) in found["children"].items()
    )
    return [
        ("CPU of one question with its gluster child, beside a plain `gluster volume info --xml`", "<= 1/3",
         f"{own + asked:.1f} ms ({own:.1f} ms glustop with all it does, {asked:.1f} ms gluster; "
         f"{found['questions']} questions) beside {plain:.1f} ms: 1/{1 / share:.1f}", share <= 1 / 3),
        ("the gluster child alone", "", by_question, None),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measure(options.seconds)))
        return
    for words in (["make-volume", "v0001", "3", "replica", "3"], ["g", "volume", "start", "v0001"]):
        subprocess.run([CLUSTER_SH, *words], check=True, stdout=subprocess.DEVNULL)
    print(f"{table(rows(options.seconds))}\n\n{machine()}")


if __name__ == "__main__":
    main()
