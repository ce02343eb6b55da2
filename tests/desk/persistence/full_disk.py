"""A disk that is full for this process, for real: the write that goes too far is cut short by the system."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("file size limits are those of POSIX", allow_module_level=True)
else:
    import resource


@contextlib.contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """No file of this process is written beyond ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
