#!/usr/bin/env python3
"""Measures what watching costs a real cluster, and writes its section of PERFORMANCE.md.

usage: tests/cluster/cluster.sh run benches/cluster.py [--volumes N] [--seconds N] [--commands N]

Needs root, GlusterFS, and a release build. Makes N started volumes (100 by default) on the three
nodes, then measures glustop and what would be used instead of it one after the other, each for so
many seconds (60), and the fate of so many commands (1,000) of an admin beside three glustops.
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import time

from live import Live, cpu, median
from report import machine, table, write

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLUSTER = pathlib.Path(os.environ["GLUSTOP_CLUSTER"])
GLUSTOP = str(ROOT / "target/release/glustop")
NODES = (1, 2, 3)
STATUS_ALL = ["watch", "-n", "5", "gluster", "volume", "status", "all"]
STATUS = ["watch", "-n", "2", "gluster", "volume", "status"]


def call(*words):
    """One of the cluster's own subcommands."""
    script = str(ROOT / "tests/cluster/cluster.sh")
    subprocess.run([script, *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def make(number):
    name = f"v{number:04}"
    call("make-volume", name, 3)
    if number == 1:
        call("slow", name)
    call("g", "volume", "start", name)
    return name


def make_volumes(count):
    """A few at a time: each takes glusterd's own lock."""
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return sorted(pool.map(make, range(1, count + 1)))


def glusterds():
    """Processor seconds of all glusterds so far."""
    pids = [int((CLUSTER / str(node) / "glusterd.pid").read_text()) for node in NODES]
    return sum(sum(cpu(pid)) for pid in pids)


def log_bytes():
    """What the asked node has logged so far."""
    folders = [CLUSTER / "1" / "log", CLUSTER / "log"]
    names = ("glusterd.log", "cmd_history.log", "cli.log")
    files = [path for folder in folders for path in folder.rglob("*.log")]
    return sum(path.stat().st_size for path in files if path.name in names)


def glustop(node=1):
    directory = CLUSTER / "bench"
    directory.mkdir(exist_ok=True)
    (directory / "config.toml").write_text("")
    return Live(
        [GLUSTOP], 120, 40,
        GLUSTOP_GLUSTERD_SOCK=os.environ[f"GLUSTOP_GLUSTERD_SOCK_{node}"],
        GLUSTOP_CONFIG=str(directory / "config.toml"), GLUSTOP_LOG=str(directory / "glustop.log"),
        GLUSTOP_STATE_DIR=str(directory),
    )


class Cost:
    """What a watcher costs, in a minute: processor seconds of the glusterds, and of itself with
    the programs it starts; bytes in the logs of the asked node."""

    def __init__(self, watcher, seconds):
        with watcher:
            # The first look at everything is no part of the steady state.
            watcher.read_for(20)
            before = glusterds(), watcher.cpu(), log_bytes()
            watcher.read_for(seconds)
            to_minute = 60 / seconds
            own, children = (now - then for now, then in zip(watcher.cpu(), before[1]))
            self.glusterds = (glusterds() - before[0]) * to_minute
            self.own, self.all = own * to_minute, (own + children) * to_minute
            self.logs = (log_bytes() - before[2]) * to_minute


def compared(what, target, ours, theirs, unit):
    """A row: ours as a share of theirs."""
    share = ours / theirs if theirs else float("inf")
    if ours <= 0:
        text = f"{ours:.2f} {unit} beside {theirs:.2f} {unit}: less than can be measured"
        return (what, f"<= 1/{target}", text, True)
    text = f"{ours:.2f} {unit} beside {theirs:.2f} {unit}: 1/{1 / share:.0f}" if share < 1 else (
        f"{ours:.2f} {unit} beside {theirs:.2f} {unit}: {share:.1f} x"
    )
    return (what, f"<= 1/{target}", text, share <= 1 / target)


def watching(seconds):
    nobody = Cost(Live(["sleep", "1000"]), seconds)
    ours, status_all, status = (
        Cost(watcher(), seconds)
        for watcher in (glustop, lambda: Live(STATUS_ALL, 120, 40), lambda: Live(STATUS, 120, 40))
    )
    return nobody, ours, status_all, status


def rebalance():
    """One that goes on for some minutes: the bricks of the first volume are slow."""
    call("fill", "v0001", 1_200, 64)
    call("add-brick", "v0001", 3)
    call("g", "volume", "rebalance", "v0001", "start")


def admin(volumes, count):
    """So many commands of an admin on node 1: how many failed, and the seconds of each."""
    failed, times = 0, []
    for number in range(count):
        volume = volumes[number % len(volumes)]
        words = (
            ["volume", "set", volume, "user.bench", str(number)],
            ["volume", "rebalance", volume, "status"],
            ["volume", "profile", volume, "info"],
        )[number % 3]
        began = time.monotonic()
        done = subprocess.run(
            ["gluster", "--mode=script", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        times.append(time.monotonic() - began)
        failed += any(said in done.stdout for said in ("Another transaction", "Locking failed"))
    return failed, times


def admins(volumes, count):
    """Quarters in turn, alone and watched: the machine is the same for both."""
    alone, watched = [], []
    for _ in range(4):
        alone.append(admin(volumes, count // 4))
        watchers = [glustop(node) for node in NODES]
        try:
            for watcher in watchers:
                watcher.read_for(5)
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                commands = pool.submit(admin, volumes, count // 4)
                while not commands.done():
                    for watcher in watchers:
                        watcher.read_for(0.05)
                watched.append(commands.result())
        finally:
            for watcher in watchers:
                watcher.__exit__()
    failed = [sum(one[0] for one in runs) for runs in (alone, watched)]
    latency = [median([time for one in runs for time in one[1]]) for runs in (alone, watched)]
    times = latency[1] / latency[0]
    return [
        (f"{count} admin commands beside three glustops that fail on a lock", "no more than unwatched",
         f"{failed[1]}, unwatched {failed[0]}", failed[1] <= failed[0]),
        ("their median latency", "<= 1.1 x unwatched",
         f"{latency[1] * 1e3:.0f} ms, unwatched {latency[0] * 1e3:.0f} ms: {times:.2f} x", times <= 1.1),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--volumes", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--commands", type=int, default=1_000)
    options = parser.parse_args()
    volumes = make_volumes(options.volumes)

    nobody, ours, status_all, status = watching(options.seconds)
    quiet = lambda cost: cost.glusterds - nobody.glusterds
    rows = [
        compared("CPU of all glusterds a minute, no task, beside `watch -n 5 gluster volume status all`",
                 50, quiet(ours), quiet(status_all), "s"),
        compared("own and gluster children's CPU a minute, no task, beside `watch -n 2 gluster volume status`",
                 4, ours.all, status.all, "s"),
        # `watch -n 2` asks for the status of all volumes as well.
        compared("log on the asked node a minute, no task, beside the status of all every 2 s",
                 50, (ours.logs - nobody.logs) / 1e3, (status.logs - nobody.logs) / 1e3, "kB"),
    ]
    rows += admins(volumes, options.commands)
    rebalance()
    base = Cost(Live(["sleep", "1000"]), options.seconds).glusterds
    ours, status_all = Cost(glustop(), options.seconds), Cost(Live(STATUS_ALL, 120, 40), options.seconds)
    rows.insert(1, compared("the same, one rebalance running", 20, ours.glusterds - base, status_all.glusterds - base, "s"))
    text = table(rows)
    print(text)
    about = f"Three glusterds on loopback, {options.volumes} started volumes of three bricks. {machine()}"
    write("On a real cluster", f"{about}\n\n{text}")


main()
