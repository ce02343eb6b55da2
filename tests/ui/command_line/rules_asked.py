"""``rules try`` put as other programs put it: through the command line, answered in JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ui.command_line.main import main


def asked(capsys: pytest.CaptureFixture[str], *question: str, on: str) -> dict[str, Any]:
    """The answer to a question under the shipped packs of a date; it must have been answered."""
    code = main(["rules", "try", *question, "--on", on, "--json"])
    seen = capsys.readouterr()
    assert code == 0, seen
    told: dict[str, Any] = json.loads(seen.out)
    assert [one["code"] for one in told["explained"]] == told["reasons"]
    return told
