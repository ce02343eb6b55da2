"""Every sentence of the window in Chinese and English, switchable while it runs.

Catalogues are TOML tables under ``resources/i18n`` (``zh_CN.toml``, ``en.toml``, ``pages_zh_CN.toml`` …), flattened to
dotted keys; refusals and device errors carry both languages in one table each. A missing key is shown as the key and
fails the tests, never the teller.
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
    def __missing__(self, key: str) -> str:
        return "–"


class Texts(QObject):
    """The catalogue in the language now chosen. ``changed`` is told after a switch."""

    changed = Signal()

    def __init__(self, language: str = "zh_CN", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = language
        self._all: dict[str, dict[str, str]] = {}
        self._refusals: dict[str, dict[str, Any]] = {}

    def switch(self, language: str) -> None:
        if language != self.language and language in LANGUAGES:
            self.language = language
            self.changed.emit()

    def toggle(self) -> None:
        self.switch("en" if self.language == "zh_CN" else "zh_CN")

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of ``key`` with ``values`` filled in."""
        if self.language not in self._all:
            self._all[self.language] = catalogue(self.language)
        sentence = self._all[self.language].get(key, key)
        return sentence.format(**values) if values else sentence

    def of(self, text: Text) -> str:
        """A bilingual text of a procedure in the language now chosen."""
        return text.in_language(self.language)

    def refusal(self, refusal: Refusal) -> tuple[str, str]:
        """What was found, and what to do next."""
        if not self._refusals:
            path = FOLDER / "refusals.toml"
            self._refusals = tomllib.loads(path.read_text(encoding="utf-8"))
        row = self._refusals.get(refusal.code.code, {})
        suffix = "en" if self.language == "en" else "zh"
        values = _Spare(refusal.details)
        found, following = (
            Formatter().vformat(str(row.get(name, refusal.code.code)), (), values)
            for name in (suffix, f"next_{suffix}")
        )
        return f"{found}（{refusal.number}）" if suffix == "zh" else f"{found} ({refusal.number})", following
