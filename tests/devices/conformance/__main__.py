"""``python -m tests.devices.conformance [MODEL…]``: the long run. Every fault at many places, over all three lines.

Some minutes a model: the real lines take real time. Exit code 1 when a fault found something.
"""

from __future__ import annotations

import sys

from devices.conformance.command import conform
from devices.conformance.report import as_data, as_text
from devices.conformance.suite import Choice
from devices.registry import ManifestFlaw, load_manifests


def main(names: list[str]) -> int:
    """Run the named models, or all of them."""
    models = load_manifests()
    assert not isinstance(models, ManifestFlaw), models
    passed = True
    for name in names or sorted(models):
        results = conform(models[name], list(models.values()), Choice(thorough=True))
        data = as_data(models[name], results, "now")
        sys.stdout.write(as_text(data) + "\n")
        passed = passed and bool(data["passed"])
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
