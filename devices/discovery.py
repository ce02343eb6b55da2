"""Which serial ports are here, under which lasting names, and what can be seen of one from outside.

Reads only: opens no port, sends nothing.

Port names change after a replug (device-architecture §4 row 4), so a desk is bound by an adapter's serial number
(by-id) or by the socket it is plugged into (by-path). Two adapters without a serial number share one by-id name: such
a name is not offered. On Windows only the COM name is known here.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serial.tools import list_ports

from devices.link.lock import process_with

LINKS = Path("/dev/serial")


@dataclass(frozen=True)
class FoundPort:
    """One serial port. ``by_id`` and ``by_path`` are "" where there is none, or where another port shares it."""

    port: str
    description: str
    usb_vendor_product: str
    usb_serial: str
    usb_location: str
    by_id: str
    by_path: str

    @property
    def binding(self) -> str:
        """The name that lasts longest: by the adapter's serial number, else by its socket, else the port itself."""
        by_serial = self.by_id if self.usb_serial else ""
        return by_serial or self.by_path or self.by_id or self.port

    @property
    def bound_by(self) -> str:
        """What that name is worth: "serial_number", "usb_path" or "none"."""
        if self.usb_serial and self.by_id:
            return "serial_number"
        return "usb_path" if self.by_path else "none"


def find_ports(listed: Iterable[Any] | None = None, links: Path = LINKS) -> tuple[FoundPort, ...]:
    """Every serial port of this computer, in the order of its names."""
    ports = sorted(list_ports.comports() if listed is None else listed, key=lambda one: str(one.device))
    by_id, by_path = _names(links / "by-id"), _names(links / "by-path")
    shared = Counter((one.vid, one.pid, one.serial_number) for one in ports if one.vid is not None)
    return tuple(_found(one, by_id, by_path, shared) for one in ports)


def _names(folder: Path) -> Mapping[str, str]:
    """Link name by the real port it points to. The shortest of several: udev gives a newer, longer form beside it."""
    found: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for link in sorted(folder.iterdir(), key=lambda one: (len(one.name), one.name)):
            found.setdefault(os.path.realpath(link), str(link))
    return found


def _found(
    one: Any, by_id: Mapping[str, str], by_path: Mapping[str, str], shared: Mapping[tuple[Any, ...], int]
) -> FoundPort:
    usb = one.vid is not None
    real = os.path.realpath(one.device)
    alone = not usb or bool(one.serial_number) or shared[one.vid, one.pid, one.serial_number] == 1
    return FoundPort(
        port=str(one.device),
        description=str(one.description or ""),
        usb_vendor_product=f"{one.vid:04x}:{one.pid:04x}" if usb else "",
        usb_serial=str(one.serial_number or ""),
        usb_location=str(one.location or ""),
        by_id=by_id.get(real, "") if alone else "",
        by_path=by_path.get(real, ""),
    )


def configuration_lines(port: FoundPort, model: str) -> tuple[str, ...]:
    """Ready-made lines for a desk's machines file, as labgrid's suggest mode prints match rules."""
    worth = {
        "serial_number": "bound by the adapter's serial number: it may move to another socket",
        "usb_path": "bound by the USB socket: keep it plugged in there",
        "none": "bound by the port's name only: it can change, so a person confirms after each reopen",
    }
    lines = [f"[devices.{model}]", f'port = "{_quoted(port.binding)}"  # {worth[port.bound_by]}']
    if port.by_path and port.by_path != port.binding:
        lines.append(f'# port = "{_quoted(port.by_path)}"  # or by the USB socket')
    return tuple(lines)


def _quoted(text: str) -> str:
    """As a TOML basic string: a COM name such as \\\\.\\COM12 has back-slashes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def port_state(port: str) -> str:
    """What can be seen from outside: "absent", "no permission", "held by …", "present", or "network"."""
    if port.startswith("socket://"):
        return "network"
    if os.name == "posix" and not os.path.exists(port):
        return "absent"
    if os.name == "posix" and not os.access(port, os.R_OK | os.W_OK):
        return "no permission"
    if os.name != "posix" and port not in {one.port for one in find_ports()}:
        return "absent"
    held = process_with(port)
    return f"held by {held}" if held else "present"
