"""A program in a terminal, watched from outside: what it writes, how soon, and what it costs."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

TICK = os.sysconf("SC_CLK_TCK")


def go_first():
    """Whoever watches must not wait for a core, or its own waiting is measured. Takes root."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    except PermissionError:
        pass


class Live:
    """A program in a pty of its own. It ends with the `with` block."""

    def __init__(self, argv, columns=80, rows=24, **environment):
        self.bytes = 0
        self.tail = b""
        self.began = time.monotonic()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            size = struct.pack("HHHH", rows, columns, 0, 0)
            fcntl.ioctl(1, termios.TIOCSWINSZ, size)
            os.setpriority(os.PRIO_PROCESS, 0, 0)
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", **environment)
            os.execvp(argv[0], argv)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.kill(self.pid, signal.SIGTERM)
            self.read_until(lambda: False, 1)
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def read(self, timeout):
        """Takes in what was written; whether there was anything."""
        ready, _, _ = select.select([self.terminal], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.terminal, 1 << 16)
        except OSError:
            raise EndOfProgram from None
        if not data:
            raise EndOfProgram
        self.bytes += len(data)
        self.tail = (self.tail + data)[-100_000:]
        return True

    def read_until(self, is_so, patience):
        """Reads until it is so; seconds since the start of the program."""
        deadline = time.monotonic() + patience
        try:
            while not is_so():
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self.read(left)
        except EndOfProgram:
            return None
        return time.monotonic() - self.began

    def read_for(self, seconds):
        """Bytes written in so many seconds."""
        before = self.bytes
        self.read_until(lambda: False, seconds)
        return self.bytes - before

    def settle(self, silence=0.3, patience=20):
        """Reads until nothing was written for so long."""
        deadline = time.monotonic() + patience
        while self.read(silence) and time.monotonic() < deadline:
            pass

    def see(self, text, patience=20):
        """Waits for a text in what was written; seconds since the start of the program."""
        seen = self.read_until(lambda: text.encode() in self.tail, patience)
        if seen is None:
            raise RuntimeError(f"{text!r} did not come; last: {self.tail[-300:]!r}")
        return seen

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def time_key(self, keys, silence=0.004):
        """Seconds from a key to the end of what it changes on the screen; 5, if it changes nothing."""
        while self.read(0):
            pass
        began = time.monotonic()
        self.press(keys)
        if not self.read(5):
            return 5
        last = time.monotonic()
        while self.read(silence):
            last = time.monotonic()
        return last - began

    def cpu(self):
        """Seconds of processor time: the program's own, and its ended children's."""
        return cpu(self.pid)

    def memory(self):
        """Resident bytes: now, and at most so far."""
        with open(f"/proc/{self.pid}/status") as status:
            fields = dict(line.split(":") for line in status)
        return tuple(int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))


class EndOfProgram(Exception):
    pass


def cpu(pid):
    """Seconds of processor time: a process's own, and its ended children's."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    children = int(fields[13]) + int(fields[14])
    # The process's own clock: it counts nanoseconds, and threads that have ended.
    return time.clock_gettime(~pid << 3 | 2), children / TICK


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]
