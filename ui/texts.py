"""Every sentence of the window in Chinese and English, switchable while it runs.

Catalogues are TOML tables under ``resources/i18n`` (``zh_CN.toml``, ``en.toml``, ``pages_zh_CN.toml`` …), flattened to
dotted keys; refusals and device errors carry both languages in one table each, read when the first one is shown. A
missing key is shown as the key and fails the tests, never the teller.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from PySide6.QtCore import QObject, Signal

from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal
from devices.errors import DeviceError
from ui.detail_words import DEVICE_ERROR_DETAILS, device_error_in, worded

FOLDER = Path(__file__).parents[1] / "resources" / "i18n"
LANGUAGES = ("zh_CN", "en")


def flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """``{"count": {"title": "…"}}`` → ``{"count.title": "…"}``."""
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = str(value)
    return flat


def catalogue(language: str) -> dict[str, str]:
    """All keys of one language over all files."""
    merged: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*{language}.toml")):
        merged.update(flatten(tomllib.loads(path.read_text(encoding="utf-8"))))
    return merged


class _Spare(dict[str, str]):
    """Details by name; one that a raiser left out is a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


class Texts(QObject):
    """The catalogue in the language now chosen. ``changed`` is told after a switch."""

    changed = Signal()

    def __init__(self, language: str = "zh_CN", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = language
        self._all: dict[str, dict[str, str]] = {}
        self._tables: dict[str, dict[str, dict[str, str]]] = {}

    def switch(self, language: str) -> None:
        if language != self.language and language in LANGUAGES:
            self.language = language
            self.changed.emit()

    def toggle(self) -> None:
        self.switch("en" if self.language == "zh_CN" else "zh_CN")

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of ``key`` with ``values`` filled in."""
        sentence = self.find(key)
        if sentence is None:
            return key
        return sentence.format(**values) if values else sentence

    def find(self, key: str) -> str | None:
        """The bare sentence of ``key``; None when the catalogue has none."""
        if self.language not in self._all:
            self._all[self.language] = catalogue(self.language)
        return self._all[self.language].get(key)

    def joined(self, *sentences: str) -> str:
        """Whole sentences one behind the other, as the language sets them."""
        return (" " if self.language == "en" else "").join(one for one in sentences if one)

    def of(self, text: Text) -> str:
        """A bilingual text of a procedure in the language now chosen."""
        return text.in_language(self.language)

    def refusal(self, refusal: Refusal) -> tuple[str, str]:
        """What was found, and what to do next. A machine's error behind it brings its own words for both."""
        values, numbers = _Spare(), [str(refusal.number)]
        for name, value in refusal.details:
            inner = device_error_in(value) if name in DEVICE_ERROR_DETAILS else None
            if inner is not None:
                values[name], values[f"{name}_next"] = self._device_words(inner)
                numbers.append(f"D{inner.code.number}")
                continue
            values[name] = worded(self.find, name, value)
            if name in DEVICE_ERROR_DETAILS:
                values[f"{name}_next"] = worded(self.find, f"{name}_next", value)
        found, following = self._sentences("refusals.toml", refusal.code.code, values)
        return self._numbered(found, " · ".join(numbers)), following

    def device_error(self, error: DeviceError) -> tuple[str, str]:
        """What a machine reports, without its name, and what to do next."""
        found, following = self._device_words(error)
        return self._numbered(found[:1].upper() + found[1:], f"D{error.code.number}"), following

    def _device_words(self, error: DeviceError) -> tuple[str, str]:
        values = _Spare((name, worded(self.find, name, value)) for name, value in error.details)
        return self._sentences("device_errors.toml", error.code.code, values)

    def _sentences(self, file: str, code: str, values: _Spare) -> tuple[str, str]:
        if file not in self._tables:
            self._tables[file] = tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))
        row = self._tables[file].get(code, {})
        suffix = "en" if self.language == "en" else "zh"
        found, following = (
            Formatter().vformat(row.get(name, code), (), values) for name in (suffix, f"next_{suffix}")
        )
        return found, following

    def _numbered(self, found: str, number: str) -> str:
        return self("page.numbered", found=found, number=number)
