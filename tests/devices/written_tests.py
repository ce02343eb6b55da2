"""Runs test files that the product wrote (beside a recording, beside a new driver) as branch IT would: in a pytest of
their own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPTIONS = ("-q", "--no-cov", "-p", "no:cacheprovider", "-p", "no:randomly")


def run_tests(path: Path) -> subprocess.CompletedProcess[str]:
    """``path`` is a test file or a folder of them."""
    command = [sys.executable, "-m", "pytest", *OPTIONS, str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
