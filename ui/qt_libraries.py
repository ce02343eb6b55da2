"""Says which system packages Qt lacks on this machine, before Qt can abort or leave a traceback.

Free of Qt. The tables name each shared library Qt asks for with its package on Debian and on RPM systems; what could
not be looked up is shown as the library's own name.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

PACKAGES: Mapping[str, str] = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
}
"""What every Qt program loads, the offscreen one included."""

SCREEN_PACKAGES: Mapping[str, str] = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""What a window on an X11 screen needs besides."""


def loads(library: str) -> bool:
    """Whether the system's loader finds ``library``."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(on_screen: bool, found: Callable[[str], bool] = loads) -> tuple[str, ...]:
    """Debian package names for what the loader does not find, each once, in alphabetical order."""
    wanted = {**PACKAGES, **(SCREEN_PACKAGES if on_screen else {})}
    return tuple(sorted({package for library, package in wanted.items() if not found(library)}))


def has_display() -> bool:
    """Whether a window can be seen here at all (always so where there is no X11 to ask about)."""
    if not sys.platform.startswith("linux"):
        return True
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    return bool(chosen or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def problem(needs_display: bool, found: Callable[[str], bool] = loads) -> str:
    """What stands in the way of a window, as a sentence with what to do; "" when nothing does."""
    if not sys.platform.startswith("linux"):
        return ""
    if needs_display and not has_display():
        return (
            "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). Start Teller Desk in the desk's "
            "own session; `teller-desk demo --auto` runs without a display."
        )
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    missing = missing_packages(on_screen=needs_display and platform in ("", "xcb"), found=found)
    if not missing:
        return ""
    return (
        "Qt lacks system libraries of these packages: "
        + " ".join(missing)
        + "\nAsk an administrator to run:  apt-get install --no-install-recommends "
        + " ".join(missing)
        + "\n(other systems: the packages that hold "
        + ", ".join(
            sorted(
                library for library, package in {**PACKAGES, **SCREEN_PACKAGES}.items() if package in missing
            )
        )
        + ")"
    )
