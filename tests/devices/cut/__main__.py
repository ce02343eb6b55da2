"""``python -m tests.devices.cut [PRINTER…] [--forms …] [--step N] [--pty N]``: a print cut after every byte.

Each printer and form, over the null modem in virtual time after every byte, or every N-th, in each of the ways in which
a person may then behave; and N places of each over a pty. Exit code 1 when something was found.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from devices.conformance.faults import LineKind
from devices.link.log import LOG
from tests.devices.cut.cutting import Case, Look
from tests.devices.cut.runs import FORMS, PRINTERS, Told, cases, run


def main(arguments: list[str]) -> int:
    """0 nothing was found, 1 something was."""
    parser = argparse.ArgumentParser("python -m tests.devices.cut")
    parser.add_argument("printer", nargs="*", default=list(PRINTERS), help=", ".join(PRINTERS))
    parser.add_argument("--forms", nargs="+", default=list(FORMS), metavar="FORM")
    parser.add_argument("--step", type=int, default=1, help="cut after every N-th byte only")
    parser.add_argument("--pty", type=int, default=12, help="places of each printer over a pty (0: none)")
    chosen = parser.parse_args(arguments)
    LOG.setLevel(logging.CRITICAL + 1)  # that a line is lost is what this is about
    began, found, cuts = time.monotonic(), 0, 0
    for told in _all(chosen):
        sys.stdout.write(f"{told}\n")
        cuts += told.cuts
        found += len(told.findings)
    sys.stdout.write(f"{cuts:,} cuts in {time.monotonic() - began:.0f} s: {found} findings\n")
    return 1 if found else 0


def _all(chosen: argparse.Namespace) -> Iterator[Told]:
    with tempfile.TemporaryDirectory() as folder:
        for printer in chosen.printer:
            for case in cases([printer], chosen.forms):
                yield run(case, Path(folder), step=chosen.step)
            if chosen.pty:
                case = Case(printer, chosen.forms[0], Look.LATER, LineKind.PTY)
                yield run(case, Path(folder), places=chosen.pty)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
