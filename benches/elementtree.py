"""The same answers through Python's ElementTree: what gstatus and vdsm do with them.

usage: elementtree.py FOLDER...

For each folder of answers, the milliseconds of processor time that a fresh look at all of them
takes: NAME.tree makes the trees and nothing else, NAME.values also takes out what a monitor shows.
"""

import pathlib
import sys
import time
import xml.etree.ElementTree as ElementTree


def values(root):
    """The volumes of `volume info`, or the bricks of `volume status`, as dictionaries."""
    volumes = [
        {
            "name": volume.findtext("name"),
            "status": volume.findtext("statusStr"),
            "replica": int(volume.findtext("replicaCount")),
            "bricks": [
                {"name": brick.findtext("name"), "peer": brick.findtext("hostUuid")}
                for brick in volume.findall("bricks/brick")
            ],
            "options": {
                option.findtext("name"): option.findtext("value")
                for option in volume.findall("options/option")
            },
        }
        for volume in root.findall("volInfo/volumes/volume")
    ]
    bricks = [
        {
            "host": node.findtext("hostname"),
            "path": node.findtext("path"),
            "online": node.findtext("status") == "1",
            "pid": node.findtext("pid"),
            "total": int(node.findtext("sizeTotal")),
            "free": int(node.findtext("sizeFree")),
            "device": node.findtext("device"),
        }
        for node in root.findall("volStatus/volumes/volume/node")
    ]
    return volumes, bricks


def parse(answers, made):
    """Keeps what was made of each tree, and drops the tree."""
    return [made(ElementTree.fromstring(text)) for text in answers]


def milliseconds(work):
    runs = []
    for _ in range(3):
        began = time.process_time()
        work()
        runs.append((time.process_time() - began) * 1e3)
    return sorted(runs)[1]


def main():
    for folder in map(pathlib.Path, sys.argv[1:]):
        answers = [path.read_bytes() for path in sorted(folder.iterdir())]
        tree = milliseconds(lambda: parse(answers, lambda root: None))
        whole = milliseconds(lambda: parse(answers, values))
        print(f"{folder.name}.tree\t{tree}")
        print(f"{folder.name}.values\t{whole}")


main()
