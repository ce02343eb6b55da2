"""The window's front door: looks whether a window can be opened at all, then hands over to a composition root.

Free of Qt until it knows that Qt loads; the only module of the window that may defer an import (start-up is budgeted).
"""

from __future__ import annotations

import os
import sys

from ui.qt_libraries import has_display, problem
from ui.training.options import DemoOptions

UNUSABLE = 2
NOT_CONFIGURED = (
    "This desk is not set up yet (本柜尚未配置), so there is no window to open.\n"
    "To see Teller Desk with a training branch and simulated machines:  teller-desk demo"
)


def main() -> int:
    """Open the window of this desk's configuration; 2 with what to do while there is none."""
    print(problem(needs_display=True) or NOT_CONFIGURED, file=sys.stderr)  # noqa: T201 - the answer
    return UNUSABLE


def demo(options: DemoOptions) -> int:
    """Open a training branch; a played one needs no display."""
    if options.auto and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found = problem(needs_display=not options.auto)
    if found:
        print(found, file=sys.stderr)  # noqa: T201 - what to do
        return UNUSABLE
    from ui.training import show  # noqa: PLC0415 - Qt is loaded here and not before

    return show.run(options)
