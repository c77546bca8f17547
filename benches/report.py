"""PERFORMANCE.md: each script replaces its own section and leaves the others."""

import datetime
import os
import pathlib
import platform
import re

FILE = pathlib.Path(__file__).resolve().parent.parent / "PERFORMANCE.md"

INTRODUCTION = """\
# Performance

What glustop costs and how fast it is, measured beside what would be used instead. The figures are
those of the machine that is named with them; ratios were taken within one run. `benches/table.py`
and `benches/cluster.py` measure again and write this file; `cargo bench` shows the parts in detail.
"""


def machine():
    """One sentence; nothing that tells whose machine it is."""
    with open("/proc/cpuinfo") as info:
        model = re.search(r"^model name\s*:\s*(.*)$", info.read(), re.MULTILINE)
    name = model.group(1) if model else platform.machine()
    kernel = re.match(r"[\d.]+", platform.release()).group(0).rstrip(".")
    load = os.getloadavg()[1]
    return (
        f"{datetime.date.today()}, {name}, {os.cpu_count()} cores, Linux {kernel}; "
        f"the load was {load:.1f} at the end, other work included."
    )


def table(rows):
    """Rows of: what, must reach, measured, and whether it holds (None: no target)."""
    verdicts = {True: "holds", False: "**misses**", None: ""}
    lines = ["| What | Must reach | Measured | Verdict |", "|---|---|---|---|"]
    lines += [f"| {what} | {target} | {measured} | {verdicts[holds]} |" for what, target, measured, holds in rows]
    return "\n".join(lines)


def write(title, text):
    """Puts a section in, in the place of the one of this title."""
    whole = FILE.read_text() if FILE.exists() else INTRODUCTION
    sections = re.split(r"^(?=## )", whole, flags=re.MULTILINE)
    section = f"## {title}\n\n{text.strip()}\n"
    kept = [INTRODUCTION.strip() + "\n"]
    found = False
    for old in sections[1:]:
        if old.startswith(f"## {title}\n"):
            kept.append(section)
            found = True
        else:
            kept.append(old.strip() + "\n")
    if not found:
        kept.append(section)
    FILE.write_text("\n".join(kept))
