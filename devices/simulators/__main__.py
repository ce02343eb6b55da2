"""``python -m devices.simulators KIND --directory DIR [--tcp] [--option name=value]``: one machine, one process."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

KINDS = {
    "t5040": "devices.simulators.t5040:T5040Simulator",
    "aa55": "devices.simulators.aa55:Aa55Simulator",
    "ebds": "devices.simulators.ebds:EbdsSimulator",
    "escpos": "devices.simulators.escpos:EscposSimulator",
}


def main() -> None:
    """Run one simulator until stdin ends."""
    from devices.simulators.host import serve  # noqa: PLC0415 - the command table may defer

    parser = argparse.ArgumentParser(prog="python -m devices.simulators")
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--tcp", action="store_true")
    parser.add_argument("--option", action="append", default=[])
    given = parser.parse_args()
    given.directory.mkdir(parents=True, exist_ok=True)
    module, name = KINDS[given.kind].split(":")
    options = dict(option.split("=", 1) for option in given.option)
    simulator = getattr(importlib.import_module(module), name)(given.directory, options)
    serve(simulator, given.kind, given.directory, given.tcp)


if __name__ == "__main__":
    main()
