"""A refresh that kills itself at one border: before its N-th change of a name in the warehouse.

python -m tests.soak.dies N refresh --raw DIR --warehouse DIR

A file gets its final name by a rename or a symlink, and loses it by a rename or a removal;
Python reports each before it happens (audit events). Before one of them this process sends
SIGKILL to itself, so nothing of it can clean up. With N = 0 it lives, and prints the borders.
"""

import os
import signal
import sys

from pipeline.cli import main

BORDERS = {"os.rename": "rename to", "os.symlink": "symlink", "shutil.rmtree": "removal of"}


def watch(dies_before: int, warehouse: str) -> None:
    """Count the borders below a warehouse, and die before one of them."""
    passed = 0

    def border(event: str, arguments: tuple) -> None:
        nonlocal passed
        if event not in BORDERS:
            return
        path = os.fspath(arguments[0] if event == "shutil.rmtree" else arguments[1])
        if not path.startswith(warehouse):
            return
        passed += 1
        if passed == dies_before:
            os.kill(os.getpid(), signal.SIGKILL)
        if not dies_before:
            name = os.path.relpath(path, warehouse)
            print(f"border: {passed} {BORDERS[event]} {name}", file=sys.stderr, flush=True)

    sys.addaudithook(border)


if __name__ == "__main__":
    watch(int(sys.argv[1]), sys.argv[-1])
    sys.argv = ["fees", *sys.argv[2:]]
    main()
