#!/usr/bin/env python3
"""Measures what watching costs a real cluster, and writes its section of PERFORMANCE.md.

usage: tests/cluster/cluster.sh run benches/cluster.py [--only PART,...] [--volumes N]
           [--settle S] [--seconds S] [--commands N]

Needs root, GlusterFS, and a release build. Makes N started volumes (100) on the three nodes, then
  first      what one question costs, and how soon the first data stand there
  watching   what glustop costs without and with a task, beside what would be used instead. It is
             measured for S seconds (120) after it settled for S seconds (300)
  admins     the fate of N commands (1,000) of an admin beside three glustops
PERFORMANCE.md is written when all parts were measured. They take 1, 13 and 4 minutes.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import typing

from live import EndOfProgram, Live, median
from nodes import (
    BUSY, CLUSTER, NODES, QUICKLY, ROOT, call, glusterd_seconds, has_gsyncd, locking_questions, log_bytes,
    make_volumes, show_gsyncd,
)
from report import machine, table, write

GLUSTOP = ROOT / "target/release/glustop"
STATUS_ALL = ["watch", "-n", "5", "gluster", "volume", "status", "all"]
STATUS = ["watch", "-n", "2", "gluster", "volume", "status"]
BASE_INTERVAL = 5
DAY = 24 * 60


def say(text):
    """A line as soon as something was measured."""
    print(f"{time.monotonic() - BEGAN:6.0f} s, load {os.getloadavg()[0]:4.1f}: {text}", flush=True)


# -- Watchers ------------------------------------------------------------------------------------


def glustop(node=1, **environment):
    directory = CLUSTER / "bench" / str(node)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.toml").write_text("")
    return Live(
        [str(GLUSTOP)], 120, 40,
        GLUSTOP_GLUSTERD_SOCK=os.environ[f"GLUSTOP_GLUSTERD_SOCK_{node}"],
        GLUSTOP_CONFIG=str(directory / "config.toml"), GLUSTOP_LOG=str(directory / "glustop.log"),
        GLUSTOP_STATE_DIR=str(directory), **environment,
    )


def stay(watcher, seconds):
    """Lets it watch for so long. One that ended early would look cheap."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        watcher.read(left)


class Counts(typing.NamedTuple):
    """What was spent up to a moment, or in each minute between two of them: processor seconds of
    the glusterds, of the watcher, and of the programs it started; bytes and locking questions on
    the asked node."""

    minutes: float
    glusterds: float
    own: float
    children: float
    logs: float
    locking: float

    @classmethod
    def now(cls, watcher):
        return cls(time.monotonic() / 60, glusterd_seconds(), *watcher.cpu(), log_bytes(), locking_questions())

    def a_minute_since(self, earlier):
        minutes = self.minutes - earlier.minutes
        return Counts(minutes, *((now - then) / minutes for now, then in zip(self[1:], earlier[1:])))


def measure(what, watcher, seconds):
    """What it costs in a minute, by so many seconds."""
    before = Counts.now(watcher)
    stay(watcher, seconds)
    cost = Counts.now(watcher).a_minute_since(before)
    say(
        f"{what}, a minute, by {cost.minutes * 60:.0f} s: glusterds {cost.glusterds * 1e3:.1f} ms, "
        f"own {cost.own * 1e3:.0f} ms, its gluster {cost.children * 1e3:.0f} ms, "
        f"log {cost.logs / 1e3:.1f} kB, {cost.locking:.1f} locking"
    )
    return cost


def nobody(what, seconds):
    with Live(["sleep", "1000"]) as watcher:
        return measure(what, watcher, seconds)


def instead(what, argv, seconds):
    """What one would use instead of glustop, from its second look on."""
    with Live(argv, 120, 40) as watcher:
        watcher.see(BUSY, 60)
        stay(watcher, 3)
        return measure(what, watcher, seconds)


# -- Parts: each makes rows ----------------------------------------------------------------------


