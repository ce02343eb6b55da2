"""``python -m devices.simulators MODEL --directory DIR [--tcp] [--option name=value]``: one machine, one process.

MODEL is a name of ``resources/devices``; its manifest names the simulator's class.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from devices.registry import ManifestFlaw, load_manifests
from devices.simulators.host import serve


def main() -> None:
    """Run one simulator until stdin ends."""
    models = load_manifests()
    if isinstance(models, ManifestFlaw):
        raise SystemExit(str(models))
    parser = argparse.ArgumentParser(prog="python -m devices.simulators")
    parser.add_argument("model", choices=sorted(models))
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--tcp", action="store_true")
    parser.add_argument("--option", action="append", default=[])
    given = parser.parse_args()
    given.directory.mkdir(parents=True, exist_ok=True)
    options = dict(option.split("=", 1) for option in given.option)
    model = models[given.model]
    simulator = model.simulator_class()(given.directory, model.simulator_options(options))
    serve(simulator, given.model, given.directory, given.tcp)


if __name__ == "__main__":
    main()
