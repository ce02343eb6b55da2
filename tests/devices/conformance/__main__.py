"""``python -m tests.devices.conformance [--thorough] [--out DIR] [--jobs N] [--line LINE]… [--fault F1,F2…]``

The whole run: every model, every fault, over null modem, pty and TCP, as ``teller-desk devices conform --all``, with
one table of all and, in DIR, a report of each model. Exit code 1 when a fault found something.
"""

from __future__ import annotations

import argparse
import sys

from devices.conformance import command


def main(given: list[str]) -> int:
    """Run all models, as chosen."""
    parser = argparse.ArgumentParser(prog="python -m tests.devices.conformance")
    command.add_arguments(parser)
    return command.run(parser.parse_args(["--all", *given]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
