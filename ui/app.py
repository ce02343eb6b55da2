"""The window's front door: looks whether a window can be opened at all, then puts one together.

Free of Qt until it knows that Qt loads; the only module of the window that may defer an import (start-up is budgeted).
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ui.qt_libraries import has_display, problem
from ui.training.options import DemoOptions

if TYPE_CHECKING:
    from ui.front import Front

OK, FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
NOT_CONFIGURED = (
    "This desk is not set up yet (本柜尚未配置), so there is no window to open.\n"
    "To see Teller Desk with a training branch and simulated machines:  teller-desk demo"
)
DEMO_MODULE = "ui.training.show"


def main() -> int:
    """Open the window of this desk's configuration; 2 with what to do while there is none."""
    _say(problem(needs_display=True) or NOT_CONFIGURED)
    return UNUSABLE


def sign_on_window(language: str = "zh_CN") -> Front:
    """The window at its sign-on page, shown; nothing heavy is imported for it."""
    from ui.front import Front  # noqa: PLC0415 - Qt is loaded here and not before

    front = Front(language)
    front.show()
    return front


def demo_problem(auto: bool) -> str:
    """What stands in the way of a demo's window; a played one is drawn where there is no display, too."""
    if auto and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return problem(needs_display=not auto)


def demo(options: DemoOptions) -> int:
    """Open a training branch behind the window; a played one needs no display and answers in one JSON line."""
    os.umask(0o077)  # keys, slips and records are for whoever runs the desk
    found = demo_problem(options.auto)
    if found:
        _say(found)
        return UNUSABLE
    front = sign_on_window(options.language)
    shown: list[Any] = []

    def loaded(module: Any) -> None:
        shown.append(module.Show(front, options, _say))
        shown[0].open()

    def broke(error: Exception) -> None:
        _say(f"the demo did not load: {type(error).__name__}: {error}")
        front.app.exit(FAILED)

    leave_on_signals(front)
    front.shell.painted.connect(
        lambda: front.load(lambda: importlib.import_module(DEMO_MODULE), loaded, broke)
    )
    code = front.app.exec()
    show = shown[0] if shown else None
    if show is not None:
        show.close()
        code = code or show.exit_code
    front.close()
    if show is not None and show.answer is not None:
        print(json.dumps(show.answer, ensure_ascii=False))  # noqa: T201 - the answer of the command
    return int(code)


def leave_on_signals(front: Front) -> None:
    """Ctrl-C ends the event loop, and so does an error that escaped a slot: a window that is no longer led by anyone
    must not stay open as if it were."""
    usual = sys.excepthook

    def broken(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        usual(kind, error, trace)
        front.app.exit(FAILED)

    sys.excepthook = broken
    signal.signal(signal.SIGINT, lambda number, frame: front.app.exit(INTERRUPTED))
    front.keep_python_awake()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress and what to do
