"""Numbered device errors, one page of them.

A device error is a value: it has a number (stable, printed to people and logs), a code (stable, used
by programs) and details for the sentence that the faces show. The sentences themselves stand in
``resources/i18n/device_errors.toml``. No customer data ever stands in a detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class DeviceErrorCode(Enum):
    """``(number, code)`` of each way a machine can fail; the numbers never change their meaning."""

    LINK_LOST = (801, "link_lost")
    LINK_BUSY = (802, "link_busy")
    LINK_NOT_FOUND = (803, "link_not_found")
    TIMEOUT = (804, "timeout")
    WRITE_TIMEOUT = (805, "write_timeout")
    WRONG_DEVICE = (806, "wrong_device")
    BAD_FRAME = (807, "bad_frame")
    DEVICE_FAULT = (808, "device_fault")
    PAPER_OUT = (809, "paper_out")
    DOCUMENT_REQUESTED = (810, "document_requested")
    STOPPED = (811, "stopped")
    CANCELLED = (812, "cancelled")
    NOT_READY = (813, "not_ready")
    BATCH_INCOMPLETE = (814, "batch_incomplete")
    BATCH_ERROR_CODE = (815, "batch_error_code")
    GLYPH_MISSING = (816, "glyph_missing")
    LAYOUT_OVERFLOW = (817, "layout_overflow")
    UNSUPPORTED = (818, "unsupported")
    NO_NOTE = (819, "no_note")
    FORM_UNKNOWN = (820, "form_unknown")
    RESTARTED = (821, "restarted")
    UNCONFIRMED = (822, "unconfirmed")
    DOCUMENT_CHANGED = (823, "document_changed")

    @property
    def number(self) -> int:
        return int(self.value[0])

    @property
    def code(self) -> str:
        return str(self.value[1])


@dataclass(frozen=True)
class DeviceError:
    """What went wrong, as a value; ``details`` fill the sentence's placeholders."""

    code: DeviceErrorCode
    details: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.details)
        return f"D{self.code.number} {self.code.code}" + (f" ({shown})" if shown else "")


class ProtocolError(ValueError):
    """Bytes that break a wire protocol; the only exception a ``wire`` module may raise on input."""


class LinkLost(OSError):
    """The one event that pyserial's three unplug exceptions, an end of file and a closed socket become."""


class LinkBusy(LinkLost):
    """Somebody else has the port; ``holder`` names who, or is empty when nobody can tell."""

    def __init__(self, reason: str, holder: str = "") -> None:
        super().__init__(reason)
        self.holder = holder


class LinkNotFound(LinkLost):
    """There is no such port now."""


def of_link(lost: LinkLost) -> DeviceError:
    """The numbered error of a link that is lost, held by another, or not there."""
    reason = (("reason", str(lost)),)
    if isinstance(lost, LinkBusy):
        return DeviceError(DeviceErrorCode.LINK_BUSY, (("holder", lost.holder), *reason))
    if isinstance(lost, LinkNotFound):
        return DeviceError(DeviceErrorCode.LINK_NOT_FOUND, reason)
    return DeviceError(DeviceErrorCode.LINK_LOST, reason)
