#!/usr/bin/env python3
"""Measures glustop beside what would be used instead of it, and writes PERFORMANCE.md.

usage: benches/table.py [ROUNDS]

Builds the release, takes every figure in one run (medians of ROUNDS rounds, 5 by default; ratios
are made within a round), and prints the table. Needs Linux and Python; htop, if it is installed,
is the reference for what a monitor costs while nothing happens. Takes about eight minutes.
"""

import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from live import Live, go_first, median, percentile
from report import machine, table, write

ROOT = pathlib.Path(__file__).resolve().parent.parent
HERE = ROOT / "benches"
GLUSTOP = str(ROOT / "target/release/glustop")
# How long costs of an idle program are watched.
IDLE = 60


def build():
    subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
    said = subprocess.run(
        ["cargo", "bench", "--locked", "--no-run", "--bench", "speed", "--message-format=json"],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    messages = map(json.loads, said.splitlines())
    programs = [m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "speed"]
    return programs[-1]


def figures(said):
    return {name: float(value) for name, value in (line.split("\t") for line in said.splitlines())}


def one_round(speed, answers):
    """Milliseconds of processor time, by name."""
    run = lambda *words: figures(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout)
    found = run(speed, "--table", str(answers))
    folders = [str(answers / name) for name in ("info", "details", "detail")]
    found.update(run(sys.executable, str(HERE / "elementtree.py"), *folders))
    return found


class Rounds:
    def __init__(self, rounds):
        self.rounds = rounds

    def of(self, name):
        return median(one[name] for one in self.rounds)

    def ratio(self, name, to):
        return median(one[name] / one[to] for one in self.rounds)


def in_process(rounds):
    rows = []
    for name, what in [
        ("info", "`volume info` of 1,000 volumes"),
        ("details", "`volume status VOLUME detail`, 1,000 volumes one after the other"),
        ("detail", "the same of one volume with 12,000 bricks"),
    ]:
        model = f"parse.{name}.model"
        times = rounds.ratio(model, f"parse.{name}.events")
        rows.append((
            f"bytes to model: {what}", "<= 4 x a bare quick-xml event loop",
            f"{rounds.of(model):.1f} ms, {times:.1f} x", times <= 4,
        ))
        trees, values = rounds.ratio(f"{name}.tree", model), rounds.ratio(f"{name}.values", model)
        rows.append((
            "the same beside Python's ElementTree", ">= 8 x faster",
            f"{trees:.1f} x than its trees, {values:.1f} x than trees and values", trees >= 8,
        ))
    for name, what in [
        ("many-volumes", "1,000 volumes"), ("one-volume", "one volume"),
        ("one-draining-volume", "one volume that drains"),
    ]:
        many = rounds.of(f"draw.{name}.many")
        times = rounds.ratio(f"draw.{name}.many", f"draw.{name}.few")
        rows.append((f"draw 120x40, 12,000 bricks in {what}", "<= 0.5 ms", f"{many:.2f} ms", many <= 0.5))
        rows.append(("the same beside 100 bricks", "<= 1.2 x", f"{times:.2f} x", times <= 1.2))
    lay, tell = rounds.of("apply.lay") * 1e3, rounds.of("apply.tell") * 1e3
    rows.append((
        "lay one volume's new reading over 1,000 volumes", "<= 100 µs", f"{lay:.0f} µs", lay <= 100,
    ))
    rows.append((
        "make findings and rows of that snapshot", "(part of the same)", f"{tell:.0f} µs", lay + tell <= 100,
    ))
    lay, tell = rounds.of("apply-large.lay"), rounds.of("apply-large.tell")
    rows.append((
        "the same for one volume of 12,000 bricks, all of them read anew", "",
        f"{lay:.1f} ms and {tell:.1f} ms", None,
    ))
    return rows


def pool(speed, directory, volumes, *tasks):
    """The answers of a pool, and the environment of a glustop that asks for them."""
    answers = directory / "-".join(["pool", str(volumes), *tasks])
    subprocess.run([speed, "--answers", str(answers), str(volumes), *tasks], check=True)
    environment = {
        "ANSWERS": str(answers),
        "GLUSTOP_GLUSTER": str(HERE / "gluster.sh"),
        "GLUSTOP_LOG": str(directory / "log"),
        "GLUSTOP_CONFIG": str(directory / "config.toml"),
        "GLUSTOP_STATE_DIR": str(directory),
    }
    return environment


def glustop(environment, *words, columns=80, rows=24, **more):
    return Live([GLUSTOP, *words], columns=columns, rows=rows, **environment, **more)


def first_frame(environment):
    frames, sizes, data, whole = [], [], [], []
    for _ in range(20):
        with glustop(environment) as program:
            frames.append(program.see("VOLUMES") * 1e3)
            sizes.append(program.bytes)
            data.append(program.see("vol-0001") * 1e3)
            program.settle(0.1, 1)
            whole.append(program.bytes)
    return [
        ("first frame after exec", "<= 30 ms", f"{median(frames):.0f} ms", median(frames) <= 30),
        ("first data after exec, from a gluster that costs nothing", "", f"{median(data):.0f} ms", None),
        ("terminal bytes, 80x24, of the first frame and until the first data stand there", "<= 6 kB",
         f"{median(sizes):,.0f} B, {median(whole):,.0f} B", median(whole) <= 6_000),
    ]


def idle(environment):
    """Idle programs side by side: the same minute of the same machine."""
    rows = []
    has_htop = bool(shutil.which("htop"))
    with (
        glustop(environment, columns=120, rows=40) as ours,
        Live(["htop"] if has_htop else ["sleep", "1000"], 120, 40) as htop,
        contextlib.ExitStack() as more,
    ):
        def stay(seconds):
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                ours.settle(0.05, 0.1)
                htop.settle(0.05, 0.1)

        def shares(seconds):
            """Percent of a core: its own, its children's, htop's."""
            counts = lambda: (*ours.cpu(), htop.cpu()[0])
            before = counts()
            stay(seconds)
            return [(now - then) / seconds * 100 for now, then in zip(counts(), before)]

        def compared(own, htop):
            return f"htop {htop:.2f} %: 1/{htop / own:.1f}" if has_htop and own else "htop is not installed"

        ours.see("vol-0001")
        # Rounds come further apart once nothing happened for half a minute.
        stay(45)
        written = ours.bytes
        own, children, reference = shares(IDLE)
        written = ours.bytes - written
        memory, _ = ours.memory()
        rows.append((
            f"own CPU, idle, {IDLE} s, beside htop in the same minute", "<= 1/10 of htop",
            f"{own:.3f} % of a core, its children {children:.2f} %; {compared(own, reference)}; {processes()} processes",
            own <= reference / 10 if has_htop else None,
        ))
        for _ in range(300):
            more.enter_context(idler())
        stay(5)
        own, _, reference = shares(IDLE)
        rows.append((
            "the same with as many processes as a storage node has", "",
            f"{own:.3f} % of a core; {compared(own, reference)}; {processes()} processes", None,
        ))
    rows.append((
        f"terminal bytes while nothing changes, {IDLE} s", "0 B, but for the minute of the clock",
        f"{written} B", written <= 100,
    ))
    rows.append(("resident memory, 3 volumes x 12 bricks", "<= 12 MB", f"{memory / 1e6:.1f} MB", memory <= 12e6))
    return rows


def processes():
    return sum(name.name.isdigit() for name in pathlib.Path("/proc").iterdir())


@contextlib.contextmanager
def idler():
    """A process that does nothing."""
    process = subprocess.Popen(["sleep", "1000"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def running():
    with Live([GLUSTOP, "--demo=draining", "--interval=5s"]) as program:
        program.see("VOLUMES")
        program.settle()
        program.read_for(10)
        rate = program.read_for(IDLE) / IDLE
    return [("terminal bytes, two tasks running, every 5 s", "<= 150 B/s", f"{rate:.0f} B/s", rate <= 150)]


def large(environment, directory):
    asked = directory / "asked-large"
    with glustop(environment, columns=120, rows=40, ASKED=str(asked)) as program:
        program.see("vol-0001")
        # What was never read is asked for at once, as fast as its answers leave time for.
        read = lambda: len({line for line in asked.read_text().splitlines() if line.endswith(" detail")})
        for _ in range(10):
            program.read_for(IDLE / 2)
            if read() >= 1_000:
                break
        volumes = read()
        if volumes < 1_000:
            raise RuntimeError(f"only {volumes} of 1,000 volumes were read")
        program.read_for(10)
        memory, most = program.memory()
    return [(
        "resident memory, 1,000 volumes x 12 bricks, all read", "<= 40 MB",
        f"{memory / 1e6:.1f} MB, at most {most / 1e6:.1f} MB", most <= 40e6,
    )]


def keys(environment, what, meanwhile=None, **more):
    """A key each 50 ms, whatever became of the one before; `meanwhile` a file that questions are
    added to, of which some have to be the large one."""
    if meanwhile:
        more["ASKED"] = str(meanwhile)
    large = lambda: meanwhile.read_text().splitlines().count("volume info") if meanwhile else 0
    with glustop(environment, "--interval=1s", columns=120, rows=40, **more) as program:
        program.see("vol-0001")
        program.settle(0.2, 3)
        times, before, next_key = [], large(), time.monotonic()
        for number in range(200):
            times.append(program.time_key("\x1b[A" if number % 2 else "\x1b[B") * 1e3)
            next_key = max(next_key + 0.05, time.monotonic())
            program.read_for(next_key - time.monotonic())
        answers = large() - before
    if meanwhile and answers < 3:
        raise RuntimeError(f"only {answers} large answers came")
    p99 = percentile(times, 0.99)
    text = f"{p99:.1f} ms (median {median(times):.1f} ms, at most {max(times):.1f} ms)"
    if meanwhile:
        text += f", {answers} answers"
    return [(f"key to painted frame through a pty, p99 of 200, {what}", "<= 10 ms", text, p99 <= 10)]


def stop(environment, directory):
    """From `y` to the first step of the stop, while a question that locks the volume hangs."""
    times = []
    for round in range(5):
        hangs_from, stopped = directory / f"hangs-{round}", directory / f"stopped-{round}"
        more = {"HANGS": "volume rebalance", "HANGS_FROM": str(hangs_from), "STOPPED": str(stopped)}
        with glustop(environment, "--interval=1s", **more) as program:
            program.see("rebalance")
            program.settle(0.3, 3)
            hangs_from.touch()
            # A question without an answer for three seconds.
            program.see("WAIT")
            program.press("!")
            # A dialog is deaf for its first 250 ms.
            program.read_for(0.4)
            began = time.monotonic()
            program.press("y")
            while not stopped.exists():
                if time.monotonic() - began > 10:
                    raise RuntimeError("no stop was spawned")
                time.sleep(0.0002)
            times.append((time.monotonic() - began) * 1e3)
    worst = max(times)
    return [(
        "`y` in the dialog of `!`, once it hears keys (250 ms), to the stop's first step, questions hanging",
        "<= 300 ms", f"{median(times):.1f} ms, at most {worst:.1f} ms", worst <= 300,
    )]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    speed = build()
    go_first()
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        (directory / "config.toml").write_text("")
        small, thousand, huge = (pool(speed, directory, volumes) for volumes in (3, 1_000, 10_000))
        rows = in_process(Rounds([one_round(speed, directory / "parsed") for _ in range(count)]))
        rows += first_frame(small)
        rows += keys(small, "three volumes")
        rows += keys(thousand, "1,000 volumes")
        rows += keys(small, "while gluster hangs", HANGS="volume status")
        rows += keys(huge, "while answers of 47 MB arrive", directory / "asked-huge", CHANGES="1")
        rows += stop(pool(speed, directory, 3, "rebalance"), directory)
        rows += running()
        rows += idle(small)
        rows += large(thousand, directory)
    size = pathlib.Path(GLUSTOP).stat().st_size
    rows.append(("release binary, stripped", "<= 10 MB", f"{size / 1e6:.1f} MB", size <= 10e6))
    text = table(rows)
    print(text, flush=True)
    write("On one machine", f"{machine()}\n\n{text}")


main()
