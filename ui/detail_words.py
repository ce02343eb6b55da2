"""The raw details of a refusal or a device error as words: codes become what the catalogue calls them.

A detail ``step=confirm`` is looked up as ``detail.step.confirm``; some names share a table that the pages have anyway.
Values without a table (numbers, amounts, dates) stay as they are. Pure: no file, no Qt, no sentence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from devices.errors import DeviceError, DeviceErrorCode

Find = Callable[[str], str | None]
"""A sentence by key in the language now chosen; None when there is none."""

SHARED: Mapping[str, str] = {
    "device": "device_kind",
    "found_kind": "device_kind",
    "state": "device_state",
    "status": "status",
    "result": "match_result",
}
DEVICE_ERROR_DETAILS = ("error", "problem")
"""Details that carry a device error as text, or a word of their own where no machine spoke."""

_ERROR = re.compile(r"D(?P<number>\d{3}) \w+(?: \((?P<details>.*)\))?", re.DOTALL)
_BETWEEN_DETAILS = re.compile(r", (?=\w+=)")
_CODES = {code.number: code for code in DeviceErrorCode}


def device_error_in(text: str) -> DeviceError | None:
    """The device error that ``str(error)`` wrote into a refusal's detail."""
    found = _ERROR.fullmatch(text)
    code = _CODES.get(int(found["number"])) if found else None
    if found is None or code is None:
        return None
    parts = _BETWEEN_DETAILS.split(found["details"] or "")
    pairs = (part.partition("=") for part in parts if "=" in part)
    return DeviceError(code, tuple((name, value) for name, _, value in pairs))


def device_error_numbered(number: int) -> DeviceError | None:
    """The device error a record keeps by its number alone; None for none."""
    code = _CODES.get(number)
    return DeviceError(code) if code is not None else None


def worded(find: Find, name: str, value: str) -> str:
    """The words for one detail; a list such as ``amount,account`` word by word."""
    whole = _known(find, name, value)
    if whole is not None:
        return whole
    parts = [_known(find, name, part.strip()) for part in value.split(",")]
    told = [part for part in parts if part is not None]
    if len(told) == len(parts):
        return (find("page.list_mark") or ", ").join(told)
    other = find(f"detail.{name}.other")
    return value if other is None else other.format(value=value)


def _known(find: Find, name: str, value: str) -> str | None:
    own = find(f"detail.{name}.{value}")
    if own is None and name in SHARED:
        own = find(f"{SHARED[name]}.{value}")
    return own
