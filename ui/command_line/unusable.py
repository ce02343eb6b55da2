"""How any command says that it cannot be used: what stands in the way, with what to do. Imports nothing heavy."""

from __future__ import annotations

import json
import sys

UNUSABLE = 2


def unusable(text: str, as_json: bool) -> int:
    """Say it to people, and to programs that asked for JSON; exit code 2."""
    if as_json:
        print(json.dumps({"error": text}, ensure_ascii=False))
    print(text, file=sys.stderr)
    return UNUSABLE