def fraction(ours, theirs):
    """Both with their unit, and what part of the second the first is."""
    return f"1/{theirs / ours:.0f}" if 0 < ours < theirs else "nothing" if ours <= 0 else f"{ours / theirs:.1f} x"


def compared(what, target, ours, theirs, unit):
    """A row: ours as a share of theirs."""
    text = f"{ours:.3g} {unit} beside {theirs:.3g} {unit}: {fraction(ours, theirs)}"
    return (what, f"<= 1/{target}", text, ours <= theirs / target)


def timed_info():
    """Seconds of wall and processor time of one look at the definitions."""
    began = time.monotonic()
    argv = ["gluster", "volume", "info", "--xml"]
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    answer = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if f"<name>{BUSY}</name>".encode() not in answer:
        raise RuntimeError(f"{' '.join(argv)} says: {answer[:300]!r}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime


def first(options, _volumes):
    infos, datas = [], []
    for _ in range(10):
        infos.append(timed_info())
        with glustop() as watcher:
            datas.append(watcher.see(BUSY))
    ratio = median([data / info[0] for data, info in zip(datas, infos)])
    info, cpu = (median(times) * 1e3 for times in zip(*infos))
    data = median(datas) * 1e3
    say(f"first data {data:.0f} ms, volume info {info:.0f} ms and {cpu:.0f} ms of processor time")

    # Counts the questions on their way; the shell that does is a part of what they cost here.
    counter, asked = CLUSTER / "bench/gluster.sh", CLUSTER / "bench/asked"
    counter.write_text(f'#!/bin/sh\necho >>{asked}\nexec gluster "$@"\n')
    counter.chmod(0o755)
    with glustop(GLUSTOP_GLUSTER=str(counter)) as watcher:
        watcher.see(BUSY)
        stay(watcher, 20)
        # The last one may be on its way: no more than one of many.
        questions = len(asked.read_text())
        one = sum(watcher.cpu()) / questions * 1e3
    say(f"{questions} questions in 20 s, {one:.1f} ms of processor time each")
    about = f"{options.volumes} volumes"
    return [
        (f"first data after exec, {about}", "<= 1.3 x one `gluster volume info --xml`",
         f"{data:.0f} ms beside {info:.0f} ms: {ratio:.2f} x", ratio <= 1.3),
        (f"CPU of one question with its gluster child and all of glustop, {about}",
         "<= 1/3 of one `gluster volume info --xml`",
         f"{one:.1f} ms beside {cpu:.1f} ms: {one / cpu:.2f} x", one <= cpu / 3),
    ]


def notice(watcher):
    """Starts the rebalance on another node: seconds from its start until node 1 knew of it, until
    the command ended, and until it was on the screen."""
    state = CLUSTER / f"1/wd/vols/{BUSY}/node_state.info"
    socket = os.environ["GLUSTOP_GLUSTERD_SOCK_2"]
    argv = ["gluster", "--mode=script", f"--glusterd-sock={socket}", "volume", "rebalance", BUSY, "start"]
    command = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    moments = {
        "known": lambda: "\nstatus=1\n" in state.read_text(),
        "ended": lambda: command.poll() is not None,
        "seen": lambda: b"rebal" in watcher.tail,
    }
    watcher.tail = b""
    began = time.monotonic()
    times = {}
    while len(times) < len(moments):
        watcher.read(0.01)
        passed = time.monotonic() - began
        times.update({name: passed for name, holds in moments.items() if name not in times and holds()})
        if passed > 120:
            raise RuntimeError(f"the rebalance was not seen in 2 minutes: {times}")
    if command.returncode:
        raise RuntimeError(f"rebalance start: {command.stdout.read().decode().strip()}")
    say("rebalance: " + ", ".join(f"{name} after {passed:.1f} s" for name, passed in times.items()))
    return times


def watching(options, _volumes):
    base = nobody("nobody", 60)
    with glustop() as watcher:
        started = Counts.now(watcher)
        watcher.see(BUSY)
        for minute in range(1, options.settle // 60 + 1):
            measure(f"glustop settles, minute {minute}", watcher, 60)
        stay(watcher, options.settle % 60)
        settled = Counts.now(watcher)
        ours = measure("glustop", watcher, options.seconds)
        times = notice(watcher)
        # The rebalance is new: questions about it come closer at first.
        stay(watcher, 30)
        busy = measure("glustop, a task", watcher, options.seconds // 2)
    busy_base = nobody("nobody, a task", 45)
    busy_all = instead("status all, a task", STATUS_ALL, 40)
    if "in progress" not in call("g-at", 2, "volume", "rebalance", BUSY, "status"):
        raise RuntimeError("the rebalance ended before all was measured: it needs more files")
    call("g", "volume", "rebalance", BUSY, "stop")
    status_all = instead("status all", STATUS_ALL, 40)
    status = instead("status", STATUS, 40)

    # A node that nobody asks logs next to nothing.
    day = settled.logs - started.logs + ours.logs * DAY
    status_day = status.logs * DAY
    python = "" if has_gsyncd() else " (both without gsyncd, which is not installed)"
    waited = times["seen"] - times["ended"]
    return [
        compared("CPU of all glusterds a minute, one rebalance running, beside "
                 "`watch -n 5 gluster volume status all`", 20,
                 busy.glusterds - busy_base.glusterds, busy_all.glusterds - busy_base.glusterds, "s"),
        compared("the same, no task", 50, ours.glusterds - base.glusterds, status_all.glusterds - base.glusterds, "s"),
        ("locking questions a minute, no task", "<= 6", f"{ours.locking:.1f}", ours.locking <= 6),
        compared(f"own and gluster children's CPU a minute, no task, beside `watch -n 2 gluster volume status`{python}",
                 4, ours.own + ours.children, status.own + status.children, "s"),
        compared("log on the asked node, no task, in a day (the start as it was, the rest by "
                 f"{options.seconds} s), beside `watch -n 2 gluster volume status` (by 40 s)",
                 50, day / 1e6, status_day / 1e6, "MB"),
        ("a rebalance that is started on another node stands on the screen", "",
         f"{abs(waited):.1f} s {'after' if waited >= 0 else 'before'} its command ended, "
         f"{times['seen'] - times['known']:.1f} s after the asked node knew; the volume is locked in between "
         f"(base interval {BASE_INTERVAL} s)", None),
    ]


class Admin:
    """Commands on node 1, and what became of them."""

    def __init__(self):
        self.times = []
        self.failed = collections.Counter()

    def work(self, volumes, numbers):
        for number in numbers:
            volume = volumes[number % len(volumes)]
            words = (
                ["volume", "set", volume, "user.bench", str(number)],
                ["volume", "rebalance", volume, "status"],
                ["volume", "profile", volume, "info"],
            )[number % 3]
            began = time.monotonic()
            # Without its Python part the command is little more than its transaction.
            done = subprocess.run(
                ["gluster", "--mode=script", *words], env=QUICKLY,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            self.times.append(time.monotonic() - began)
            # That a volume was never rebalanced is an answer.
            if done.returncode and "not started" not in done.stdout:
                self.failed[re.sub(r"\bv\d{4}\b", "VOLUME", done.stdout.strip())] += 1

    def told(self):
        failures = [f"\n        {count} x {text!r}" for text, count in self.failed.most_common()]
        sums = f"{sum(self.failed.values())} of {len(self.times)} failed, median {median(self.times) * 1e3:.1f} ms"
        return sums + "".join(failures)


def beside(watchers, work):
    """Does the work while they are read: one whose terminal is full would stand still. Nothing
    comes from those that do stand still, and reading them costs the same."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        while not done.done():
            for watcher in watchers:
                watcher.read(0.02)
        done.result()


def admins(options, volumes):
    """Eighths in turn, alone and watched: the machine is the same for both. Alone, the glustops
    stand still."""
    for volume in volumes:
        call("g", "volume", "profile", volume, "start")
    # On all volumes, and on the one that all glustops look at.
    spread, one = {True: Admin(), False: Admin()}, {True: Admin(), False: Admin()}
    quarter = options.commands // 4
    with contextlib.ExitStack() as stack:
        watchers = [stack.enter_context(glustop(node)) for node in NODES]
        for watcher in watchers:
            # To end it must go on.
            stack.callback(os.kill, watcher.pid, signal.SIGCONT)
        # The first look at everything is not what is meant by watching: a question a second or more.
        for _ in range(12):
            before = locking_questions()
            beside(watchers, lambda: time.sleep(15))
            if locking_questions() - before < 10:
                break
        say("three glustops watch")
        for turn, watched in enumerate((False, True, True, False, False, True, True, False)):
            for watcher in watchers:
                os.kill(watcher.pid, signal.SIGCONT if watched else signal.SIGSTOP)
            # What was on its way, or is overdue, gets time.
            beside(watchers, lambda: time.sleep(5))
            numbers = range(turn * quarter, (turn + 1) * quarter)
            beside(watchers, lambda: spread[watched].work(volumes, numbers))
            beside(watchers, lambda: one[watched].work([BUSY], numbers[: quarter // 5]))
            say(f"eighth {turn + 1}, {'watched' if watched else 'alone'}")
    for where, admin in (("all volumes", spread), (BUSY, one)):
        for watched, how in ((False, "alone"), (True, "watched")):
            say(f"commands on {where}, {how}: {admin[watched].told()}")
    failed = [[sum(admin[watched].failed.values()) for watched in (True, False)] for admin in (spread, one)]
    latency = [[median(admin[watched].times) * 1e3 for watched in (True, False)] for admin in (spread, one)]
    times = [watched / alone for watched, alone in latency]
    return [
        (f"{len(spread[True].times):,} admin commands beside three glustops on three nodes that fail",
         "no more than unwatched", f"{failed[0][0]}, unwatched {failed[0][1]}", failed[0][0] <= failed[0][1]),
        ("their median latency", "<= 1.1 x unwatched",
         f"{latency[0][0]:.0f} ms, unwatched {latency[0][1]:.0f} ms: {times[0]:.2f} x", times[0] <= 1.1),
        (f"of {len(one[True].times)} on the one volume that is selected in all three, fail", "",
         f"{failed[1][0]}, unwatched {failed[1][1]}; median latency {times[1]:.2f} x", None),
    ]


PARTS = {"first": first, "watching": watching, "admins": admins}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", type=lambda names: names.split(","), default=list(PARTS))
    parser.add_argument("--volumes", type=int, default=100)
    parser.add_argument("--settle", type=int, default=300)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--commands", type=int, default=1_000)
    options = parser.parse_args()
    if unknown := set(options.only) - set(PARTS):
        parser.error(f"no part {', '.join(unknown)}: there are {', '.join(PARTS)}")
    if not CLUSTER.is_absolute():
        parser.error("runs in a cluster: tests/cluster/cluster.sh run benches/cluster.py")
    if not GLUSTOP.exists():
        parser.error("there is no release build: cargo build --release --locked")
    show_gsyncd()

    volumes = make_volumes(options.volumes)
    say(f"{len(volumes)} volumes are there")
    rows = []
    for name, part in PARTS.items():
        if name in options.only:
            rows += part(options, volumes)
    text = table(rows)
    print(text, flush=True)
    if set(options.only) == set(PARTS):
        about = (
            f"Three glusterds on loopback, {options.volumes} started volumes of three bricks; glustop was measured for "
            f"{options.seconds} s after {options.settle} s in which it settled. {machine()}"
        )
        write("On a real cluster", f"{about}\n\n{text}")


BEGAN = time.monotonic()
try:
    main()
except (RuntimeError, EndOfProgram) as error:
    sys.exit(f"cluster.py: {error or 'the program that was measured ended'}")
