"""The real cluster of tests/cluster/cluster.sh, from inside: its volumes, and what it has spent."""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLUSTER = pathlib.Path(os.environ.get("GLUSTOP_CLUSTER", ""))
NODES = (1, 2, 3)
# The volume that is rebalanced. It is the first one, so glustop has selected it.
BUSY = "v0001"
# Without the Python program that gluster starts first: what prepares need not cost anything.
QUICKLY = {**os.environ, "PYTHON": "/bin/echo"}


def show_gsyncd():
    """Starts this script anew in a mount namespace in which gsyncd is where it was installed.

    cluster.sh hides it, so that glusterd starts fast. But gluster looks for it at each start, too,
    which is most of what a question costs."""
    with open("/proc/self/mountinfo") as mounts:
        hidden = [fields[4] for fields in map(str.split, mounts) if fields[3].endswith(f"/{CLUSTER.name}/libexec")]
    if hidden:
        script = 'umount "$1" && shift && exec "$@"'
        os.execvp("unshare", ["unshare", "--mount", "sh", "-c", script, "sh", hidden[0], sys.executable, *sys.argv])


def has_gsyncd():
    return any(pathlib.Path("/usr").glob(f"{folder}/gsyncd") for folder in
               ("lib/*/glusterfs", "libexec/glusterfs", "lib/glusterfs"))


def call(*words):
    """One of the cluster's own subcommands."""
    script = str(ROOT / "tests/cluster/cluster.sh")
    done = subprocess.run(
        [script, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=QUICKLY,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))}: {done.stdout.strip()}")
    return done.stdout


def make(number):
    name = f"v{number:04}"
    call("make-volume", name, 3)
    if name == BUSY:
        call("slow", name)
    call("g", "volume", "start", name)
    return name


def make_volumes(count):
    """A few at a time: each takes glusterd's own lock. The first one has files that a rebalance
    moves for some minutes, one a second and node."""
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        volumes = sorted(pool.map(make, range(1, count + 1)))
    call("fill", BUSY, 2_000, 64)
    call("add-brick", BUSY, 3)
    return volumes


def glusterd_seconds():
    """Processor seconds of all glusterds so far, by their own clocks: to the nanosecond, and with
    the threads that have ended."""
    pids = [int((CLUSTER / str(node) / "glusterd.pid").read_text()) for node in NODES]
    # See clock_getcpuclockid(3): how Linux makes a clock of a process id.
    return sum(time.clock_gettime(~pid << 3 | 2) for pid in pids)


def log_bytes():
    """What the asked node has logged so far: its glusterd, gluster and glustop. The bricks tell
    minutes later what they counted as they were made, which is nobody's doing."""
    names = ("1/log/glusterd.log", "1/log/cmd_history.log", "log/cli.log", "bench/1/glustop.log")
    return sum(path.stat().st_size for path in map(CLUSTER.joinpath, names) if path.exists())


def locking_questions():
    """How many commands the asked node noted so far that take a lock. It notes no other question
    but get-state."""
    with open(CLUSTER / "1/log/cmd_history.log", errors="replace") as history:
        return sum("get-state" not in line for line in history)
