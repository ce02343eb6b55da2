"""From a port's name to the link that opens it."""

from __future__ import annotations

from devices.link.base import Link
from devices.link.serial_port import SerialLink, SerialSettings
from devices.link.tcp import TcpLink


def link_for(port: str, settings: SerialSettings) -> Link:
    """``socket://host:port`` is TCP, anything else a serial port by its system name."""
    return TcpLink(port) if port.startswith("socket://") else SerialLink(port, settings)
